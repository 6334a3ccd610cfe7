CREATE TABLE t (a int, b int NOT NULL, c int DEFAULT 1);
