CREATE TABLE t (id int PRIMARY KEY, b int DEFAULT 7, c varchar(20) NOT NULL DEFAULT 'x');
