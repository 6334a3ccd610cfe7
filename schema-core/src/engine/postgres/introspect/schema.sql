-- $1: names that are not read. An extension's own schema is read (others may put objects there) but is no object.
SELECT n.oid, n.nspname::text,
       (SELECT d.refobjid FROM pg_depend d
        WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
FROM pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT n.nspname::text = ANY ($1)
