-- file: 2_b/up.sql
-- schema:parent 3_c
SELECT 1;
-- file: 3_c/up.sql
-- schema:parent none
SELECT 1;
