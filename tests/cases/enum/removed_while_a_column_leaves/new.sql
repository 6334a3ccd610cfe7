CREATE TYPE s AS ENUM ('a');
CREATE TABLE t (id int PRIMARY KEY, stays s NOT NULL DEFAULT 'a', leaves text NOT NULL DEFAULT 'b', comes s DEFAULT 'a');
CREATE INDEX t_leaves ON t (id) WHERE leaves = 'b';
