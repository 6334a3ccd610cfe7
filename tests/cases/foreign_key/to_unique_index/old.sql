CREATE TABLE t (id int PRIMARY KEY, code text);
CREATE UNIQUE INDEX t_code ON t (code);
CREATE TABLE child (id int PRIMARY KEY, code text REFERENCES t (code));
