CREATE TABLE t (a int, b text, PRIMARY KEY (a, b));
CREATE TABLE child (id int PRIMARY KEY, a int, b text, FOREIGN KEY (a, b) REFERENCES t);
