CREATE DOMAIN tag AS text;
CREATE TYPE tagged AS (name tag);
CREATE TABLE t (tags tag[], one tag, inside tagged);
