CREATE TABLE t (e text UNIQUE, f text);
