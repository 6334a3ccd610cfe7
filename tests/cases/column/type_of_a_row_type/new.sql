CREATE TABLE person (id bigint, name text);
CREATE TABLE visit (id int);
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE pen (id int, colour colour DEFAULT 'red');
CREATE TABLE grows (id int, m int GENERATED ALWAYS AS (id + 1) STORED);
CREATE UNLOGGED TABLE logged (id int);
CREATE TABLE rows ();
