CREATE TABLE t (id int PRIMARY KEY, note text) WITH (fillfactor = 70, autovacuum_enabled = off);
CREATE UNIQUE INDEX t_note ON t (note);
CREATE TABLE identified (id int NOT NULL, note text);
CREATE UNIQUE INDEX identified_id ON identified (id);
CREATE TABLE clustered (id int PRIMARY KEY, note text);
CREATE INDEX by_note ON clustered (note);
ALTER TABLE clustered CLUSTER ON by_note;
CREATE TABLE full_rows (id int);
ALTER TABLE full_rows REPLICA IDENTITY FULL;
