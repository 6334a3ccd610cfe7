CREATE TABLE parent (id int NOT NULL, other int NOT NULL, CONSTRAINT parent_id_key UNIQUE (id), CONSTRAINT parent_other_pkey PRIMARY KEY (other));
CREATE TABLE child (id int PRIMARY KEY, parent_id int CONSTRAINT child_parent_id_fkey REFERENCES parent (id));
