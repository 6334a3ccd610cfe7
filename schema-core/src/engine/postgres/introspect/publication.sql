-- A row for each table and each schema of a publication, or one with nulls.
SELECT p.oid, p.pubname::text, p.puballtables,
       concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                 CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
       p.pubviaroot,
       p.pubgencols = 's', --[18+]
       false, --[<18]
       m.class, m.oid, m.schema, m.name, m.columns, m.condition
FROM pg_publication p
LEFT JOIN (
    SELECT r.prpubid AS publication, 'pg_publication_rel'::regclass::oid AS class, r.oid, n.nspname::text AS schema,
           c.relname::text AS name,
           (SELECT array_agg(a.attname::text ORDER BY a.attname::text COLLATE "C") FROM pg_attribute a --[15+]
            WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) AS columns, --[15+]
           pg_get_expr(r.prqual, r.prrelid) AS condition --[15+]
           NULL::text[] AS columns, NULL::text AS condition --[<15]
    FROM pg_publication_rel r
    JOIN pg_class c ON c.oid = r.prrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    UNION ALL --[15+]
    SELECT s.pnpubid, 'pg_publication_namespace'::regclass, s.oid, n.nspname::text, NULL, NULL, NULL --[15+]
    FROM pg_publication_namespace s --[15+]
    JOIN pg_namespace n ON n.oid = s.pnnspid --[15+]
) m ON m.publication = p.oid
ORDER BY p.oid, m.schema COLLATE "C", m.name COLLATE "C"
