-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a integer);
CREATE INDEX one ON t (a);
CREATE INDEX two ON t (a);
CREATE UNIQUE INDEX three ON t (id);
