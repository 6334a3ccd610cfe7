-- What comes before the kinds, or before ON, is cut off by its exact length: both names are printed qualified.
SELECT s.oid, s.stxnamespace, s.stxname::text, s.stxrelid,
       substr(pg_get_statisticsobjdef(s.oid), length(format('CREATE STATISTICS %I.%I', n.nspname, s.stxname)) + 1),
       NULLIF(s.stxstattarget, -1)::int
FROM pg_statistic_ext s
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE s.stxnamespace = ANY (:namespaces)
