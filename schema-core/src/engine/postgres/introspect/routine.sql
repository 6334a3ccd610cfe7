-- Those of extensions are left out before any of their text is printed, and the constructors of range types.
SELECT p.oid, p.pronamespace, p.proname::text, p.prokind::text, oidvectortypes(p.proargtypes),
       rtrim(pg_get_functiondef(p.oid), E'\n'), p.pronargdefaults,
       ARRAY(SELECT COALESCE(p.proargnames[a.position], '')
             FROM generate_subscripts(COALESCE(p.proallargtypes, p.proargtypes::oid[]), 1) g,
                  LATERAL (SELECT CASE WHEN p.proallargtypes IS NULL THEN g + 1 ELSE g END AS position) a
             WHERE COALESCE(p.proargmodes[a.position], 'i') IN ('i', 'b', 'v')
             ORDER BY a.position),
       concat(CASE WHEN p.proretset THEN 'SETOF ' END, format_type(p.prorettype, NULL),
              CASE WHEN p.prorettype = 'record'::regtype THEN
                  (SELECT format(' (%s)', string_agg(format('%I %s', COALESCE(u.name, ''), format_type(u.type, NULL)), ', ' ORDER BY u.n))
                   FROM unnest(p.proallargtypes, p.proargmodes, p.proargnames) WITH ORDINALITY u(type, mode, name, n)
                   WHERE u.mode IN ('o', 'b', 't'))
              END),
       p.prosqlbody IS NULL AND l.lanname NOT IN ('c', 'internal')
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = ANY (:namespaces) AND p.prokind <> 'a'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
