-- file: 1_a/up.sql
-- schema:parent none
SELECT 1;
-- file: 2_b/up.sql
-- schema:parent 1_a
SELECT 1;
-- file: 3_c/up.sql
-- schema:parent 1_a
SELECT 1;
-- file: 4_d/up.sql
-- schema:parent 3_c
SELECT 1;
