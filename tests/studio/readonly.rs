//! With writing off nothing is written, whatever is said. What stops it is PostgreSQL: a transaction that we begin as a
//! reading one, and rights that the session does not have.

use super::{Studio, one, studio};
use crate::cli::story::{Database, Story};
use serde_json::json;

const OBJECTS: &str = "
    create table t (id int primary key, a text); insert into t values (1, 'x');
    create sequence s; create view v as select * from t; create materialized view m as select * from t;
    create function writes() returns int language plpgsql as 'begin insert into t values (99, null); return 1; end';
    create function writes_hidden() returns int language plpgsql as 'begin execute ''ins'' || ''ert into t values (99)''; return 1; end';
    create function opens() returns int language plpgsql as
        'begin set transaction read write; insert into t values (99, null); return 1; end';
    create function sets() returns int language plpgsql as
        'begin perform set_config(''transaction_read_only'', ''off'', false); insert into t values (99); return 1; end';
    create procedure commits() language plpgsql as 'begin commit; insert into t values (99, null); commit; end';
    create function ends() returns int language plpgsql as 'begin commit; return 1; end';
    grant all on all tables in schema public to public; grant all on all sequences in schema public to public";

/// What would write, or get around not being allowed to.
const CORPUS: &[&str] = &[
    "insert into t values (99, null)",
    "update t set a = 'y'",
    "delete from t",
    "merge into t using (values (99)) x (id) on t.id = x.id when not matched then insert values (x.id)",
    "truncate t",
    "with x as (insert into t values (99, null) returning id) select * from x",
    "with x as (delete from t returning id) select count(*) from x",
    "with x as (select 1) update t set a = 'y'",
    "select writes()",
    "select writes_hidden()",
    "select * from t, lateral (select writes()) x",
    "select opens()",
    "select sets()",
    "select ends()",
    "call commits()",
    "select 1 into new_table",
    "with x as (select 1) select * into new_table from x",
    "create table new_table (id int)",
    "create temp table new_table (id int)",
    "drop table t",
    "alter table t add b int",
    "refresh materialized view m",
    "comment on table t is 'x'",
    "grant all on t to public",
    "select nextval('s')",
    "select setval('s', 99)",
    "select * from t for update",
    "lock table t",
    "explain analyze insert into t values (99, null)",
    "explain (analyze, verbose) delete from t",
    "explain analyze create table new_table as select 1",
    "explain analyze with x as (insert into t values (99) returning 1) select 1",
    "commit",
    "commit; begin; insert into t values (99, null); commit",
    "rollback; insert into t values (99, null)",
    "end; update t set a = 'y'",
    "abort; delete from t",
    "commit and chain; insert into t values (99, null); commit",
    "begin; insert into t values (99, null); commit",
    "start transaction read write; delete from t; commit",
    "savepoint a; insert into t values (99, null)",
    "prepare transaction 'x'",
    "set transaction read write",
    "set transaction read write; insert into t values (99, null)",
    "set session characteristics as transaction read write; insert into t values (99, null)",
    "set default_transaction_read_only = off; insert into t values (99, null)",
    "set default_transaction_read_only to off",
    "set transaction_read_only = off",
    "set local transaction_read_only = off; delete from t",
    "set session default_transaction_read_only = off; commit; insert into t values (99, null)",
    "reset all; insert into t values (99, null)",
    "discard all; insert into t values (99, null)",
    "do $$ begin insert into t values (99, null); end $$",
    "do $$ begin commit; insert into t values (99, null); end $$",
    "do $$ begin set transaction read write; insert into t values (99, null); end $$",
    "prepare p as insert into t values (99, null); execute p",
    "execute p",
    "declare c cursor with hold for insert into t values (99) returning 1",
    "copy t from stdin",
    "copy t to '/tmp/schema-studio-attack'",
    "copy (select 1) to program 'touch /tmp/schema-studio-attack'",
    "copy t from program 'echo 99'",
    "copy t from '/etc/passwd'",
    "select lo_create(99)",
    "select lo_from_bytea(99, 'x')",
    "notify x",
    "listen x",
    "vacuum t",
    "analyze t",
    "reindex table t",
    "cluster t",
    "checkpoint",
    "load 'plpgsql'",
    "alter system set work_mem = '1MB'",
    "create role studio_attack superuser",
    "security label on table t is 'x'",
    "import foreign schema x from server y into z",
    "select pg_notify('x', 'y'), writes()",
    "select 1; insert into t values (99, null)",
    "select 1; ; delete from t; select 2",
    "/* select */ insert into t values (99, null) -- select",
    "-- \u{a}delete from t",
    "select $a$;$a$; delete from t",
    "select ';'; delete from t",
    "select E'\\'; delete from t --'; delete from t",
    "select 1 \\; delete from t",
    "(select 1); delete from t",
    "\u{feff}delete from t",
    "select 1\u{0};delete from t",
];

/// What only a superuser could: files and programs of the server, other sessions, other roles.
const POWERS: &[&str] = &[
    "select pg_read_file('/etc/passwd')",
    "select pg_read_file('postgresql.conf')",
    "select pg_catalog.\"pg_read_file\"('/etc/passwd')",
    "select U&\"\\0070g_read_file\"('/etc/passwd')",
    "select PG_READ_BINARY_FILE('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select * from pg_stat_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/schema-studio-attack')",
    "select query_to_xml('select pg_read' || '_file(''/etc/passwd'')', true, true, '')",
    "select query_to_xml('select set_con' || 'fig(''role'', ''none'', true)', true, true, ''), query_to_xml('select pg_read' || '_file(''/etc/passwd'')', true, true, '')",
    "select ts_stat('select to_tsvector(pg_read' || '_file(''/etc/passwd''))')",
    "select set_config('role', 'none', true)",
    "select set_config('role', 'none', true), pg_read_file('/etc/passwd')",
    "select set_config('session_authorization', 'postgres', false)",
    "select pg_catalog.set_config('role', session_user::text, false), writes()",
    "set role none",
    "reset role; select pg_read_file('/etc/passwd')",
    "set session authorization default",
    "reset session authorization",
    "do $$ begin reset role; perform pg_read_file('/etc/passwd'); end $$",
    "do $$ begin execute 'copy (select 1) to program ''touch /tmp/schema-studio-attack'''; end $$",
    "select pg_terminate_backend(pg_backend_pid())",
    "select pg_cancel_backend(1)",
    "select pg_reload_conf()",
    "select pg_rotate_logfile()",
    "select pg_switch_wal()",
    "select pg_create_restore_point('x')",
    "select pg_create_physical_replication_slot('studio_attack')",
    "select pg_create_logical_replication_slot('studio_attack', 'test_decoding')",
    "select pg_stat_reset()",
    "select pg_logical_emit_message(false, 'x', 'y')",
    "select dblink_exec('dbname=x', 'delete from t')",
    "select * from dblink('dbname=x', 'delete from t') as x (a int)",
    "select reads_files()",
    "select runs_programs()",
];

fn is_as_before(database: &mut Database, sql: &str) {
    let state = "select coalesce(string_agg(t::text, ';' order by id), '') || (select last_value || is_called::text from s) || (select count(*) from pg_largeobject_metadata)
        || (select count(*) from pg_roles where rolname = 'studio_attack')
        || (select count(*) from pg_replication_slots where slot_name = 'studio_attack')
        || (select count(*) from pg_class where relname = 'new_table')
        || (select count(*) from pg_attribute where attrelid = 't'::regclass and attname = 'b')
        || coalesce(obj_description('t'::regclass), '') from t";
    assert_eq!(one::<String>(database, state), "(1,x)1false00000", "{sql}");
    assert!(!std::path::Path::new("/tmp/schema-studio-attack").exists(), "{sql}");
}

/// Through every door that takes SQL.
fn try_all(studio: &Studio, sql: &str) -> [bool; 3] {
    let refused = |result: &Result<serde_json::Value, serde_json::Value>| result.is_err();
    let read = refused(&studio.run(sql, false));
    let write = refused(&studio.run(sql, true));
    let explain = |analyze: bool| {
        let wish = json!({"id": "x", "sql": sql, "analyze": analyze, "buffers": analyze});
        studio.try_post("/api/explain", &wish).status != 200
    };
    explain(false);
    [read, write, explain(true)]
}

#[test]
fn a_superuser_with_writing_off_reads_only() {
    let more = "create function reads_files() returns text language plpgsql as 'begin return pg_read_file(''/etc/passwd''); end';
        create function runs_programs() returns int language plpgsql as
        'begin execute ''copy (select 1) to program ''''touch /tmp/schema-studio-attack''''''; return 1; end'";
    let (studio, mut database) = studio(&format!("{OBJECTS};{more}"), "");
    assert_eq!(studio.get("/api/info")["superuser"], true);
    for sql in CORPUS.iter().chain(POWERS) {
        assert_eq!(try_all(&studio, sql), [true; 3], "{sql}");
        is_as_before(&mut database, sql);
    }
    // It is the role that is refused what the function does, not the name of the function.
    for sql in ["select reads_files()", "select runs_programs()"] {
        assert_eq!(studio.run(sql, false).unwrap_err()["code"], "42501", "{sql}");
    }
    // And it is the transaction that does not write, whoever writes.
    for sql in ["select writes()", "select writes_hidden()", "with x as (delete from t returning 1) select 1"]
    {
        assert_eq!(studio.run(sql, false).unwrap_err()["code"], "25006", "{sql}");
    }
    assert_eq!(studio.run("select opens()", false).unwrap_err()["code"], "25001");
    let ended = studio.run("select ends()", false).unwrap_err();
    assert_eq!(ended["code"], "2D000");
    // What was tried has left nothing behind: the next statement reads as before.
    let who = studio.run(
        "select current_user, current_setting('transaction_read_only'), (select count(*) from t)",
        false,
    );
    assert_eq!(who.unwrap()["rows"], json!([["pg_read_all_data", "on", "1"]]));
}

#[test]
fn what_row_security_hides_from_a_reader_is_an_error_not_a_gap() {
    let (studio, _database) = studio(&format!("{OBJECTS}; alter table t enable row level security"), "");
    let error = studio.run("select * from t", false).unwrap_err();
    assert!(error["message"].as_str().unwrap().contains("row-level security"), "{error}");
    // The grid is of our own making, and reads as who one is.
    let rows = studio.post("/api/rows", &json!({"schema": "public", "name": "t"}));
    assert_eq!(rows["rows"], json!([["1", "x"]]));
}

#[test]
fn a_plain_role_with_writing_off_reads_only() {
    let mut database = Database::new();
    database.db.client().batch_execute(OBJECTS).unwrap();
    let role = "do $$ begin create role schema_studio_plain login; exception when duplicate_object then null; end $$;
        grant create on schema public to schema_studio_plain";
    database.db.client().batch_execute(role).unwrap();
    let url = database.db.url();
    let user = url.split(' ').find(|word| word.starts_with("user=")).unwrap().to_owned();
    let story = Story::new();
    story.write("schema.toml", "");
    story.write(".env", &format!("DATABASE_URL=\"{}\"\n", url.replace(&user, "user='schema_studio_plain'")));
    let studio = Studio::start(story, "");
    assert_eq!(studio.get("/api/info")["superuser"], false);
    for sql in CORPUS.iter().chain(POWERS).filter(|sql| !sql.contains("s_files") && !sql.contains("runs_pro"))
    {
        // It may try what does not help it: settings end with the statement, and it has no powers to come back to.
        let harmless = sql.contains("set_config") && !sql.contains("file") && !sql.contains("writes");
        let refused = try_all(&studio, sql);
        assert!(refused == [true; 3] || harmless, "{sql}: {refused:?}");
        is_as_before(&mut database, sql);
    }
    let who = studio.run("select current_user, current_setting('transaction_read_only')", false).unwrap();
    assert_eq!(who["rows"], json!([["schema_studio_plain", "on"]]));
    database.db.client().batch_execute("revoke all on schema public from schema_studio_plain").unwrap();
}

#[test]
fn with_writing_off_nothing_else_writes_either() {
    let (studio, mut database) = studio(OBJECTS, "");
    let edits = json!({"edits": [{"kind": "delete", "schema": "public", "name": "t", "key": ["1"]}]});
    let import = json!({"schema": "public", "name": "t", "text": "id\n99", "dry_run": false});
    for (path, body) in [
        ("/api/edits", &edits),
        ("/api/import", &import),
        ("/api/sql", &json!({"id": "x", "sql": "delete from t", "write": true})),
        ("/api/explain", &json!({"id": "x", "sql": "delete from t", "analyze": true})),
    ] {
        assert_eq!(studio.try_post(path, body).status, 403, "{path}");
        is_as_before(&mut database, path);
    }
    // On and off again is off.
    assert_eq!(studio.turn_writing(true).ok()["writing"], true);
    assert_eq!(studio.turn_writing(false).ok()["writing"], false);
    assert_eq!(studio.try_post("/api/edits", &edits).status, 403);
    is_as_before(&mut database, "off");
    // A view that writes when it is looked at does not.
    database.db.client().batch_execute("create view evil as select writes() as w").unwrap();
    let answer = studio.try_post("/api/rows", &json!({"schema": "public", "name": "evil"}));
    assert_eq!((answer.status, answer.body_json()["error"]["code"].as_str()), (403, Some("25006")));
    is_as_before(&mut database, "evil");
}
