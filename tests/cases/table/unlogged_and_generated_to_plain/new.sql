CREATE UNLOGGED TABLE t (id int, made int) WITH (fillfactor = 50);
