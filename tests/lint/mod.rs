//! `schema lint`: each rule has a case, `cases/<rule>/{bad.sql,good.sql}`, on top of `base.sql`. The good one runs on a
//! real server; what locks and rewrites are said is what is observed there.
//!
//! A case may begin with lines that say what it is: `-- loose` (a file by itself), `-- catalog` (a declared schema),
//! `-- min: 15`, `-- not run: why`, `-- config: ...`; `-- file: 2_b/up.sql` begins a file of a migration.

mod attribute;
mod cli;
mod docs;
mod ledger;
mod observed;
mod planned;
mod usage;

use crate::support::{catalog, load, scratch};
use schema_core::engine::files::Texts;
use schema_core::engine::findings::Finding;
use schema_core::engine::history::{History, Migration};
use schema_core::engine::lint::config::{Config, Level, Profile};
use schema_core::engine::lint::rule::{Check, Rule};
use schema_core::engine::lint::rules::RULES;
use schema_core::engine::lint::unit::{Part, Unit};
use schema_core::engine::lint::{Input, Linted, doubtful, lint};
use schema_core::engine::postgres::observe::observe;
use schema_core::engine::postgres::scratch::{Scratch, ScratchOptions};
use schema_core::engine::postgres::workbench::Workbench;
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

const BLESSED_ON: u16 = 15;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lint")
}

fn text(name: &str) -> String {
    read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// One file of a case.
struct Case {
    sql: String,
    loose: bool,
    catalog: bool,
    run: bool,
    oldest: u16,
    config: Config,
}

impl Case {
    fn read(path: &str) -> Self {
        let sql = text(path);
        let head: Vec<&str> = sql.lines().take_while(|line| line.starts_with("-- ")).collect();
        let value = |name: &str| head.iter().find_map(|line| line.strip_prefix("-- ")?.strip_prefix(name));
        let mut config = Config {
            profile: Profile::Prod,
            today: Some("2026-11-22".to_owned()),
            now: Some("20261122120000".to_owned()),
            ..Config::default()
        };
        match value("config: ") {
            Some("naming") => {
                let pattern = |what: &str, pattern: &str| (what.to_owned(), pattern.to_owned());
                config.naming.patterns = ["table", "column"].map(|what| pattern(what, "snake_case")).into();
                config.naming.patterns.extend([pattern("index", "{table}_{columns}_idx")]);
                config.naming.patterns.extend([pattern("check", "/^{table}_[a-z_]+_check$/")]);
            }
            Some(postgres) => config.postgres = postgres.strip_prefix("postgres = ").unwrap().parse().ok(),
            None => {}
        }
        // The one rule that is off.
        config.levels.insert("enum-type-discouraged".to_owned(), level("warn"));
        Self {
            loose: value("loose").is_some(),
            catalog: value("catalog").is_some(),
            run: value("not run").is_none(),
            oldest: value("min: ").map_or(0, |oldest| oldest.parse().unwrap()),
            config,
            sql,
        }
    }

    /// The base and, on top of it, what the case is about.
    fn texts(&self) -> Vec<Texts> {
        let texts = |id: &str, up: &str, down: Option<&str>| Texts {
            id: id.to_owned(),
            folder: id.to_owned(),
            up: up.to_owned(),
            down: down.map(str::to_owned),
        };
        let mut migrations = vec![texts("0_base", &text("base.sql"), None)];
        if !self.is_files() {
            migrations.extend((!self.loose).then(|| texts("1_case", &self.sql, None)));
            return migrations;
        }
        for file in self.sql.split("-- file: ").filter(|file| !file.trim().is_empty()) {
            let (name, sql) = file.split_once('\n').unwrap();
            match name.split_once('/').unwrap() {
                (id, "up.sql") => migrations.push(texts(id, sql, None)),
                (_, _down) => migrations.last_mut().unwrap().down = Some(sql.to_owned()),
            }
        }
        migrations
    }

    fn is_files(&self) -> bool {
        self.sql.contains("-- file: ")
    }

    fn units(&self) -> Vec<Unit> {
        let mut units = Unit::of_migrations(&self.texts()).unwrap();
        if self.loose {
            units.push(Unit::read("loose.sql", Part::Loose, None, &self.sql).unwrap());
        }
        units
    }

    fn lint(&self, scratch: &mut Scratch, bench: &mut Workbench) -> Linted {
        if self.catalog {
            let catalog = catalog(&mut load(scratch, &self.sql));
            let input = Input {
                units: &[],
                selected: &[],
                history: false,
                status: None,
                usage: None,
                catalog: Some(&catalog),
                allowed: &[],
                config: &self.config,
            };
            return lint(&input);
        }
        let mut units = self.units();
        let selected: Vec<bool> =
            units.iter().map(|unit| unit.migration.as_deref() != Some("0_base")).collect();
        let open = doubtful(&units, &selected);
        if !open.is_empty() {
            observe(bench, &history(&self.texts()), &mut units, &open).unwrap();
        }
        lint(&Input {
            units: &units,
            selected: &selected,
            history: self.is_files(),
            status: None,
            usage: None,
            catalog: None,
            allowed: &[],
            config: &self.config,
        })
    }
}

fn level(name: &str) -> Level {
    schema_core::engine::lint::config::level(name).unwrap()
}

fn history(texts: &[Texts]) -> History {
    let read = |m: &Texts| Migration::read(&m.id, &m.folder, &m.up, m.down.as_deref()).unwrap();
    History(texts.iter().map(read).collect())
}

fn bench() -> Workbench {
    Workbench::new(ScratchOptions::default())
}

fn lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let place = finding.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
        format!("{place}{}[{}]: {}\n", finding.severity, finding.rule, finding.message)
    };
    findings.iter().map(line).collect()
}

/// What other parts of the program say, and what needs a database of the user's: `ledger.rs` and `usage.rs` test that.
fn has_case(rule: &Rule) -> bool {
    let elsewhere = rule.checks.iter().any(|check| matches!(check, Check::By(by) if *by != "lint itself"));
    let live = ["applied-migration-edited", "missing-applied-file", "unused-index", "table-bloat"];
    !elsewhere && !live.contains(&rule.name)
}

#[test]
fn every_rule_has_a_case() {
    let mut cases: Vec<String> = read_dir(folder().join("cases"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    cases.sort();
    let mut rules: Vec<&str> = RULES.iter().filter(|rule| has_case(rule)).map(|rule| rule.name).collect();
    rules.sort_unstable();
    assert_eq!(cases, rules);
}

#[test]
fn bad_and_good() {
    let (mut scratch, mut bench) = (scratch(), bench());
    let major = scratch.server().major;
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| has_case(rule)) {
        let [bad, good] = ["bad", "good"].map(|name| Case::read(&format!("cases/{}/{name}.sql", rule.name)));
        if bad.oldest.max(good.oldest) > major && (bad.catalog || good.catalog) {
            continue;
        }
        let [of_bad, of_good] = [bad, good].map(|case| case.lint(&mut scratch, &mut bench));
        let has = |linted: &Linted| linted.findings.iter().any(|finding| finding.rule == rule.name);
        if !has(&of_bad) {
            wrong.push(format!("{} does not find its bad.sql", rule.name));
        }
        if has(&of_good) {
            wrong.push(format!("{} finds its good.sql", rule.name));
        }
        if major == BLESSED_ON {
            let path = folder().join("cases").join(rule.name);
            insta::with_settings!({snapshot_path => path, prepend_module_to_snapshot => false, omit_expression => true}, {
                let both = format!("bad\n{}good\n{}", lines(&of_bad.findings), lines(&of_good.findings));
                insta::assert_snapshot!("findings", both);
            });
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_waived_is_kept_with_its_reason() {
    let case = Case::read("cases/waiver-unused/good.sql");
    let linted = case.lint(&mut scratch(), &mut bench());
    let [(finding, reason)] = linted.waived.as_slice() else { panic!("{linted:?}") };
    assert_eq!((finding.rule.as_str(), reason.as_str()), ("drop-table", "it was only ever a test"));
    assert!(linted.findings.iter().all(|finding| finding.rule != "drop-table"));
}

/// What the documentation calls good is SQL that PostgreSQL takes.
#[test]
fn good_runs() {
    let mut scratch = scratch();
    let (major, mut ran) = (scratch.server().major, 0);
    for rule in RULES.iter().filter(|rule| has_case(rule)) {
        let case = Case::read(&format!("cases/{}/good.sql", rule.name));
        if case.catalog || case.is_files() || !case.run || case.oldest > major {
            continue;
        }
        let mut db = load(&mut scratch, &text("base.sql"));
        db.client().batch_execute(&text("rows.sql")).unwrap();
        for (_, statement) in case.units().last().unwrap().statements() {
            let done = db.client().batch_execute(&statement.sql);
            done.unwrap_or_else(|error| panic!("{}: {error:?}\n{}", rule.name, statement.sql));
        }
        ran += 1;
    }
    assert!(ran > 70, "only {ran} ran");
}
