-- Array types are inside of their elements. A shell has no parts.
SELECT t.oid, t.typnamespace, t.typname::text, t.typarray,
       CASE WHEN t.typisdefined THEN array_remove(ARRAY[
           'INPUT = ' || t.typinput::text,
           'OUTPUT = ' || t.typoutput::text,
           'RECEIVE = ' || NULLIF(t.typreceive, 0)::regproc::text,
           'SEND = ' || NULLIF(t.typsend, 0)::regproc::text,
           'TYPMOD_IN = ' || NULLIF(t.typmodin, 0)::regproc::text,
           'TYPMOD_OUT = ' || NULLIF(t.typmodout, 0)::regproc::text,
           'ANALYZE = ' || NULLIF(t.typanalyze, 0)::regproc::text,
           'SUBSCRIPT = ' || NULLIF(t.typsubscript, 0)::regproc::text,
           'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::text END,
           CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
           'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END,
           'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended'
                                             ELSE 'main' END,
           'CATEGORY = ' || quote_literal(NULLIF(t.typcategory, 'U')::text),
           CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
           'DEFAULT = ' || quote_literal(t.typdefault),
           'ELEMENT = ' || format_type(NULLIF(t.typelem, 0), NULL),
           'DELIMITER = ' || quote_literal(NULLIF(t.typdelim, ',')::text),
           CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END], NULL)
       ELSE '{}' END
FROM pg_type t
WHERE t.typnamespace = ANY (:namespaces)
  AND (t.typtype = 'p' AND NOT t.typisdefined
       OR t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid))
