-- Views and materialized views; heap is the access method 2, main the fork of storage that types say.
SELECT c.oid, c.relnamespace, c.relname::text, c.relkind = 'm', rtrim(pg_get_viewdef(c.oid), ';'),
       array_cat(c.reloptions, ARRAY(SELECT 'toast.' || unnest(toast.reloptions))),
       r.oid, t.oid, t.typarray, c.relispopulated,
       (SELECT am.amname::text FROM pg_am am WHERE am.oid = c.relam AND am.oid <> 2),
       (SELECT ts.spcname::text FROM pg_tablespace ts WHERE ts.oid = c.reltablespace),
       a.names, a.types, a.collation_schemas, a.collations,
       d.oids, d.names, d.defaults,
       s.names, s.statistics, s.storage, s.compression, s.options, s.usual
FROM pg_class c
JOIN pg_type t ON t.oid = c.reltype
JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(a.attname::text ORDER BY a.attnum), '{}') AS names,
           COALESCE(array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum), '{}') AS types,
           COALESCE(array_agg(cn.nspname::text ORDER BY a.attnum), '{}') AS collation_schemas,
           COALESCE(array_agg(co.collname::text ORDER BY a.attnum), '{}') AS collations
    FROM pg_attribute a
    JOIN pg_type ty ON ty.oid = a.atttypid
    LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
           ON co.oid = a.attcollation AND a.attcollation <> ty.typcollation
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(d.oid ORDER BY d.adnum), '{}') AS oids,
           COALESCE(array_agg(a.attname::text ORDER BY d.adnum), '{}') AS names,
           COALESCE(array_agg(pg_get_expr(d.adbin, d.adrelid) ORDER BY d.adnum), '{}') AS defaults
    FROM pg_attrdef d
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid = c.oid) d
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(a.attname::text ORDER BY a.attnum), '{}') AS names,
           COALESCE(array_agg(CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int2 END ORDER BY a.attnum), '{}') AS statistics,
           COALESCE(array_agg(CASE WHEN a.attstorage <> ty.typstorage THEN a.attstorage::text END ORDER BY a.attnum), '{}') AS storage,
           COALESCE(array_agg(NULLIF(a.attcompression::text, '') ORDER BY a.attnum), '{}') AS compression,
           COALESCE(array_agg(array_to_string(a.attoptions, ',') ORDER BY a.attnum), '{}') AS options,
           COALESCE(array_agg(ty.typstorage::text ORDER BY a.attnum), '{}') AS usual
    FROM pg_attribute a
    JOIN pg_type ty ON ty.oid = a.atttypid
    WHERE c.relkind = 'm' AND a.attrelid = c.oid AND a.attnum > 0
      AND (a.attstattarget >= 0 OR a.attstorage <> ty.typstorage OR a.attcompression <> '' OR a.attoptions IS NOT NULL)) s
WHERE c.relkind IN ('v', 'm') AND c.relnamespace = ANY (:namespaces)
