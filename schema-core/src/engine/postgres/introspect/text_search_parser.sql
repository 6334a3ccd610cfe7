SELECT p.oid, p.prsnamespace, p.prsname::text, p.prsstart::text, p.prstoken::text, p.prsend::text, p.prslextype::text,
       NULLIF(p.prsheadline, 0)::regproc::text
FROM pg_ts_parser p
WHERE p.prsnamespace = ANY (:namespaces)
