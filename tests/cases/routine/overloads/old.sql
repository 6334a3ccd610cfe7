CREATE TABLE t (id int PRIMARY KEY, label text DEFAULT 'x', CONSTRAINT fits CHECK (fits IS NULL OR true), fits int);
CREATE FUNCTION show(n int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT n::text';
CREATE FUNCTION show(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT array_to_string(parts, ' ') $$;
CREATE FUNCTION gone(a int, INOUT b text, OUT c date) LANGUAGE sql AS 'SELECT b, now()::date';
CREATE PROCEDURE settle(IN a int, INOUT b int) LANGUAGE plpgsql AS 'BEGIN b := a; END';
CREATE FUNCTION rows() RETURNS TABLE (id int, "Name" text) LANGUAGE sql ROWS 10 AS $$ SELECT 1, 'x' $$;
ALTER TABLE t ALTER label SET DEFAULT show(1), ADD CONSTRAINT shown CHECK (show(id) <> '');
CREATE FUNCTION two(OUT int, OUT int) LANGUAGE sql AS 'SELECT 1, 2';
