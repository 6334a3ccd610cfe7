-- file: 20261121000000_b/up.sql
SELECT 1;
