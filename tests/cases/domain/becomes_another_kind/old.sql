CREATE DOMAIN mood AS text CHECK (VALUE IN ('sad', 'ok'));
CREATE TYPE size AS ENUM ('s', 'm');
CREATE TABLE t (id int, mood mood DEFAULT 'ok', moods mood[], size size DEFAULT 's');
CREATE INDEX t_size ON t (size);
