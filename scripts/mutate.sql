-- What can be done to the objects of a database, a line each: the kind of the change and its statement. Run by mutate.py.
with t as (select c.oid, c.relkind, format('%I.%I',n.nspname,c.relname) q, c.relname, n.nspname, c.relispartition from pg_class c join pg_namespace n on n.oid=relnamespace where n.nspname !~ '^pg_' and n.nspname<>'information_schema' and not exists(select 1 from pg_depend xd where xd.classid='pg_class'::regclass and xd.objid=c.oid and xd.deptype='e')),
tb as (select * from t where relkind in('r','p')),
col as (select t.*, a.attname, a.attnum, a.atttypid, a.attnotnull, a.attidentity, a.attgenerated, a.atthasdef from t join pg_attribute a on a.attrelid=t.oid and attnum>0 and not attisdropped),
fn as (select p.oid, p.prokind, p.proname, case p.prokind when 'a' then 'AGGREGATE' when 'p' then 'PROCEDURE' else 'FUNCTION' end k, format('%I.%I(%s)',n.nspname,p.proname,case when p.prokind='a' and pronargs=0 then '*' else pg_get_function_identity_arguments(p.oid) end) q from pg_proc p join pg_namespace n on n.oid=pronamespace where n.nspname !~ '^pg_' and n.nspname<>'information_schema' and not exists(select 1 from pg_depend xd where xd.classid='pg_proc'::regclass and xd.objid=p.oid and xd.deptype='e')),
ty as (select y.oid, y.typtype, y.typname, format('%I.%I',n.nspname,y.typname) q from pg_type y join pg_namespace n on n.oid=typnamespace where n.nspname !~ '^pg_' and n.nspname<>'information_schema' and typtype in('e','d','c','r') and (typrelid=0 or (select relkind from pg_class where oid=typrelid)='c') and not exists(select 1 from pg_depend xd where xd.classid='pg_type'::regclass and xd.objid=y.oid and xd.deptype='e')),
con as (select c.*, t.q, t.relkind, t.relispartition from pg_constraint c join t on t.oid=conrelid where conparentid=0),
tg as (select g.*, t.q, t.relkind, t.relispartition from pg_trigger g join t on t.oid=tgrelid where not tgisinternal),
pol as (select p.*, t.q from pg_policy p join t on t.oid=polrelid)
select 'drop_col', format('ALTER TABLE %s DROP COLUMN %I CASCADE',q,attname) from col where relkind in('r','p','f')
union all select 'col_text', format('ALTER TABLE %s ALTER COLUMN %I TYPE text USING %2$I::text',q,attname) from col where relkind in('r','p')
union all select 'col_big', format('ALTER TABLE %s ALTER COLUMN %I TYPE bigint',q,attname) from col where relkind in('r','p') and atttypid in(20,21,23)
union all select 'col_vc', format('ALTER TABLE %s ALTER COLUMN %I TYPE varchar(%s)',q,attname,77) from col where relkind in('r','p') and atttypid in(25,1043)
union all select 'col_arr', format('ALTER TABLE %s ALTER COLUMN %I TYPE %s[] USING ARRAY[%2$I]',q,attname,format_type(atttypid,null)) from col where relkind in('r','p')
union all select 'notnull', format('ALTER TABLE %s ALTER COLUMN %I %s NOT NULL',q,attname,case when attnotnull then 'DROP' else 'SET' end) from col where relkind in('r','p','f')
union all select 'dropdef', format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT',q,attname) from col where relkind in('r','p','f') and atthasdef and attgenerated=''
union all select 'dropexpr', format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION',q,attname) from col where attgenerated='s'
union all select 'dropident', format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY',q,attname) from col where attidentity<>''
union all select 'setident', format('ALTER TABLE %s ALTER COLUMN %I SET GENERATED %s SET INCREMENT 3 SET CACHE 5',q,attname,case attidentity when 'a' then 'BY DEFAULT' else 'ALWAYS' end) from col where attidentity<>''
union all select 'addident', format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT, ALTER COLUMN %2$I SET NOT NULL, ALTER COLUMN %2$I ADD GENERATED ALWAYS AS IDENTITY',q,attname) from col where relkind in('r') and atttypid in(20,21,23) and attidentity=''
union all select 'setdef', format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT (''mut'' || pg_backend_pid())',q,attname) from col where relkind in('r','p') and atttypid in(25,1043)
union all select 'viewdef', format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT NULL',q,attname) from col where relkind='v'
union all select 'stats', format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 33',q,attname) from col where relkind in('r','p','f','m')
union all select 'storage', format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE EXTERNAL',q,attname) from col where relkind in('r','p','m')
union all select 'attopt', format('ALTER TABLE %s ALTER COLUMN %I SET (n_distinct=-0.5)',q,attname) from col where relkind in('r','p','m')
union all select 'colcomment', format('COMMENT ON COLUMN %s.%I IS %L',q,attname,'it''s '||attname) from col where relkind in('r','p','v','m','f','c')
union all select 'rencol', format('ALTER TABLE %s RENAME COLUMN %I TO %I',q,attname,'zz_'||attname) from col where relkind in('r','p','v','m')
union all select 'colgrant', format('GRANT SELECT (%2$I), UPDATE(%2$I) ON %1$s TO schema_mutant_one',q,attname) from col where relkind in('r','p','v')
union all select 'expridx', format('CREATE INDEX ON %s ((%I::text)) INCLUDE (%2$I) WHERE %2$I IS NOT NULL',q,attname) from col where relkind in('r','p','m')
union all select 'uidx', format('CREATE UNIQUE INDEX ON %s (%I DESC NULLS LAST) WITH (fillfactor=55)',q,attname) from col where relkind in('r','p','m')
union all select 'uq', format('ALTER TABLE %s ADD UNIQUE NULLS NOT DISTINCT (%I) DEFERRABLE',q,attname) from col where relkind in('r','p')
union all select 'addgen', format('ALTER TABLE %s ADD COLUMN zz_gen int GENERATED ALWAYS AS (length(%I::text)) STORED',q,attname) from col where relkind in('r','p') and atttypid in(25)
union all select 'addchk', format('ALTER TABLE %s ADD CONSTRAINT zz_chk CHECK (%I IS NOT NULL) %s',q,attname,(array['','NO INHERIT','NOT VALID'])[1+(attnum%3)]) from col where relkind in('r','p','f')
union all select 'stat', format('CREATE STATISTICS %I.zz_stat ON %I, (%I::text) FROM %s',nspname,attname,attname,q) from col where relkind in('r','p')
union all select 'fkself', format('ALTER TABLE %s ADD COLUMN zz_fk %s REFERENCES %1$s(%I) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED',q,format_type(atttypid,null),attname) from col where relkind in('r','p')
union all select 'addcol', format('ALTER TABLE %s ADD COLUMN zz_new int DEFAULT 7 NOT NULL, ADD COLUMN zz_new2 text',q) from tb
union all select 'addserial', format('ALTER TABLE %s ADD COLUMN zz_ser serial',q) from tb
union all select 'rentab', format('ALTER TABLE %s RENAME TO %I',q,'zz_'||relname) from t where relkind in('r','p','v','m','S','i','I','f')
union all select 'schtab', format('ALTER TABLE %s SET SCHEMA zz',q) from t where relkind in('r','p','v','m','f')
union all select 'unlogged', format('ALTER TABLE %s SET UNLOGGED',q) from tb where relkind='r'
union all select 'tabopt', format('ALTER TABLE %s SET (fillfactor=70, autovacuum_enabled=false, toast.autovacuum_enabled=false)',q) from tb
union all select 'rls', format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',q) from tb
union all select 'repl', format('ALTER TABLE %s REPLICA IDENTITY FULL',q) from tb
union all select 'policy', format('CREATE POLICY zz_pol ON %s AS RESTRICTIVE FOR UPDATE TO schema_mutant_one USING (true) WITH CHECK (current_user = %L)',q,'x') from tb
union all select 'comment', format('COMMENT ON TABLE %s IS ''mut''',q) from tb
union all select 'grant', format('GRANT %s ON %s TO schema_mutant_one, PUBLIC',case when relkind='S' then 'USAGE' else 'SELECT, INSERT' end,q) from t where relkind in('r','p','v','m','f','S')
union all select 'grantopt', format('GRANT ALL ON TABLE %s TO schema_mutant_two WITH GRANT OPTION',q) from t where relkind in('r','p','v','m','f')
union all select 'noinherit', format('ALTER TABLE %s NO INHERIT %s',i.inhrelid::regclass,i.inhparent::regclass) from pg_inherits i join tb on tb.oid=inhrelid where not relispartition
union all select 'detach', format('ALTER TABLE %s DETACH PARTITION %s',i.inhparent::regclass,i.inhrelid::regclass) from pg_inherits i join tb on tb.oid=inhrelid where relispartition
union all select 'child', format('CREATE TABLE zz.%I (zz_extra int) INHERITS (%s)','kid_'||relname,q) from tb where relkind='r'
union all select 'like', format('CREATE TABLE zz.%I (LIKE %s INCLUDING ALL)','like_'||relname,q) from tb
union all select 'view', format('CREATE VIEW zz.%I WITH (security_barrier) AS SELECT x.*, (x)::text AS whole FROM %s x','v_'||relname,q) from t where relkind in('r','p','v','m')
union all select 'matview', format('CREATE MATERIALIZED VIEW zz.%I AS SELECT count(*) n FROM %s','m_'||relname,q) from t where relkind in('r','p','v','m')
union all select 'rowfn', format('CREATE FUNCTION zz.%I(x %s) RETURNS SETOF %2$s LANGUAGE sql BEGIN ATOMIC SELECT x.*; END','f_'||relname,q) from t where relkind in('r','p','v','m')
union all select 'rowfn2', format('CREATE FUNCTION zz.%I() RETURNS SETOF %s LANGUAGE sql AS $$SELECT * FROM %2$s$$','g_'||relname,q) from t where relkind in('r','p','v','m')
union all select 'rowcol', format('CREATE TABLE zz.%I (id int primary key, a %s, b %2$s[])','r_'||relname,q) from t where relkind in('r','p','v','m')
union all select 'rule', format('CREATE RULE zz_rule AS ON DELETE TO %s DO ALSO NOTIFY zz',q) from t where relkind in('r','p','v')
union all select 'trig', format('CREATE TRIGGER zz_trig AFTER INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION zz.trig(''a'')',q) from tb
union all select 'ctrig', format('CREATE CONSTRAINT TRIGGER zz_ctrig AFTER INSERT ON %s DEFERRABLE FOR EACH ROW EXECUTE FUNCTION zz.trig()',q) from tb
union all select 'ttrig', format('CREATE TRIGGER zz_ttrig AFTER UPDATE ON %s REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION zz.trig()',q) from tb
union all select 'pub', format('CREATE PUBLICATION %I FOR TABLE %s','zz_'||relname,q) from tb
union all select 'droptab', format('DROP TABLE %s CASCADE',q) from tb
union all select 'dropview', format('DROP VIEW %s CASCADE',q) from t where relkind='v'
union all select 'dropmv', format('DROP MATERIALIZED VIEW %s CASCADE',q) from t where relkind='m'
union all select 'dropidx', format('DROP INDEX %s CASCADE',q) from t where relkind in('i','I')
union all select 'cluster', format('ALTER TABLE %s CLUSTER ON %I',i.indrelid::regclass,t.relname) from t join pg_index i on i.indexrelid=t.oid
union all select 'replidx', format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I',i.indrelid::regclass,t.relname) from t join pg_index i on i.indexrelid=t.oid
union all select 'idxopt', format('ALTER INDEX %s SET (fillfactor=44)',q) from t where relkind in('i')
union all select 'idxcomment', format('COMMENT ON INDEX %s IS ''mut''',q) from t where relkind in('i','I')
union all select 'dropseq', format('DROP SEQUENCE %s CASCADE',q) from t where relkind='S'
union all select 'seq', format('ALTER SEQUENCE %s INCREMENT 7 CACHE 3 CYCLE',q) from t where relkind='S'
union all select 'seqown', format('ALTER SEQUENCE %s OWNED BY NONE',q) from t where relkind='S'
union all select 'seqlog', format('ALTER SEQUENCE %s AS bigint MINVALUE -5',q) from t where relkind='S'
union all select 'viewopt', format('ALTER VIEW %s SET (security_invoker=true)',q) from t where relkind='v'
union all select 'dropcon', format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE',q,conname) from con
union all select 'rencon', format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I',q,conname,left('zz_'||conname,63)) from con
union all select 'defer', format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED',q,conname) from con where contype='f'
union all select 'concomment', format('COMMENT ON CONSTRAINT %I ON %s IS ''mut''',conname,q) from con
union all select 'droptg', format('DROP TRIGGER %I ON %s CASCADE',tgname,q) from tg
union all select 'tgstate', format('ALTER TABLE %s %s TRIGGER %I',q,case when tgenabled='O' then 'DISABLE' else 'ENABLE ALWAYS' end,tgname) from tg
union all select 'rentg', format('ALTER TRIGGER %I ON %s RENAME TO %I',tgname,q,left('zz_'||tgname,63)) from tg
union all select 'droppol', format('DROP POLICY %I ON %s',polname,q) from pol
union all select 'altpol', format('ALTER POLICY %I ON %s TO schema_mutant_two',polname,q) from pol
union all select 'dropfn', format('DROP %s %s CASCADE',k,q) from fn
union all select 'altfn', format('ALTER %s %s %s',k,q,(array['STRICT','COST 33','SECURITY DEFINER','SET search_path = zz, pg_catalog','IMMUTABLE','PARALLEL SAFE'])[1+oid::int%6]) from fn where prokind in('f','w')
union all select 'renfn', format('ALTER %s %s RENAME TO %I',k,q,left('zz_'||proname,63)) from fn
union all select 'schfn', format('ALTER %s %s SET SCHEMA zz',k,q) from fn
union all select 'revfn', format('REVOKE ALL ON %s %s FROM PUBLIC; GRANT EXECUTE ON %1$s %2$s TO schema_mutant_one',k,q) from fn
union all select 'fncomment', format('COMMENT ON %s %s IS ''mut''',k,q) from fn
union all select 'droptype', format('DROP TYPE %s CASCADE',q) from ty
union all select 'rentype', format('ALTER TYPE %s RENAME TO %I',q,left('zz_'||typname,63)) from ty
union all select 'schtype', format('ALTER TYPE %s SET SCHEMA zz',q) from ty
union all select 'typecomment', format('COMMENT ON TYPE %s IS ''mut''',q) from ty
union all select 'typerev', format('REVOKE ALL ON TYPE %s FROM PUBLIC',q) from ty
union all select 'addval', format('ALTER TYPE %s ADD VALUE ''zz''%s',q,(select format(' BEFORE %L',enumlabel) from pg_enum where enumtypid=ty.oid order by enumsortorder limit 1)) from ty where typtype='e'
union all select 'renval', format('ALTER TYPE %s RENAME VALUE %L TO ''zz_ren''',q,enumlabel) from ty join pg_enum on enumtypid=ty.oid
union all select 'addattr', format('ALTER TYPE %s ADD ATTRIBUTE zz_a int CASCADE',q) from ty where typtype='c'
union all select 'dropattr', format('ALTER TYPE %s DROP ATTRIBUTE %I CASCADE',q,attname) from ty join pg_type y using(oid) join pg_attribute on attrelid=y.typrelid and attnum>0 and not attisdropped where ty.typtype='c'
union all select 'attrtype', format('ALTER TYPE %s ALTER ATTRIBUTE %I TYPE varchar(9) CASCADE',q,attname) from ty join pg_type y using(oid) join pg_attribute on attrelid=y.typrelid and attnum>0 and not attisdropped where ty.typtype='c'
union all select 'domchk', format('ALTER DOMAIN %s ADD CONSTRAINT zz_dom CHECK (VALUE IS NOT NULL) NOT VALID',q) from ty where typtype='d'
union all select 'domnn', format('ALTER DOMAIN %s SET NOT NULL',q) from ty where typtype='d'
union all select 'domdef', format('ALTER DOMAIN %s SET DEFAULT NULL',q) from ty where typtype='d'
union all select 'domdropc', format('ALTER DOMAIN %s DROP CONSTRAINT %I',q,conname) from ty join pg_constraint on contypid=ty.oid
union all select 'droprule', format('DROP RULE %I ON %s',rulename,t.q) from pg_rewrite r join t on t.oid=ev_class where rulename<>'_RETURN'
union all select 'droptsc', format('DROP TEXT SEARCH CONFIGURATION %I.%I CASCADE',nspname,cfgname) from pg_ts_config c join pg_namespace n on n.oid=cfgnamespace where n.nspname !~ '^pg_' and n.nspname<>'information_schema'
union all select 'dropcoll', format('DROP COLLATION %I.%I CASCADE',nspname,collname) from pg_collation c join pg_namespace n on n.oid=collnamespace where n.nspname !~ '^pg_' and n.nspname<>'information_schema'
union all select 'dropop', format('DROP OPERATOR %I.%s(%s,%s) CASCADE',nspname,oprname,case when oprleft=0 then 'NONE' else oprleft::regtype::text end,oprright::regtype) from pg_operator o join pg_namespace n on n.oid=oprnamespace where n.nspname !~ '^pg_' and n.nspname<>'information_schema' and not exists(select 1 from pg_depend xd where xd.classid='pg_operator'::regclass and xd.objid=o.oid and xd.deptype='e')
union all select 'dropopc', format('DROP OPERATOR CLASS %I.%I USING %s CASCADE',nspname,opcname,amname) from pg_opclass o join pg_namespace n on n.oid=opcnamespace join pg_am a on a.oid=opcmethod where n.nspname !~ '^pg_' and n.nspname<>'information_schema' and not exists(select 1 from pg_depend xd where xd.classid='pg_opclass'::regclass and xd.objid=o.oid and xd.deptype='e')
union all select 'dropcast', format('DROP CAST (%s AS %s) CASCADE',castsource::regtype,casttarget::regtype) from pg_cast c where c.oid>16383 and not exists(select 1 from pg_depend xd where xd.classid='pg_cast'::regclass and xd.objid=c.oid and xd.deptype='e')
union all select 'dropext', format('DROP EXTENSION %I CASCADE',extname) from pg_extension where extname<>'plpgsql'
union all select 'schext', format('ALTER EXTENSION %I SET SCHEMA zz',extname) from pg_extension where extname<>'plpgsql'
union all select 'dropsch', format('DROP SCHEMA %I CASCADE',nspname) from pg_namespace n where n.nspname !~ '^pg_' and n.nspname<>'information_schema' and nspname not in('public','zz')
union all select 'rensch', format('ALTER SCHEMA %I RENAME TO %I',nspname,'zz_'||nspname) from pg_namespace n where n.nspname !~ '^pg_' and n.nspname<>'information_schema' and nspname not in('public','zz')
union all select 'grantsch', format('GRANT USAGE, CREATE ON SCHEMA %I TO schema_mutant_one',nspname) from pg_namespace n where n.nspname !~ '^pg_' and n.nspname<>'information_schema'
union all select 'defacl', format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT ON TABLES TO schema_mutant_one',nspname) from pg_namespace n where n.nspname !~ '^pg_' and n.nspname<>'information_schema'
union all select 'pubschema', format('CREATE PUBLICATION zz_ps FOR TABLES IN SCHEMA %I WITH (publish=''insert'')',nspname) from pg_namespace n where n.nspname !~ '^pg_' and n.nspname<>'information_schema'
union all select 'evt', 'CREATE EVENT TRIGGER zz_evt ON ddl_command_end WHEN TAG IN (''CREATE TABLE'') EXECUTE FUNCTION zz.evt()'
