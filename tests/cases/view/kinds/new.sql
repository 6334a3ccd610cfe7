CREATE TABLE source (id int, note text);
CREATE MATERIALIZED VIEW a AS SELECT id, note FROM source;
CREATE TABLE b (id int, note text);
CREATE VIEW c AS SELECT id, note FROM source;
CREATE VIEW reader AS SELECT a.id, b.note, c.note AS other FROM a JOIN b USING (id) JOIN c USING (id);
COMMENT ON COLUMN a.note IS 'kept';
COMMENT ON COLUMN b.note IS 'kept';
COMMENT ON COLUMN c.note IS 'kept';
