CREATE TYPE role AS ENUM ('owner', 'member');
CREATE FUNCTION is_member(account int, as_role role DEFAULT NULL) RETURNS boolean LANGUAGE sql AS 'SELECT account > 0';
CREATE TABLE accounts (id int);
CREATE POLICY visible ON accounts FOR SELECT USING (is_member(id));
CREATE POLICY editable ON accounts FOR UPDATE USING (is_member(id, 'owner'));
CREATE VIEW mine AS SELECT id FROM accounts WHERE is_member(id);
