//! The line without the terminal: records of the example, a migration, its proof, the next migration from a change of
//! the records.

use schema_cli::extract::{BuildOptions, extract};
use schema_core::engine::declared::declare;
use schema_core::engine::draft::Answers;
use schema_core::engine::error::{Class, Error};
use schema_core::engine::files;
use schema_core::engine::hazard::{Hazard, HazardKind};
use schema_core::engine::history::{History, Migration};
use schema_core::engine::id::ObjectId;
use schema_core::engine::postgres::generate::{Generated, Outcome, Person, Request, generate};
use schema_core::engine::postgres::scratch::ScratchOptions;
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::record::{Base, Origin, Place, RawSql, Records};
use schema_core::engine::rename::Question;
use std::path::PathBuf;

/// Takes every suggestion and answers nothing.
struct Nobody;

impl Person for Nobody {
    fn name(&mut self, suggestion: &str) -> Result<String, Error> {
        Ok(suggestion.to_owned())
    }

    fn rename(&mut self, _question: &Question) -> Result<Option<Option<ObjectId>>, Error> {
        Ok(None)
    }

    fn may_lose(&mut self, _losses: &[&Hazard]) -> Result<bool, Error> {
        Ok(false)
    }

    fn doing(&mut self, _what: &str) {}
}

/// Runs `generate` over and over on one history.
pub(crate) struct Project {
    pub(crate) bench: Workbench,
    pub(crate) history: History,
    pub(crate) snapshot: Option<String>,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { bench: Workbench::new(ScratchOptions::default()), history: History::default(), snapshot: None }
    }

    pub(crate) fn try_generate(
        &mut self,
        records: &Records,
        answers: Answers,
    ) -> Result<Option<Generated>, Error> {
        let declared = declare(records)?;
        let request = Request {
            declared: &declared,
            history: &self.history,
            snapshot: self.snapshot.as_deref(),
            name: None,
            now: 1_795_339_800,
            tool: "0.1.0",
            park: false,
        };
        match generate(&mut self.bench, &request, answers, &mut Nobody)? {
            Outcome::Equal { .. } => Ok(None),
            Outcome::Ahead(generated) => {
                let texts = &generated.texts;
                let folder = format!("migrations/{}", texts.id);
                let migration = Migration::read(&texts.id, &folder, &texts.up, Some(&texts.down))?;
                self.history.0.push(migration);
                self.snapshot = Some(generated.snapshot.clone());
                Ok(Some(*generated))
            }
        }
    }

    pub(crate) fn generate(&mut self, records: &Records) -> Generated {
        let made = self.try_generate(records, Answers::default()).unwrap_or_else(|error| panic!("{error}"));
        made.unwrap_or_else(|| panic!("there is nothing to generate"))
    }
}

fn finance() -> Records {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let options = BuildOptions {
        directory: Some(root),
        package: vec!["finance".to_owned()],
        target_dir: Some(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/line")),
        ..BuildOptions::default()
    };
    extract(&options).unwrap_or_else(|error| panic!("{error}")).records
}

fn without_status(records: &Records) -> Records {
    let mut records = records.clone();
    records.enums.clear();
    for table in &mut records.tables {
        table.columns.retain(|column| !matches!(column.ty.base, Base::Enum(_)));
        table.indexes.retain(|index| index.predicate.is_none());
    }
    records
}

/// Without the version of the server of the proof.
fn on_any_server(generated: &Generated) -> String {
    generated.texts.up.replace(&format!("PostgreSQL {}", generated.server.version), "PostgreSQL VERSION")
}

#[test]
fn from_the_code_to_a_second_migration() {
    let all = finance();
    let mut project = Project::new();
    let first = project.generate(&without_status(&all));
    assert_eq!(first.texts.id, "20261122093000_init");
    insta::assert_snapshot!("init_up", on_any_server(&first));
    insta::assert_snapshot!("init_down", first.texts.down);
    let second = project.generate(&all);
    assert_eq!(second.texts.id, "20261122093001_add_transactions_status");
    insta::assert_snapshot!("status_up", on_any_server(&second));
    insta::assert_snapshot!("status_down", second.texts.down);
    insta::assert_snapshot!("schema", second.snapshot);
    assert_eq!(project.try_generate(&all, Answers::default()), Ok(None));
}

#[test]
fn renames_and_losses_need_an_answer() {
    let all = finance();
    let mut project = Project::new();
    project.generate(&all);
    let mut renamed = all.clone();
    let column = |records: &mut Records, name: &str, to: &str| {
        for column in records.tables.iter_mut().flat_map(|table| &mut table.columns) {
            if column.name == name {
                to.clone_into(&mut column.name);
            }
        }
    };
    column(&mut renamed, "note", "memo");
    let asked = project.try_generate(&renamed, Answers::default()).unwrap_err();
    insta::assert_snapshot!("asked", asked);
    let flags =
        ["--rename transactions.note=transactions.memo".to_owned(), "--drop transactions.note".to_owned()];
    assert_eq!(asked.answers, [flags.to_vec()]);
    let answers = Answers { renames: vec!["transactions.note=memo".to_owned()], ..Answers::default() };
    let mut by_flag = Project { snapshot: None, history: project.history.clone(), ..Project::new() };
    let made = by_flag.try_generate(&renamed, answers).unwrap().unwrap();
    insta::assert_snapshot!("rename_up", on_any_server(&made));
    insta::assert_snapshot!("rename_down", made.texts.down);

    let mut dropped = all.clone();
    for table in &mut dropped.tables {
        table.columns.retain(|column| column.name != "note");
    }
    let refused = project.try_generate(&dropped, Answers::default()).unwrap_err();
    insta::assert_snapshot!("refused", refused);
    let flags = ["--drop transactions.note".to_owned(), "--allow data-loss".to_owned()];
    assert_eq!(refused.answers, [flags.to_vec()]);
    let answers = Answers { drops: vec!["transactions.note".to_owned()], ..Answers::default() };
    let named = project.try_generate(&dropped, answers).unwrap().unwrap();
    assert!(named.texts.down.contains("does not come back"), "{}", named.texts.down);
    let answers = Answers { allow: [HazardKind::DataLoss].into(), ..Answers::default() };
    assert!(project.try_generate(&without_status(&dropped), answers).unwrap().is_some());
}

#[test]
fn what_is_not_managed_is_never_taken_as_done() {
    let mut records = finance();
    let mut project = Project::new();
    project.generate(&records);
    records.sql.push(RawSql {
        origin: Origin { file: "src/lib.rs".to_owned(), line: 7, path: "sql!".to_owned() },
        place: Place::AfterTables,
        sql: "COMMENT ON TYPE transactions IS 'the row type'; CREATE SEQUENCE invoice_no".to_owned(),
        file: None,
    });
    let made = project.generate(&records);
    assert_eq!(made.unmodeled, ["comment public.transactions: declared, but not in the migrations"]);
    assert!(made.texts.up.contains("CREATE SEQUENCE"), "{}", made.texts.up);
    let left = project.try_generate(&records, Answers::default()).unwrap_err();
    assert_eq!(left.class, Class::Findings, "{left}");
    assert!(left.what.contains("comment public.transactions"), "{left}");
}

#[test]
fn the_example_is_up_to_date() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/finance/migrations");
    let mut project = Project::new();
    project.history = files::read(&folder).unwrap();
    project.snapshot = files::read_snapshot(&folder).unwrap();
    assert_eq!(project.history.0.len(), 2);
    let declared = declare(&finance()).unwrap().to_sql();
    assert_eq!(project.snapshot.as_deref(), Some(declared.as_str()));
    assert_eq!(project.try_generate(&finance(), Answers::default()), Ok(None));
}

#[test]
fn roles_that_scratch_does_not_have_are_made_there() {
    let sql = |sql: &str| {
        let origin = Origin { file: "src/lib.rs".to_owned(), line: 1, path: "sql!".to_owned() };
        let raw = RawSql { origin, place: Place::AfterTables, sql: sql.to_owned(), file: None };
        Records { sql: vec![raw], ..Records::default() }
    };
    let mut project = Project::new();
    let first = "create table t (id int); grant select on t to line_reader, \"Line Writer\";
                 create policy p on t to line_policy; alter table t enable row level security;";
    let made = project.generate(&sql(first));
    assert!(made.texts.up.contains("TO \"Line Writer\""), "{}", made.texts.up);
    let second = format!("{first} grant insert (id) on t to line_reader with grant option;");
    let made = project.generate(&sql(&second));
    assert!(made.texts.up.contains("GRANT INSERT (id)"), "{}", made.texts.up);
    // A grant that the code no longer claims stays.
    let third = "create table t (id int); create policy p on t to line_policy; alter table t enable row level security;";
    let made =
        project.try_generate(&sql(third), Answers::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(made.map(|made| made.texts.up), None);
}
