CREATE TABLE t (a text, b text, c numeric, d text COMPRESSION pglz, e int, f text);
ALTER TABLE t ALTER b SET STORAGE EXTERNAL, ALTER c SET STORAGE EXTERNAL, ALTER e SET STATISTICS 500, ALTER e SET (n_distinct = 5);
