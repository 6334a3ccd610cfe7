-- schema:section
SELECT 1;
