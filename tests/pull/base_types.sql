-- A type that is made of functions that take and return it, what stands on it, a range with a canonical function.
CREATE TYPE shape;
CREATE FUNCTION shape_in(cstring) RETURNS shape LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION shape_out(shape) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE shape (INTERNALLENGTH = variable, INPUT = shape_in, OUTPUT = shape_out, ALIGNMENT = int4, STORAGE = plain);
CREATE FUNCTION corners(shape) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE CAST (shape AS integer) WITH FUNCTION corners(shape);
CREATE TABLE shapes (id integer PRIMARY KEY, of shape NOT NULL);
CREATE TYPE span;
CREATE FUNCTION span_canonical(span) RETURNS span LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE span AS RANGE (subtype = integer, canonical = span_canonical);
