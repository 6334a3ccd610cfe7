-- Foreign partitions move, get another bound, come, go, and leave.
CREATE FOREIGN DATA WRAPPER files;
CREATE SERVER here FOREIGN DATA WRAPPER files;
CREATE SERVER there FOREIGN DATA WRAPPER files;
CREATE TABLE cities (id integer, name text NOT NULL, gone date, CONSTRAINT named CHECK (name <> '')) PARTITION BY LIST (name);
CREATE TABLE new_cities (id integer, name text NOT NULL) PARTITION BY LIST (name);
CREATE FOREIGN TABLE cities_a PARTITION OF cities FOR VALUES IN ('a') SERVER here;
ALTER FOREIGN TABLE cities_a ALTER COLUMN id SET NOT NULL;
CREATE FOREIGN TABLE moves PARTITION OF new_cities FOR VALUES IN ('m') SERVER here OPTIONS (path '/m');
ALTER FOREIGN TABLE moves ALTER COLUMN id OPTIONS (position '1');
CREATE FOREIGN TABLE goes PARTITION OF cities FOR VALUES IN ('g') SERVER here;
CREATE FOREIGN TABLE elsewhere PARTITION OF cities FOR VALUES IN ('e') SERVER here;
CREATE FOREIGN TABLE leaves PARTITION OF new_cities FOR VALUES IN ('l') SERVER here;
