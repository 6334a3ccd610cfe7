-- Inside a range type: its array type, its multirange type with an array type, and the functions that make values.
SELECT t.oid, t.typnamespace, t.typname::text, ARRAY[t.typarray, m.oid, m.typarray],
       ARRAY(SELECT d.objid FROM pg_depend d
             WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass
               AND d.refobjid IN (t.oid, m.oid) AND d.deptype = 'i'),
       format_type(r.rngsubtype, NULL), opn.nspname::text, op.opcname::text, cn.nspname::text, co.collname::text,
       NULLIF(r.rngcanonical, 0)::regproc::text, NULLIF(r.rngsubdiff, 0)::regproc::text, mn.nspname::text, m.typname::text
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_type b ON b.oid = r.rngsubtype
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_namespace mn ON mn.oid = m.typnamespace
LEFT JOIN (pg_opclass op JOIN pg_namespace opn ON opn.oid = op.opcnamespace)
       ON op.oid = r.rngsubopc AND NOT op.opcdefault
LEFT JOIN (pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace)
       ON co.oid = r.rngcollation AND r.rngcollation <> b.typcollation
WHERE t.typnamespace = ANY (:namespaces)
