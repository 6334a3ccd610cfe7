//! Histories in which something is wrong, and what the check finds out about them.

use schema_core::engine::check::forks::forks;
use schema_core::engine::check::{Facts, findings};
use schema_core::engine::declared::Declared;
use schema_core::engine::history::{History, Migration};
use schema_core::engine::postgres::check::{Request, check};
use schema_core::engine::postgres::scratch::ScratchOptions;
use schema_core::engine::postgres::workbench::Workbench;
use std::path::Path;

/// A migration: id, parent, up, down.
type Given<'a> = (&'a str, &'a str, &'a str, Option<&'a str>);

fn history(migrations: &[Given<'_>]) -> History {
    let read = |(id, parent, up, down): &Given<'_>| {
        let up = format!("-- schema:parent {parent}\n-- schema:tool 0.1.0\n{up}");
        Migration::read(id, &format!("m/{id}"), &up, *down).unwrap()
    };
    History::new(migrations.iter().map(read).collect()).unwrap()
}

fn bench(cache: &Path) -> Workbench {
    Workbench::new(ScratchOptions { cache_dir: Some(cache.to_owned()), ..ScratchOptions::default() })
}

/// Facts and findings, the latter as lines: rule, place, the first line of the message.
fn checked(bench: &mut Workbench, history: &History) -> (Facts, Vec<String>) {
    let declared = Declared::default();
    let text = declared.to_sql();
    let forks = forks(history);
    let request = Request { declared: &declared, history, forks: &forks, snapshot: Some(&text) };
    let facts = check(bench, &request, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    let found = findings(history, &forks, &facts, "m/schema.sql");
    let line = |finding: &schema_core::engine::findings::Finding| {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {place} {}", finding.rule, finding.message)
    };
    (facts, found.iter().map(line).collect())
}

#[test]
fn downs_are_run() {
    let cache = tempfile::tempdir().unwrap();
    let mut bench = bench(cache.path());
    let history = history(&[
        ("1_a", "none", "create table a (x int);", Some("drop table a;")),
        ("2_b", "1_a", "alter table a add y int, add z int;", Some("alter table a drop y;")),
        ("3_c", "2_b", "create index on a (x);", Some("drop index a_y_idx;")),
        ("4_d", "3_c", "create table d (x int);", Some("drop table d;")),
        ("5_e", "4_d", "comment on table a is 'x';", None),
        ("6_f", "5_e", "comment on table a is null;", Some("-- schema:irreversible\n")),
        ("7_g", "6_f", "drop table d;", Some("-- schema:irreversible nobody used it\n")),
        ("8_h", "7_g", "drop table a;", Some("create table a (x int, y int, z int); create index on a (x);")),
    ]);
    let (facts, lines) = checked(&mut bench, &history);
    assert_eq!(facts.proven.downs, 3, "{lines:?}");
    let begin = |line: &str, text: &str| assert!(line.starts_with(text), "{line}");
    begin(&lines[0], "down-does-not-undo m/2_b/down.sql:1 after up and down of 2_b");
    assert!(lines[0].contains("- column a.z") && !lines[0].contains("a.y"), "{}", lines[0]);
    begin(&lines[1], "down-does-not-undo m/3_c/down.sql:1 3_c cannot be undone on scratch: ");
    assert!(lines[1].contains("SQLSTATE 42704"), "{}", lines[1]);
    begin(&lines[2], "downgrade-missing m/5_e/up.sql:1 5_e has no down.sql");
    begin(&lines[3], "irreversible-without-reason m/6_f/down.sql:1 6_f");
    assert_eq!(lines.len(), 4, "{lines:?}");

    // What was proven is not run again, what was not is.
    bench.take_times();
    assert_eq!(checked(&mut bench, &history).0, facts);
    let mut corrected = history.clone();
    let text = "alter table a drop y, drop z;";
    corrected.0[1] = Migration::read("2_b", "m/2_b", &history.0[1].up.text, Some(text)).unwrap();
    let (facts, lines) = checked(&mut bench, &corrected);
    assert_eq!(facts.proven.downs, 4, "{lines:?}");
    assert_eq!(lines.len(), 3);
}

#[test]
fn many_downs_on_two_databases() {
    let cache = tempfile::tempdir().unwrap();
    let ids: Vec<String> = (1..=40).map(|n| format!("{n}_t")).collect();
    // A role belongs to the server, not to one of the databases.
    let up = |n: usize| {
        if n == 3 { "create role schema_check_r3".to_owned() } else { format!("create table t{n} (x int)") }
    };
    let down = |n: usize| match n {
        3 => "drop role schema_check_r3".to_owned(),
        38 => "drop table t37".to_owned(),
        _ => format!("drop table t{n}"),
    };
    let texts: Vec<(String, String)> = (1..=40).map(|n| (up(n), down(n))).collect();
    let given: Vec<Given<'_>> = (0..40)
        .map(|n| {
            let parent = if n == 0 { "none" } else { &ids[n - 1] };
            (ids[n].as_str(), parent, texts[n].0.as_str(), Some(texts[n].1.as_str()))
        })
        .collect();
    let history = history(&given);
    let (facts, lines) = checked(&mut bench(cache.path()), &history);
    assert_eq!(facts.proven.downs, 39, "{lines:?}");
    let wrong: Vec<usize> = facts.downs.iter().map(|(at, _)| *at).collect();
    assert_eq!(wrong, [37]);
}

#[test]
fn a_migration_that_does_not_run() {
    let cache = tempfile::tempdir().unwrap();
    let history = history(&[
        ("1_a", "none", "create table a (x int);", Some("drop table b;")),
        ("2_b", "1_a", "\ncreate table b (y int);\nalter table c add z int;", Some("drop table b;")),
    ]);
    let (facts, lines) = checked(&mut bench(cache.path()), &history);
    assert_eq!(facts.proven.ups, 1);
    assert!(
        lines[0].starts_with("snapshot-does-not-replay m/2_b/up.sql:5 the migrations do not run from zero: ")
    );
    assert!(lines[0].contains("SQLSTATE 42P01"), "{}", lines[0]);
    assert!(lines[1].starts_with("down-does-not-undo m/1_a/down.sql:1 "), "{lines:?}");
    assert_eq!(lines.len(), 2);
}

#[test]
fn branches_in_both_orders() {
    let cache = tempfile::tempdir().unwrap();
    let mut bench = bench(cache.path());
    let base = ("1_a", "none", "create table a (x int);", Some("drop table a;"));
    let empty = ("9_z", "3_c", "drop table a;", Some("-- schema:irreversible empty"));
    let y = ("2_b", "1_a", "alter table a add y int;", Some("alter table a drop y;"));
    let z = ("3_c", "1_a", "alter table a add z int;", Some("alter table a drop z;"));

    let (facts, lines) = checked(&mut bench, &history(&[base, y, z, empty]));
    assert_eq!((facts.proven.orders, lines), (1, vec![]));

    // Both set the same thing.
    let one = ("2_b", "1_a", "comment on table a is 'one';", Some("comment on table a is null;"));
    let two = ("3_c", "1_a", "comment on table a is 'two';", Some("comment on table a is 'one';"));
    let (facts, lines) = checked(&mut bench, &history(&[base, one, two, empty]));
    assert_eq!(facts.proven.orders, 0);
    let text = "non-commutative-heads m/3_c/up.sql:1 2_b, 3_c did not know of each other, and the order 3_c, 2_b ends";
    assert!(lines[0].starts_with(text) && lines[0].contains("'one'"), "{lines:?}");
    assert_eq!(lines.len(), 1);

    // One needs the other.
    let needs = ("3_c", "1_a", "create index on a (y);", Some("drop index a_y_idx;"));
    let (_, lines) = checked(&mut bench, &history(&[base, y, needs, empty]));
    assert!(lines[0].starts_with("non-commutative-heads") && lines[0].contains("fails: "), "{lines:?}");

    // Nothing came after the merge yet.
    let (_, lines) = checked(
        &mut bench,
        &history(&[
            ("1_a", "none", "select 1", Some("select 1")),
            ("2_b", "1_a", "select 2", Some("select 2")),
            ("3_c", "1_a", "select 3", Some("select 3")),
        ]),
    );
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("diverged-heads m/3_c/up.sql:1 2_b, 3_c are the ends"), "{lines:?}");

    let (_, lines) = checked(&mut bench, &history(&[("2_b", "1_gone", "select 1", Some("select 1"))]));
    assert_eq!(lines, ["unknown-parent m/2_b/up.sql:1 2_b was made after 1_gone, which is not there"]);
}
