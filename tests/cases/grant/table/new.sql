CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, body text);
GRANT SELECT ON notes TO grant_reader;
GRANT SELECT, UPDATE ON notes TO grant_writer;
GRANT DELETE ON notes TO grant_writer WITH GRANT OPTION;
GRANT TRIGGER, TRUNCATE ON notes TO "Grant Admin";
GRANT USAGE ON SEQUENCE notes_id_seq TO grant_writer;
