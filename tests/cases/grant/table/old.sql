CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, body text);
GRANT SELECT, INSERT ON notes TO grant_reader;
GRANT SELECT ON notes TO grant_writer WITH GRANT OPTION;
GRANT UPDATE ON notes TO grant_writer;
GRANT ALL ON notes TO grant_admin;
GRANT SELECT ON notes TO PUBLIC;
