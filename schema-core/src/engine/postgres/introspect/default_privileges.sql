-- Default privileges beside those that are built in; of those in a schema nothing is. A row for each role that is named.
-- The role that reads is left unnamed, and so is, as grantee, the one whose objects they are.
WITH entry AS (
    SELECT d.oid, e.grantee, e.privilege_type, e.is_grantable, true AS held
    FROM pg_default_acl d, aclexplode(d.defaclacl) e
    UNION ALL
    SELECT d.oid, e.grantee, e.privilege_type, e.is_grantable, false
    FROM pg_default_acl d, aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)) e
    WHERE d.defaclnamespace = 0
)
SELECT d.oid, CASE WHEN u.rolname = current_user THEN '' ELSE pg_get_userbyid(d.defaclrole)::text END, d.defaclrole,
       n.nspname::text, d.defaclobjtype::text,
       CASE e.grantee WHEN 0 THEN 'public' WHEN d.defaclrole THEN '' ELSE pg_get_userbyid(e.grantee)::text END, e.grantee,
       COALESCE(array_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END) FILTER (WHERE e.held), '{}'),
       COALESCE(array_agg(e.privilege_type || CASE WHEN e.is_grantable THEN '*' ELSE '' END) FILTER (WHERE NOT e.held), '{}')
FROM pg_default_acl d
JOIN entry e ON e.oid = d.oid
LEFT JOIN pg_roles u ON u.oid = d.defaclrole
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
WHERE d.defaclnamespace = 0 OR d.defaclnamespace = ANY (:namespaces)
GROUP BY d.oid, d.defaclrole, d.defaclobjtype, u.rolname, n.nspname, e.grantee
ORDER BY 1, 6
