-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, at date) ;
CREATE TABLE p (id bigint, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE p_1 PARTITION OF p DEFAULT;
