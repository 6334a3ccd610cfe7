CREATE TABLE t (id int, note text, tags int[]);
CREATE INDEX i1 ON t (note) WITH (fillfactor = 80, deduplicate_items = off);
CREATE INDEX i2 ON t USING gin (tags);
CREATE INDEX i3 ON t ((id + 1), lower(note));
ALTER INDEX i3 ALTER COLUMN 2 SET STATISTICS 200;
ALTER TABLE t ADD CONSTRAINT u UNIQUE (id);
CREATE INDEX i4 ON t (id) WITH (fillfactor = 50) WHERE (note <> ' WITH (');
ALTER TABLE t ADD CONSTRAINT taken UNIQUE (note) INCLUDE (id) DEFERRABLE;
