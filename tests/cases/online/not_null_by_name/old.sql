CREATE TABLE people (id bigint CONSTRAINT old_name NOT NULL, email text, nick text);
ALTER TABLE people ADD CONSTRAINT nick_is_there NOT NULL nick NOT VALID;
