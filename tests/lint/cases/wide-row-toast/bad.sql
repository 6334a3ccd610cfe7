-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(1500), b varchar(1500));
