-- Of this database; who may not read the connection sees that there is one. Parameters with their defaults are left out, but for
-- streaming, whose default is another one from 18 on.
SELECT s.oid, s.subname::text,
       s.subconninfo, --[connections]
       NULL::text, --[hidden]
       s.subpublications, s.subslotname::text,
       array_remove(ARRAY[
           CASE WHEN s.subbinary THEN 'binary=true' END,
           'streaming=' || CASE s.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' ELSE 'off' END, --[16+]
           'streaming=' || CASE WHEN s.substream THEN 'on' ELSE 'off' END, --[<16]
           CASE WHEN s.subtwophasestate <> 'd' THEN 'two_phase=true' END, --[15+]
           CASE WHEN s.subdisableonerr THEN 'disable_on_error=true' END, --[15+]
           CASE WHEN NOT s.subpasswordrequired THEN 'password_required=false' END, --[16+]
           CASE WHEN s.subrunasowner THEN 'run_as_owner=true' END, --[16+]
           CASE WHEN s.suborigin <> 'any' THEN 'origin=' || s.suborigin END, --[16+]
           CASE WHEN s.subfailover THEN 'failover=true' END, --[17+]
           CASE WHEN s.subsynccommit <> 'off' THEN 'synchronous_commit=' || s.subsynccommit END], NULL)
FROM pg_subscription s
JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database()
