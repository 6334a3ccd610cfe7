CREATE TABLE person (id int, name varchar(10));
CREATE TABLE visit (id int, who person, others person[]);
CREATE TABLE party (id int, host person);
