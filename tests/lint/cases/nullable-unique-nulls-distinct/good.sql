-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a integer NOT NULL, b integer NOT NULL, UNIQUE (a, b), c text UNIQUE);
