CREATE TABLE t (e text, f text UNIQUE); CREATE UNIQUE INDEX t_e_key ON t (e);
