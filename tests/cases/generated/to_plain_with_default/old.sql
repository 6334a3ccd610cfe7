CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) STORED, c text GENERATED ALWAYS AS (a::numeric::text) STORED);
