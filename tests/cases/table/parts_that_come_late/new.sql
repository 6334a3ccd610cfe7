CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('low', 'high');
CREATE DOMAIN app.amount AS numeric CHECK (VALUE >= 0);
CREATE TABLE app.b (
    id int PRIMARY KEY,
    mood app.mood DEFAULT 'low' NOT NULL,
    amount app.amount,
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED,
    above int REFERENCES app.b
);
-- The first two need the table, and a part of the table needs each of them.
CREATE FUNCTION app.how_many() RETURNS bigint STABLE BEGIN ATOMIC SELECT count(*) FROM app.b; END;
CREATE FUNCTION app.is_fine(app.b) RETURNS boolean IMMUTABLE RETURN ($1).id > 0;
CREATE FUNCTION app.usual() RETURNS app.amount IMMUTABLE RETURN 1;
ALTER TABLE app.b
    ADD COLUMN place bigint DEFAULT app.how_many(),
    ADD COLUMN price app.amount DEFAULT app.usual(),
    ADD CONSTRAINT fine CHECK (app.is_fine(b.*));
CREATE TABLE app.a (id int PRIMARY KEY, whole app.b, of int REFERENCES app.b);
