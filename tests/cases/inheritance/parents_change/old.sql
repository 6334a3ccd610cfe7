CREATE TABLE a (id int, x int);
CREATE TABLE b (id int, y int);
CREATE TABLE moves (own text) INHERITS (a);
CREATE TABLE leaves (id int, y int) INHERITS (b);
