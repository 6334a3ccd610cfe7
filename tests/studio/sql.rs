//! The SQL editor: results, errors with their places, limits, cancelling, plans, writing, the journal.

use super::{SLEEPING, one, studio, until};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const TABLE: &str = "create table t (id int primary key, a text unique deferrable initially deferred);
    insert into t select i, 'x' || i from generate_series(1, 5000) i; analyze t";

#[test]
fn results_are_postgresqls_own_texts() {
    let (studio, _database) = studio(TABLE, "");
    let result = studio
        .run(
            "select null as n, '' as e, 1.10::numeric(9,2) as d, 1e300::float8 as f, 0.1::float8 + 0.2 as g, true as b,
            '2026-01-02 03:04:05+00'::timestamptz at time zone 'UTC' as ts, '{\"b\":1,\"a\":[null]}'::jsonb as j, array['a,b', null] as arr,
            '\\x00ff'::bytea as y, interval '1 day 2 hours' as i, (1, 'x')::record as r, 12345678901234567890123456789.000000001 as big,
            1 as n",
            false,
        )
        .unwrap();
    let expected = json!([[
        null,
        "",
        "1.10",
        "1e+300",
        "0.30000000000000004",
        "t",
        "2026-01-02 03:04:05",
        "{\"a\": [null], \"b\": 1}",
        "{\"a,b\",NULL}",
        "\\x00ff",
        "1 day 02:00:00",
        "(1,x)",
        "12345678901234567890123456789.000000001",
        "1"
    ]]);
    assert_eq!(result["rows"], expected);
    assert_eq!(result["columns"][2], json!({"name": "d", "type": "numeric(9,2)"}));
    assert_eq!(result["columns"][8], json!({"name": "arr", "type": "text[]"}));
    assert_eq!(result["columns"][13]["name"], "n");
    let empty = studio.run("select * from t where false", false).unwrap();
    assert_eq!((empty["rows"].clone(), empty["columns"][1]["name"].clone()), (json!([]), json!("a")));
    assert_eq!(studio.run("show server_encoding", false).unwrap()["rows"], json!([["UTF8"]]));
    assert!(studio.run("explain select * from t", false).is_ok());
}

#[test]
fn several_statements_are_several_results() {
    let (studio, _database) = studio(TABLE, "");
    let ask = |sql: &str| studio.post("/api/sql", &json!({"id": "1", "sql": sql, "limit": 2}));
    let answer = ask("select 1; -- two;\nselect ';' as \"a;b\"; select id from t order by id");
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    assert_eq!(results[2]["rows"], json!([["1"], ["2"]]));
    assert_eq!((&results[2]["more"], &results[2]["count"]), (&json!(true), &Value::Null));
    let answer = ask("select 1;\nselect 'é',\n  nope from t; select 3");
    assert_eq!(answer["results"].as_array().unwrap().len(), 1);
    let error = &answer["error"];
    assert_eq!(
        (&error["code"], &error["line"], &error["position"]),
        (&json!("42703"), &json!(3), &json!(25))
    );
    assert_eq!(ask("  -- nothing\n ; ")["results"], json!([]));
    let open = studio.try_post("/api/sql", &json!({"id": "1", "sql": "select 1;\nselect 'open"}));
    assert_eq!((open.status, open.body_json()["error"]["line"].clone()), (400, json!(2)));
    let notice = ask("select 1 from t where id = 1 and set_byte('\\x00', 0, 1) is not null");
    assert_eq!(notice["notices"], json!([]));
}

#[test]
fn a_large_result_is_cut_and_costs_little() {
    let (studio, _database) = studio(TABLE, "");
    let begun = Instant::now();
    let ask = json!({"id": "1", "sql": "select generate_series(1, 500000000)", "limit": 50});
    let answer = studio.post("/api/sql", &ask);
    assert_eq!(answer["results"][0]["rows"].as_array().unwrap().len(), 50);
    assert_eq!(answer["results"][0]["more"], true);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    // Bytes are counted too: of a thousand rows of a megabyte a few come.
    let ask =
        json!({"id": "1", "sql": "select repeat('x', 1 << 20) from generate_series(1, 1000)", "limit": 1000});
    let answer = studio.post("/api/sql", &ask);
    let rows = answer["results"][0]["rows"].as_array().unwrap().len();
    assert!((1..=16).contains(&rows) && answer["results"][0]["more"] == true, "{rows}");
    assert_eq!(studio.run("select 1", false).unwrap()["rows"], json!([["1"]]));
}

#[test]
fn a_slow_statement_is_cancelled() {
    let (studio, mut database) = studio(TABLE, "");
    let begun = Instant::now();
    let slow = studio.sleep("slow", &mut database);
    assert_eq!(studio.post("/api/sql/cancel", &json!({"id": "other"}))["cancelled"], false);
    assert_eq!(studio.post("/api/sql/cancel", &json!({"id": "slow"}))["cancelled"], true);
    let answer = super::Answer::read(&slow).ok();
    assert_eq!(answer["error"]["code"], "57014");
    assert!(begun.elapsed() < Duration::from_secs(40));
    assert_eq!(one::<i64>(&mut database, SLEEPING), 0);
    // Who closes the page leaves nothing running.
    drop(studio.sleep("gone", &mut database));
    until(|| one::<i64>(&mut database, SLEEPING) == 0);
}

#[test]
fn writing_is_one_transaction_and_is_written_down() {
    let (studio, mut database) = studio(TABLE, "");
    studio.turn_writing(true).ok();
    let run =
        |sql: &str| studio.post("/api/sql", &json!({"id": "1", "sql": sql, "limit": 10, "write": true}));
    let answer = run("insert into t values (0, 'zero') returning id; update t set a = upper(a) where id < 3");
    assert_eq!(answer["results"][0]["rows"], json!([["0"]]));
    assert_eq!(answer["results"][1]["count"], 3);
    assert_eq!(one::<i64>(&mut database, "select count(*) from t where a in ('ZERO', 'X1', 'X2')"), 3);
    // More rows than are shown are written all the same.
    let answer = run("update t set a = a || '!' returning id");
    assert_eq!(
        (answer["results"][0]["rows"].as_array().unwrap().len(), &answer["results"][0]["count"]),
        (10, &json!(5001))
    );
    let answer = run("delete from t where id = 1; select 1/0; delete from t");
    assert_eq!(answer["error"]["code"], "22012");
    assert_eq!(one::<i64>(&mut database, "select count(*) from t"), 5001);
    // What is checked at the end only.
    let answer = run("update t set a = 'same' where id < 3");
    assert_eq!(answer["error"]["code"], "23505");
    // The switch is on, but this request did not ask to write.
    assert_eq!(
        studio.run("delete from t", false).unwrap_err()["message"],
        "DELETE does not only read, and writing is off"
    );
    let audit = studio.audit();
    assert!(audit.contains("committed\tupdate t set a = upper(a) where id < 3\n"), "{audit}");
    assert!(audit.contains("rolled back\tdelete from t where id = 1\n"), "{audit}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = std::fs::metadata(studio.story.path().join(".schema/studio.log")).unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(studio.story.read(".schema/.gitignore"), "*\n");
    let history = studio.get("/api/history");
    assert_eq!(history["history"][0]["sql"], "update t set a = 'same' where id < 3");
}

#[test]
fn the_schema_is_changed_in_the_code() {
    let ddl = [
        "create table n (id int)",
        "drop table t",
        "alter table t add b int",
        "truncate t",
        "do 'begin end'",
        "select 1 into n",
        "grant all on t to public",
        "create role x password 'hunter2'",
    ];
    let (studio, mut database) = studio(TABLE, "");
    studio.turn_writing(true).ok();
    for sql in ddl {
        let error = studio.run(sql, true).unwrap_err();
        assert!(error["message"].as_str().unwrap().contains("change the code instead"), "{sql}: {error}");
    }
    assert_eq!(one::<i64>(&mut database, "select count(*) from t"), 5000);
    let (studio, mut database) = super::studio(TABLE, "--allow-ddl");
    assert!(studio.run("create table n (id int)", false).is_err());
    studio.turn_writing(true).ok();
    assert!(studio.run("create table n (id int); insert into n values (1)", true).is_ok());
    assert_eq!(one::<i64>(&mut database, "select count(*) from n"), 1);
    // A password is in no file.
    studio.run("do $$ begin perform 1; -- password hunter2\n end $$", true).unwrap();
    assert!(studio.audit().contains("may hold a password") && !studio.audit().contains("hunter2"));
    assert!(!studio.get("/api/history").to_string().contains("hunter2"));
}

#[test]
fn plans() {
    let (studio, mut database) = studio(TABLE, "");
    let explain = |sql: &str, analyze: bool| {
        studio.try_post("/api/explain", &json!({"id": "1", "sql": sql, "analyze": analyze, "buffers": true}))
    };
    let plan = explain("select * from t where id = 7;", false).ok();
    assert_eq!(plan["plan"][0]["Plan"]["Node Type"], "Index Scan");
    let plan = explain("select * from t", true).ok();
    assert_eq!(plan["plan"][0]["Plan"]["Actual Rows"].as_f64(), Some(5000.0));
    assert!(plan["plan"][0]["Plan"]["Shared Hit Blocks"].is_number());
    // As a superuser one has stepped down, and may not even plan this.
    let refused = explain("delete from t", false).body_json();
    assert_eq!(refused["error"]["next"], "turn writing on to see the plan of what writes");
    assert_eq!(explain("delete from t", true).status, 403);
    assert_eq!(explain("select 1; select 2", false).status, 400);
    assert_eq!(explain("set role x", false).status, 400);
    assert_eq!(explain("(analyze) delete from t", false).status, 400);
    studio.turn_writing(true).ok();
    assert_eq!(explain("delete from t", false).ok()["plan"][0]["Plan"]["Operation"], "Delete");
    let plan = explain("delete from t", true).ok();
    assert!(plan["plan"][0]["Execution Time"].is_number());
    assert_eq!(one::<i64>(&mut database, "select count(*) from t"), 5000);
}
