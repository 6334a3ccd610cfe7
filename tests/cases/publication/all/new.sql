CREATE TABLE a (id int PRIMARY KEY, kind text);
CREATE TABLE b (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE e (id int PRIMARY KEY);
CREATE PUBLICATION changed FOR TABLE a, c, e;
CREATE PUBLICATION options WITH (publish = 'insert, delete', publish_via_partition_root = true);
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'truncate');
CREATE PUBLICATION partly FOR ALL TABLES;
COMMENT ON PUBLICATION changed IS 'sent';
