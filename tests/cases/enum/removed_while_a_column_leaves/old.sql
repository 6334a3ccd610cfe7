CREATE TYPE s AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, stays s NOT NULL DEFAULT 'a', leaves s NOT NULL DEFAULT 'b', goes s);
CREATE INDEX t_leaves ON t (id) WHERE leaves = 'b';
