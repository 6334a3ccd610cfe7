CREATE TABLE t (a bigint, b bigint GENERATED ALWAYS AS (a + 2) STORED, c int GENERATED ALWAYS AS (2) STORED, d int); CREATE INDEX t_b ON t (b); COMMENT ON COLUMN t.b IS 'computed';
