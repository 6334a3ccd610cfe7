//! `push` on a real server: rows in the way, rows that would be lost, what is not declared, renames, two at once.

use crate::support::{catalog, load, scratch};
use schema_core::engine::draft::Answers;
use schema_core::engine::error::{Class, Error};
use schema_core::engine::hazard::HazardKind;
use schema_core::engine::id::ObjectId;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::push::{Person, Push, Request, Undeclared, push};
use schema_core::engine::postgres::rows::Obstacle;
use schema_core::engine::postgres::run::{Event, RunOptions};
use schema_core::engine::postgres::scratch::{Scratch, ScratchDb, ScratchOptions};
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::record::{Origin, Place, RawSql, Records};
use schema_core::engine::rename::Question;
use std::time::Duration;

/// Nobody, or somebody who says the same to everything.
#[derive(Default)]
struct Somebody {
    drops: Option<bool>,
    loses: bool,
    stops: bool,
}

impl Person for Somebody {
    fn rename(&mut self, _question: &Question) -> Result<Option<Option<ObjectId>>, Error> {
        Ok(None)
    }

    fn drop_undeclared(&mut self, _id: &ObjectId) -> Result<Option<bool>, Error> {
        Ok(self.drops)
    }

    fn show(&mut self, _push: &Push) {}

    fn may_lose(&mut self, _losses: &[Obstacle]) -> Result<bool, Error> {
        Ok(self.loses)
    }

    fn go_on(&mut self, _push: &Push) -> Result<bool, Error> {
        Ok(!self.stops)
    }

    fn waiting(&mut self, _event: &Event<'_>) {}
}

/// A database, and how it is pushed to.
struct Live {
    db: ScratchDb,
    _server: Scratch,
    undeclared: Undeclared,
    answers: Answers,
    person: Somebody,
    dry_run: bool,
    options: RunOptions,
}

fn records(sql: &str) -> Records {
    let origin = Origin { file: "src/lib.rs".to_owned(), line: 3, path: "sql!".to_owned() };
    let sql = RawSql { origin, place: Place::AfterTables, sql: sql.to_owned(), file: None };
    Records { sql: vec![sql], ..Records::default() }
}

impl Live {
    fn new(sql: &str) -> Self {
        let mut server = scratch();
        Self {
            db: load(&mut server, sql),
            _server: server,
            undeclared: Undeclared::Ask,
            answers: Answers::default(),
            person: Somebody::default(),
            dry_run: false,
            options: RunOptions::default(),
        }
    }

    fn push(&mut self, sql: &str) -> Result<Push, Error> {
        let target = Target::new(&self.db.url(), &|_| None)?;
        let records = records(sql);
        let request = Request {
            records: &records,
            target: &target,
            options: &self.options,
            undeclared: self.undeclared,
            dry_run: self.dry_run,
        };
        let mut bench = Workbench::new(ScratchOptions::default());
        push(&mut bench, &request, self.answers.clone(), &mut self.person)
    }

    fn pushed(&mut self, sql: &str) -> Vec<String> {
        let push = self.push(sql).unwrap_or_else(|error| panic!("{error}"));
        push.plan.steps().map(|step| step.text()).collect()
    }

    /// Pushes what is refused, and looks that nothing has changed.
    fn refused(&mut self, sql: &str) -> Error {
        let before = catalog(&mut self.db);
        let error = self.push(sql).expect_err("it is refused");
        assert!(catalog(&mut self.db) == before, "something has changed:\n{error}");
        assert_eq!(error.class, Class::Refused, "{error}");
        error
    }

    fn one<T: for<'a> postgres::types::FromSql<'a>>(&mut self, query: &str) -> T {
        self.db.client().query_one(query, &[]).unwrap().get(0)
    }
}

#[test]
fn twice_is_once() {
    let mut live = Live::new("");
    let sql = "create type s as enum ('a', 'b'); create table t (id int primary key, s s default 'a', n text unique);
               comment on table t is 'x'; create index on t (n, s);";
    assert!(!live.pushed(sql).is_empty());
    assert_eq!(live.pushed(sql), [""; 0]);
    live.dry_run = true;
    let more = format!("{sql} alter table t add x int;");
    assert_eq!(live.pushed(&more).len(), 1);
    live.dry_run = false;
    live.person.stops = true;
    assert!(live.refused(&more).to_string().contains("--yes"));
    live.person.stops = false;
    assert_eq!(live.pushed(&more).len(), 1);
}

#[test]
fn what_must_be_committed_before_it_is_used() {
    let mut live = Live::new("create type s as enum ('a'); create table t (s s default 'a');");
    let push = live.push("create type s as enum ('a', 'b'); create table t (s s default 'b');");
    assert_eq!(push.unwrap_or_else(|error| panic!("{error}")).plan.sections.len(), 2);
    live.db.client().batch_execute("insert into t default values").unwrap();
    assert_eq!(live.one::<String>("select s::text from t"), "b");
}

#[test]
fn rows_in_the_way_are_shown_and_stay() {
    let mut live = Live::new(
        "create type s as enum ('a', 'b');
         create table u (id int primary key);
         create table t (id int primary key, n text, m text, k int, u int, s s);
         insert into u values (1);
         insert into t select i, nullif(i, 3)::text, 'same', i, i, 'b' from generate_series(1, 8) i;
         insert into t values (9, E'\\x1b[31m\\n'' ' || repeat('é', 100), 'other', 0, 1, 'a');",
    );
    let error = live.refused(
        "create type s as enum ('a');
         create table u (id int primary key);
         create table t (id int primary key, n text not null, m text unique, k int check (k > 2), u int references u,
                         s s, z int not null);",
    );
    insta::assert_snapshot!(error);
}

#[test]
fn every_form_of_duplicates() {
    let old = "create table t (a text, b text);
               insert into t values ('x', null), ('x', null), ('y', 'long' || repeat('-', 200)), (null, null);";
    for (new, told) in [
        ("create table t (a text, b text); create unique index on t (a);", "2 rows of t have the same a"),
        (
            "create table t (a text, b text); create unique index on t (a) where b is null;",
            "2 rows of t have",
        ),
        (
            "create table t (a text, b text); create unique index on t (lower(a));",
            "Key (lower(a))=(x) is duplicated",
        ),
        ("create table t (a text, b text, exclude using btree (a with =));", "conflicts with key"),
        ("create table t (a text primary key, b text);", "t.a becomes NOT NULL, and is NULL in 1 row"),
    ] {
        let error = Live::new(old).refused(new).to_string();
        assert!(error.contains(told), "{new}\n{error}");
    }
}

#[test]
fn values_that_do_not_convert() {
    let mut live =
        Live::new("create table t (id int primary key, a text); insert into t values (1, '7'), (2, 'x');");
    let error = live.refused("create table t (id int primary key, a int);").to_string();
    assert!(error.contains("invalid input syntax") && error.contains("nothing was changed"), "{error}");
}

#[test]
fn rows_go_only_with_permission() {
    let old = "create table t (id int primary key, a text, b text); insert into t values (1, 'x', null), (2, null, null);
               create table gone (id int primary key); insert into gone select generate_series(1, 7);
               create table empty_one (id int);";
    let new = "create table t (id int primary key);";
    let mut live = Live::new(old);
    live.undeclared = Undeclared::Drop;
    let error = live.refused(new);
    insta::assert_snapshot!(error);
    assert_eq!(error.answers.len(), 2);

    // Each by name, all at once, or by a yes.
    live.answers.drops = vec!["t.a".to_owned()];
    assert!(!live.refused(new).to_string().contains("t.a"));
    live.answers.drops = vec!["t.a".to_owned(), "public.gone".to_owned()];
    live.pushed(new);
    assert_eq!(live.one::<i64>("select count(*) from t"), 2);
    let mut live = Live::new(old);
    (live.undeclared, live.person.loses) = (Undeclared::Drop, true);
    live.pushed(new);
    let mut live = Live::new(old);
    live.undeclared = Undeclared::Drop;
    live.answers.allow.insert(HazardKind::DataLoss);
    assert_eq!(live.pushed(new).len(), 3);
    live.answers.drops = vec!["nothing".to_owned()];
    assert_eq!(live.push(new).expect_err("no such thing").class, Class::Usage);
}

#[test]
fn what_is_not_declared() {
    let old = "create table mine (id int primary key);
               create table theirs (id serial primary key, mine int references mine, b text);
               create index on theirs (b); comment on column theirs.b is 'x';
               create type theirs_too as enum ('a'); create sequence counter;
               create index by_hand on mine (id); alter table mine add extra text;
               create schema other; create table other.t (id int);
               create schema schema_history; create table schema_history.ledger_version (version int);";
    let new = "create table mine (id int primary key, n int);";
    let theirs = "select count(*) from pg_class where relname in ('theirs', 'theirs_b_idx', 'theirs_id_seq', 'counter')";
    let mut live = Live::new(old);
    let push = live.push(new).unwrap_or_else(|error| panic!("{error}"));
    let kept: Vec<String> = push.kept.iter().map(ToString::to_string).collect();
    assert_eq!(kept, ["enum theirs_too", "sequence counter", "table theirs"]);
    assert_eq!(live.one::<i64>(theirs), 4);
    assert_eq!(live.one::<i64>("select count(*) from pg_constraint where conname = 'theirs_mine_fkey'"), 1);
    // What is a part of something declared is not asked about.
    assert_eq!(live.one::<i64>("select count(*) from pg_class where relname = 'by_hand'"), 0);
    assert_eq!(live.one::<i64>("select count(*) from pg_attribute where attname = 'extra'"), 0);
    assert_eq!(live.pushed(new), [""; 0]);

    // Keeping does not keep declared things from changing, nor what is kept from following.
    assert_eq!(live.pushed("create table mine (id bigint primary key, n int);").len(), 1);
    assert_eq!(live.one::<i64>(theirs), 4);

    live.answers.drops = vec!["theirs".to_owned()];
    live.pushed(new);
    assert_eq!(live.one::<i64>(theirs), 1);
    live.answers.drops.clear();
    live.person.drops = Some(true);
    assert!(live.refused(new).to_string().contains("sequence"));
    live.answers.allow.insert(HazardKind::DataLoss);
    live.pushed(new);
    assert_eq!(live.one::<i64>(theirs), 0);
    assert_eq!(live.one::<i64>("select count(*) from pg_type where typname = 'theirs_too'"), 0);
    assert_eq!(live.one::<i64>("select count(*) from other.t"), 0);
    assert_eq!(live.one::<i64>("select count(*) from schema_history.ledger_version"), 0);
}

#[test]
fn what_is_kept_follows_what_it_stands_on() {
    let old = "create table t (id int primary key, a int); insert into t values (1, 2);
               create view theirs as select id, a from t; grant select on theirs to public;
               create function by_hand() returns trigger language plpgsql as 'begin return new; end';
               create trigger by_hand before insert on t for each row execute function by_hand();";
    let mut live = Live::new(old);
    let push = live.push("create table t (id bigint primary key, a int, b int);");
    let push = push.unwrap_or_else(|error| panic!("{error}"));
    let kept: Vec<String> = push.kept.iter().map(ToString::to_string).collect();
    assert_eq!(kept, ["function by_hand()", "view theirs"]);
    assert_eq!(live.one::<i64>("select id from theirs"), 1);
    // What it stands on cannot go.
    live.answers.drops = vec!["t.a".to_owned()];
    let error =
        live.push("create table t (id bigint primary key);").expect_err("a view needs it").to_string();
    assert!(error.contains("theirs"), "{error}");
    live.answers.drops = vec!["theirs".to_owned(), "t.a".to_owned()];
    live.pushed("create table t (id bigint primary key);");
    assert_eq!(live.one::<i64>("select count(*) from pg_class where relname = 'theirs'"), 0);
}

#[test]
fn nothing_declared_in_public_leaves_it_alone() {
    let mut live = Live::new("create table public.theirs (id int); comment on schema public is 'theirs';");
    live.undeclared = Undeclared::Drop;
    live.answers.allow.insert(HazardKind::DataLoss);
    let new = "create schema app; create table app.t (id int);";
    assert_eq!(live.pushed(new).len(), 2);
    assert_eq!(live.one::<i64>("select count(*) from public.theirs"), 0);
    assert_eq!(live.one::<String>("select obj_description('public'::regnamespace)"), "theirs");
    assert_eq!(live.pushed(new), [""; 0]);
}

#[test]
fn what_belongs_to_extensions_stays() {
    let mut live = Live::new("create table t (id int); create extension hstore; create table u (h hstore);");
    live.undeclared = Undeclared::Drop;
    assert_eq!(live.pushed("create table t (id int);"), ["DROP TABLE public.u"]);
    assert_eq!(live.one::<i64>("select count(*) from pg_extension where extname = 'hstore'"), 1);
}

#[test]
fn renames_take_the_rows_along() {
    let old = "create table \"Odd \"\"one\" (id int primary key, \"it's\" text not null); insert into \"Odd \"\"one\" values (1, 'x');";
    let new = "create table \"new; drop\" (id int primary key, \"its\" text not null);";
    let mut live = Live::new(old);
    let error = live.refused(new);
    assert!(error.to_string().contains("--rename Odd \"one=new; drop"), "{error}");
    live.answers.renames = vec!["Odd \"one=new; drop".to_owned()];
    let error = live.refused(new);
    assert!(error.to_string().contains("--rename new; drop.it's=new; drop.its"), "{error}");
    live.answers.renames.push("new; drop.it's=new; drop.its".to_owned());
    // A rename does not hide rows in the way.
    let narrow = new.replace("text not null", "text not null check (its <> 'x')");
    let error = live.refused(&narrow);
    assert!(error.to_string().contains("1 row of new; drop break it"), "{error}");
    live.pushed(new);
    assert_eq!(live.one::<String>("select its from \"new; drop\""), "x");
    live.answers.renames.clear();
    assert_eq!(live.pushed(new), [""; 0]);

    // Where all is kept, an old table beside a new one is no question.
    let mut live = Live::new(old);
    live.undeclared = Undeclared::Keep;
    live.pushed(new);
    assert_eq!(live.one::<i64>("select count(*) from \"Odd \"\"one\""), 1);
}

#[test]
fn two_at_once() {
    let mut live = Live::new("");
    let url = live.db.url();
    let tables: String = (0..30).map(|n| format!("create table t{n} (id int primary key);")).collect();
    let both: Vec<usize> = std::thread::scope(|scope| {
        let begin = || {
            scope.spawn(|| {
                let target = Target::new(&url, &|_| None).unwrap();
                let records = records(&tables);
                let request = Request {
                    records: &records,
                    target: &target,
                    options: &RunOptions::default(),
                    undeclared: Undeclared::Ask,
                    dry_run: false,
                };
                let mut bench = Workbench::new(ScratchOptions::default());
                let done = push(&mut bench, &request, Answers::default(), &mut Somebody::default());
                done.unwrap_or_else(|error| panic!("{error}")).plan.steps().count()
            })
        };
        [begin(), begin()].map(|thread| thread.join().unwrap()).into()
    });
    assert_eq!(both.iter().filter(|steps| **steps == 0).count(), 1, "{both:?}");
    assert_eq!(live.one::<i64>("select count(*) from pg_class where relname ~ '^t[0-9]+$'"), 30);
}

#[test]
fn others_in_the_way() {
    let mut live = Live::new("create table t (id int);");
    live.options.lock_timeout = Duration::from_millis(50);
    let config: postgres::Config = live.db.url().parse().unwrap();
    let mut other = config.connect(postgres::NoTls).unwrap();
    let mut transaction = other.transaction().unwrap();
    transaction.batch_execute("lock table t in access share mode").unwrap();
    let error = live.push("create table t (id int, b int);").expect_err("locked");
    assert_eq!(error.class, Class::Failed);
    assert!(
        error.to_string().contains("lock timeout") && error.to_string().contains("nothing was changed"),
        "{error}"
    );
    transaction.rollback().unwrap();
    assert_eq!(live.pushed("create table t (id int, b int);").len(), 1);
}

#[test]
fn grants_that_nobody_claims_stay() {
    let mut live = Live::new(
        "create table mine (id int); create table other (id int); grant select on mine, other to push_reader;
         alter default privileges grant select on tables to push_reader;",
    );
    let plain = "create table mine (id int); create table other (id int);";
    assert_eq!(live.pushed(plain), [""; 0]);
    let claimed = format!("{plain} grant insert on mine to push_reader;");
    let steps = [
        "REVOKE SELECT ON TABLE public.mine FROM push_reader",
        "GRANT INSERT ON TABLE public.mine TO push_reader",
    ];
    assert_eq!(live.pushed(&claimed), steps);
    assert_eq!(live.pushed(&claimed), [""; 0]);
    let more = format!(
        "{claimed} create table third (id int); create table fourth (id int); grant insert on fourth to push_reader;"
    );
    assert!(!live.pushed(&more).is_empty());
    assert_eq!(live.pushed(&more), [""; 0]);
    let mut may = |table: &str| {
        live.one::<bool>(&format!("select has_table_privilege('push_reader', '{table}', 'select')"))
    };
    let (other, third, fourth) = (may("other"), may("third"), may("fourth"));
    assert!(other && third && !fourth, "{other} {third} {fourth}");
}
