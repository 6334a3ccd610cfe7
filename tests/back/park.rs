//! `schema generate --park` and `schema purge`: drops that come back with their rows.

use super::{ends, number, parts, sql, text};
use crate::cli::story::{Database, Story};

const BEFORE: &str = r#"use schema_core::{Enum, Table, sql};

#[derive(Enum)]
pub enum State { New, Old }

#[derive(Table)]
#[table(name = "orgs")]
pub struct Org {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    #[column(unique)]
    pub mail: String,
    #[column(default = "'none'")]
    pub note: Option<String>,
    pub state: Option<State>,
}

#[derive(Table)]
#[table(name = "users", index(name))]
pub struct User {
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = Org::id, on_delete = cascade)]
    pub org: i64,
    pub name: String,
    pub state: State,
}

#[derive(Table)]
#[table(name = "posts", schema = "blog")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub author: i64,
}

sql!("CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER audit BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION audit();");
"#;

/// Without users, posts and their enum; an org has only its name.
const AFTER: &str = r#"use schema_core::Table;

#[derive(Table)]
#[table(name = "orgs")]
pub struct Org {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
}
"#;

const ROWS: &str = "insert into orgs values (1, 'a', 'a@a', null, 'new'), (2, 'b', 'b@b', 'x', null);
    insert into users (org, name, state) values (1, 'u', 'new'), (2, 'v', 'old');
    insert into blog.posts values (7, 1), (8, 2);";

/// All rows as one text.
const ALL: &str =
    "select (select string_agg(row(id, name, mail, note, state)::text, ' ' order by id) from orgs)
    || (select string_agg(row(id, org, name, state)::text, ' ' order by id) from users)
    || (select string_agg(p::text, ' ' order by id) from blog.posts p)";

fn begun(name: &str, database: &mut Database) -> Story {
    let mut story = Story::project(name);
    story.use_database(database);
    story.write("src/lib.rs", BEFORE);
    ends(&story, 0, "generate --quiet --name begin");
    ends(&story, 0, "migrate");
    sql(database, ROWS);
    story.write("src/lib.rs", AFTER);
    story
}

fn parked(database: &mut Database) -> i64 {
    number(database, "select count(*) from pg_namespace where nspname like 'parked%'")
}

#[test]
fn there_and_back_with_every_row() {
    let mut database = Database::new();
    let story = begun("parked", &mut database);
    let before = text(&mut database, ALL);
    ends(&story, 3, "generate --quiet --name gone");
    let made = story.json("generate --quiet --name gone --park");
    let (up, down) = (made["up"].as_str().unwrap(), made["down"].as_str().unwrap());
    assert!(!up.contains("data-loss") && !up.contains("DROP TABLE"), "{up}");
    assert!(up.contains("SET SCHEMA parked_") && down.contains("UPDATE public.orgs"), "{up}\n{down}");
    // The live database is the same for schema: nothing of it is seen.
    ends(&story, 0, "migrate");
    assert_eq!(parked(&mut database), 2);
    assert_eq!(story.json("generate --quiet")["changed"], false);
    let live = database.db.url();
    let mut diff = story.command("diff --exit-code --from migrations");
    let (code, out, told) = parts(&diff.args(["--to", &live]).output().unwrap());
    assert_eq!(code, 0, "{out}{told}");
    // What is parked acts on nobody, and nobody on it.
    sql(&mut database, "delete from orgs where id = 2; insert into orgs values (2, 'b')");
    // Back, and every row is there.
    ends(&story, 0, "rollback");
    assert_eq!(text(&mut database, ALL), before);
    assert_eq!(parked(&mut database), 0);
    sql(&mut database, "insert into users (org, name, state) values (1, 'w', 'new')");
    assert_eq!(number(&mut database, "select count(*) from pg_trigger where tgname = 'audit'"), 1);
    // And there again.
    ends(&story, 0, "migrate");
    assert_eq!(parked(&mut database), 2);
    // A way back over more than one migration does not lose what comes back in between.
    let told = ends(&story, 3, "rollback --to none");
    assert!(told.contains("3 rows of parked_") && told.contains("users would be gone"), "{told}");
}

#[test]
fn purged_after_its_time() {
    let mut database = Database::new();
    let story = begun("purged", &mut database);
    story.write("schema.toml", "[generate]\npark = true\n");
    assert!(ends(&story, 0, "purge").contains("nothing to purge"));
    ends(&story, 0, "generate --quiet --name gone");
    ends(&story, 0, "migrate");
    assert!(ends(&story, 0, "purge --older-than 30d --allow data-loss").contains("nothing to purge"));
    sql(&mut database, "update schema_history.ledger_migration set finished_at = now() - interval '31 days'");
    let told = ends(&story, 3, "purge --older-than 30d");
    assert!(told.contains("users: 2 rows") && told.contains("orgs: 2 rows"), "{told}");
    ends(&story, 0, "purge --dry-run");
    assert_eq!(parked(&mut database), 2);
    // Somebody looks at it.
    let schema = text(&mut database, "select min(nspname) from pg_namespace where nspname like 'parked%'");
    sql(&mut database, &format!("create view theirs as select * from {schema}.users"));
    let told = ends(&story, 3, "purge --allow data-loss");
    assert!(told.contains("theirs") && parked(&mut database) > 0, "{told}");
    sql(&mut database, "drop view theirs");
    let purged = story.json("purge --older-than 30d --allow data-loss");
    assert_eq!(parked(&mut database), 0, "{purged}");
    assert!(ends(&story, 3, "rollback").contains("had parked was purged"));
    let status = story.json("status");
    assert_eq!(status["events"][0]["event"], "purged", "{status}");
    assert_eq!(story.run("purge --older-than soon").status.code(), Some(2));
}

const ODD: &str = r#"use schema_core::Table;

#[derive(Table)]
#[table(name = "events", primary_key(at, id), partition_by = range(at), index(kind),
    partition(name = "events_1", from = "1", to = "10"), partition(name = "events_rest", default))]
pub struct Event {
    pub at: i64,
    pub id: i64,
    pub kind: String,
    GONE
}

#[derive(Table)]
#[table(name = "keyless")]
pub struct Keyless {
    pub a: String,
    GONE
}
"#;

#[test]
fn partitions_and_what_cannot_be_parked() {
    let mut database = Database::new();
    let mut story = Story::project("parked_odd");
    story.use_database(&database);
    story.write("src/lib.rs", &ODD.replace("GONE", "pub gone: String,"));
    ends(&story, 0, "generate --quiet --name begin");
    ends(&story, 0, "migrate");
    sql(
        &mut database,
        "insert into events values (1, 1, 'a', 'x'), (20, 2, 'b', 'y'); insert into keyless values ('a', 'z')",
    );
    story.write("src/lib.rs", &ODD.replace("GONE", ""));
    // Without a primary key nothing says which row a value belongs to.
    let told = ends(&story, 3, "generate --quiet --park");
    assert!(told.contains("keyless.gone") && !told.contains("events"), "{told}");
    ends(&story, 0, "generate --quiet --name less --park --drop keyless.gone");
    ends(&story, 0, "migrate");
    sql(&mut database, "insert into events values (2, 3, 'c')");
    // A row that came since has no value, and the column must have one.
    let told = ends(&story, 4, "rollback");
    assert!(told.contains("contains null values"), "{told}");
    sql(&mut database, "delete from events where id = 3; delete from keyless");
    ends(&story, 0, "rollback");
    assert_eq!(
        text(&mut database, "select string_agg(e::text, ' ' order by id) from events e"),
        "(1,1,a,x) (20,2,b,y)"
    );

    let (_, rest) = ODD.split_once("#[derive(Table)]\n#[table(name = \"keyless\")]").unwrap();
    let only = format!("use schema_core::Table;\n#[derive(Table)]\n#[table(name = \"keyless\")]{rest}");
    story.write("src/lib.rs", &only.replace("GONE", "pub gone: String,"));
    std::fs::remove_dir_all(story.path().join("migrations")).unwrap();
    sql(&mut database, "drop schema schema_history cascade");
    story.write("src/lib.rs", &ODD.replace("GONE", "pub gone: String,"));
    ends(&story, 0, "generate --quiet --name begin");
    ends(&story, 0, "baseline");
    story.write("src/lib.rs", &only.replace("GONE", "pub gone: String,"));
    ends(&story, 0, "generate --quiet --name gone --park");
    ends(&story, 0, "migrate");
    assert_eq!(
        number(
            &mut database,
            "select count(*) from pg_class where relname = 'events' and relnamespace = 'public'::regnamespace"
        ),
        0
    );
    assert!(ends(&story, 3, "purge").contains("events: 2 rows"));
    ends(&story, 0, "rollback");
    sql(&mut database, "insert into events values (30, 4, 'd', 'w')");
    assert_eq!(number(&mut database, "select count(*) from events_rest"), 2);
    ends(&story, 0, "generate --quiet --name none --park --dry-run");
}
