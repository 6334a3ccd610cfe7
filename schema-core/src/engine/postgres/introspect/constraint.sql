-- NOT NULL constraints (PostgreSQL 18) belong to their columns.
SELECT c.oid, c.conrelid, c.conname::text, c.contype::text, pg_get_constraintdef(c.oid), c.conkey,
       i.indexrelid, fn.nspname::text, f.relname::text,
       array_remove(ARRAY[
           CASE WHEN i.indisclustered THEN 'clustered index' END,
           CASE WHEN NOT i.indisvalid THEN 'invalid index' END,
           CASE WHEN ic.reltablespace <> 0 THEN 'tablespace' END,
           -- pg_get_constraintdef does not print them.
           CASE WHEN ic.reloptions IS NOT NULL THEN 'storage parameters of a constraint' END], NULL), f.oid
FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
LEFT JOIN (pg_class f JOIN pg_namespace fn ON fn.oid = f.relnamespace) ON f.oid = c.confrelid
LEFT JOIN (pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid)
       ON i.indexrelid = c.conindid AND i.indrelid = c.conrelid AND c.contype <> 'f'
WHERE t.relnamespace = ANY (:namespaces) AND c.contype IN ('p', 'u', 'f', 'c', 'x')
