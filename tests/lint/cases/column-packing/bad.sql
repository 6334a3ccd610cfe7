-- catalog
CREATE TABLE t (a boolean, id bigint PRIMARY KEY, b boolean, c bigint, d boolean, e timestamptz);
