CREATE TABLE p (id int PRIMARY KEY, note text CONSTRAINT short CHECK (length(note) < 10)) PARTITION BY RANGE (id);
CREATE INDEX p_note ON p (note);
CREATE TABLE stays PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE leaves (id int PRIMARY KEY, note text CONSTRAINT short CHECK (length(note) < 10));
CREATE INDEX leaves_note_idx ON leaves (note);
CREATE TABLE moves PARTITION OF p FOR VALUES FROM (10) TO (15);
CREATE TABLE joins (id int NOT NULL, note text CONSTRAINT short CHECK (length(note) < 10));
CREATE INDEX its_own_note ON joins (note);
ALTER TABLE p ATTACH PARTITION joins FOR VALUES FROM (20) TO (30);
