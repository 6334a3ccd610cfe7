-- NOT NULL constraints (PostgreSQL 18) belong to their columns. A foreign key to a partitioned table has one more
-- row for each partition on the same table: these are inside of it.
-- For pg_get_constraintdef of a check a session loads the table, and it looks each constraint up anew: plain keys say
-- enough by themselves.
SELECT c.oid, c.conrelid, c.conname::text, c.contype::text,
       CASE WHEN c.contype IN ('p', 'u') AND i.indnatts = i.indnkeyatts
                 AND NOT i.indnullsnotdistinct --[15+]
                 AND NOT c.conperiod --[18+]
            THEN NULL
            WHEN c.contype = 'f' AND f.relkind IN ('r', 'p') AND f.relnamespace = ANY (:namespaces)
                 AND f.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e')
                 AND c.confdelsetcols IS NULL --[15+]
                 AND c.conenforced AND NOT c.conperiod --[18+]
            THEN NULL
            ELSE pg_get_constraintdef(c.oid) END,
       c.conkey,
       i.indexrelid, fn.nspname::text, f.relname::text, f.oid,
       c.conislocal, c.coninhcount > 0, pc.conname::text,
       pin.nspname::text, pic.relname::text,
       CASE WHEN ic.relispartition THEN
           (SELECT array_agg(COALESCE(ta.attname, ia.attname)::text ORDER BY ia.attnum)
            FROM pg_attribute ia
            LEFT JOIN pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum > 0 AND ta.attnum = i.indkey[ia.attnum - 1]
            WHERE ia.attrelid = ic.oid) END,
       ic.reloptions, s.spcname::text, COALESCE(i.indisclustered, false), COALESCE(i.indisreplident, false),
       CASE WHEN pc.conrelid = c.conrelid THEN pc.oid END,
       c.confkey, c.confmatchtype::text, c.confupdtype::text, c.confdeltype::text,
       c.condeferrable, c.condeferred, c.convalidated, COALESCE(i.indisvalid, true)
FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
LEFT JOIN (pg_class f JOIN pg_namespace fn ON fn.oid = f.relnamespace) ON f.oid = c.confrelid
LEFT JOIN (pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid LEFT JOIN pg_tablespace s ON s.oid = ic.reltablespace
           LEFT JOIN (pg_inherits ii JOIN pg_class pic ON pic.oid = ii.inhparent
                      JOIN pg_namespace pin ON pin.oid = pic.relnamespace) ON ii.inhrelid = ic.oid AND ic.relispartition)
       ON i.indexrelid = c.conindid AND i.indrelid = c.conrelid AND c.contype <> 'f'
LEFT JOIN pg_constraint pc ON pc.oid = c.conparentid
WHERE t.relnamespace = ANY (:namespaces) AND c.contype IN ('p', 'u', 'f', 'c', 'x')
ORDER BY (pc.conrelid = c.conrelid) IS TRUE, c.oid
