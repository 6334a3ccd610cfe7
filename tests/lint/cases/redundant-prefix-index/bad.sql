-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a integer, b integer);
CREATE INDEX one ON t (a);
CREATE INDEX two ON t (a, b);
