CREATE TABLE t (id int NOT NULL CONSTRAINT t_id_key UNIQUE, code text CONSTRAINT t_code_pkey PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, t_id int CONSTRAINT child_t REFERENCES t (id));
CREATE UNIQUE INDEX t_code_b ON t (code) INCLUDE (id);
CREATE TABLE other (code text CONSTRAINT other_code REFERENCES t (code));
