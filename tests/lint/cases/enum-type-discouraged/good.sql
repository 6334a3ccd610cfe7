-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a text CHECK (a IN ('on')));
