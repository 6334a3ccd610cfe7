-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a char(3));
