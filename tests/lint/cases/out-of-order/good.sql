-- file: 2_b/up.sql
-- schema:parent none
SELECT 1;
-- file: 3_c/up.sql
-- schema:parent 2_b
SELECT 1;
