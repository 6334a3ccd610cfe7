SELECT c.oid, c.connamespace, c.conname::text, c.condefault,
       format('FOR %L TO %L FROM %s', pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc)
FROM pg_conversion c
WHERE c.connamespace = ANY (:namespaces)
