CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE payload (id int, day date NOT NULL, note text) PARTITION BY RANGE (day);
CREATE TABLE payload_1 PARTITION OF payload FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE base (id int, note text);
CREATE TABLE base_child () INHERITS (base);
ALTER TABLE payload ADD CONSTRAINT noted CHECK (note <> '') NOT VALID;
ALTER TABLE base ADD CONSTRAINT noted CHECK (note <> '') NOT VALID;
CREATE TABLE payload_2 PARTITION OF payload FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
