SELECT w.oid, w.fdwname::text, NULLIF(w.fdwhandler, 0)::regproc::text, NULLIF(w.fdwvalidator, 0)::regproc::text,
       COALESCE(w.fdwoptions, '{}')
FROM pg_foreign_data_wrapper w
