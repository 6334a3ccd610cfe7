-- min: 18
CREATE EXTENSION btree_gist;
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE room (id int, during daterange, CONSTRAINT room_key PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE t (
    a int CONSTRAINT small CHECK (a < 10),
    b int CONSTRAINT fb REFERENCES other,
    room_id int,
    during daterange,
    FOREIGN KEY (room_id, PERIOD during) REFERENCES room (id, PERIOD during),
    CONSTRAINT large CHECK (a > 1) NOT ENFORCED,
    UNIQUE (room_id, during WITHOUT OVERLAPS)
);
