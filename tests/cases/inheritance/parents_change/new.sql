CREATE TABLE a (id int, x int, later int);
CREATE TABLE b (id int, y int);
CREATE TABLE c (id int, x int);
CREATE TABLE moves (own text) INHERITS (c);
CREATE TABLE leaves (id int, y int);
