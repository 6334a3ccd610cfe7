-- not run: not every server has it
CREATE SCHEMA extensions;
CREATE EXTENSION citext SCHEMA extensions;
