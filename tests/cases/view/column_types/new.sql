CREATE TYPE mood AS ENUM ('bad', 'good');
CREATE TABLE users (id int PRIMARY KEY, mood mood, name varchar(30), note varchar(9), other int);
CREATE VIEW moods AS SELECT id FROM users WHERE mood IS NOT NULL;
CREATE VIEW one_mood AS SELECT id, mood FROM users WHERE mood = 'good';
CREATE MATERIALIZED VIEW names AS SELECT name FROM users;
CREATE VIEW on_names AS SELECT name FROM names;
CREATE VIEW leaves AS SELECT id, other FROM users WHERE other > 0;
CREATE RULE keep AS ON UPDATE TO users WHERE old.name <> new.name DO INSTEAD NOTHING;
