CREATE TABLE p (a int NOT NULL, b text, c int, d int, CONSTRAINT checked CHECK (c > 0));
CREATE TABLE k (a bigint, c int, e text);
CREATE TABLE q (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE q_1 (a int);
