//! Status and rollback of many: tenants of a database, several databases. One that fails in the middle, and the run that
//! goes on.

use super::tenants::{complete, tenants};
use super::*;

/// What undoes the two migrations for tenants.
const BACK: [(&str, &str); 2] = [
    (
        "20260101000000_users",
        "drop function tenant.count_users();\ndrop table tenant.users;\ndrop type tenant.mood;\ndrop schema tenant;\n",
    ),
    (
        "20260102000000_posts",
        "drop table tenant.posts;\n-- schema:section\ndrop sequence tenant.post_numbers;\n\
         -- schema:section\ndelete from tenant.users where name = 'first';\n",
    ),
];

fn both_ways(url: &str, number: usize) -> Story {
    let story = tenants(url, number);
    for (id, down) in BACK {
        story.write(&format!("migrations/{id}/down.sql"), down);
    }
    story
}

/// How many tenants have this relation.
fn having(url: &str, relation: &str) -> i64 {
    count(
        url,
        &format!("select count(*) from pg_class where relname = '{relation}' and relkind in ('r', 'S')"),
    )
}

#[test]
fn status_of_tenants() {
    let Some(url) = database() else { return skipped("status of tenants", "no PostgreSQL") };
    let story = both_ways(&url, 5);
    let said = ends(&story, "status --tenants", 1);
    assert!(said.contains("behind            t_0001  0 applied, 2 pending\n"), "{said}");
    assert!(said.contains("5 tenants: 5 behind\nnext: `schema migrate`"), "{said}");
    assert_eq!(count(&url, "select count(*) from pg_class where relname = 'ledger_tenant'"), 0, "only reads");
    succeeds(&story, "migrate --tenants");
    let said = succeeds(&story, "status --tenants");
    assert!(said.contains("up to date        t_0005  2 applied\n5 tenants: 5 up to date\n"), "{said}");
    // One that fails outside of a transaction, and one that is new.
    story.write(
        "migrations/20260103000000_more/up.sql",
        "alter table tenant.users add x int;\n-- schema:section no-transaction\n\
         create unique index concurrently users_name_idx on tenant.users (name);\n",
    );
    connect(&url).batch_execute("insert into t_0002.users (name) values ('first')").unwrap();
    ends(&story, "migrate --tenants --keep-going --canary 0", 4);
    connect(&url).batch_execute("create schema t_0000").unwrap();
    let said = ends(&story, "status --tenants", 1);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "behind            t_0000  0 applied, 3 pending");
    assert_eq!(lines[1], "up to date        t_0001  3 applied");
    assert!(
        lines[2].starts_with(
            "half-applied      t_0002  2 applied, 1 half-applied; 20260103000000_more: could not create"
        ),
        "{said}"
    );
    assert_eq!(lines[6], "6 tenants: 4 up to date, 1 behind, 1 half-applied");
    let object = story.json("status --tenants");
    assert_eq!((&object["up_to_date"], &object["behind"]), (&4.into(), &2.into()), "{object}");
    let third = &object["each"][2];
    assert_eq!(
        (&third["state"], &third["next"]),
        (&"half-applied".into(), &"20260103000000_more".into()),
        "{object}"
    );
    assert!(third["failure"].as_str().unwrap().contains("could not create unique index"), "{object}");
    let said = ends(&story, "status --tenant t_0002 --verbose", 1);
    assert!(said.contains("section 2 of 2 is next") && said.contains("1 tenant: 1 half-applied"), "{said}");
    assert!(succeeds(&story, "status --tenant t_0003").contains("1 tenant: 1 up to date"));
    assert!(ends(&story, "status --tenant t_3", 2).contains("there is no tenant t_3"));
    ends(&story, "status --tenants --drift", 2);
}

#[test]
fn tenants_go_back_one_by_one_and_a_run_that_stops_goes_on() {
    let Some(url) = database() else { return };
    let story = both_ways(&url, 12);
    succeeds(&story, "migrate --tenants");
    let error = ends(&story, "rollback --tenants", 2);
    assert!(error.contains("say where to: --to ID, or --to none"), "{error}");
    // What is lost is known before anything begins.
    connect(&url).batch_execute("insert into t_0004.posts (user_id) values (1), (1)").unwrap();
    let error = ends(&story, "rollback --tenants --to users", 3);
    for part in [
        "t_0004: 2 rows of tenant.posts would be gone",
        "t_0001 and 11 more: migrations/20260102000000_posts/down.sql:5: delete from",
        "--allow data-loss",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert!(!error.contains("t_0005: 0 rows"), "{error}");
    let said = succeeds(&story, "rollback --tenants --to users --dry-run");
    assert!(said.contains("-- tenant t_0001") && said.contains("drop table t_0001.posts;"), "{said}");
    assert!(said.contains("the same for 11 tenants more") && !said.contains("drop table tenant."), "{said}");
    assert_eq!(complete(&url), 12);
    let error = ends(&story, "rollback --tenants --to users --canary t_12", 2);
    assert!(error.contains("t_12 is not among those that are not there yet"), "{error}");
    // One is in the way of its second section.
    connect(&url)
        .batch_execute("create view t_0006.theirs as select last_value from t_0006.post_numbers")
        .unwrap();
    let line = "rollback --tenants --to users --allow data-loss --jobs 2 --canary t_0009";
    let error = ends(&story, line, 4);
    assert!(error.starts_with("done    t_0009  1 migration"), "{error}");
    assert!(
        error.contains(
            "t_0006: rolling back 20260102000000_posts stopped in section 2 of 3; section 1 is undone"
        ),
        "{error}"
    );
    assert!(error.contains("1 failed, ") && error.contains("that are not there yet"), "{error}");
    let left = having(&url, "post_numbers");
    assert!((4..=7).contains(&left), "{left}");
    let said = ends(&story, "status --tenants", 1);
    assert!(
        said.contains(
            "half-rolled-back  t_0006  1 applied, 1 half-rolled-back; 20260102000000_posts: cannot"
        ),
        "{said}"
    );
    assert!(said.contains("behind            t_0009  1 applied, 1 pending"), "{said}");
    assert!(ends(&story, "migrate --tenant t_0006", 3).contains("20260102000000_posts is half rolled back"));
    // What stands in the way goes, and the same again takes only those that are left.
    connect(&url).batch_execute("drop view t_0006.theirs").unwrap();
    let object = story.json("rollback --tenants --to users --allow data-loss");
    assert_eq!(object["rolled_back"], left, "{object}");
    assert_eq!((&object["already"], &object["failed"]), (&(12 - left).into(), &0.into()), "{object}");
    assert_eq!((having(&url, "post_numbers"), having(&url, "users")), (0, 12));
    assert_eq!(count(&url, "select count(*) from t_0006.users"), 0);
    let events = "select count(*) from schema_history.ledger_tenant_event where event = 'rolled back'";
    assert_eq!(count(&url, events), 12);
    let said = succeeds(&story, "rollback --tenants --to users");
    assert!(said.contains("nothing to roll back in 12 tenants"), "{said}");
    // One of them all the way, with its schema; then all there again.
    connect(&url).batch_execute("delete from t_0001.users").unwrap();
    let said = succeeds(&story, "rollback --tenant t_0001 --to none");
    assert!(said.contains("1 tenant: 1 rolled back"), "{said}");
    assert_eq!(having(&url, "users"), 11);
    connect(&url).batch_execute("create schema t_0001").unwrap();
    let said = succeeds(&story, "migrate --tenants");
    assert!(said.contains("12 tenants: 12 migrated"), "{said}");
    assert_eq!(complete(&url), 12);
    told(
        "one of 12 tenants fails in the middle of a rollback",
        1,
        "the rest is not begun; exit 4; it is half rolled back, and the same again goes on there and with the others",
        "none",
    );
}

#[test]
fn tenants_that_stand_otherwise_have_ways_of_their_own() {
    let Some(url) = database() else { return };
    let story = both_ways(&url, 6);
    succeeds(&story, "migrate --tenants --to users");
    succeeds(&story, "migrate --tenant t_0001 --tenant t_0002");
    // The third stops in the middle of its way there.
    connect(&url)
        .batch_execute("create table t_0003.t (); create index posts_user_idx on t_0003.users (name)")
        .unwrap();
    ends(&story, "migrate --tenant t_0003", 4);
    assert_eq!(having(&url, "posts"), 3);
    connect(&url).batch_execute("drop table t_0003.t").unwrap();
    let said = succeeds(&story, "rollback --tenants --to users --allow data-loss");
    assert!(said.contains("6 tenants: 3 rolled back, 3 had nothing to roll back"), "{said}");
    assert_eq!((having(&url, "posts"), having(&url, "post_numbers"), having(&url, "users")), (0, 0, 6));
    // One cannot go back: nobody does, or only the others.
    succeeds(&story, "migrate --tenant t_0004 --tenant t_0005");
    connect(&url)
        .batch_execute("update schema_history.ledger_tenant_migration set checksum = 'x' where tenant = 't_0005' and id like '%posts'")
        .unwrap();
    let error = ends(&story, "rollback --tenants --to users --allow data-loss", 3);
    assert!(error.contains("nowhere was anything rolled back, because of t_0005: "), "{error}");
    assert!(
        error.contains("was edited after it ran") && error.contains("`--keep-going` rolls back the others")
    );
    assert_eq!(having(&url, "posts"), 2);
    let error = ends(&story, "rollback --tenants --to users --allow data-loss --keep-going", 3);
    assert!(error.contains("1 rolled back, 4 had nothing to roll back, 1 failed"), "{error}");
    assert_eq!(having(&url, "posts"), 1);
    // A way back that says something else for a tenant is found on scratch.
    story.write(
        "migrations/20260102000000_posts/down.sql",
        "drop table tenant.posts;\ndo $$ begin execute 'drop sequence tenant.post_numbers'; end $$;\n",
    );
    let error = ends(&story, "rollback --tenant t_0005 --to users --allow data-loss --allow edited", 3);
    assert!(error.contains("texts are not rewritten for tenants"), "{error}");
    assert_eq!(having(&url, "posts"), 1);
}

#[test]
fn databases_go_back_and_a_run_that_stops_goes_on() {
    let Some(first) = database() else { return };
    let urls: Vec<String> = [first].into_iter().chain((0..3).map(|_| database().unwrap())).collect();
    let story =
        story(&urls[0], &[("1_a", "create table a (x int);\n"), ("2_b", "create table b (y int);\n")]);
    story.write("migrations/1_a/down.sql", "drop table a;\n");
    story.write("migrations/2_b/down.sql", "drop table b;\n");
    let urls_of_files: Vec<String> = urls.iter().map(|url| as_url(url)).collect();
    story.write("list", &urls_of_files.join("\n"));
    let said = ends(&story, "status --databases list", 1);
    assert!(said.contains("4 databases: 4 behind"), "{said}");
    succeeds(&story, "migrate --databases list");
    assert!(succeeds(&story, "status --databases list").contains("4 databases: 4 up to date"));
    connect(&urls[2])
        .batch_execute("create view theirs as select y from b; insert into a values (1)")
        .unwrap();
    connect(&urls[3]).batch_execute("insert into b values (1), (2)").unwrap();
    let error = ends(&story, "rollback --databases list --to 1_a", 3);
    assert!(error.contains("2 rows of b would be gone") && !error.contains(" of a would"), "{error}");
    let line = "rollback --databases list --to 1_a --jobs 1 --allow data-loss";
    let object = story.json(line);
    assert_eq!(
        (&object["rolled_back"], &object["failed"], &object["not_reached"]),
        (&2.into(), &1.into(), &1.into()),
        "{object}"
    );
    assert_eq!(object["each"][0]["rolled_back"][0], "2_b", "{object}");
    let with_b = || urls.iter().map(|url| having(url, "b")).sum::<i64>();
    assert_eq!(with_b(), 2);
    connect(&urls[2]).batch_execute("drop view theirs").unwrap();
    let said = succeeds(&story, line);
    assert!(said.contains("4 databases: 2 rolled back, 2 had nothing to roll back"), "{said}");
    assert_eq!(with_b(), 0);
    // One that nobody can reach: nothing begins, or all others go.
    let dead = urls_of_files[1].replace("dbname", "x").replace("postgres@/", "postgres@/no_such_");
    story.write("list", &format!("{}\n{dead}\n", urls_of_files[0]));
    let said = ends(&story, "status --databases list", 4);
    assert!(said.contains("2 databases: 1 behind, 1 failed") && said.contains("does not exist"), "{said}");
    connect(&urls[0]).batch_execute("delete from a").unwrap();
    let error = ends(&story, "rollback --databases list --to none", 4);
    assert!(error.contains("nowhere was anything rolled back"), "{error}");
    assert_eq!(having(&urls[0], "a"), 1);
    let said = ends(&story, "rollback --databases list --to none --keep-going", 4);
    assert!(said.contains("2 databases: 1 rolled back, 1 failed"), "{said}");
    assert_eq!(having(&urls[0], "a"), 0);
    told(
        "one of 4 databases fails in a rollback; one cannot be reached",
        2,
        "the rest is not begun (or goes on with --keep-going); exit 4; the same again takes those that are left",
        "none",
    );
}

#[test]
fn killed_rollbacks_of_tenants() {
    let Some(url) = database() else { return };
    let story = both_ways(&url, 30);
    succeeds(&story, "migrate --tenants");
    let line = "rollback --tenants --to users --allow data-loss --jobs 3";
    // What is tried on scratch is remembered, so that the others are killed in what they do to the tenants.
    succeeds(&story, &line.replace("--tenants", "--tenant t_0030"));
    let tried = tries(4);
    for number in 0..tried {
        let before = having(&url, "posts");
        let mut running = start(&story, line);
        wait_for("some tenants are back", || {
            having(&url, "posts") < before - number as i64 % 3 || running.try_wait().unwrap().is_some()
        });
        running.kill().unwrap();
        running.wait().unwrap();
    }
    succeeds(&story, line);
    assert_eq!((having(&url, "posts"), having(&url, "post_numbers")), (0, 0));
    let events = "select count(*) from schema_history.ledger_tenant_event where event = 'rolled back'";
    assert_eq!(count(&url, events), 30, "each once");
    assert!(ends(&story, "status --tenants", 1).contains("30 tenants: 30 behind"));
    succeeds(&story, "migrate --tenants");
    assert_eq!(complete(&url), 30);
    told(
        "SIGKILL in a rollback of 30 tenants with 3 jobs",
        tried,
        "the next run goes on; every tenant back, once, and there again",
        "none",
    );
}

#[test]
fn repair_of_a_tenant() {
    let Some(url) = database() else { return };
    let story = both_ways(&url, 3);
    assert!(succeeds(&story, "repair --tenant t_0001").contains("nothing to repair in t_0001 of postgres"));
    succeeds(&story, "migrate --tenants");
    // Of one it is not known how its index ended, a file was edited after it ran for another; a third has its own trouble.
    let trouble = "update schema_history.ledger_tenant_section set outcome = 'started' where tenant = 't_0001' and number = 2;
        update schema_history.ledger_tenant_migration set done = 1, finished_at = null where tenant = 't_0001' and sections = 2;
        update schema_history.ledger_tenant_migration set checksum = 'x' where tenant = 't_0002' and sections = 1;
        update schema_history.ledger_tenant set key = '';
        update pg_index set indisvalid = false where indexrelid = 't_0003.posts_user_idx'::regclass";
    connect(&url).batch_execute(trouble).unwrap();
    let said = ends(&story, "repair --tenant t_0001", 1);
    assert!(said.contains("it took effect, and is recorded as done") && !said.contains("INVALID"), "{said}");
    // What goes on with it stays a finding of the same call.
    ends(&story, "repair --tenant t_0001 --apply", 1);
    assert!(succeeds(&story, "repair --tenant t_0001").contains("nothing to repair"));
    let said = ends(&story, "repair --tenant t_0002", 1);
    assert!(said.contains("--accept 20260101000000_users") && said.contains("is not compared"), "{said}");
    let object = story.json("repair --tenant t_0002 --accept 20260101000000_users --apply");
    assert_eq!((&object["applied"], &object["tenant"]), (&true.into(), &"t_0002".into()), "{object}");
    assert!(ends(&story, "repair --tenant t_0003", 1).contains("the index t_0003.posts_user_idx is INVALID"));
    assert!(ends(&story, "repair --tenant t_3", 2).contains("there is no tenant t_3"));
    let said = succeeds(&story, "migrate --tenants");
    assert!(said.contains("3 tenants: 0 migrated, 3 had everything"), "{said}");
    let events = "select count(*) from schema_history.ledger_tenant_event where event = 'repaired'";
    assert_eq!(count(&url, events), 2);
}
