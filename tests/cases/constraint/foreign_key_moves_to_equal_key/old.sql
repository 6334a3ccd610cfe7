CREATE TABLE parent (id int NOT NULL, other int NOT NULL, CONSTRAINT parent_pkey PRIMARY KEY (id));
CREATE TABLE child (id int PRIMARY KEY, parent_id int CONSTRAINT child_parent_id_fkey REFERENCES parent (id));
