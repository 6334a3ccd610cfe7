-- min: 18
CREATE TABLE t (a int NOT NULL, b int CONSTRAINT b_there NOT NULL, c int CONSTRAINT c_there NOT NULL, d int CONSTRAINT d_here NOT NULL, e int CONSTRAINT e_some NOT NULL);
COMMENT ON CONSTRAINT b_there ON t IS 'it is there';
CREATE TABLE heir () INHERITS (t);
