-- What is not modeled about objects beyond what the other families see: kind of the facet and name.
-- Disabled (or made to fire always): what enforces a foreign key.
SELECT 'disabled constraint', (pg_identify_object('pg_constraint'::regclass, g.tgconstraint, 0)).identity
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_constraint k ON k.oid = g.tgconstraint AND k.contype <> 't'
WHERE c.relnamespace = ANY (:namespaces) AND g.tgenabled <> 'O'
