SELECT e.oid, e.extname::text, n.nspname::text, e.extversion,
       v.default_version IS NOT NULL AND v.default_version <> e.extversion, v.comment
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions() v ON v.name = e.extname
WHERE e.extname <> 'plpgsql'
