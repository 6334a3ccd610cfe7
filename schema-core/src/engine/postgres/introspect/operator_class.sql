-- Families first. A member belongs to the class or the family that it depends on.
WITH member (class, oid, number, key, text) AS (
    SELECT 'pg_amop'::regclass::oid, a.oid, a.amopstrategy,
           format('OPERATOR %s (%s, %s)', a.amopstrategy, format_type(a.amoplefttype, NULL), format_type(a.amoprighttype, NULL)),
           concat(format('OPERATOR %s %s', a.amopstrategy, a.amopopr::regoperator),
                  (SELECT format(' FOR ORDER BY %I.%I', n.nspname, f.opfname)
                   FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace WHERE f.oid = a.amopsortfamily))
    FROM pg_amop a
    WHERE a.oid >= 16384
    UNION ALL
    SELECT 'pg_amproc'::regclass, p.oid, p.amprocnum,
           format('FUNCTION %s (%s, %s)', p.amprocnum, format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL)),
           format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                  format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
    FROM pg_amproc p
    WHERE p.oid >= 16384
), members AS (
    SELECT d.refclassid, d.refobjid, array_agg(m.class ORDER BY m.class, m.number, m.key) AS classes,
           array_agg(m.oid ORDER BY m.class, m.number, m.key) AS oids,
           array_agg(m.key ORDER BY m.class, m.number, m.key) AS keys,
           array_agg(m.text ORDER BY m.class, m.number, m.key) AS texts
    FROM member m
    JOIN pg_depend d ON d.classid = m.class AND d.objid = m.oid
    WHERE d.refclassid IN ('pg_opfamily'::regclass, 'pg_opclass'::regclass)
    GROUP BY 1, 2
)
SELECT true, f.oid, f.opfnamespace, f.opfname::text, a.amname::text, m.classes, m.oids, m.keys, m.texts, NULL::text, NULL::text
FROM pg_opfamily f
JOIN pg_am a ON a.oid = f.opfmethod
LEFT JOIN members m ON m.refclassid = 'pg_opfamily'::regclass AND m.refobjid = f.oid
WHERE f.opfnamespace = ANY (:namespaces)
UNION ALL
SELECT false, c.oid, c.opcnamespace, c.opcname::text, a.amname::text, m.classes, m.oids, m.keys, m.texts,
       format('%sFOR TYPE %s USING %I FAMILY %I.%I', CASE WHEN c.opcdefault THEN 'DEFAULT ' END,
              format_type(c.opcintype, NULL), a.amname, n.nspname, f.opfname),
       -- Without any member it needs something to say.
       CASE WHEN c.opckeytype <> 0 THEN format('STORAGE %s', format_type(c.opckeytype, NULL))
            WHEN m.oids IS NULL THEN format('STORAGE %s', format_type(c.opcintype, NULL)) END
FROM pg_opclass c
JOIN pg_am a ON a.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily
JOIN pg_namespace n ON n.oid = f.opfnamespace
LEFT JOIN members m ON m.refclassid = 'pg_opclass'::regclass AND m.refobjid = c.oid
WHERE c.opcnamespace = ANY (:namespaces)
ORDER BY 1 DESC
