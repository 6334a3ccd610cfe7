-- min: 15
CREATE SCHEMA app;
CREATE SCHEMA third;
CREATE TABLE app.a (id int PRIMARY KEY, kind varchar(20), level int);
CREATE TABLE app.b (id bigint PRIMARY KEY, kind text);
CREATE PUBLICATION listed FOR TABLE app.a (id, kind, level) WHERE (id < 100 AND level = 1), app.b WHERE (id > 0);
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA app, third;
