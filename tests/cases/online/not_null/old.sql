CREATE TABLE people (id bigint, email text, name text DEFAULT 'x', born date NOT NULL);
CREATE TABLE base (x integer, z integer);
CREATE TABLE below (y integer) INHERITS (base);
CREATE VIEW emails AS SELECT email FROM people;
