SELECT n.oid, n.nspname::text
FROM pg_namespace n
WHERE n.oid = ANY (:namespaces)
