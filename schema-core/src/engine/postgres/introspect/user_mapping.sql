-- The view shows the options to those who may see them.
SELECT m.umid, m.srvname::text, m.usename::text, COALESCE(m.umoptions, '{}')
FROM pg_user_mappings m
