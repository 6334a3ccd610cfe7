-- A NOT NULL constraint has the name that another one will get: PostgreSQL would add a number.
CREATE TABLE b (y integer CONSTRAINT a_x_not_null NOT NULL, z integer CONSTRAINT a_z_not_null NOT NULL);
CREATE TABLE a (z integer, w integer);
CREATE TABLE gone (x integer CONSTRAINT a_w_not_null NOT NULL);
