-- catalog
CREATE TABLE t (id bigint);
