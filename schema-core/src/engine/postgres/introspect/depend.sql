-- What user objects depend on; public is the one schema that users share with initdb.
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype::text
FROM pg_depend d
WHERE d.objid >= 16384 AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
