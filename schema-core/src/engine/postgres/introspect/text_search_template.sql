SELECT t.oid, t.tmplnamespace, t.tmplname::text, NULLIF(t.tmplinit, 0)::regproc::text, t.tmpllexize::text
FROM pg_ts_template t
WHERE t.tmplnamespace = ANY (:namespaces)
