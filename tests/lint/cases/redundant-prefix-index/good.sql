-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a integer, b integer);
CREATE INDEX one ON t (b);
CREATE INDEX two ON t (a, b);
CREATE UNIQUE INDEX three ON t (a);
