CREATE SCHEMA app;
CREATE TABLE app.z (id int PRIMARY KEY, name text);
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
-- Each names what comes later by name, and the last two name each other.
CREATE FUNCTION app.z_last() RETURNS bigint LANGUAGE sql AS 'SELECT count(name) FROM app.z';
CREATE FUNCTION app.b_second() RETURNS bigint LANGUAGE sql AS 'SELECT app.z_last()';
CREATE FUNCTION app.a_first() RETURNS int LANGUAGE sql AS 'SELECT app.b_second()::int';
CREATE FUNCTION app.even(n int) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN RETURN CASE WHEN n = 0 THEN true ELSE app.odd(n - 1) END; END $$;
CREATE FUNCTION app.odd(n int) RETURNS boolean LANGUAGE plpgsql AS
    $$ DECLARE m app.mood; BEGIN RETURN CASE WHEN n = 0 THEN false ELSE app.even(n - 1) END; END $$;
-- A default that runs the function, whose text names another table.
CREATE FUNCTION app.names() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(name, ' ') FROM app.z $$;
CREATE TABLE app.a (id int, z text DEFAULT app.names());
