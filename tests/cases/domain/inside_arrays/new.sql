CREATE DOMAIN tag AS text NOT NULL CHECK (VALUE <> '');
CREATE TYPE tagged AS (name tag);
CREATE TABLE t (tags tag[], one tag, inside tagged);
