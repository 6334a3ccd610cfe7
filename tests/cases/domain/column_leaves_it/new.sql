CREATE DOMAIN label AS text CHECK (VALUE <> '');
CREATE TABLE t (share numeric DEFAULT 5, note varchar(50), notes text[], state label DEFAULT 'on', at text);
CREATE DOMAIN kept AS bigint;
CREATE TABLE k (a kept[], b kept);
