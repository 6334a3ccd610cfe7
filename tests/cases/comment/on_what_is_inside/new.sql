CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text, CONSTRAINT t_code_key UNIQUE (code, id));
COMMENT ON INDEX t_pkey IS 'its index';
COMMENT ON INDEX t_code_key IS 'of another constraint';
COMMENT ON SEQUENCE t_id_seq IS 'its sequence';
