CREATE TABLE t (id int, gone int UNIQUE, also int CHECK (also > 0)); CREATE INDEX t_both ON t (id, gone); COMMENT ON COLUMN t.gone IS 'x';
