CREATE TYPE s AS ENUM ('a', 'b', 'c');
CREATE TYPE z AS ENUM ('b');
CREATE TABLE t (id int PRIMARY KEY, one z DEFAULT 'b', two s DEFAULT 'c' CHECK (two <> 'a'));
