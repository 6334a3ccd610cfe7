-- min: 15
CREATE TABLE t (a text, b int, c jsonb); CREATE INDEX i1 ON t (lower(a) text_pattern_ops, b DESC NULLS LAST) INCLUDE (c) WHERE b > 0; CREATE INDEX i2 ON t USING gin (c jsonb_path_ops) WITH (fastupdate = off); CREATE UNIQUE INDEX i3 ON t (b) NULLS NOT DISTINCT; COMMENT ON INDEX i3 IS 'third';
