CREATE TYPE s AS ENUM ('c', 'a');
CREATE TABLE t (id int PRIMARY KEY, many s[] NOT NULL DEFAULT '{a}', one s DEFAULT 'c', deep s[] CHECK (cardinality(deep) > 0), other text[]);
COMMENT ON TYPE s IS 'a status';
COMMENT ON COLUMN t.many IS 'some';
