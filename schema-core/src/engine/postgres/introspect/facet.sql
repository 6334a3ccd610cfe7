-- What is not modeled about objects beyond what the other families see: kind of the facet and name.
SELECT 'statistics target', format('%I.%I.%I', n.nspname, c.relname, a.attname)
FROM pg_attribute a
JOIN pg_index i ON i.indexrelid = a.attrelid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relnamespace = ANY (:namespaces) AND i.indexprs IS NOT NULL AND a.attstattarget >= 0
UNION ALL
-- Disabled (or made to fire always): what enforces a foreign key.
SELECT 'disabled constraint', (pg_identify_object('pg_constraint'::regclass, g.tgconstraint, 0)).identity
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_constraint k ON k.oid = g.tgconstraint AND k.contype <> 't'
WHERE c.relnamespace = ANY (:namespaces) AND g.tgenabled <> 'O'
UNION ALL
SELECT 'not-null constraint', (pg_identify_object('pg_constraint'::regclass, c.oid, 0)).identity
FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
WHERE t.relnamespace = ANY (:namespaces) AND c.contype = 'n' AND (NOT c.convalidated OR c.connoinherit)
UNION ALL
SELECT 'comment', (pg_identify_object(d.classoid, d.objoid, 0)).identity
FROM pg_description d
JOIN pg_constraint c ON c.oid = d.objoid
JOIN pg_class t ON t.oid = c.conrelid
WHERE d.classoid = 'pg_constraint'::regclass AND t.relnamespace = ANY (:namespaces) AND c.contype = 'n'
