CREATE TABLE t (id int PRIMARY KEY, a int[] DEFAULT '{1}', b text[], c uuid, d varchar(3)[] NOT NULL, e text[]);
