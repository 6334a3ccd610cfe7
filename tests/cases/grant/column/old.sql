CREATE TABLE people (id bigint, name text, email text, phone text);
GRANT SELECT ON people TO grant_reader;
GRANT SELECT (id, name) ON people TO grant_reader;
GRANT UPDATE (email) ON people TO grant_writer;
GRANT ALL ON people TO grant_admin;
GRANT SELECT (phone) ON people TO grant_admin WITH GRANT OPTION;
