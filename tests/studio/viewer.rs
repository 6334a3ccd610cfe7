//! Rows as another role sees them: rights, policies, the settings that these ask for; and no way out.

use super::{Studio, one, studio};
use serde_json::{Value, json};

/// The roles are the server's: their names are only for these tests.
const ROLES: &str = "
    do $$ begin create role schema_studio_seller; exception when duplicate_object then null; end $$;
    do $$ begin create role schema_studio_boss superuser; exception when duplicate_object then null; end $$;
    do $$ begin create role schema_studio_files; grant pg_read_server_files to schema_studio_files;
        exception when duplicate_object then null; end $$;
    create table deal (id int primary key, seller text, amount int); create table secret (id int primary key);
    create table own (id int primary key, deal int references deal);
    insert into deal values (1, 'ann', 10), (2, 'ann', 20), (3, 'bob', 30); insert into own values (1, 1), (2, 3);
    grant select on deal, own to schema_studio_seller;
    alter table deal enable row level security;
    create policy mine on deal to schema_studio_seller
        using (seller = current_setting('app.seller', true) or seller = current_setting('request.jwt.claims', true)::json ->> 'sub');
    alter policy mine on deal to schema_studio_seller";

fn look(studio: &Studio, role: &str, settings: &Value) -> Value {
    studio.post("/api/role", &json!({"role": role, "settings": settings}))
}

fn deals(studio: &Studio) -> Vec<String> {
    let page = studio.post("/api/rows", &json!({"schema": "public", "name": "deal"}));
    page["rows"].as_array().unwrap().iter().map(|row| row[0].as_str().unwrap().to_owned()).collect()
}

#[test]
fn rows_are_those_that_the_role_may_see() {
    let (studio, _database) = studio(ROLES, "");
    assert_eq!(studio.get("/api/info")["viewer"], Value::Null);
    assert_eq!(deals(&studio), ["1", "2", "3"]);
    let info = look(&studio, "schema_studio_seller", &json!({"app.seller": "ann"}));
    assert_eq!(info["viewer"], json!({"role": "schema_studio_seller", "settings": {"app.seller": "ann"}}));
    assert_eq!(deals(&studio), ["1", "2"]);
    let deal = json!({"schema": "public", "name": "deal"});
    assert_eq!(studio.post("/api/count", &deal)["count"], 2);
    let mut export = deal.clone();
    export["format"] = "csv".into();
    assert_eq!(studio.try_post("/api/export", &export).body, "id,seller,amount\r\n1,ann,10\r\n2,ann,20\r\n");
    let row = studio.try_post("/api/row", &json!({"schema": "public", "name": "deal", "key": {"id": "3"}}));
    assert_eq!(row.status, 404);
    let cell = json!({"schema": "public", "name": "deal", "key": ["3"], "column": "seller"});
    assert_eq!(studio.try_post("/api/cell", &cell).status, 404);
    let all = studio.run("select current_user, string_agg(seller, ',') from deal", false).unwrap();
    assert_eq!(all["rows"], json!([["schema_studio_seller", "ann,ann"]]));
    let explain = json!({"id": "x", "sql": "select * from deal", "analyze": true});
    let plan = studio.post("/api/explain", &explain);
    assert_eq!(plan["plan"][0]["Plan"]["Actual Rows"].as_f64(), Some(2.0));
    // Claims as a whole, and nothing set at all.
    look(&studio, "schema_studio_seller", &json!({"request.jwt.claims": "{\"sub\": \"bob\"}"}));
    assert_eq!(deals(&studio), ["3"]);
    look(&studio, "schema_studio_seller", &json!({}));
    assert_eq!(deals(&studio), [""; 0]);
    // What it has no right to is an error, and the list of tables stays whole.
    let refused = studio.try_post("/api/rows", &json!({"schema": "public", "name": "secret"}));
    assert_eq!((refused.status, refused.body_json()["error"]["code"].as_str()), (403, Some("42501")));
    assert_eq!(studio.get("/api/table?schema=public&name=secret")["columns"][0]["name"], "id");
    assert!(studio.get("/api/tables").to_string().contains("secret"));
    // Oneself again.
    assert_eq!(studio.post("/api/role", &json!({"role": null}))["viewer"], Value::Null);
    assert_eq!(deals(&studio), ["1", "2", "3"]);
}

#[test]
fn nothing_is_written_meanwhile_and_nobody_gets_out() {
    let (studio, mut database) = studio(ROLES, "");
    studio.turn_writing(true).ok();
    let info = look(&studio, "schema_studio_seller", &json!({"app.seller": "ann"}));
    assert_eq!(info["writing"], false);
    let edits = json!({"edits": [{"kind": "delete", "schema": "public", "name": "own", "key": ["1"]}]});
    let import = json!({"schema": "public", "name": "deal", "text": "id\n99", "dry_run": false});
    for (path, body) in [
        ("/api/edits", &edits),
        ("/api/import", &import),
        ("/api/sql", &json!({"id": "x", "sql": "delete from deal", "write": true})),
        ("/api/explain", &json!({"id": "x", "sql": "delete from deal", "analyze": true})),
        ("/api/write", &json!({"on": true})),
    ] {
        let answer = studio.try_post(path, body);
        assert_eq!(answer.status, 403, "{path}: {answer:?}");
        assert!(answer.message().contains("you look as schema_studio_seller"), "{answer:?}");
    }
    for sql in [
        "reset role; select * from deal",
        "set role none",
        "set session authorization default",
        "select set_config('role', 'none', true), * from deal",
        "select pg_read_file('/etc/passwd')",
        "insert into own values (9, 1)",
    ] {
        assert!(studio.run(sql, false).is_err(), "{sql}");
    }
    // What a statement sets ends with it.
    studio.run("select set_config('app.seller', 'bob', false)", false).unwrap_err();
    assert_eq!(deals(&studio), ["1", "2"]);
    assert_eq!(one::<i64>(&mut database, "select count(*) from deal"), 3);
    // The switch is as it was.
    assert_eq!(studio.post("/api/role", &json!({"role": null}))["writing"], true);
    assert_eq!(studio.post("/api/edits", &edits)["errors"], Value::Null);
}

#[test]
fn only_roles_without_power_and_settings_of_applications() {
    let (studio, _database) = studio(ROLES, "");
    let roles = studio.get("/api/roles");
    let names: Vec<&str> =
        roles["roles"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"schema_studio_seller"), "{names:?}");
    for powerful in ["schema_studio_boss", "schema_studio_files", "pg_read_all_data", "postgres"] {
        assert!(!names.contains(&powerful), "{names:?}");
        let answer = studio.try_post("/api/role", &json!({"role": powerful}));
        assert_eq!(answer.status, 403, "{powerful}: {answer:?}");
    }
    for role in ["none", "", "nobody_at_all", "x\"; reset role; --"] {
        assert_eq!(studio.try_post("/api/role", &json!({"role": role})).status, 403, "{role}");
    }
    for name in
        ["role", "row_security", "transaction_read_only", "a.b; reset role", "a.b', '', true); --", ".a"]
    {
        let wish = json!({"role": "schema_studio_seller", "settings": {name: "off"}});
        assert_eq!(studio.try_post("/api/role", &wish).status, 400, "{name}");
    }
    let odd = json!({"role": "schema_studio_seller", "settings": {"app.seller": "it's'); reset role; --\\"}});
    assert_eq!(studio.post("/api/role", &odd)["viewer"], odd);
    assert_eq!(deals(&studio), [""; 0]);
    let set = studio.run("select current_setting('app.seller')", false).unwrap();
    assert_eq!(set["rows"], json!([["it's'); reset role; --\\"]]));
}
