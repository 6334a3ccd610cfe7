-- catalog
CREATE TYPE status AS ENUM ('on');
CREATE TABLE t (id bigint PRIMARY KEY, a status);
