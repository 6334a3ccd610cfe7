-- $1: namespaces. Plain tables; every other kind of relation is counted by unmodeled.sql.
SELECT c.oid, c.relnamespace, c.relname::text, c.relpersistence = 'u', t.oid, t.typarray
FROM pg_class c
JOIN pg_type t ON t.oid = c.reltype
WHERE c.relkind = 'r' AND c.relnamespace = ANY ($1)
  AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid)
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
