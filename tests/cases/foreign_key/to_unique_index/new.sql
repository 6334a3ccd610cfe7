CREATE TABLE t (id int PRIMARY KEY, code text, CONSTRAINT t_code UNIQUE (code) INCLUDE (id));
CREATE TABLE child (id int PRIMARY KEY, code text REFERENCES t (code) ON UPDATE CASCADE);
