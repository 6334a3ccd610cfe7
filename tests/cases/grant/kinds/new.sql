CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'glad');
CREATE SEQUENCE app.numbers;
GRANT ALL ON SCHEMA app TO grant_writer;
GRANT USAGE ON SCHEMA app TO PUBLIC;
GRANT USAGE ON TYPE app.mood TO grant_reader;
GRANT USAGE, SELECT ON SEQUENCE app.numbers TO grant_reader;
