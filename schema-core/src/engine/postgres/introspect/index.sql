-- For pg_get_indexdef a session loads the table with all its indexes. Plain ones say enough by themselves: btree and hash,
-- over columns only, with the operator classes and collations that these types have anyway.
WITH odd AS MATERIALIZED (
    SELECT DISTINCT i.indexrelid
    FROM pg_index i
    CROSS JOIN unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]) AS k (number, class, coll)
    JOIN pg_opclass o ON o.oid = k.class
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indexrelid >= 16384
      AND (o.oid < 16384 AND o.opcmethod IN (SELECT oid FROM pg_am WHERE amname IN ('btree', 'hash'))
           AND o.opcdefault AND k.coll = a.attcollation
           AND (o.opcintype = a.atttypid
                OR (o.opcintype = 'anyenum'::regtype OR o.opcintype = 'text'::regtype AND a.atttypid = 'varchar'::regtype)
                   AND a.atttypid NOT IN (SELECT opcintype FROM pg_opclass WHERE oid >= 16384))) IS NOT TRUE)
-- What comes before the table's name is cut off by its exact length; a partitioned index is printed with ONLY.
SELECT i.indexrelid, i.indrelid, c.relname::text, i.indisunique,
       CASE WHEN NOT p.plain THEN
           substr(pg_get_indexdef(i.indexrelid),
                  length(format('CREATE %sINDEX %I ON %s', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname,
                                CASE c.relkind WHEN 'I' THEN 'ONLY ' END)) + 1) END,
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
            WHERE ia.attrelid = c.oid AND ia.attstattarget >= 0) END,
       m.amname::text, i.indoption::int2[], (i.indkey::int2[])[i.indnkeyatts:],
       i.indnullsnotdistinct, --[15+]
       false, --[<15]
       CASE WHEN p.plain THEN pg_get_expr(i.indpred, i.indrelid) END
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am m ON m.oid = c.relam
JOIN pg_class t ON t.oid = i.indrelid
CROSS JOIN LATERAL (SELECT t.relkind IN ('r', 'p') AND i.indexrelid NOT IN (SELECT indexrelid FROM odd) AS plain) p
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN (pg_inherits ii JOIN pg_class pc ON pc.oid = ii.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace)
       ON ii.inhrelid = i.indexrelid AND c.relispartition
WHERE c.relnamespace = ANY (:namespaces)
  AND NOT EXISTS (SELECT FROM pg_constraint o
                  WHERE o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x'))
