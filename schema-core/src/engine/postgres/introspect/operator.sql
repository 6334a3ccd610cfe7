-- A shell (no function) is made by an operator that names it.
SELECT o.oid, o.oprnamespace, o.oprname::text,
       concat(CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, ', ', format_type(o.oprright, NULL)),
       array_remove(ARRAY[
           format('FUNCTION = %s', o.oprcode::regproc),
           CASE WHEN o.oprleft <> 0 THEN format('LEFTARG = %s', format_type(o.oprleft, NULL)) END,
           format('RIGHTARG = %s', format_type(o.oprright, NULL)),
           CASE WHEN o.oprcom <> 0 THEN
               (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', n.nspname, c.oprname)
                FROM pg_operator c JOIN pg_namespace n ON n.oid = c.oprnamespace WHERE c.oid = o.oprcom) END,
           CASE WHEN o.oprnegate <> 0 THEN
               (SELECT format('NEGATOR = OPERATOR(%I.%s)', n.nspname, c.oprname)
                FROM pg_operator c JOIN pg_namespace n ON n.oid = c.oprnamespace WHERE c.oid = o.oprnegate) END,
           CASE WHEN o.oprcanhash THEN 'HASHES' END,
           CASE WHEN o.oprcanmerge THEN 'MERGES' END], NULL),
       CASE WHEN o.oprrest <> 0 THEN o.oprrest::regproc::text END,
       CASE WHEN o.oprjoin <> 0 THEN o.oprjoin::regproc::text END
FROM pg_operator o
WHERE o.oprnamespace = ANY (:namespaces) AND o.oprcode <> 0
