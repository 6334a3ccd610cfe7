//! For each rule about locks the bad and the good form run on a real server, on tables with rows. What they lock, whether
//! rows are read meanwhile (`pg_stat_xact_user_tables`), and whether a file is written anew, is compared with what the
//! documentation says. `LINT_LOCKS=FILE` appends the table as Markdown.

use super::{Case, text};
use crate::support::{load, scratch};
use postgres::{Client, NoTls};
use schema_core::engine::lint::action::Action;
use schema_core::engine::lint::locks::locks;
use schema_core::engine::lint::unit::{Part, Section, Unit};
use schema_core::engine::lint::world::World;
use schema_core::engine::name::QName;
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb};
use schema_core::engine::step::LockMode;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::time::{Duration, Instant};

/// PostgreSQL's modes, weakest first, as `pg_locks` calls them.
const MODES: [(&str, &str); 8] = [
    ("AccessShareLock", "ACCESS SHARE"),
    ("RowShareLock", "ROW SHARE"),
    ("RowExclusiveLock", "ROW EXCLUSIVE"),
    ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
    ("ShareLock", "SHARE"),
    ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
    ("ExclusiveLock", "EXCLUSIVE"),
    ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
];

/// What a form did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Effect {
    /// The strongest lock of transactions that read no rows.
    moment: Option<usize>,
    /// The strongest lock of transactions that read rows.
    reading: Option<usize>,
    /// Whether a table or an index was written anew.
    anew: bool,
    /// Whether PostgreSQL refused it.
    refused: bool,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = |mode: usize| MODES[mode].1;
        let mut parts = Vec::new();
        if self.refused {
            parts.push("refused".to_owned());
        }
        let doing = if self.anew { "written anew" } else { "read" };
        parts.extend(self.reading.map(|m| format!("{} while rows are {doing}", mode(m))));
        let lesser = self.moment.filter(|moment| self.reading.is_none_or(|reading| *moment > reading));
        parts.extend(lesser.map(|m| format!("{} for a moment", mode(m))));
        f.write_str(&if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") })
    }
}

/// What is expected of the bad form and of the good one.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("add-required-column", "refused", "ACCESS EXCLUSIVE for a moment"),
    (
        "add-column-volatile-default",
        "ACCESS EXCLUSIVE while rows are written anew",
        "ACCESS EXCLUSIVE for a moment",
    ),
    (
        "add-serial-or-identity-column",
        "ACCESS EXCLUSIVE while rows are written anew",
        "ACCESS EXCLUSIVE for a moment",
    ),
    (
        "add-stored-generated-column",
        "ACCESS EXCLUSIVE while rows are written anew",
        "ACCESS SHARE for a moment",
    ),
    (
        "add-domain-constrained-column",
        "ACCESS EXCLUSIVE while rows are written anew",
        "ACCESS EXCLUSIVE for a moment",
    ),
    (
        "add-column-inline-unique-or-fk",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    ("change-column-type", "ACCESS EXCLUSIVE while rows are written anew", "ACCESS EXCLUSIVE for a moment"),
    ("int-to-bigint", "ACCESS EXCLUSIVE while rows are written anew", "ACCESS EXCLUSIVE for a moment"),
    (
        "data-and-ddl-in-one-tx",
        "ACCESS EXCLUSIVE while rows are read",
        "ROW EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    ("unbatched-backfill", "ROW EXCLUSIVE while rows are read", "ROW EXCLUSIVE while rows are read"),
    (
        "check-not-valid",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    ("concurrent-in-transaction", "refused", "SHARE UPDATE EXCLUSIVE while rows are read"),
    (
        "concurrent-if-not-exists",
        "SHARE UPDATE EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read",
    ),
    (
        "many-concurrent-in-one-step",
        "SHARE UPDATE EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read",
    ),
    ("exclusion-constraint", "ACCESS EXCLUSIVE while rows are read", "nothing"),
    (
        "fk-not-valid",
        "SHARE ROW EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, SHARE ROW EXCLUSIVE for a moment",
    ),
    (
        "index-not-concurrent",
        "SHARE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, SHARE for a moment",
    ),
    ("drop-index-not-concurrent", "ACCESS EXCLUSIVE for a moment", "SHARE UPDATE EXCLUSIVE for a moment"),
    (
        "index-replace-gap",
        "SHARE UPDATE EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read",
    ),
    (
        "unique-constraint-blocking",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    (
        "primary-key-blocking",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    (
        "multiple-alter-same-table",
        "ACCESS EXCLUSIVE while rows are written anew",
        "ACCESS EXCLUSIVE while rows are written anew",
    ),
    ("observed-lock", "ACCESS EXCLUSIVE for a moment", "ACCESS SHARE while rows are read"),
    ("observed-rewrite", "ACCESS EXCLUSIVE while rows are written anew", "ACCESS EXCLUSIVE for a moment"),
    (
        "attach-partition",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    ("detach-partition", "ACCESS EXCLUSIVE for a moment", "SHARE UPDATE EXCLUSIVE for a moment"),
    (
        "vacuum-full-or-cluster",
        "ACCESS EXCLUSIVE while rows are written anew",
        "SHARE UPDATE EXCLUSIVE while rows are read",
    ),
    ("refresh-matview", "ACCESS EXCLUSIVE while rows are written anew", "EXCLUSIVE while rows are read"),
    (
        "refresh-concurrent-still-exclusive",
        "EXCLUSIVE while rows are read",
        "ACCESS SHARE while rows are read",
    ),
    (
        "reindex-not-concurrent",
        "SHARE while rows are written anew",
        "SHARE UPDATE EXCLUSIVE while rows are read",
    ),
    ("enable-rls", "ACCESS EXCLUSIVE for a moment", "ACCESS EXCLUSIVE for a moment"),
    ("force-rls", "ACCESS EXCLUSIVE for a moment", "ACCESS EXCLUSIVE for a moment"),
    (
        "set-not-null",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    (
        "set-storage-or-access-method",
        "ACCESS EXCLUSIVE while rows are written anew",
        "ACCESS EXCLUSIVE for a moment",
    ),
    ("set-logged", "ACCESS EXCLUSIVE while rows are written anew", "nothing"),
    ("create-trigger", "SHARE ROW EXCLUSIVE for a moment", "SHARE ROW EXCLUSIVE for a moment"),
    ("toggle-trigger", "SHARE ROW EXCLUSIVE for a moment", "SHARE ROW EXCLUSIVE for a moment"),
    ("drop-trigger", "ACCESS EXCLUSIVE for a moment", "ACCESS EXCLUSIVE for a moment"),
    (
        "validate-in-same-tx",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    (
        "statement-after-access-exclusive",
        "ACCESS EXCLUSIVE while rows are read",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    ("wide-lock-window", "ACCESS EXCLUSIVE for a moment", "ACCESS EXCLUSIVE for a moment"),
];

/// What the documentation of rules says beside its cases: the rule, the oldest major, the form, what is expected.
const BESIDE: &[(&str, u16, &str, &str)] = &[
    (
        "set-not-null",
        18,
        "ALTER TABLE public.t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID;\n-- schema:section\n\
         ALTER TABLE public.t VALIDATE CONSTRAINT t_a_not_null;",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    (
        "add-stored-generated-column",
        18,
        "ALTER TABLE public.t ADD COLUMN d integer GENERATED ALWAYS AS (a + b) VIRTUAL;",
        "ACCESS EXCLUSIVE for a moment",
    ),
    (
        "fk-not-valid",
        18,
        "ALTER TABLE public.p ADD CONSTRAINT p_id_fkey FOREIGN KEY (id) REFERENCES public.u (id) NOT VALID;\n\
         -- schema:section\nALTER TABLE public.p VALIDATE CONSTRAINT p_id_fkey;",
        "SHARE UPDATE EXCLUSIVE while rows are read, SHARE ROW EXCLUSIVE for a moment",
    ),
    (
        "fk-not-valid (partitions first)",
        14,
        "ALTER TABLE public.p_1 ADD CONSTRAINT p_1_id_fkey FOREIGN KEY (id) REFERENCES public.u (id) NOT VALID;\n\
         -- schema:section\nALTER TABLE public.p_1 VALIDATE CONSTRAINT p_1_id_fkey;\n-- schema:section\n\
         ALTER TABLE public.p ADD CONSTRAINT p_id_fkey FOREIGN KEY (id) REFERENCES public.u (id);",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
    (
        "change-column-type",
        14,
        "SET LOCAL timezone = 'UTC';\nALTER TABLE public.t ALTER COLUMN at TYPE timestamp;",
        "ACCESS EXCLUSIVE for a moment",
    ),
    (
        "change-column-type",
        14,
        "SET LOCAL timezone = 'Asia/Tokyo';\nALTER TABLE public.t ALTER COLUMN at TYPE timestamp;",
        "ACCESS EXCLUSIVE while rows are written anew",
    ),
    (
        "change-column-type",
        14,
        "ALTER TABLE public.t ALTER COLUMN n TYPE numeric(20, 4);",
        "ACCESS EXCLUSIVE while rows are written anew",
    ),
    (
        "change-column-type (a CHECK on the column)",
        14,
        "ALTER TABLE public.t ADD CONSTRAINT v_check CHECK (v <> '') NOT VALID;\n-- schema:section\n\
         ALTER TABLE public.t VALIDATE CONSTRAINT v_check;\n-- schema:section\n\
         ALTER TABLE public.t ALTER COLUMN v TYPE varchar(20);",
        "ACCESS EXCLUSIVE while rows are read",
    ),
    (
        "set-not-null (no check)",
        14,
        "ALTER TABLE public.t ALTER COLUMN a SET NOT NULL;",
        "ACCESS EXCLUSIVE while rows are read",
    ),
    (
        "unique-constraint-blocking (partitions first)",
        14,
        "-- schema:section no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY p_1_key ON public.p_1 (id, at);\n\
         -- schema:section\nALTER TABLE public.p_1 ADD CONSTRAINT p_1_key UNIQUE USING INDEX p_1_key;\n\
         ALTER TABLE ONLY public.p ADD CONSTRAINT p_key UNIQUE (id, at);\n\
         ALTER INDEX public.p_key ATTACH PARTITION public.p_1_key;",
        "SHARE UPDATE EXCLUSIVE while rows are read, ACCESS EXCLUSIVE for a moment",
    ),
];

/// Rules about locks whose forms cannot be told apart by running them, or not on a server that others use.
const NOT_RUN: &[&str] = &[
    "set-tablespace",
    "lock-without-timeout",
    "no-statement-timeout",
    "no-idle-in-tx-timeout",
    "long-running-blocker-present",
];

fn number(name: &str) -> usize {
    MODES.iter().position(|(mode, _)| *mode == name).unwrap_or_else(|| panic!("{name}"))
}

struct Run {
    db: ScratchDb,
    /// The tables and views that were there before, and the files that all relations are in.
    known: BTreeMap<u32, QName>,
    url: String,
}

impl Run {
    fn new(scratch: &mut Scratch) -> Self {
        let mut db = load(scratch, &text("base.sql"));
        db.client().batch_execute(&text("rows.sql")).unwrap();
        let _ =
            db.client().batch_execute("CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler");
        let sql = "SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'm', 'v') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
        let rows = db.client().query(sql, &[]).unwrap();
        let name = |row: &postgres::Row| QName::new(row.get::<_, &str>(1), row.get::<_, &str>(2));
        let known = rows.iter().map(|row| (row.get(0), name(row))).collect();
        let url = db.url();
        Self { db, known, url }
    }

    fn files(client: &mut impl postgres::GenericClient) -> BTreeMap<u32, u32> {
        let sql = "SELECT oid, pg_relation_filenode(oid) FROM pg_class
            WHERE relkind IN ('r', 'm', 'i') AND relnamespace = 'public'::regnamespace AND relfilenode <> 0";
        client.query(sql, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// Runs a section as the runner would; how it locked each table, and what else it did.
    fn section(&mut self, section: &Section, effect: &mut Effect) -> BTreeMap<QName, usize> {
        if !section.transaction {
            return self.outside(&section.statements[0].sql, effect);
        }
        let known = &self.known;
        let mut transaction = self.db.client().transaction().unwrap();
        let before = Self::files(&mut transaction);
        let had_read = rows_read(&mut transaction);
        for statement in &section.statements {
            if transaction.batch_execute(&statement.sql).is_err() {
                effect.refused = true;
                return BTreeMap::new();
            }
        }
        let mut held: BTreeMap<QName, usize> = BTreeMap::new();
        let sql = "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL AND granted";
        for row in transaction.query(sql, &[]).unwrap() {
            let Some(name) = known.get(&row.get(0)) else { continue };
            let strongest = held.entry(name.clone()).or_default();
            *strongest = (*strongest).max(number(row.get(1)));
        }
        let has_read = rows_read(&mut transaction);
        let read = known.keys().any(|table| has_read.get(table) > had_read.get(table));
        let after = Self::files(&mut transaction);
        let anew = before.iter().any(|(oid, file)| after.get(oid).is_some_and(|now| now != file));
        transaction.commit().unwrap();
        if let Some(strongest) = held.values().copied().max() {
            let of = if read || anew { &mut effect.reading } else { &mut effect.moment };
            *of = (*of).max(Some(strongest));
        }
        effect.anew |= anew;
        held
    }

    /// Outside of a transaction nothing is held when it is over: so somebody else holds what lets readers and writers
    /// through, and what the statement waits for is what it wants.
    fn outside(&mut self, sql: &str, effect: &mut Effect) -> BTreeMap<QName, usize> {
        let mut other = Client::connect(&self.url, NoTls).unwrap();
        let pid: i32 = other.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
        let statement = sql.to_owned();
        let known = &self.known;
        let names: Vec<String> =
            known.values().filter(|name| name.name.as_str() != "w").map(ToString::to_string).collect();
        let names = names.into_iter().filter(|name| name != "public.m").collect::<Vec<_>>().join(", ");
        let before = Self::files(self.db.client());
        let mut holder = self.db.client().transaction().unwrap();
        holder.batch_execute(&format!("LOCK TABLE {names} IN SHARE UPDATE EXCLUSIVE MODE")).unwrap();
        let waiting = std::thread::spawn(move || other.batch_execute(&statement));
        let begun = Instant::now();
        let wanted = loop {
            let sql =
                "SELECT relation, mode FROM pg_locks WHERE pid = $1 AND relation IS NOT NULL AND NOT granted";
            let rows = holder.query(sql, &[&pid]).unwrap();
            if let Some(row) = rows.first() {
                break known.get(&row.get(0)).map(|name| (name.clone(), number(row.get(1))));
            }
            if waiting.is_finished() || begun.elapsed() > Duration::from_secs(20) {
                break None;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        holder.commit().unwrap();
        let refused = waiting.join().unwrap().is_err();
        let after = Self::files(self.db.client());
        // CONCURRENTLY makes a new file under the same name: not under the lock that matters here.
        let anew = sql.starts_with("VACUUM") && before.iter().any(|(oid, file)| after.get(oid) != Some(file));
        effect.refused |= refused;
        effect.anew |= anew;
        let reads = !sql.starts_with("DROP") && !sql.contains("DETACH");
        if let Some((_, mode)) = &wanted {
            let of = if reads { &mut effect.reading } else { &mut effect.moment };
            *of = (*of).max(Some(*mode));
        }
        wanted.into_iter().collect()
    }
}

/// How many rows of each table this connection has read; what it has not reported yet counts from transaction to
/// transaction.
fn rows_read(client: &mut impl postgres::GenericClient) -> BTreeMap<u32, i64> {
    let sql = "SELECT relid, seq_tup_read + COALESCE(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables";
    client.query(sql, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn effect(scratch: &mut Scratch, unit: &Unit) -> Effect {
    let mut run = Run::new(scratch);
    let mut effect = Effect::default();
    for section in &unit.sections {
        run.section(section, &mut effect);
        if effect.refused {
            break;
        }
    }
    effect
}

#[test]
fn bad_forms_hold_what_is_said_and_good_forms_do_not() {
    use schema_core::engine::lint::rule::Group;
    use schema_core::engine::lint::rules::RULES;
    let mut scratch = scratch();
    let server = scratch.server().clone();
    let mut table =
        format!("\n## PostgreSQL {}\n\n| rule | unsafe form | safe form |\n|---|---|---|\n", server.major);
    let mut wrong = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.group == Group::Locks && !NOT_RUN.contains(&rule.name)) {
        let [bad, good] = ["bad", "good"].map(|name| Case::read(&format!("cases/{}/{name}.sql", rule.name)));
        if bad.oldest.max(good.oldest) > server.major {
            table += &format!("| `{}` | not on this major | |\n", rule.name);
            continue;
        }
        let unit = |case: &Case| case.units().pop().unwrap();
        let seen = [bad, good].map(|case| effect(&mut scratch, &unit(&case)).to_string());
        table += &format!("| `{}` | {} | {} |\n", rule.name, seen[0], seen[1]);
        match EXPECTED.iter().find(|(name, ..)| *name == rule.name) {
            Some((_, bad, good)) if [*bad, *good] == [seen[0].as_str(), seen[1].as_str()] => {}
            Some((_, bad, good)) => {
                wrong.push(format!("{}: {seen:?}, expected {:?}", rule.name, [bad, good]))
            }
            None => wrong.push(format!("    (\"{}\", \"{}\", \"{}\"),", rule.name, seen[0], seen[1])),
        }
    }
    for (name, oldest, sql, expected) in BESIDE.iter().filter(|(_, oldest, ..)| *oldest <= server.major) {
        let unit = Unit::read("beside.sql", Part::Up, None, sql).unwrap();
        let seen = effect(&mut scratch, &unit).to_string();
        table += &format!("| `{name}`: `{}` | | {seen} |\n", sql.replace('\n', " "));
        if seen != *expected {
            wrong.push(format!("{name} since {oldest}: {seen}, expected {expected}\n    {sql}"));
        }
    }
    if let Ok(path) = std::env::var("LINT_LOCKS") {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(table.as_bytes()).unwrap();
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What `locks.rs` says of each action is what a server does, in the cases of all rules.
#[test]
fn locks_are_what_is_said() {
    let mut scratch = scratch();
    let major = scratch.server().major;
    let (mut wrong, mut compared) = (Vec::new(), 0);
    let mut cases: Vec<String> = std::fs::read_dir(super::folder().join("cases"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    cases.sort();
    for name in cases {
        for form in ["bad", "good"] {
            let case = Case::read(&format!("cases/{name}/{form}.sql"));
            if case.catalog || case.is_files() || !case.run || case.oldest > major {
                continue;
            }
            let units = case.units();
            let unit = units.last().unwrap();
            compared += compare(&mut scratch, unit, &format!("{name}/{form}"), &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(compared > 100, "only {compared} statements were compared");
}

/// Each statement by itself, as far as the file goes.
fn compare(scratch: &mut Scratch, unit: &Unit, name: &str, wrong: &mut Vec<String>) -> usize {
    let mut run = Run::new(scratch);
    let mut world = World::default();
    for (_, placed) in Unit::read("base.sql", Part::Up, None, &text("base.sql")).unwrap().actions() {
        world.apply(&placed.action);
    }
    world.settle();
    let mut compared = 0;
    for (number, statement) in unit.statements() {
        // What CASCADE reaches is not in the text; nor is what a query reads.
        let reaches = statement.sql.ends_with("CASCADE");
        let opaque = |action: &Action| {
            let other = matches!(
                action,
                Action::Do { .. } | Action::Transaction(_) | Action::Rename { .. } | Action::Query
            );
            other || reaches
        };
        let told = statement.read.unread.is_none() && !statement.actions().any(opaque);
        let mut said: BTreeMap<QName, LockMode> = BTreeMap::new();
        for action in statement.actions() {
            for (mode, on) in locks(action, &world) {
                let strongest = said.entry(on).or_insert(mode);
                *strongest = (*strongest).max(mode);
            }
            world.apply(action);
        }
        let section = Section {
            transaction: unit.sections[number].transaction && !statement.sql.contains("CONCURRENTLY t_"),
            statements: vec![statement.clone()],
        };
        let mut effect = Effect::default();
        if section.transaction && statement.sql.starts_with("VACUUM") {
            continue;
        }
        let held = run.section(&section, &mut effect);
        if effect.refused {
            break;
        }
        compared += 1;
        // Reading and writing rows is nobody's business here.
        let strong = |mode: usize| mode >= 3;
        let said: BTreeMap<&QName, usize> =
            said.iter().map(|(on, mode)| (on, of(*mode))).filter(|(_, mode)| strong(*mode)).collect();
        let held: BTreeMap<&QName, usize> =
            held.iter().filter(|(_, mode)| strong(**mode)).map(|(on, mode)| (on, like(*mode))).collect();
        let same = if section.transaction {
            said == held
        } else {
            held.iter().all(|lock| said.get(lock.0) == Some(lock.1))
        };
        if told && !same {
            wrong.push(format!("{name}: {}\n  said {said:?}\n  held {held:?}", statement.sql));
        }
    }
    compared
}

/// The number of a mode that the engine tells apart.
fn of(mode: LockMode) -> usize {
    match mode {
        LockMode::AccessShare => 0,
        LockMode::ShareUpdateExclusive => 3,
        LockMode::Share => 4,
        LockMode::ShareRowExclusive => 5,
        LockMode::AccessExclusive => 7,
    }
}

/// EXCLUSIVE is taken for SHARE ROW EXCLUSIVE: both let readers in and writers not.
fn like(mode: usize) -> usize {
    if mode == 6 { 5 } else { mode }
}
