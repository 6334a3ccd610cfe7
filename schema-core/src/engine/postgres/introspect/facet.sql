-- What is not modeled about objects beyond what the other families see: kind of the facet and name.
-- Disabled (or made to fire always): what enforces a foreign key, or a trigger that is counted itself.
SELECT CASE WHEN g.tgisinternal THEN 'disabled constraint' ELSE 'trigger state' END,
       CASE WHEN g.tgisinternal THEN (pg_identify_object('pg_constraint'::regclass, g.tgconstraint, 0)).identity
            ELSE (pg_identify_object('pg_trigger'::regclass, g.oid, 0)).identity END
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
WHERE c.relnamespace = ANY (:namespaces) AND g.tgenabled <> 'O'
