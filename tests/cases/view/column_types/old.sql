CREATE TYPE mood AS ENUM ('good', 'bad', 'ugly');
CREATE TABLE users (id int PRIMARY KEY, mood mood, name varchar(20), note text, other int);
CREATE VIEW moods AS SELECT id FROM users WHERE mood IS NOT NULL;
CREATE VIEW one_mood AS SELECT id, mood FROM users WHERE mood = 'good';
CREATE MATERIALIZED VIEW names AS SELECT name FROM users;
CREATE VIEW on_names AS SELECT name FROM names;
CREATE VIEW leaves AS SELECT id, other FROM users WHERE note <> '';
CREATE RULE keep AS ON UPDATE TO users WHERE old.name <> new.name DO INSTEAD NOTHING;
