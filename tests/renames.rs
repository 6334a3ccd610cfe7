//! Renames as `generate` makes migrations of them: proven up and down like all others, so what is tested here is that the
//! names are what moves, and the data stays.

use crate::line::Project;
use schema_core::engine::draft::Answers;
use schema_core::engine::record::{
    Base, Column, Constraint, ConstraintKind, Deferrable, Enum, Index, IndexKey, KeyPart, Label, Name,
    Origin, Records, ReplicaIdentity, Table, Type,
};

fn origin(path: &str) -> Origin {
    Origin { file: "src/models.rs".to_owned(), line: 7, path: path.to_owned() }
}

fn column(name: &str, from: Option<&str>, base: Base) -> Column {
    Column {
        origin: origin(name),
        name: name.to_owned(),
        ty: Type { base, dimensions: 0, nullable: false },
        default: None,
        identity: None,
        generated: None,
        is_virtual: false,
        storage: None,
        compression: None,
        statistics: None,
        collation: None,
        comment: None,
        renamed_from: from.map(str::to_owned),
    }
}

fn int(name: &str, from: Option<&str>) -> Column {
    column(name, from, Base::Sql("integer".to_owned()))
}

fn named(name: &str) -> Name {
    match name.split_once('.') {
        Some((schema, name)) => Name { schema: Some(schema.to_owned()), name: name.to_owned() },
        None => Name { schema: None, name: name.to_owned() },
    }
}

fn table(name: &str, from: Option<&str>, columns: Vec<Column>) -> Table {
    Table {
        origin: origin(name),
        name: named(name),
        comment: None,
        renamed_from: from.map(str::to_owned),
        unlogged: false,
        columns,
        constraints: Vec::new(),
        indexes: Vec::new(),
        with: None,
        replica_identity: ReplicaIdentity::Default,
        row_security: false,
        force_row_security: false,
        policies: Vec::new(),
        partition_by: None,
        partitions: Vec::new(),
    }
}

fn constraint(kind: ConstraintKind) -> Constraint {
    Constraint { origin: origin("constraint"), name: None, kind, deferrable: Deferrable::No }
}

/// A primary key on the first column, a check and an index on the second; all with default names.
fn with_parts(mut table: Table) -> Table {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    table.constraints.push(constraint(ConstraintKind::PrimaryKey {
        columns: vec![names[0].clone()],
        include: Vec::new(),
    }));
    table.constraints.push(constraint(ConstraintKind::Check {
        expression: format!("{} > 0", names[1]),
        no_inherit: false,
        column: Some(names[1].clone()),
    }));
    table.indexes.push(Index {
        origin: origin("index"),
        name: None,
        unique: false,
        method: None,
        keys: vec![IndexKey {
            on: KeyPart::Column(names[1].clone()),
            collation: None,
            opclass: None,
            descending: false,
            nulls_first: None,
        }],
        include: Vec::new(),
        nulls_not_distinct: false,
        predicate: None,
        with: None,
    });
    table
}

fn enumeration(name: &str, from: Option<&str>, labels: &[(&str, Option<&str>)]) -> Enum {
    let label = |(name, from): &(&str, Option<&str>)| Label {
        name: (*name).to_owned(),
        renamed_from: from.map(str::to_owned),
    };
    Enum {
        origin: origin(name),
        name: named(name),
        comment: None,
        renamed_from: from.map(str::to_owned),
        labels: labels.iter().map(label).collect(),
    }
}

fn tables(tables: Vec<Table>) -> Records {
    Records { tables, ..Records::default() }
}

/// The statements of both texts, without comments.
fn statements(project: &mut Project, records: &Records, flags: &[&str]) -> String {
    let renames = flags.iter().map(|flag| (*flag).to_owned()).collect();
    let answers = Answers { renames, ..Answers::default() };
    let made = project.try_generate(records, answers).unwrap_or_else(|error| panic!("{error}"));
    let texts = made.unwrap_or_else(|| panic!("there is nothing to generate")).texts;
    let plain = |text: &str| -> String {
        text.lines()
            .filter(|line| !line.is_empty() && !line.starts_with("--"))
            .map(|line| format!("{line}\n"))
            .collect()
    };
    format!("{}--\n{}", plain(&texts.up), plain(&texts.down))
}

/// Compares the statements; from PostgreSQL 18 on a NOT NULL has a name too, which goes with that of its column.
fn assert_statements(name: &str, project: &mut Project, records: &Records) {
    let text = statements(project, records, &[]);
    let named = project.bench.server().unwrap().major >= 18;
    let name = if named { format!("{name}_with_not_null") } else { name.to_owned() };
    insta::assert_snapshot!(name, text);
}

/// Nothing is left to do although `renamed_from` still stands in the code.
fn done(project: &mut Project, records: &Records) {
    assert_eq!(project.try_generate(records, Answers::default()), Ok(None));
    project.snapshot = None;
    assert!(project.try_generate(records, Answers::default()).unwrap().is_none());
}

#[test]
fn a_table_with_its_columns_and_default_names() {
    let mut project = Project::new();
    let users = with_parts(table("users", None, vec![int("id", None), int("age", None)]));
    project.generate(&tables(vec![users]));
    let columns = vec![int("key", Some("id")), int("years", Some("age"))];
    let accounts = tables(vec![with_parts(table("crm.accounts", Some("public.users"), columns))]);
    assert_statements("rename_table_and_columns", &mut project, &accounts);
    done(&mut project, &accounts);
}

#[test]
fn an_enum_with_its_values() {
    let mut project = Project::new();
    let with = |e: Enum| {
        let state = column("state", None, Base::Enum(e.name.clone()));
        Records { tables: vec![table("t", None, vec![state])], enums: vec![e], ..Records::default() }
    };
    project.generate(&with(enumeration("s", None, &[("a", None), ("b", None), ("c", None)])));
    // A chain: c was b, b was a.
    let renamed = with(enumeration(
        "z",
        Some("s"),
        &[("b", Some("a")), ("c", Some("b")), ("d", Some("c")), ("e", None)],
    ));
    insta::assert_snapshot!("rename_enum_and_values", statements(&mut project, &renamed, &[]));
    done(&mut project, &renamed);
}

#[test]
fn chains_and_names_that_are_used_again() {
    let mut project = Project::new();
    let a = table("a", None, vec![int("x", None), int("y", None)]);
    let b = table("b", None, vec![int("z", None)]);
    project.generate(&tables(vec![a, b]));
    // a becomes b, b becomes c, and there is a new a; in b the columns move on in the same way.
    let a = table("a", None, vec![int("x", None)]);
    let b = table("b", Some("a"), vec![int("w", Some("y")), int("y", Some("x"))]);
    let c = table("c", Some("b"), vec![int("z", None)]);
    let moved = tables(vec![a, b, c]);
    assert_statements("rename_chain", &mut project, &moved);
    done(&mut project, &moved);
}

#[test]
fn an_exchange_of_names_is_refused() {
    let mut project = Project::new();
    project.generate(&tables(vec![table("t", None, vec![int("a", None), int("b", None)])]));
    let swapped = tables(vec![table("t", None, vec![int("a", Some("b")), int("b", Some("a"))])]);
    let refused = project.try_generate(&swapped, Answers::default()).unwrap_err();
    insta::assert_snapshot!("rename_swap", refused);
    let taken = tables(vec![table("t", None, vec![int("b", Some("a"))])]);
    let refused = project.try_generate(&taken, Answers::default()).unwrap_err();
    insta::assert_snapshot!("rename_taken", refused);
}

#[test]
fn flags_name_columns_by_either_name_of_their_table() {
    let mut project = Project::new();
    project.generate(&tables(vec![table("users", None, vec![int("id", None), int("age", None)])]));
    let renamed = tables(vec![table("accounts", None, vec![int("id", None), int("years", None)])]);
    for flag in ["accounts.age=accounts.years", "users.age=accounts.years", "accounts.age=years"] {
        let mut again = Project { history: project.history.clone(), ..Project::new() };
        let text = statements(&mut again, &renamed, &[flag, "users=accounts"]);
        assert!(text.starts_with("ALTER TABLE public.users RENAME TO accounts;\n"), "{text}");
        assert!(text.contains("ALTER TABLE public.accounts RENAME COLUMN age TO years;"), "{text}");
    }
    for flag in ["users", "nobody=accounts", "users=nobody", "users.id=accounts"] {
        let answers = Answers { renames: vec![flag.to_owned()], ..Answers::default() };
        let error = project.try_generate(&renamed, answers).unwrap_err();
        assert!(error.what.starts_with(&format!("--rename {flag}: ")), "{error}");
    }
}
