-- A plain default names no column, and pg_get_expr is cheaper when it need not look any up.
SELECT a.attrelid, a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       d.oid, pg_get_expr(d.adbin, CASE a.attgenerated WHEN '' THEN 0 ELSE a.attrelid END),
       a.attgenerated::text, a.attidentity::text, cn.nspname::text, co.collname::text,
       a.attislocal, a.attinhcount > 0, CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
       a.attcompression::text, NULLIF(a.attstattarget, -1)::int, a.attoptions,
       nn.conname::text, nn.convalidated, nn.connoinherit, nn.oid --[18+]
       NULL::text, NULL::bool, NULL::bool, NULL::oid --[<18]
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
       ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum --[18+]
          AND nn.conislocal --[18+]
WHERE c.relnamespace = ANY (:namespaces) AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
