CREATE TYPE s AS ENUM ('a', 'b');
CREATE TYPE z AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, one s DEFAULT 'a', two z DEFAULT 'b' CHECK (two <> 'a'));
