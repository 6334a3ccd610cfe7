CREATE TABLE p (id int NOT NULL, other int);
