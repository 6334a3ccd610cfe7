SELECT c.oid, t.typnamespace, t.typname::text, c.conname::text, pg_get_constraintdef(c.oid)
FROM pg_constraint c
JOIN pg_type t ON t.oid = c.contypid
WHERE c.contype = 'c' AND t.typnamespace = ANY (:namespaces)
