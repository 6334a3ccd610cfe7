//! What a database suffers from, on one that suffers.

use super::{studio, until};
use serde_json::{Value, json};

#[test]
fn what_stands_out_is_told() {
    let sql = "create table t (id int primary key, a text, b int) with (autovacuum_enabled = off);
        create index twice_1 on t (a); create index twice_2 on t (a); create unique index its_own on t (b);
        create index other on t (a) where id > 7; create index other_order on t (a desc);
        create table calm (id int primary key); insert into calm values (1);
        insert into t select i, repeat('x', 500), i from generate_series(1, 5000) i; analyze t";
    let (studio, mut database) = studio(sql, "");
    // Most of it goes; the pages stay.
    database.db.client().batch_execute("delete from t where id > 500; analyze t").unwrap();
    database
        .db
        .client()
        .batch_execute("update pg_index set indisvalid = false where indexrelid = 'other'::regclass")
        .unwrap();
    let mut found = Value::Null;
    // Counts of rows come to the statistics a moment later.
    until(|| {
        found = studio.get("/api/health");
        found["tables"].as_array().unwrap().iter().any(|table| table["dead"].as_i64() > Some(4000))
    });
    let tables = found["tables"].as_array().unwrap();
    assert_eq!((tables.len(), &tables[0]["name"]), (1, &json!("t")), "{found}");
    let (bytes, spare) = (tables[0]["bytes"].as_f64().unwrap(), tables[0]["spare_bytes"].as_f64().unwrap());
    assert!(spare > 0.8 * bytes && spare < bytes, "{found}");
    assert!(tables[0]["analyzed"].is_string() && tables[0]["vacuumed"].is_null(), "{found}");
    let indexes: Vec<(&str, &str)> = found["indexes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|index| (index["name"].as_str().unwrap(), index["what"].as_str().unwrap()))
        .collect();
    assert_eq!(indexes[..2], [("other", "invalid"), ("twice_2", "equal")], "{found}");
    assert!(
        indexes.contains(&("twice_1", "unused")) && indexes.contains(&("other_order", "unused")),
        "{found}"
    );
    assert!(!indexes.iter().any(|(name, _)| ["its_own", "t_pkey", "calm_pkey"].contains(name)), "{found}");
    let whole = &found["database"];
    assert!(
        whole["bytes"].as_i64() > Some(0) && whole["age"].as_i64() < whole["age_limit"].as_i64(),
        "{found}"
    );
    assert_eq!((&found["open"], &found["locks"]), (&json!([]), &json!([])), "{found}");
}

#[test]
fn waits_for_locks_are_told() {
    let (studio, database) = studio("create table t (id int primary key)", "");
    let config: postgres::Config = database.db.url().parse().unwrap();
    let mut holder = config.connect(postgres::NoTls).unwrap();
    let mut held = holder.transaction().unwrap();
    held.batch_execute("lock table t in share mode").unwrap();
    let mut waiter = config.connect(postgres::NoTls).unwrap();
    let token = waiter.cancel_token();
    let waits = std::thread::spawn(move || waiter.batch_execute("insert into t values (1)"));
    let mut found = Value::Null;
    until(|| {
        found = studio.get("/api/health");
        found["locks"] != json!([])
    });
    let lock = &found["locks"][0];
    assert_eq!(
        (&lock["mode"], &lock["relation"], &lock["held"]),
        (&json!("RowExclusiveLock"), &json!("t"), &json!("ShareLock")),
        "{found}"
    );
    assert_eq!(lock["blocked_by"].as_array().unwrap().len(), 1, "{found}");
    let blocked = studio.get("/api/activity");
    assert_eq!(blocked["sessions"][0]["blocked_by"], lock["blocked_by"], "{blocked}");
    token.cancel_query(postgres::NoTls).unwrap();
    assert!(waits.join().unwrap().is_err());
}
