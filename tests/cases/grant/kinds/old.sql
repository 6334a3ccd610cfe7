CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'glad');
CREATE SEQUENCE app.numbers;
GRANT USAGE ON SCHEMA app TO grant_reader;
REVOKE USAGE ON TYPE app.mood FROM PUBLIC;
GRANT ALL ON SEQUENCE app.numbers TO grant_writer;
