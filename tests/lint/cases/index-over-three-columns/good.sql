-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a integer, b integer, c integer);
CREATE INDEX one ON t (a, b, c) INCLUDE (id);
