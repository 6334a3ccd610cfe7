CREATE TABLE t (a int CONSTRAINT old_check CHECK (a > 0), b int CONSTRAINT old_key UNIQUE); COMMENT ON CONSTRAINT old_check ON t IS 'stays';
