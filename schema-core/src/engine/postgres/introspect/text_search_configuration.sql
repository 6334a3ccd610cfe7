-- The mappings in the order of tokens and dictionaries: three columns of the same length.
SELECT c.oid, c.cfgnamespace, c.cfgname::text, n.nspname::text, p.prsname::text, m.tokens, m.schemas, m.dictionaries
FROM pg_ts_config c
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace n ON n.oid = p.prsnamespace
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(k.alias ORDER BY m.maptokentype, m.mapseqno), '{}') AS tokens,
           COALESCE(array_agg(dn.nspname::text ORDER BY m.maptokentype, m.mapseqno), '{}') AS schemas,
           COALESCE(array_agg(d.dictname::text ORDER BY m.maptokentype, m.mapseqno), '{}') AS dictionaries
    FROM pg_ts_config_map m
    JOIN ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype
    JOIN pg_ts_dict d ON d.oid = m.mapdict
    JOIN pg_namespace dn ON dn.oid = d.dictnamespace
    WHERE m.mapcfg = c.oid) m
WHERE c.cfgnamespace = ANY (:namespaces)
