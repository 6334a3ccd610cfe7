CREATE TABLE t (a int CONSTRAINT new_check CHECK (a > 0), b int CONSTRAINT new_key UNIQUE); COMMENT ON CONSTRAINT new_check ON t IS 'stays';
