CREATE TYPE another_shell;
CREATE TYPE box2;
CREATE FUNCTION box2_in(cstring) RETURNS box2 LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION box2_out(box2) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE box2 (INPUT = box2_in, OUTPUT = box2_out, STORAGE = extended, DEFAULT = 'it''s', COLLATABLE = true, CATEGORY = 'S', DELIMITER = ';');
CREATE FUNCTION same(box2, box2) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'texteq';
CREATE TABLE t (id int, b box2 DEFAULT 'x', bs box2[], CHECK (same(b, b)));
COMMENT ON TYPE box2 IS 'like text';
