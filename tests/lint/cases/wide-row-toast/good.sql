-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(500), b varchar(500));
