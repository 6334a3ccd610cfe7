CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 1, b timestamptz, c uuid[], d text NOT NULL, e int[]);
