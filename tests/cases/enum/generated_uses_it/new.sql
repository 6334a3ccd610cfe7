CREATE TYPE s AS ENUM ('a','b'); CREATE TABLE t (s s, is_a boolean GENERATED ALWAYS AS (s = 'a') STORED);
