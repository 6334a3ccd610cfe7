-- The owner is a column: of an identity ('i') or by OWNED BY ('a').
SELECT c.oid, c.relnamespace, c.relname::text, c.relpersistence = 'u',
       format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
       o.deptype = 'i', o.refobjid, o.refobjsubid, n.nspname::text, t.relname::text, a.attname::text
FROM pg_class c
JOIN pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN (pg_depend o
           JOIN pg_class t ON t.oid = o.refobjid
           JOIN pg_namespace n ON n.oid = t.relnamespace
           JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid)
       ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
          AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
WHERE c.relkind = 'S' AND c.relnamespace = ANY (:namespaces)
