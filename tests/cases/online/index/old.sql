CREATE FUNCTION lowered(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower($1)';
CREATE TABLE people (id bigint PRIMARY KEY, email text NOT NULL, name text, born date, town text);
CREATE INDEX people_name_idx ON people (name);
CREATE INDEX people_born_idx ON people (born);
CREATE UNIQUE INDEX people_email_key ON people (email);
ALTER TABLE people REPLICA IDENTITY USING INDEX people_email_key;
CREATE INDEX people_town_idx ON people (town, name);
COMMENT ON INDEX people_name_idx IS 'by name';
CREATE MATERIALIZED VIEW towns AS SELECT town, count(*) AS people FROM people GROUP BY town;
