CREATE EXTENSION btree_gist;
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE room (id int, during daterange, CONSTRAINT room_key PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE t (
    a int CONSTRAINT small CHECK (a < 10) NOT ENFORCED,
    b int CONSTRAINT fb REFERENCES other NOT ENFORCED,
    room_id int,
    during daterange
);
