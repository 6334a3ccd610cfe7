-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer, UNIQUE (a, b));
