CREATE SCHEMA app;
CREATE TABLE t (a int, b bigint, c text);
CREATE STATISTICS changed (dependencies) ON a, c FROM t;
CREATE STATISTICS new_name (mcv) ON b, c FROM t;
CREATE STATISTICS target ON a, b, c FROM t;
ALTER STATISTICS target SET STATISTICS 50;
CREATE STATISTICS app.expressions ON (a + b), lower(c) FROM t;
COMMENT ON STATISTICS app.expressions IS 'two';
