CREATE TABLE people (id bigint, name text, email text, born date);
GRANT SELECT (id, name, email) ON people TO grant_reader;
GRANT UPDATE (name), SELECT (born) ON people TO grant_writer;
GRANT INSERT ON people TO grant_admin;
GRANT SELECT (name) ON people TO PUBLIC;
