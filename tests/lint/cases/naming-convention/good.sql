-- catalog
-- config: naming
CREATE TABLE users (id bigint PRIMARY KEY, first_name text, CONSTRAINT users_id_check CHECK (id > 0));
CREATE INDEX users_first_name_idx ON users (first_name);
