-- Who owns what, where it is not the role that reads, nor the one that initdb gives schema public to. Parts of tables have no
-- owner of their own, nor has a sequence that belongs to a column.
SELECT o.class, o.oid, pg_get_userbyid(o.owner)::text, o.owner
FROM (
    SELECT 'pg_class'::regclass::oid AS class, oid, relowner AS owner FROM pg_class c
    WHERE relnamespace = ANY (:namespaces) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                      AND c.relkind = 'S' AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))
    UNION ALL SELECT 'pg_proc'::regclass, oid, proowner FROM pg_proc WHERE pronamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_type'::regclass, oid, typowner FROM pg_type WHERE typnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner FROM pg_namespace
              WHERE oid = ANY (:namespaces)
                AND NOT (nspname = 'public' AND pg_get_userbyid(nspowner) = 'pg_database_owner') --[15+]
                AND NOT (nspname = 'public' AND nspowner = 10) --[<15]
    UNION ALL SELECT 'pg_language'::regclass, oid, lanowner FROM pg_language WHERE oid >= 16384
    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwowner FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, srvowner FROM pg_foreign_server
    UNION ALL SELECT 'pg_collation'::regclass, oid, collowner FROM pg_collation WHERE collnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_conversion'::regclass, oid, conowner FROM pg_conversion WHERE connamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_operator'::regclass, oid, oprowner FROM pg_operator WHERE oprnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner FROM pg_opclass WHERE opcnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner FROM pg_opfamily WHERE opfnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxowner FROM pg_statistic_ext WHERE stxnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgowner FROM pg_ts_config WHERE cfgnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictowner FROM pg_ts_dict WHERE dictnamespace = ANY (:namespaces)
    UNION ALL SELECT 'pg_publication'::regclass, oid, pubowner FROM pg_publication
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, evtowner FROM pg_event_trigger
    UNION ALL SELECT 'pg_subscription'::regclass, s.oid, s.subowner
              FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
) o
WHERE pg_get_userbyid(o.owner) <> current_user
