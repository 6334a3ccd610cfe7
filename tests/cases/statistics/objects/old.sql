CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS gone (ndistinct) ON a, b FROM t;
CREATE STATISTICS changed (ndistinct) ON a, c FROM t;
CREATE STATISTICS old_name (mcv) ON b, c FROM t;
CREATE STATISTICS target ON a, b, c FROM t;
COMMENT ON STATISTICS target IS 'a comment';
