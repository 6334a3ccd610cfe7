-- $1: namespaces
SELECT t.oid, t.typnamespace, t.typname::text, t.typarray,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
FROM pg_type t
WHERE t.typtype = 'e' AND t.typnamespace = ANY ($1)
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
