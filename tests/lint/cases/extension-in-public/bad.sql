-- not run: not every server has it
CREATE EXTENSION citext;
