CREATE TABLE users (id int, name text);
CREATE TABLE log (what text);
CREATE VIEW people AS SELECT id, name FROM users;
CREATE RULE changed AS ON INSERT TO users DO ALSO INSERT INTO log VALUES ('insert');
CREATE RULE switched AS ON DELETE TO users DO INSTEAD NOTHING;
CREATE RULE gone AS ON UPDATE TO users DO ALSO NOTHING;
CREATE RULE written AS ON INSERT TO people DO INSTEAD INSERT INTO users VALUES (new.id, new.name);
ALTER TABLE users DISABLE RULE switched;
COMMENT ON RULE changed ON users IS 'logs';
