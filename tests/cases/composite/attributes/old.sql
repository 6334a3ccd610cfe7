CREATE TYPE address AS (street text, zip varchar(5), gone int);
CREATE TYPE person AS (name text COLLATE "C", home address);
CREATE TYPE free AS (a int, b int);
CREATE TYPE empty AS ();
CREATE TABLE t (id int, a address, p person, list address[]);
COMMENT ON TYPE address IS 'one';
COMMENT ON COLUMN address.street IS 'with number';
COMMENT ON COLUMN address.gone IS 'goes';
