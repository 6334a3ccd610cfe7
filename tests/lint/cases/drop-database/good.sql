-- Databases are left alone.
SELECT 1;
