-- What objects of all kinds allow, beside what their kind allows by default: a row for each object and role that one of
-- the two names. A `*` stands for the grant option. The owner is left unnamed if it is the role that reads.
WITH object (class, oid, sub, owner, acl, usual) AS MATERIALIZED (
    SELECT 'pg_class'::regclass::oid, oid, 0, relowner, relacl,
           acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)
    FROM pg_class WHERE relnamespace = ANY (:namespaces) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relacl IS NOT NULL
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid, a.attnum, c.relowner, a.attacl, acldefault('c', c.relowner)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = ANY (:namespaces) AND a.attacl IS NOT NULL AND NOT a.attisdropped
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, 0, proowner, proacl, acldefault('f', proowner)
    FROM pg_proc WHERE pronamespace = ANY (:namespaces) AND proacl IS NOT NULL
    UNION ALL
    SELECT 'pg_type'::regclass, oid, 0, typowner, typacl, acldefault('T', typowner)
    FROM pg_type WHERE typnamespace = ANY (:namespaces) AND typacl IS NOT NULL
    UNION ALL
    -- Of schema public the default is what initdb makes of it.
    SELECT 'pg_namespace'::regclass, oid, 0, nspowner, COALESCE(nspacl, acldefault('n', nspowner)),
           acldefault('n', nspowner) || CASE WHEN nspname = 'public' THEN ARRAY[makeaclitem(0, nspowner, 'USAGE', false)
               , makeaclitem(0, nspowner, 'CREATE', false) --[<15]
           ] ELSE '{}' END
    FROM pg_namespace WHERE oid = ANY (:namespaces) AND (nspacl IS NOT NULL OR nspname = 'public')
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, lanowner, lanacl, acldefault('l', lanowner)
    FROM pg_language WHERE oid >= 16384 AND lanacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwowner, fdwacl, acldefault('F', fdwowner)
    FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, srvowner, srvacl, acldefault('S', srvowner)
    FROM pg_foreign_server WHERE srvacl IS NOT NULL
), entry AS (
    SELECT o.class, o.oid, o.sub, o.owner, e.grantee, e.privilege_type, e.is_grantable, true AS held, e.grantor <> o.owner AS foreign
    FROM object o, aclexplode(o.acl) e
    UNION ALL
    SELECT o.class, o.oid, o.sub, o.owner, e.grantee, e.privilege_type, e.is_grantable, false, false
    -- What an extension itself has granted on what belongs to it is usual there.
    FROM object o
    LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = o.sub AND i.privtype = 'e',
         aclexplode(COALESCE(i.initprivs, o.usual)) e
), grouped AS (
    SELECT class, oid, sub, owner, grantee, bool_or("foreign") AS foreign,
           array_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END) FILTER (WHERE held) AS held,
           array_agg(privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END) FILTER (WHERE NOT held) AS usual
    FROM entry GROUP BY class, oid, sub, owner, grantee
)
SELECT g.class, g.oid, g.sub, g.grantee,
       CASE WHEN g.grantee = 0 THEN 'public'
            WHEN g.grantee = g.owner AND pg_get_userbyid(g.owner) = current_user THEN ''
            ELSE pg_get_userbyid(g.grantee)::text END,
       COALESCE(g.held, '{}'), COALESCE(g.usual, '{}'),
       CASE WHEN g.foreign THEN (pg_identify_object(g.class, g.oid, g.sub)).identity END,
       CASE WHEN a.attname IS NOT NULL THEN 'column' WHEN p.oid IS NOT NULL THEN 'routine'
            ELSE COALESCE(c.relkind::text, 'type ' || t.typtype::text, 'other') END,
       COALESCE(n.nspname::text, ''), COALESCE(c.relname, p.proname, t.typname, '')::text,
       COALESCE(a.attname::text, oidvectortypes(p.proargtypes), '')
FROM grouped g
LEFT JOIN pg_class c ON g.class = 'pg_class'::regclass AND c.oid = g.oid
LEFT JOIN pg_proc p ON g.class = 'pg_proc'::regclass AND p.oid = g.oid
LEFT JOIN pg_type t ON g.class = 'pg_type'::regclass AND t.oid = g.oid
LEFT JOIN pg_namespace n ON n.oid = COALESCE(c.relnamespace, p.pronamespace, t.typnamespace)
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = g.sub AND g.sub <> 0
