CREATE TABLE people (id integer, name text, email text, CONSTRAINT people_pkey PRIMARY KEY (id));
ALTER TABLE people ADD CONSTRAINT a_name UNIQUE (name);
ALTER TABLE people ADD CONSTRAINT b_name UNIQUE (name);
ALTER TABLE people ADD CONSTRAINT a_id UNIQUE (id);
CREATE TABLE twice (name text, CONSTRAINT one UNIQUE (name));
ALTER TABLE twice ADD CONSTRAINT other UNIQUE (name);
