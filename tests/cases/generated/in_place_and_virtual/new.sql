-- min: 18
CREATE TABLE t (a int, s int GENERATED ALWAYS AS (a + 3) STORED, v int GENERATED ALWAYS AS (a + 4), w int, x text GENERATED ALWAYS AS (a::text || 'x') VIRTUAL);
CREATE INDEX ON t (s);
