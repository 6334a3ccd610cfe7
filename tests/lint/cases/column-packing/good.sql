-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, c bigint, e timestamptz, a boolean, b boolean, d boolean);
