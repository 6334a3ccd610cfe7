CREATE FUNCTION join_with(state text, next text, sep text) RETURNS text LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN state IS NULL THEN next ELSE state || sep || next END';
CREATE AGGREGATE join_all(next text, sep text) (SFUNC = join_with, STYPE = text);
CREATE AGGREGATE count_all(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE, COMBINEFUNC = int4pl);
CREATE AGGREGATE gone(int) (SFUNC = int4larger, STYPE = int);
CREATE TABLE t (a int);
