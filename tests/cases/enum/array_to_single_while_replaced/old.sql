CREATE TYPE s AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, one s[], two s DEFAULT 'a', three s[], empty boolean GENERATED ALWAYS AS (three IS NULL) STORED);
CREATE INDEX t_two ON t (two);
