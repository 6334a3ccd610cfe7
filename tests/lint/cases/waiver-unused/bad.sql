-- schema:allow drop-table: it was only ever a test
SELECT 1;
