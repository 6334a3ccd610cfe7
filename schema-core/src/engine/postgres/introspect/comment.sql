-- Comments on all that users can make. Left out: what PostgreSQL itself says about schema public, and what
-- CREATE EXTENSION took from the extension's control file. Relations and what is in them are all modeled: PostgreSQL
-- need not look up their names.
SELECT d.classoid, d.objoid, d.objsubid, d.description,
       CASE WHEN d.classoid <> 'pg_class'::regclass
            THEN (pg_identify_object(d.classoid, d.objoid, d.objsubid)).identity END
FROM pg_description d
WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass)
  AND NOT (d.classoid = 'pg_namespace'::regclass AND d.description = 'standard public schema'
           AND d.objoid = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public'))
  AND NOT (d.classoid = 'pg_extension'::regclass
           AND EXISTS (SELECT FROM pg_extension e JOIN pg_available_extensions() v ON v.name = e.extname
                       WHERE e.oid = d.objoid AND v.comment = d.description))
