SELECT t.oid, t.typnamespace, t.typname::text, t.typarray, format_type(t.typbasetype, t.typtypmod),
       cn.nspname::text, co.collname::text, COALESCE(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), t.typnotnull,
       ARRAY(SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c
             WHERE c.contypid = t.oid AND c.contype = 'c' AND c.convalidated),
       NULL::text --[<17]
       (SELECT c.conname::text FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'n') --[17+]
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
       ON co.oid = t.typcollation AND t.typcollation <> b.typcollation
WHERE t.typtype = 'd' AND t.typnamespace = ANY (:namespaces)
