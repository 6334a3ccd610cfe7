-- catalog
-- config: naming
CREATE TABLE users (id bigint PRIMARY KEY, first_name text);
CREATE INDEX users_first_name_idx ON users (first_name);
