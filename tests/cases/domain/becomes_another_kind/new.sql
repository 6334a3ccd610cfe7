CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN size AS text CHECK (VALUE IN ('s', 'm'));
CREATE TABLE t (id int, mood mood DEFAULT 'ok', moods mood[], size size DEFAULT 's');
CREATE INDEX t_size ON t (size);
