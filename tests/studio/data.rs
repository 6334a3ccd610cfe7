//! Rows: pages, filters, edits, hops, files. And sizes: a million rows, ten thousand tables.

use super::{Studio, one, studio};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// All first cells, page by page, there and back; both ways must tell the same.
fn walk(studio: &Studio, wish: &Value) -> Vec<Value> {
    let mut wish = wish.clone();
    let (mut seen, mut pages) = (Vec::new(), Vec::new());
    loop {
        let page = studio.post("/api/rows", &wish);
        let cells: Vec<Value> = page["rows"].as_array().unwrap().iter().map(|row| row[0].clone()).collect();
        seen.extend(cells.clone());
        assert_eq!(page["previous"].is_null(), pages.is_empty(), "{page}");
        pages.push(page.clone());
        if page["next"].is_null() {
            break;
        }
        wish["after"] = page["next"].clone();
    }
    wish["after"] = Value::Null;
    for two in pages.windows(2).rev() {
        wish["before"] = two[1]["previous"].clone();
        let page = studio.post("/api/rows", &wish);
        assert_eq!(page["rows"], two[0]["rows"], "{wish}");
        assert_eq!(page["previous"].is_null(), two[0]["previous"].is_null(), "{wish}");
        assert!(page["next"].is_string());
    }
    seen
}

const KINDS: &str = "
    create type mood as enum ('sad', 'ok', 'happy');
    create domain short as varchar(5) check (value <> 'bad');
    create table t (id int primary key, n int, m mood, at timestamptz, d numeric, f float8, a text, x text collate \"C\",
        b bool, arr int[], j jsonb, y bytea, s short, plain json, c char(3));
    insert into t select i, nullif(i % 7, 0), (array['sad', 'ok', 'happy', null]::mood[])[i % 4 + 1],
        case when i % 3 > 0 then timestamptz '2026-01-01' + (i / 10) * interval '1 minute' end, i / 7.0,
        case i % 5 when 0 then 'NaN' when 1 then '-Infinity' when 2 then null else i / 3.0 end, 'A' || (i % 11), nullif('x' || i % 2, 'x1'),
        (array[true, false, null])[i % 3 + 1], array[i % 3, i], jsonb_build_object('i', i), decode(lpad(to_hex(i), 4, '0'), 'hex'),
        's' || i % 4, '{\"i\": 1}', 'c' || i % 3
    from generate_series(1, 97) i;
    create table no_key as select * from t;
    create view v as select id, n from t;
    create table two (b int, a text, v int, primary key (a, b)); insert into two select i % 5, 'k' || i / 5, i from generate_series(0, 49) i;
    create table part (id int, day date, v text, primary key (day, id)) partition by range (day);
    create table part_1 partition of part for values from ('2026-01-01') to ('2026-02-01');
    create table part_2 partition of part for values from ('2026-02-01') to ('2026-03-01');
    insert into part select i, date '2026-01-20' + i, 'v' || i from generate_series(1, 30) i";

#[test]
fn pages_in_every_order_there_and_back() {
    let (studio, mut database) = studio(KINDS, "");
    for (table, columns) in [
        ("t", &["id", "n", "m", "at", "d", "f", "a", "x", "b", "arr", "j", "y", "s", "c"][..]),
        ("no_key", &["id", "n", "m", "at"]),
        ("two", &["a", "b", "v"]),
        ("part", &["id", "day", "v"]),
        ("v", &["id", "n"]),
    ] {
        let all: i64 = one(&mut database, &format!("select count(*) from {table}"));
        for column in columns {
            for descending in [false, true] {
                let wish = json!({"schema": "public", "name": table, "limit": 10,
                    "sort": [{"column": column, "descending": descending}]});
                let seen = walk(&studio, &wish);
                assert_eq!(seen.len() as i64, all, "{table} {column}");
                let direction = if descending { "desc" } else { "asc" };
                // The whole in one page is in the order that PostgreSQL gives.
                let sql = format!("select coalesce(string_agg({column}::text, ',' order by {column} {direction}), '') || count(*)
                    from {table} where {column} is not null");
                let expected: String = one(&mut database, &sql);
                let mut whole = wish.clone();
                whole["limit"] = 1000.into();
                let page = studio.post("/api/rows", &whole);
                let at = page["columns"].as_array().unwrap().iter().position(|name| name == column).unwrap();
                let cells: Vec<&str> =
                    page["rows"].as_array().unwrap().iter().filter_map(|row| row[at].as_str()).collect();
                assert_eq!(
                    format!("{}{}", cells.join(","), cells.len()),
                    expected,
                    "{table} {column} {direction}"
                );
                let first: Vec<Value> =
                    page["rows"].as_array().unwrap().iter().map(|row| row[0].clone()).collect();
                if table != "v" {
                    assert_eq!(seen, first, "{table} {column} {direction}");
                }
                assert_eq!(page["next"], Value::Null);
            }
        }
    }
    let wish = json!({"schema": "public", "name": "t", "limit": 4,
        "sort": [{"column": "n", "descending": true}, {"column": "at"}, {"column": "m", "descending": true}]});
    let seen = walk(&studio, &wish);
    let expected: String =
        one(&mut database, "select string_agg(id::text, ',' order by n desc, at, m desc, id desc) from t");
    let seen: Vec<&str> = seen.iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(seen.join(","), expected);
    // While others write, a page neither repeats nor skips what was there.
    let mut wish = json!({"schema": "public", "name": "two", "limit": 20});
    let page = studio.post("/api/rows", &wish);
    database
        .db
        .client()
        .batch_execute("insert into two values (0, 'aaa', 0); delete from two where a = 'k0'")
        .unwrap();
    wish["after"] = page["next"].clone();
    let rest = studio.post("/api/rows", &wish);
    assert_eq!(rest["keys"][0], json!(["k4", "0"]));
    assert_eq!(
        studio
            .try_post("/api/rows", &json!({"schema": "public", "name": "t", "sort": [{"column": "plain"}]}))
            .status,
        400
    );
}

#[test]
fn filters_of_every_type() {
    let (studio, mut database) = studio(KINDS, "");
    let filters: &[(&str, &str, Value, &str)] = &[
        ("id", "=", json!("7"), "id = 7"),
        ("id", "<>", json!("7"), "id <> 7"),
        ("id", "in", json!(["1", "2", "400"]), "id in (1, 2)"),
        ("id", "in", json!([]), "false"),
        ("n", "null", Value::Null, "n is null"),
        ("n", "not null", Value::Null, "n is not null"),
        ("n", ">=", json!("5"), "n >= 5"),
        ("m", "=", json!("ok"), "m = 'ok'"),
        ("m", ">", json!("sad"), "m > 'sad'"),
        ("at", "<", json!("2026-01-01 00:05:00+00"), "at < '2026-01-01 00:05+00'"),
        ("d", "<=", json!("1.5"), "d <= 1.5"),
        ("f", "=", json!("NaN"), "f = 'NaN'"),
        ("a", "contains", json!("a1"), "a ilike '%a1%'"),
        ("a", "starts", json!("a1"), "a ilike 'a1%'"),
        ("a", "contains", json!("%"), "false"),
        ("a", "contains", json!("_"), "false"),
        ("b", "true", Value::Null, "b"),
        ("b", "false", Value::Null, "not b"),
        ("arr", "=", json!("{1,1}"), "arr = '{1,1}'"),
        ("arr", "contains", json!("1,9"), "arr::text like '%1,9%'"),
        ("j", "=", json!("{\"i\":3}"), "j = '{\"i\": 3}'"),
        ("y", "=", json!("\\x0005"), "y = '\\x0005'"),
        ("s", "=", json!("s1"), "s = 's1'"),
        ("s", "=", json!("bad"), "false"),
        ("s", "=", json!("s1 is longer"), "false"),
        ("plain", "=", json!("{\"i\": 1}"), "true"),
        ("plain", "contains", json!("i"), "true"),
        ("c", "=", json!("c1"), "c = 'c1'"),
    ];
    for (column, op, value, sql) in filters {
        let mut filter = json!({"column": column, "op": op});
        filter[if value.is_array() { "values" } else { "value" }] = value.clone();
        let wish = json!({"schema": "public", "name": "t", "filters": [filter]});
        let expected: i64 = one(&mut database, &format!("select count(*) from t where {sql}"));
        assert_eq!(
            studio.post("/api/rows", &wish)["rows"].as_array().unwrap().len() as i64,
            expected,
            "{wish}"
        );
        assert_eq!(studio.post("/api/count", &wish), json!({"count": expected, "exact": true}), "{wish}");
    }
    let wish =
        json!({"schema": "public", "name": "t", "filters": [{"column": "id", "op": "=", "value": "x"}]});
    let answer = studio.try_post("/api/rows", &wish);
    assert_eq!((answer.status, answer.body_json()["error"]["code"].as_str()), (400, Some("22P02")));
}

#[test]
fn long_values_are_cut_and_can_be_had_whole() {
    let (studio, _database) = studio(
        "create table t (id int primary key, a text, j jsonb); insert into t values
        (1, repeat('é', 2000), '1'), (2, repeat('é', 2001), to_jsonb(repeat('x', 100000)))",
        "",
    );
    let page = studio.post("/api/rows", &json!({"schema": "public", "name": "t"}));
    assert_eq!(page["rows"][0][1], "é".repeat(2000));
    assert_eq!(page["rows"][1][1], json!({"cut": "é".repeat(2000), "length": 2001}));
    assert_eq!(page["rows"][1][2]["length"], 100_002);
    let cell = |column: &str, key: &str| {
        studio
            .try_post("/api/cell", &json!({"schema": "public", "name": "t", "key": [key], "column": column}))
    };
    assert_eq!(cell("j", "2").ok()["value"].as_str().unwrap().len(), 100_002);
    assert_eq!((cell("j", "3").status, cell("k", "2").status), (404, 400));
}

const SHOP: &str = "
    create schema shop;
    create table shop.customer (id bigint generated always as identity primary key, email text not null unique,
        name varchar(10), age int check (age > 0), born date, total numeric(5,2), upper text generated always as (upper(email)) stored);
    create table shop.orders (id int primary key default 7, customer bigint references shop.customer, note text default 'new',
        parent int references shop.orders deferrable initially deferred);
    create table no_key (a int);
    insert into shop.customer (email, name, age) values ('a@x', 'Ann', 30), ('b@x', null, 40), ('c@x', 'Cyd', 50);
    insert into shop.orders values (1, 1, 'one'), (2, 1, 'two'), (3, 2, null)";

fn edit(kind: &str, name: &str, key: &[&str], set: Value) -> Value {
    json!({"kind": kind, "schema": "shop", "name": name, "key": key, "set": set})
}

#[test]
fn edits_are_saved_together_or_not_at_all() {
    let (studio, mut database) = studio(SHOP, "");
    let save = |edits: &[Value]| studio.try_post("/api/edits", &json!({ "edits": edits }));
    let change =
        edit("update", "customer", &["1"], json!({"email": "it's\\", "name": null, "born": "2000-02-29"}));
    assert_eq!(save(std::slice::from_ref(&change)).status, 403);
    let preview = studio.post("/api/edits", &json!({"edits": [change, edit("insert", "orders", &[], json!({"note": {"default": true}, "customer": "2"})),
        edit("insert", "orders", &[], json!({})), edit("delete", "orders", &["3"], json!({}))], "preview": true}));
    let statements = [
        "UPDATE \"shop\".\"customer\" SET \"born\" = '2000-02-29', \"email\" = E'it''s\\\\', \"name\" = NULL WHERE \"id\" = '1';",
        "INSERT INTO \"shop\".\"orders\" (\"customer\", \"note\") VALUES ('2', DEFAULT);",
        "INSERT INTO \"shop\".\"orders\" VALUES (DEFAULT);",
        "DELETE FROM \"shop\".\"orders\" WHERE \"id\" = '3';",
    ];
    let shown: Vec<&str> =
        preview["statements"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(
        shown[0].replace("E'it''s\\\\'", "X").replace("'it''s\\'", "X"),
        statements[0].replace("E'it''s\\\\'", "X")
    );
    assert_eq!((shown[1], shown[3]), (statements[1], statements[3]));
    studio.turn_writing(true).ok();
    let saved = save(&[
        change.clone(),
        edit("insert", "orders", &[], json!({"note": {"default": true}, "customer": "2"})),
        edit("delete", "orders", &["3"], json!({})),
    ]);
    assert_eq!(saved.ok()["saved"], 3);
    let row = "select email || coalesce(name, '-') || born || upper from shop.customer where id = 1";
    assert_eq!(one::<String>(&mut database, row), "it's\\-2000-02-29IT'S\\");
    assert_eq!(
        one::<String>(
            &mut database,
            "select string_agg(id || coalesce(note, '-'), ',' order by id) from shop.orders"
        ),
        "1one,2two,7new"
    );
    assert!(studio.audit().contains("committed\tDELETE FROM \"shop\".\"orders\" WHERE \"id\" = '3';\n"));
    // Each wrong one is told, with its column; nothing is saved.
    let wrong = [
        edit("update", "customer", &["2"], json!({"name": "fine", "age": "x"})),
        edit("update", "customer", &["2"], json!({"age": "0"})),
        edit("update", "customer", &["2"], json!({"email": null})),
        edit("update", "customer", &["2"], json!({"email": "c@x"})),
        edit("update", "customer", &["2"], json!({"name": "longer than ten"})),
        edit("update", "customer", &["2"], json!({"total": "1000"})),
        edit("update", "customer", &["2"], json!({"born": "2001-02-29"})),
        edit("insert", "orders", &[], json!({"id": "9", "customer": "99"})),
        edit("insert", "orders", &[], json!({"id": "1"})),
        edit("delete", "customer", &["1"], json!({})),
        edit("update", "customer", &["3"], json!({"name": "good"})),
    ];
    let answer = save(&wrong);
    assert_eq!(answer.status, 400);
    let told: Vec<(u64, String, String)> = answer.body_json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["edit"].as_u64().unwrap(),
                one["column"].as_str().unwrap_or("-").to_owned(),
                one["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        (0, "age", "22P02"),
        (1, "age", "23514"),
        (2, "email", "23502"),
        (3, "email", "23505"),
        (4, "name", "22001"),
        (5, "total", "22003"),
        (6, "born", "22008"),
        (7, "customer", "23503"),
        (8, "id", "23505"),
        (9, "-", "23503"),
    ];
    assert_eq!(told, expected.map(|(edit, column, code)| (edit, column.to_owned(), code.to_owned())));
    assert_eq!(
        one::<i64>(&mut database, "select count(*) from shop.customer where name in ('fine', 'good')"),
        0
    );
    // What is checked at the end only has its edit, too.
    let answer = save(&[
        edit("update", "customer", &["3"], json!({"name": "good"})),
        edit("update", "orders", &["1"], json!({"parent": "99"})),
    ]);
    assert_eq!((answer.status, &answer.body_json()["errors"][0]["edit"]), (400, &json!(1)));
    assert_eq!(one::<i64>(&mut database, "select count(*) from shop.customer where name = 'good'"), 0);
    for (what, status) in [
        (edit("update", "customer", &["2"], json!({"upper": "x"})), 400),
        (edit("update", "customer", &["2", "3"], json!({"name": "x"})), 400),
        (edit("update", "customer", &[], json!({"name": "x"})), 400),
        (edit("update", "customer", &["2"], json!({})), 400),
        (edit("update", "nothing", &["2"], json!({"name": "x"})), 404),
        (json!({"kind": "delete", "schema": "public", "name": "no_key", "key": []}), 403),
        (json!({"kind": "drop", "schema": "public", "name": "no_key", "key": []}), 400),
    ] {
        assert_eq!(save(std::slice::from_ref(&what)).status, status, "{what}");
    }
}

#[test]
fn nobody_is_overwritten() {
    let (studio, mut database) = studio(SHOP, "");
    studio.turn_writing(true).ok();
    let page = studio.post("/api/rows", &json!({"schema": "shop", "name": "customer"}));
    let version = page["versions"][1].as_str().unwrap().to_owned();
    let save = |kind: &str, version: Option<&str>, old: Value| {
        let mut edit = edit(kind, "customer", &["2"], json!({"name": "mine"}));
        edit["version"] = version.into();
        edit["old"] = old;
        if kind == "delete" {
            edit["set"] = json!({});
        }
        studio.try_post("/api/edits", &json!({"edits": [edit]}))
    };
    database.db.client().batch_execute("update shop.customer set age = 41 where id = 2").unwrap();
    for kind in ["update", "delete"] {
        // By the version though the values told are the same; by the values though no version is told.
        for (version, old) in
            [(Some(version.as_str()), json!({"name": null})), (None, json!({"name": null, "age": "40"}))]
        {
            let answer = save(kind, version, old);
            assert_eq!(answer.status, 409, "{answer:?}");
            let error = &answer.body_json()["errors"][0];
            assert_eq!(error["now"]["age"], "41", "{error}");
            assert!(error["message"].as_str().unwrap().contains("changed the row meanwhile"));
        }
    }
    assert_eq!(one::<i64>(&mut database, "select count(*) from shop.customer where name = 'mine'"), 0);
    assert_eq!(save("update", None, json!({"name": null, "age": "41"})).status, 200);
    // A row that is gone, a row that a trigger holds.
    database
        .db
        .client()
        .batch_execute("delete from shop.orders; delete from shop.customer where id = 2")
        .unwrap();
    let gone = save("update", None, json!({}));
    assert_eq!((gone.status, &gone.body_json()["errors"][0]["now"]), (409, &Value::Null));
    let trigger = "create function hold() returns trigger language plpgsql as 'begin return null; end';
        create trigger hold before update on shop.customer for each row execute function hold()";
    database.db.client().batch_execute(trigger).unwrap();
    let held = studio.try_post(
        "/api/edits",
        &json!({"edits": [edit("update", "customer", &["1"], json!({"name": "x"}))]}),
    );
    assert_eq!(held.status, 409);
}

#[test]
fn tables_and_where_their_rows_lead() {
    let (studio, _database) =
        studio(&format!("{SHOP}; comment on table shop.customer is 'Who pays'; analyze"), "");
    let tables = studio.get("/api/tables");
    let customer =
        tables["relations"].as_array().unwrap().iter().find(|one| one["name"] == "customer").unwrap();
    assert_eq!(
        (&customer["rows"], &customer["kind"], &customer["comment"]),
        (&json!(3.0), &json!("table"), &json!("Who pays"))
    );
    assert!(customer["bytes"].as_i64().unwrap() >= 8192 && customer["declared"].is_null());
    let table = studio.get("/api/table?schema=shop&name=orders");
    assert_eq!(
        table["columns"][1]["references"],
        json!({"schema": "shop", "name": "customer", "column": "id"})
    );
    assert_eq!(table["foreign_keys"][0]["to"], json!(["id"]));
    assert_eq!((&table["primary_key"], &table["editable"]), (&json!(["id"]), &json!(true)));
    assert!(table["sql"].as_str().unwrap().starts_with("CREATE TABLE shop.orders (\n"), "{table}");
    let bases = studio.get("/api/table?schema=shop&name=customer");
    let bases: Vec<&str> =
        bases["columns"].as_array().unwrap().iter().map(|one| one["base"].as_str().unwrap()).collect();
    assert_eq!(bases, ["number", "text", "text", "number", "date", "number", "text"]);
    let none = studio.get("/api/table?schema=public&name=no_key");
    assert_eq!(none["editable"], false);
    assert!(none["why_not"].as_str().unwrap().contains("primary key"));
    assert_eq!(studio.ask("GET", "/api/table?schema=shop&name=none").send().status, 404);
    let row = studio.post("/api/row", &json!({"schema": "shop", "name": "customer", "key": {"id": "1"}}));
    assert_eq!(
        row["in"],
        json!([{"name": "orders_customer_fkey", "schema": "shop", "table": "orders", "where": {"customer": "1"}, "count": 2}])
    );
    let row = studio.post("/api/row", &json!({"schema": "shop", "name": "orders", "key": {"id": "2"}}));
    assert_eq!(
        row["out"],
        json!([{"name": "orders_customer_fkey", "schema": "shop", "table": "customer", "where": {"id": "1"}}])
    );
    let diagram = studio.get("/api/diagram");
    assert_eq!(
        (diagram["tables"].as_array().unwrap().len(), diagram["edges"].as_array().unwrap().len()),
        (3, 2)
    );
    assert_eq!(diagram["edges"][0]["optional"], true);
    let completion = studio.get("/api/completion");
    assert_eq!(completion["schemas"]["shop"]["orders"], json!(["id", "customer", "note", "parent"]));
    assert!(studio.get("/api/activity")["sessions"].is_array());
}

#[test]
fn files_out_and_in() {
    let (studio, mut database) = studio(SHOP, "");
    let export = |format: &str| {
        let wish = json!({"schema": "shop", "name": "orders", "format": format, "filters": [{"column": "id", "op": "<", "value": "3"}],
            "sort": [{"column": "id", "descending": true}]});
        let answer = studio.try_post("/api/export", &wish);
        assert_eq!(
            answer.header("content-disposition").unwrap(),
            format!("attachment; filename=\"orders.{format}\"")
        );
        answer.body
    };
    assert_eq!(export("csv"), "id,customer,note,parent\r\n2,1,two,\r\n1,1,one,\r\n");
    let rows: Value = serde_json::from_str(&export("json")).unwrap();
    assert_eq!(rows[1], json!({"id": 1, "customer": 1, "note": "one", "parent": null}));
    let sql = export("sql");
    assert!(
        sql.starts_with(
            "INSERT INTO shop.orders (id, customer, note, parent) VALUES ('2', '1', 'two', NULL);\n"
        ),
        "{sql}"
    );
    database.db.client().batch_execute("create table copy (like shop.orders)").unwrap();
    database.db.client().batch_execute(&sql.replace("shop.orders", "copy")).unwrap();
    assert_eq!(one::<i64>(&mut database, "select count(*) from copy natural join shop.orders"), 0);
    assert_eq!(
        one::<i64>(&mut database, "select count(*) from copy c join shop.orders o using (id, note)"),
        2
    );
    let import = |text: &str, dry: bool| {
        studio.try_post(
            "/api/import",
            &json!({"schema": "shop", "name": "orders", "text": text, "dry_run": dry}),
        )
    };
    assert_eq!(import("id\n9", true).status, 403);
    studio.turn_writing(true).ok();
    let wrong = "id,customer,note\n10,1,\"a\nb\"\nx,1,b\n11,99,c\n12\n10,1,d\n13,2,\"\"\n";
    let told = import(wrong, false).ok();
    assert_eq!((&told["rows"], &told["saved"]), (&json!(6), &json!(0)));
    let mut lines: Vec<i64> =
        told["errors"].as_array().unwrap().iter().map(|one| one["line"].as_i64().unwrap()).collect();
    lines.sort_unstable();
    assert_eq!(lines, [4, 5, 6, 7], "{told}");
    let good = "id,customer,note\n10,1,\"a\nb\"\n13,2,\"\"\n14,,\n";
    assert_eq!(import(good, true).ok(), json!({"rows": 3, "errors": [], "saved": 0}));
    assert_eq!(one::<i64>(&mut database, "select count(*) from shop.orders"), 3);
    assert_eq!(import(good, false).ok()["saved"], 3);
    let notes = "select string_agg(coalesce(replace(note, e'\\n', '/'), 'null'), ',' order by id) from shop.orders where id > 9";
    assert_eq!(one::<String>(&mut database, notes), "a/b,,null");
    for (text, status) in [("", 400), ("id,nope\n1,2", 400), ("id,id\n1,2", 400), ("id\n\"1", 400)] {
        assert_eq!(import(text, true).status, status, "{text}");
    }
    let answer = studio.try_post(
        "/api/import",
        &json!({"schema": "shop", "name": "customer", "text": "upper\nx", "dry_run": true}),
    );
    assert_eq!(answer.status, 400);
}

fn timed<T>(what: &str, most: Duration, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let result = work();
    assert!(begun.elapsed() < most, "{what} took {:?}", begun.elapsed());
    result
}

#[test]
fn a_million_rows() {
    let (studio, _database) = studio(
        "create table big (id bigint primary key, at timestamptz not null, kind text, n int);
        insert into big select i, timestamptz '2026-01-01' + i * interval '1 second', nullif('k' || i % 5, 'k0'), i % 1000
            from generate_series(1, 1000000) i;
        create index on big (at); create index on big (kind); analyze big",
        "",
    );
    let page = |more: Value| {
        let mut wish = json!({"schema": "public", "name": "big", "limit": 100});
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        studio.post("/api/rows", &wish)
    };
    // A debug build on a machine that is busy with other tests; alone each takes a few milliseconds.
    let most = Duration::from_secs(2);
    let sorted = json!([{"column": "at", "descending": true}]);
    let first = timed("the first page", most, || page(json!({})));
    assert_eq!(first["rows"][0][0], "1");
    let deep = timed("a deep page", most, || page(json!({"after": "{\"row\":[\"900000\"]}"})));
    assert_eq!(deep["rows"][0][0], "900001");
    let back = timed("a page back", most, || page(json!({"before": deep["previous"]})));
    assert_eq!((&back["rows"][0][0], &back["rows"][99][0]), (&json!("899901"), &json!("900000")));
    let place = timed("a sorted page", most, || page(json!({"sort": sorted})))["next"].clone();
    let next = timed("the next sorted page", most, || page(json!({"sort": sorted, "after": place})));
    assert_eq!(next["rows"][0][0], "999900");
    let deep = json!({"sort": sorted, "after": "{\"row\":[\"2026-01-01 00:10:00+00\",\"600\"]}"});
    assert_eq!(timed("a deep sorted page", most, || page(deep))["rows"][0][0], "599");
    let nulls = json!({"sort": [{"column": "kind"}], "after": "{\"row\":[null,\"500000\"]}"});
    assert_eq!(timed("a page among NULLs", most, || page(nulls))["rows"][0][0], "500005");
    let filter = json!({"filters": [{"column": "id", "op": "=", "value": "777777"}]});
    assert_eq!(timed("a filter by key", most, || page(filter))["rows"][0][3], "777");
    let filter = json!({"filters": [{"column": "n", "op": "=", "value": "999"}, {"column": "at", "op": ">=", "value": "2026-01-10 00:00:00+00"}]});
    assert_eq!(timed("a filter", most, || page(filter))["rows"].as_array().unwrap().len(), 100);
    let count = timed("the count", Duration::from_secs(10), || {
        studio.post("/api/count", &json!({"schema": "public", "name": "big"}))
    });
    assert!(count["count"].as_f64().unwrap() > 900_000.0);
}

#[test]
fn ten_thousand_tables() {
    let (studio, mut database) = studio("", "");
    for schema in 0..10 {
        let tables = format!(
            "create schema s{schema}; do $$ begin for i in 1..1000 loop
            execute format('create table s{schema}.t%s (id int, a text)', i); end loop; end $$"
        );
        database.db.client().batch_execute(&tables).unwrap();
    }
    let most = Duration::from_secs(8);
    let tables = timed("the list", most, || studio.get("/api/tables"));
    assert_eq!(tables["relations"].as_array().unwrap().len(), 10_000);
    let page = timed("rows", most, || studio.post("/api/rows", &json!({"schema": "s5", "name": "t500"})));
    assert_eq!(page["rows"], json!([]));
    let table = timed("a table", most, || studio.get("/api/table?schema=s5&name=t500"));
    assert_eq!(table["columns"].as_array().unwrap().len(), 2);
    assert_eq!(
        timed("completion", most, || studio.get("/api/completion"))["schemas"]["s9"]
            .as_object()
            .unwrap()
            .len(),
        1000
    );
    assert_eq!(
        timed("the diagram", most, || studio.get("/api/diagram"))["tables"].as_array().unwrap().len(),
        10_000
    );
    // Nobody waits for a table that somebody holds.
    let mut client = {
        let config: postgres::Config = database.db.url().parse().unwrap();
        config.connect(postgres::NoTls).unwrap()
    };
    let mut transaction = client.transaction().unwrap();
    transaction.batch_execute("alter table s1.t1 add b int").unwrap();
    let tables = timed("the list beside a lock", most, || studio.get("/api/tables"));
    assert_eq!(tables["relations"].as_array().unwrap().len(), 10_000);
}
