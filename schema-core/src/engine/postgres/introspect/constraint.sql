-- $1: tables. NOT NULL constraints (PostgreSQL 18) belong to their columns.
SELECT c.oid, c.conrelid, c.conname::text, c.contype::text, pg_get_constraintdef(c.oid), c.conkey,
       CASE WHEN c.contype IN ('p', 'u', 'x') THEN c.conindid END, fn.nspname::text, f.relname::text
FROM pg_constraint c
LEFT JOIN (pg_class f JOIN pg_namespace fn ON fn.oid = f.relnamespace) ON f.oid = c.confrelid
WHERE c.conrelid = ANY ($1) AND c.contype IN ('p', 'u', 'f', 'c', 'x')
