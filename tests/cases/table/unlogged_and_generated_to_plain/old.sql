CREATE TABLE t (id int, source int, made int GENERATED ALWAYS AS (source + 1) STORED);
