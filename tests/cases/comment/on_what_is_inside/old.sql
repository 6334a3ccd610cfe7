CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text UNIQUE);
COMMENT ON INDEX t_code_key IS 'of the constraint';
CREATE TABLE gone (id int PRIMARY KEY);
COMMENT ON INDEX gone_pkey IS 'goes along';
