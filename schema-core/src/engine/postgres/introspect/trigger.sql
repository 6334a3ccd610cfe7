-- A partition's part of a trigger is left out unless it fires otherwise than the whole. What enforces a constraint
-- belongs to it; before PostgreSQL 15 the parts count as internal too.
SELECT t.oid, t.tgrelid, t.tgname::text, pg_get_triggerdef(t.oid), t.tgenabled::text, t.tgconstraint,
       parent.tgenabled::text, (pg_identify_object('pg_trigger'::regclass, t.oid, 0)).identity
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
LEFT JOIN pg_trigger parent ON parent.oid = t.tgparentid
WHERE c.relnamespace = ANY (:namespaces)
  AND CASE WHEN parent.oid IS NULL THEN NOT t.tgisinternal
           ELSE parent.tgenabled <> t.tgenabled
                AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = t.tgconstraint AND k.contype <> 't') END
