-- One locale that says it all, else the two categories. PostgreSQL 14 keeps the locale of ICU in both categories.
SELECT c.oid, c.collnamespace, c.collname::text,
       CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
       COALESCE(
           c.colliculocale, --[15+ <17]
           c.colllocale, --[17+]
           CASE WHEN c.collcollate = c.collctype THEN c.collcollate::text END),
       CASE WHEN c.collcollate <> c.collctype THEN c.collcollate::text END,
       CASE WHEN c.collcollate <> c.collctype THEN c.collctype::text END,
       NULL, --[<16]
       c.collicurules, --[16+]
       c.collisdeterministic
FROM pg_collation c
WHERE c.collnamespace = ANY (:namespaces)
