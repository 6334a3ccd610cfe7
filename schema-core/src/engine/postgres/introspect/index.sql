-- What comes before the table's name is cut off by its exact length; a partitioned index is printed with ONLY.
SELECT i.indexrelid, i.indrelid, c.relname::text, i.indisunique,
       substr(pg_get_indexdef(i.indexrelid),
              length(format('CREATE %sINDEX %I ON %s', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname,
                            CASE c.relkind WHEN 'I' THEN 'ONLY ' END)) + 1),
       (i.indkey::int2[])[0:i.indnkeyatts - 1],
       c.reloptions, s.spcname::text, i.indisvalid, i.indisclustered, i.indisreplident, c.relkind = 'I',
       pn.nspname::text, pc.relname::text,
       CASE WHEN c.relispartition THEN
           (SELECT array_agg(COALESCE(ta.attname, ia.attname)::text ORDER BY ia.attnum)
            FROM pg_attribute ia
            LEFT JOIN pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum > 0 AND ta.attnum = i.indkey[ia.attnum - 1]
            WHERE ia.attrelid = c.oid) END,
       CASE WHEN i.indexprs IS NOT NULL THEN
           (SELECT array_agg(ia.attnum ORDER BY ia.attnum) FROM pg_attribute ia
            WHERE ia.attrelid = c.oid AND ia.attstattarget >= 0) END,
       CASE WHEN i.indexprs IS NOT NULL THEN
           (SELECT array_agg(ia.attstattarget::int ORDER BY ia.attnum) FROM pg_attribute ia
            WHERE ia.attrelid = c.oid AND ia.attstattarget >= 0) END
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN (pg_inherits ii JOIN pg_class pc ON pc.oid = ii.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace)
       ON ii.inhrelid = i.indexrelid AND c.relispartition
WHERE c.relnamespace = ANY (:namespaces)
  AND NOT EXISTS (SELECT FROM pg_constraint o
                  WHERE o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x'))
