CREATE TABLE person (id bigint, name text);
CREATE TABLE visit (id int);
