SELECT a.oid, a.amname::text,
       format('TYPE %s HANDLER %s', CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, a.amhandler)
FROM pg_am a
WHERE a.oid >= 16384
