SELECT t.oid, t.typnamespace, t.typname::text, t.typarray,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
FROM pg_type t
WHERE t.typtype = 'e' AND t.typnamespace = ANY (:namespaces)
