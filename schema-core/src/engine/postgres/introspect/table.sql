-- Tables, plain, partitioned and foreign; every other kind of relation is read elsewhere. 2 is the oid of heap. Parents
-- stand in their order, children in that of their names. The options of columns: as many names as options.
SELECT c.oid, c.relnamespace, c.relname::text, c.relpersistence = 'u', t.oid, t.typarray,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
       parent.schemas, parent.names, child.schemas, child.names,
       CASE WHEN c.relispartition THEN
           ARRAY(SELECT ic.relname::text FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
                 WHERE i.indrelid = c.oid AND ic.relispartition ORDER BY 1) END,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
       c.reloptions, toast.reloptions, am.amname::text, s.spcname::text, c.relreplident::text, clustered.relname::text,
       c.relrowsecurity, c.relforcerowsecurity, fs.srvname::text, f.ftoptions, option.names, option.options
FROM pg_class c
JOIN pg_type t ON t.oid = c.reltype
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am am ON am.oid = c.relam AND c.relam <> 2
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN (SELECT i.inhrelid, array_agg(n.nspname::text ORDER BY i.inhseqno) AS schemas,
                  array_agg(p.relname::text ORDER BY i.inhseqno) AS names
           FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
           GROUP BY 1) parent ON parent.inhrelid = c.oid
LEFT JOIN (SELECT i.inhparent, array_agg(n.nspname::text ORDER BY n.nspname, h.relname) AS schemas,
                  array_agg(h.relname::text ORDER BY n.nspname, h.relname) AS names
           FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid JOIN pg_namespace n ON n.oid = h.relnamespace
           GROUP BY 1) child ON child.inhparent = c.oid
LEFT JOIN (SELECT i.indrelid, ic.relname FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
           WHERE i.indisclustered) clustered ON clustered.indrelid = c.oid
LEFT JOIN (pg_foreign_table f JOIN pg_foreign_server fs ON fs.oid = f.ftserver) ON f.ftrelid = c.oid
LEFT JOIN LATERAL (SELECT array_agg(a.attname::text) AS names, array_agg(o.option) AS options
                   FROM pg_attribute a, unnest(a.attfdwoptions) o (option)
                   WHERE a.attrelid = f.ftrelid AND a.attnum > 0 AND NOT a.attisdropped) option ON true
WHERE c.relkind IN ('r', 'p', 'f') AND c.relnamespace = ANY (:namespaces)
