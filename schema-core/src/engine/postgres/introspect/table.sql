-- The last column: what is not modeled about the table (2 is the oid of heap). Plain tables; every other kind of relation is counted by unmodeled.sql.
SELECT c.oid, c.relnamespace, c.relname::text, c.relpersistence = 'u', t.oid, t.typarray,
       c.relrowsecurity, c.relforcerowsecurity,
       array_remove(ARRAY[
           CASE WHEN c.reloptions IS NOT NULL OR toast.reloptions IS NOT NULL THEN 'table storage parameters' END,
           CASE WHEN c.relreplident <> 'd' THEN 'replica identity' END,
           CASE WHEN c.reloftype <> 0 THEN 'typed table' END,
           CASE WHEN c.reltablespace <> 0 THEN 'tablespace' END,
           CASE WHEN c.relam <> 2 THEN 'table access method' END], NULL)
FROM pg_class c
JOIN pg_type t ON t.oid = c.reltype
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
WHERE c.relkind = 'r' AND c.relnamespace = ANY (:namespaces)
  AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid)
