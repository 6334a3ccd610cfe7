-- $1: namespaces. What is not modeled about objects that are: kind of the facet and name of the object.
WITH rel AS MATERIALIZED (
    SELECT c.*, format('%I.%I', n.nspname, c.relname) AS full_name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relnamespace = ANY ($1) AND c.relkind IN ('r', 'i', 'S')
      AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid)
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), tab AS (
    SELECT * FROM rel WHERE relkind = 'r'
), ind AS (
    SELECT r.*, i.indrelid, i.indisclustered, i.indisreplident, i.indisvalid,
           EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = r.oid AND o.contype IN ('p', 'u', 'x')) AS backing
    FROM rel r
    JOIN pg_index i ON i.indexrelid = r.oid
    JOIN tab t ON t.oid = i.indrelid
), col AS (
    SELECT r.relkind, a.*, format('%s.%I', r.full_name, a.attname) AS column_name
    FROM pg_attribute a
    JOIN rel r ON r.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped
)
SELECT 'row level security', full_name FROM tab WHERE relrowsecurity OR relforcerowsecurity
UNION ALL
SELECT 'table storage parameters', full_name FROM tab
WHERE reloptions IS NOT NULL
   OR EXISTS (SELECT FROM pg_class t WHERE t.oid = reltoastrelid AND t.reloptions IS NOT NULL)
UNION ALL
SELECT 'replica identity', full_name FROM tab WHERE relreplident <> 'd'
UNION ALL
SELECT 'typed table', full_name FROM tab WHERE reloftype <> 0
UNION ALL
SELECT 'table access method', full_name FROM tab WHERE relam <> (SELECT oid FROM pg_am WHERE amname = 'heap')
UNION ALL
SELECT 'tablespace', full_name FROM rel WHERE reltablespace <> 0
UNION ALL
SELECT 'clustered index', full_name FROM ind WHERE indisclustered
UNION ALL
SELECT 'invalid index', full_name FROM ind WHERE NOT indisvalid
UNION ALL
SELECT 'storage parameters of a constraint', full_name FROM ind WHERE backing AND reloptions IS NOT NULL
UNION ALL
SELECT 'column storage', c.column_name FROM col c JOIN pg_type t ON t.oid = c.atttypid
WHERE c.relkind = 'r' AND c.attstorage <> t.typstorage
UNION ALL
SELECT 'column compression', column_name FROM col WHERE relkind = 'r' AND attcompression <> ''
UNION ALL
SELECT 'statistics target', column_name FROM col WHERE relkind IN ('r', 'i') AND COALESCE(attstattarget, -1) <> -1
UNION ALL
SELECT 'column options', column_name FROM col WHERE relkind = 'r' AND attoptions IS NOT NULL
UNION ALL
SELECT CASE WHEN g.tgisinternal THEN 'disabled trigger' ELSE 'trigger state' END, format('%I on %s', g.tgname, t.full_name)
FROM pg_trigger g JOIN tab t ON t.oid = g.tgrelid
WHERE g.tgenabled <> 'O'
UNION ALL
SELECT 'not-null constraint', format('%I on %s', c.conname, t.full_name)
FROM pg_constraint c JOIN tab t ON t.oid = c.conrelid
WHERE c.contype = 'n' AND (NOT c.convalidated OR c.connoinherit)
UNION ALL
SELECT 'security label', (pg_identify_object(l.classoid, l.objoid, l.objsubid)).identity
FROM pg_seclabel l
