CREATE TABLE t (id int PRIMARY KEY, label text DEFAULT 'x', CONSTRAINT fits CHECK (fits IS NULL OR true), fits int);
CREATE FUNCTION show(n int, pad int DEFAULT 3) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, pad, '0') $$;
CREATE FUNCTION show(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT array_to_string(parts, ', ') $$;
CREATE FUNCTION show(t) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT show($1.id, 1) $$;
CREATE FUNCTION gone(a int, INOUT b text, OUT d date) LANGUAGE sql AS 'SELECT b, now()::date';
CREATE FUNCTION settle(a int, INOUT b int) LANGUAGE plpgsql AS 'BEGIN b := a; END';
CREATE FUNCTION rows() RETURNS TABLE (id bigint, "Name" text) LANGUAGE sql ROWS 10 AS $$ SELECT 1::bigint, 'x' $$;
ALTER TABLE t ALTER label SET DEFAULT show(1), ADD CONSTRAINT shown CHECK (show(id) <> '');
CREATE FUNCTION two(OUT int, OUT int) LANGUAGE sql AS 'SELECT 3, 4';
