CREATE TYPE address AS (street text, zip varchar(5), country text, "State" char(2));
CREATE TYPE person AS (name text COLLATE "C", home address);
CREATE TYPE free AS (b bigint, c text COLLATE "C");
CREATE TABLE t (id int, a address, p person, list address[]);
COMMENT ON TYPE address IS 'two';
COMMENT ON COLUMN address.street IS 'without number';
COMMENT ON COLUMN address.country IS 'comes';
