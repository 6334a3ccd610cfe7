-- Whole objects of kinds that are not modeled: kind and name, those of extensions left out.
-- What is in no schema is the users' if its oid is above those of initdb.
WITH member AS MATERIALIZED (
    -- Of an extension, or inside something that is counted itself, as the functions of a range type.
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e' OR deptype = 'i' AND objsubid = 0
), seen (class, oid, owner_class, owner, kind) AS (
    SELECT 'pg_operator'::regclass, oid, 'pg_operator'::regclass, oid, 'shell operator'
    FROM pg_operator WHERE oprnamespace = ANY (:namespaces) AND oprcode = 0
    UNION ALL
    SELECT 'pg_transform'::regclass, oid, 'pg_transform'::regclass, oid, NULL FROM pg_transform
), own AS MATERIALIZED (
    SELECT s.class, s.oid, s.kind FROM seen s
    WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = s.class AND m.objid = s.oid)
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = s.owner_class AND m.objid = s.owner)
)
SELECT COALESCE(own.kind, o.type), o.identity
FROM own, pg_identify_object(own.class, own.oid, 0) o
UNION ALL
SELECT 'security label', (pg_identify_object(l.classoid, l.objoid, l.objsubid)).identity
FROM pg_seclabel l
