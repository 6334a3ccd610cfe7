-- Whole objects of kinds that are not modeled: kind and name, those of extensions left out.
SELECT 'shell operator', (pg_identify_object('pg_operator'::regclass, o.oid, 0)).identity
FROM pg_operator o
WHERE o.oprnamespace = ANY (:namespaces) AND o.oprcode = 0
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e')
UNION ALL
SELECT 'security label', (pg_identify_object(l.classoid, l.objoid, l.objsubid)).identity
FROM pg_seclabel l
