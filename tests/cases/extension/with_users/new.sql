CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION pg_trgm; CREATE TABLE t (mail ext.citext, name text); CREATE INDEX t_name ON t USING gin (name gin_trgm_ops);
