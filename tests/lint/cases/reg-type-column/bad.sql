-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a regclass);
