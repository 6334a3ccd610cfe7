-- min: 18
CREATE TABLE b (y integer NOT NULL, z integer);
CREATE TABLE a (z integer NOT NULL, w integer NOT NULL, x integer NOT NULL);
