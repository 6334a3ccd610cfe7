-- catalog
CREATE TABLE t (id bigint PRIMARY KEY, a integer);
CREATE INDEX one ON t (a);
CREATE INDEX two ON t (a DESC);
CREATE INDEX three ON t (a) WHERE id > 5;
