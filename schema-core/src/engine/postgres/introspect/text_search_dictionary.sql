SELECT d.oid, d.dictnamespace, d.dictname::text, n.nspname::text, t.tmplname::text, COALESCE(d.dictinitoption, '')
FROM pg_ts_dict d
JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE d.dictnamespace = ANY (:namespaces)
