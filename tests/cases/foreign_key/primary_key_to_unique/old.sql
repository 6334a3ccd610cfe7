CREATE TABLE t (id int CONSTRAINT t_pkey PRIMARY KEY, code text NOT NULL);
CREATE TABLE child (id int PRIMARY KEY, t_id int CONSTRAINT child_t REFERENCES t (id));
CREATE UNIQUE INDEX t_code_a ON t (code);
