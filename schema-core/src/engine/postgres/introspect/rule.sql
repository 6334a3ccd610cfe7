-- The rule _RETURN is the query of a view.
SELECT r.oid, r.ev_class, r.rulename::text,
       rtrim(substr(pg_get_ruledef(r.oid), length(format('CREATE RULE %I ', r.rulename)) + 1), ';'),
       r.ev_enabled::text
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
WHERE r.rulename <> '_RETURN' AND c.relnamespace = ANY (:namespaces)
