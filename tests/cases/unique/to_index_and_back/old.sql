CREATE TABLE t (e text UNIQUE, f text);  CREATE UNIQUE INDEX t_f_key ON t (f);
