CREATE TABLE t (a int UNIQUE, b int);
CREATE UNIQUE INDEX t_b ON t (b);
