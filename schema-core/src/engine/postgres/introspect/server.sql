SELECT s.oid, s.srvname::text, w.fdwname::text, s.srvtype, s.srvversion, COALESCE(s.srvoptions, '{}')
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
