//! What was saved is taken back: by edits, which are looked at and saved like any other.

use super::{one, studio};
use serde_json::{Value, json};

const TABLE: &str = "
    create table t (id int generated always as identity primary key, a text, n numeric, d text default 'x',
        up text generated always as (upper(a)) stored);
    insert into t (a, n) values ('one', 1.50), (null, null), ('three', 3)";

const STATE: &str = "select string_agg(t::text, ' ' order by id) from t";

#[test]
fn what_was_saved_is_taken_back() {
    let (studio, mut database) = studio(TABLE, "");
    studio.turn_writing(true).ok();
    let before: String = one(&mut database, STATE);
    let edits = json!([
        {"kind": "update", "schema": "public", "name": "t", "key": ["1"], "old": {"a": "one", "n": "1.50"},
            "set": {"a": null, "n": "2"}},
        {"kind": "update", "schema": "public", "name": "t", "key": ["2"], "old": {"a": null}, "set": {"a": "it's"}},
        {"kind": "delete", "schema": "public", "name": "t", "key": ["3"]},
        {"kind": "insert", "schema": "public", "name": "t", "set": {"a": "four", "d": {"default": true}}},
    ]);
    let saved = studio.post("/api/edits", &json!({ "edits": edits }));
    assert_ne!(one::<String>(&mut database, STATE), before);
    let back = saved["back"].as_array().unwrap();
    let kinds: Vec<&str> = back.iter().map(|edit| edit["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["delete", "insert", "update", "update"]);
    // It is shown like anything else.
    let shown = studio.post("/api/edits", &json!({"edits": back, "preview": true}));
    assert_eq!(shown["statements"][0], "DELETE FROM \"public\".\"t\" WHERE \"id\" = '4';");
    let insert = "INSERT INTO \"public\".\"t\" (\"a\", \"d\", \"id\", \"n\") OVERRIDING SYSTEM VALUE VALUES ('three', 'x', '3', '3');";
    assert_eq!(shown["statements"][1], insert);
    let forth = studio.post("/api/edits", &json!({ "edits": back }));
    assert_eq!(one::<String>(&mut database, STATE), before);
    // And there again.
    studio.post("/api/edits", &json!({"edits": forth["back"]}));
    let again: String = one(&mut database, STATE);
    assert_eq!(again, "(1,,2,x,) (2,it's,,x,IT'S) (4,four,,x,FOUR)");
    // Somebody else was there meanwhile: nothing is overwritten.
    database.db.client().batch_execute("update t set n = 7 where id = 1").unwrap();
    let answer = studio.try_post("/api/edits", &json!({ "edits": back }));
    assert_eq!((answer.status, one::<String>(&mut database, STATE)), (409, again.replace("(1,,2", "(1,,7")));
}

#[test]
fn half_a_way_back_is_none() {
    let (studio, _database) = studio(TABLE, "");
    studio.turn_writing(true).ok();
    let blind = json!({"edits": [
        {"kind": "delete", "schema": "public", "name": "t", "key": ["3"]},
        {"kind": "update", "schema": "public", "name": "t", "key": ["1"], "set": {"a": "x"}},
    ]});
    assert_eq!(studio.post("/api/edits", &blind)["back"], Value::Null);
}

#[test]
fn a_csv_comes_back_where_postgresql_gives_the_numbers() {
    let (studio, mut database) = studio(TABLE, "");
    studio.turn_writing(true).ok();
    let before: String = one(&mut database, STATE);
    let file =
        studio.try_post("/api/export", &json!({"schema": "public", "name": "t", "format": "csv"})).body;
    let kept: Vec<String> = file.lines().map(|line| line.rsplit_once(',').unwrap().0.to_owned()).collect();
    database.db.client().batch_execute("delete from t").unwrap();
    let wish = json!({"schema": "public", "name": "t", "text": kept.join("\n")});
    assert_eq!(studio.post("/api/import", &wish)["saved"], 3);
    assert_eq!(one::<String>(&mut database, STATE), before);
}
