-- catalog
-- config: postgres = 14
CREATE TABLE t (id bigint PRIMARY KEY, a integer UNIQUE);
