//! The page of changes: what waits to run and what is said of it, drift, and where other databases stand.

use super::{Database, Story, Studio};
use schema_core::engine::postgres::connect::Target;
use serde_json::{Value, json};

/// A URL without blanks.
fn url(database: &Database) -> String {
    Target::new(&database.db.url(), &|_| None).unwrap().display()
}

fn migration(story: &Story, id: &str, up: &str, down: &str) {
    story.write(&format!("migrations/{id}/up.sql"), up);
    story.write(&format!("migrations/{id}/down.sql"), down);
}

#[test]
fn what_waits_has_locks_findings_and_a_proof() {
    let database = Database::new();
    let mut story = Story::new();
    story.use_database(&database);
    let toml = format!(
        "[environments.near]\nurl = \"{}\"\n[environments.away]\nurl-env = \"NOWHERE\"\n",
        url(&database)
    );
    story.write("schema.toml", &toml);
    migration(
        &story,
        "20260101000000_a",
        "CREATE TABLE public.t (id bigint PRIMARY KEY, a int, b text);\n",
        "DROP TABLE public.t;\n",
    );
    let migrated = story.run("migrate");
    assert!(migrated.status.success(), "{migrated:?}");
    migration(
        &story,
        "20260102000000_b",
        "ALTER TABLE public.t DROP COLUMN a;\n",
        "ALTER TABLE public.t ADD COLUMN a text;\n",
    );
    migration(&story, "20260103000000_c", "CREATE INDEX t_b ON public.t (b);\n", "DROP INDEX public.t_b;\n");
    migration(
        &story,
        "20260104000000_d",
        "UPDATE public.t SET b = lower(b);\n",
        "-- schema:irreversible the old values are gone\n",
    );
    let studio = Studio::start(story, "");
    let changes = studio.get("/api/changes");
    let pending = changes["pending"].as_array().unwrap();
    let ids: Vec<&str> = pending.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["20260102000000_b", "20260103000000_c", "20260104000000_d"], "{changes}");
    let rules = |one: &Value| -> Vec<String> {
        let lint = one["lint"].as_array().unwrap().iter();
        lint.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
    };
    let (b, c, d) = (&pending[0], &pending[1], &pending[2]);
    let lock = |mode: &str, blocks: &str| json!([{"table": "public.t", "mode": mode, "blocks": blocks}]);
    assert_eq!(b["locks"], lock("ACCESS EXCLUSIVE", "blocks reads and writes"));
    assert_eq!(b["hazards"][0]["kind"], "data-loss");
    assert!(rules(b).contains(&"drop-column".to_owned()), "{b}");
    assert_eq!(b["proof"]["state"], "wrong");
    assert!(b["proof"]["why"].as_str().unwrap().contains("the schema is not what it was"), "{b}");
    assert_eq!(c["locks"], lock("SHARE", "blocks writes"));
    assert!(rules(c).contains(&"index-not-concurrent".to_owned()), "{c}");
    assert_eq!((&c["proof"]["state"], &c["proof"]["why"]), (&json!("up and down"), &Value::Null));
    assert!(c["proof"]["on"].as_str().unwrap().starts_with("PostgreSQL "), "{c}");
    assert_eq!((&d["proof"]["state"], &d["locks"]), (&json!("up"), &json!([])));
    assert_eq!(changes["drift"]["changes"], json!([]));
    // Where the others stand, when somebody asks.
    assert_eq!(studio.get("/api/environments")["environments"], json!(["away", "near"]));
    let near = studio.post("/api/environment", &json!({"name": "near"}));
    let states = &near["databases"][0]["states"];
    assert_eq!(
        (&states["20260101000000_a"], &states["20260103000000_c"]),
        (&json!("applied"), &json!("pending")),
        "{near}"
    );
    assert!(studio.try_post("/api/environment", &json!({"name": "away"})).message().contains("NOWHERE"));
    for name in ["", "none", "postgres://me@192.0.2.1/x", "127.0.0.1"] {
        let answer = studio.try_post("/api/environment", &json!({"name": name}));
        assert_eq!(answer.status, 404, "{name}: only what schema.toml names is connected to");
    }
}

#[test]
fn the_example_with_a_migration_that_waits_and_a_change_by_hand() {
    let mut database = Database::new();
    let finance = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples/finance");
    let flags =
        format!("--config {} --database-url {}", finance.join("schema.toml").display(), url(&database));
    let story = Story::new();
    let migrated = story.run(&format!("migrate --to 20261122113144_init {flags}"));
    assert!(migrated.status.success(), "{migrated:?}");
    database.db.client().batch_execute("alter table accounts add by_hand int").unwrap();
    let studio = Studio::start(story, &flags);
    let changes = studio.get("/api/changes");
    let pending = &changes["pending"][0];
    assert_eq!(pending["id"], "20261122113146_add_transactions_status", "{changes}");
    assert_eq!(pending["sections"], json!(["2 statements", "1 statement, outside of a transaction"]));
    assert_eq!(pending["proof"]["state"], "up and down", "{pending}");
    assert_eq!(pending["locks"][0]["mode"], "ACCESS EXCLUSIVE", "{pending}");
    assert_eq!(pending["locks"][0]["table"], "public.transactions", "{pending}");
    let declared = &changes["declared"];
    assert_eq!((&declared["available"], &declared["changes"]), (&json!(true), &json!([])), "{changes}");
    let drift = &changes["drift"];
    assert_eq!(drift["changes"][0]["object"], "column accounts.by_hand", "{changes}");
    assert!(drift["back_sql"].as_str().unwrap().contains("DROP COLUMN by_hand"), "{drift}");
    let states: Vec<&str> =
        changes["timeline"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["applied", "pending"]);
    // From the build it is known where the code has what.
    let table = studio.get("/api/table?schema=public&name=accounts");
    assert_eq!(table["columns"][0]["declared_at"], "examples/finance/src/lib.rs:30", "{table}");
}
