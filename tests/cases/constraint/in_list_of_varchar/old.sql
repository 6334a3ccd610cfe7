CREATE TABLE t (id int PRIMARY KEY, a varchar(10) DEFAULT 'x', b varchar NOT NULL);
