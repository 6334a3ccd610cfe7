SELECT t.oid, t.typnamespace, t.typname::text, t.typarray, c.oid, a.numbers, a.names, a.types, a.collation_schemas, a.collations
FROM pg_type t
JOIN pg_class c ON c.oid = t.typrelid
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(a.attnum ORDER BY a.attnum), '{}') AS numbers,
           COALESCE(array_agg(a.attname::text ORDER BY a.attnum), '{}') AS names,
           COALESCE(array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum), '{}') AS types,
           COALESCE(array_agg(cn.nspname::text ORDER BY a.attnum), '{}') AS collation_schemas,
           COALESCE(array_agg(co.collname::text ORDER BY a.attnum), '{}') AS collations
    FROM pg_attribute a
    JOIN pg_type b ON b.oid = a.atttypid
    LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
           ON co.oid = a.attcollation AND a.attcollation <> b.typcollation
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a
WHERE c.relkind = 'c' AND t.typnamespace = ANY (:namespaces)
