-- A plain default names no column, and pg_get_expr is cheaper when it need not look any up.
SELECT a.attrelid, a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       d.oid, pg_get_expr(d.adbin, CASE a.attgenerated WHEN '' THEN 0 ELSE a.attrelid END),
       a.attgenerated::text, a.attidentity::text, cn.nspname::text, co.collname::text,
       array_remove(ARRAY[
           CASE WHEN a.attstorage <> t.typstorage THEN 'column storage' END,
           CASE WHEN a.attcompression <> '' THEN 'column compression' END,
           CASE WHEN a.attstattarget >= 0 THEN 'statistics target' END,
           CASE WHEN a.attoptions IS NOT NULL THEN 'column options' END], NULL)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
       ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
WHERE c.relnamespace = ANY (:namespaces) AND c.relkind IN ('r', 'f') AND a.attnum > 0 AND NOT a.attisdropped
