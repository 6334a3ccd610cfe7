CREATE TABLE t (a text, b int); CREATE INDEX i ON t (a, b); CREATE INDEX j_renamed ON t (b); COMMENT ON INDEX j_renamed IS 'x';
