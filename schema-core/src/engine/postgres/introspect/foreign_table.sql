-- The options of columns: as many names as options. The last column: what is not modeled.
SELECT c.oid, c.relnamespace, c.relname::text, t.oid, t.typarray, s.srvname::text, COALESCE(f.ftoptions, '{}'),
       a.names, a.options,
       EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid)
FROM pg_class c
JOIN pg_type t ON t.oid = c.reltype
JOIN pg_foreign_table f ON f.ftrelid = c.oid
JOIN pg_foreign_server s ON s.oid = f.ftserver
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(a.attname::text), '{}') AS names, COALESCE(array_agg(o.option), '{}') AS options
    FROM pg_attribute a, unnest(a.attfdwoptions) o (option)
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a
WHERE c.relkind = 'f' AND c.relnamespace = ANY (:namespaces)
