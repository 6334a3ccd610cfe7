CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE app.a (id int PRIMARY KEY, kind text, level int);
CREATE TABLE app.b (id int PRIMARY KEY, kind text);
CREATE PUBLICATION listed FOR TABLE app.a (id, kind), app.b WHERE (id > 0);
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA other, TABLE app.a;
