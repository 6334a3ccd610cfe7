CREATE TABLE person (id int, name varchar(10));
CREATE TABLE visit (id int, who person, others person[]);
CREATE TABLE party (id int, host person);
CREATE TYPE colour AS ENUM ('red', 'blue');
CREATE TABLE pen (id int, colour colour DEFAULT 'red');
CREATE TABLE grows (id int);
CREATE TABLE logged (id int);
CREATE TABLE rows (a pen, b grows[], c logged);
