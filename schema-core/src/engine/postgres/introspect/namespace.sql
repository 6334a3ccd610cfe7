-- $1: names that are not read.
SELECT n.oid
FROM pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT n.nspname::text = ANY ($1)
    -- What was dropped and may come back.
    AND n.nspname !~ '^parked_[0-9]{8,}(_[0-9]+)?$'
ORDER BY 1
