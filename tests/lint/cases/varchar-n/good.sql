-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a text CHECK (length(a) <= 80), b varchar);
