CREATE TYPE s AS ENUM ('a', 'b', 'c');
CREATE TYPE gone AS ENUM ('x');
CREATE TABLE t (id int PRIMARY KEY, many s[] NOT NULL DEFAULT '{a,b}', one s DEFAULT 'c', deep s[] CHECK (cardinality(deep) > 0), other gone[]);
COMMENT ON TYPE s IS 'a status';
COMMENT ON COLUMN t.many IS 'some';
