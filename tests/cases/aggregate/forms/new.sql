CREATE FUNCTION join_with(state text, next text, sep text) RETURNS text LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN state IS NULL THEN next ELSE state || sep || next END';
CREATE AGGREGATE join_all(next text, sep text) (SFUNC = join_with, STYPE = text, INITCOND = 'it''s');
CREATE AGGREGATE count_all(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '1');
CREATE AGGREGATE my_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0',
    MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = '0', SORTOP = <);
CREATE AGGREGATE my_avg(float8) (SFUNC = float8_accum, STYPE = float8[], FINALFUNC = float8_avg, SSPACE = 64,
    FINALFUNC_MODIFY = SHAREABLE, INITCOND = '{0,0,0}');
CREATE AGGREGATE my_percentile(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
    FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
    STYPE = internal, FINALFUNC = rank_final, HYPOTHETICAL);
CREATE TABLE t (a int);
COMMENT ON AGGREGATE my_percentile(float8 ORDER BY anyelement) IS 'Like PostgreSQL''s own';
COMMENT ON AGGREGATE count_all(*) IS 'One more';
