-- file: 20991231000000_b/up.sql
SELECT 1;
