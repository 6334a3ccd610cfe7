-- Roles of the server but for those that come with it and the one that reads.
SELECT r.oid, r.rolname::text, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
       r.rolbypassrls, r.rolconnlimit, NULLIF(r.rolvaliduntil, 'infinity')::text,
       COALESCE((SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0), '{}'),
       shobj_description(r.oid, 'pg_authid'),
       COALESCE(m.groups, '{}'), COALESCE(m.names, '{}'), COALESCE(m.admin, '{}'), COALESCE(m.inherit, '{}'), COALESCE(m.set, '{}')
FROM pg_roles r
LEFT JOIN (
    SELECT member, array_agg(roleid ORDER BY roleid) AS groups, array_agg(name ORDER BY roleid) AS names,
           array_agg(admin ORDER BY roleid) AS admin, array_agg(inherit ORDER BY roleid) AS inherit, array_agg(set ORDER BY roleid) AS set
    FROM (
        -- More than one role can have granted it.
        SELECT member, roleid, pg_get_userbyid(roleid)::text AS name, bool_or(admin_option) AS admin
             , bool_or(inherit_option) AS inherit, bool_or(set_option) AS set --[16+]
             , NULL::boolean AS inherit, NULL::boolean AS set --[<16]
        FROM pg_auth_members GROUP BY member, roleid
    ) one
    GROUP BY member
) m ON m.member = r.oid
WHERE r.rolname !~ '^pg_' AND r.oid <> 10 AND r.rolname <> current_user
ORDER BY r.rolname
