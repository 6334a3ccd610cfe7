CREATE SCHEMA app;
CREATE FUNCTION app.same(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a % 10 = b % 10';
CREATE FUNCTION app.less(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a % 10 < b % 10';
CREATE FUNCTION app.minus(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT -a';
CREATE OPERATOR app.=== (FUNCTION = app.same, LEFTARG = int, RIGHTARG = int, COMMUTATOR = OPERATOR(app.===), RESTRICT = eqsel);
CREATE OPERATOR app.!! (FUNCTION = app.minus, RIGHTARG = int);
CREATE OPERATOR app.<<< (FUNCTION = app.less, LEFTARG = int, RIGHTARG = int);
COMMENT ON OPERATOR app.!! (NONE, int) IS 'The other way round';
