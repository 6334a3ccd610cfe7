CREATE TABLE t (id int, note text, tags int[]);
CREATE INDEX i1 ON t (note) WITH (fillfactor = 70);
CREATE INDEX i2 ON t USING gin (tags) WITH (fastupdate = off);
CREATE INDEX i3 ON t ((id + 1), lower(note));
ALTER INDEX i3 ALTER COLUMN 1 SET STATISTICS 300;
ALTER TABLE t ADD CONSTRAINT u UNIQUE (id) WITH (fillfactor = 60);
CREATE UNIQUE INDEX taken ON t (note) INCLUDE (id);
