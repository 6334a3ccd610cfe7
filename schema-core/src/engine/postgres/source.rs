//! Where a schema is read from when two are compared: what the word for it means, and how each becomes a Catalog, as
//! far as that takes neither cargo nor the migrations.

use super::connect::Target;
use super::failure;
use super::introspect::{ReadOptions, read_with};
use super::ledger;
use super::predecessor;
use super::role;
use super::scratch::{Scratch, ScratchDb};
use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use crate::engine::files;
use crate::engine::id::ObjectId;
use crate::engine::name::{QName, quoted};
use crate::engine::nearest::did_you_mean;
use crate::engine::script::Statement;
use crate::engine::sql_file::SqlFile;
use postgres::Client;
use postgres::error::SqlState;
use std::path::{Path, PathBuf};

/// Where a schema is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// What the Rust code declares.
    Code,
    /// What the migrations add up to.
    Migrations,
    /// A database in which nothing was made yet.
    Empty,
    /// A database, by its URL or key=value text.
    Live(String),
    /// A `.sql` file, or a folder of such files.
    Sql(PathBuf),
}

const WORDS: &[&str] = &["code", "migrations", "empty"];

impl Source {
    /// Reads the word for a source. A folder that is named like a word is written with `./` before it.
    ///
    /// # Errors
    /// When it is none; the message says what there is.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let path = Path::new(text);
        match text {
            "code" => return Ok(Self::Code),
            "migrations" => return Ok(Self::Migrations),
            "empty" => return Ok(Self::Empty),
            _ if text.starts_with("postgres://") || text.starts_with("postgresql://") => {
                return Ok(Self::Live(text.to_owned()));
            }
            _ => {}
        }
        if path.is_dir() || (path.exists() && has_sql_name(path)) {
            return Ok(Self::Sql(path.to_owned()));
        }
        if path.exists() {
            return Err(Error::usage(format!("{text} is neither a .sql file nor a folder of such files")));
        }
        // Such text can hold a password: it is not repeated.
        if text.contains('=') {
            return Ok(Self::Live(text.to_owned()));
        }
        let what = if has_sql_name(path) || text.contains('/') {
            format!("there is no file or folder {text}")
        } else {
            format!("{text} is no source{}", did_you_mean(text, WORDS))
        };
        Err(Error::usage(what).next(
            "a source is code, migrations, empty, a postgres:// URL, a .sql file, or a folder of .sql files",
        ))
    }
}

fn has_sql_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql"))
}

/// Reads a `.sql` file, or all that lie in a folder, in the order of their names.
///
/// # Errors
/// When one cannot be read, or there is none.
pub fn read_files(path: &Path) -> Result<Vec<SqlFile>, Error> {
    let mut paths = vec![path.to_owned()];
    if path.is_dir() {
        let unreadable = |error: std::io::Error| {
            Error::usage(format!("the folder {} cannot be read: {error}", path.display()))
        };
        let entries = std::fs::read_dir(path).map_err(unreadable)?;
        let entries = entries.map(|entry| entry.map(|entry| entry.path()).map_err(unreadable));
        paths = entries.collect::<Result<_, _>>()?;
        paths.retain(|path| has_sql_name(path) && path.is_file());
        paths.sort();
    }
    if paths.is_empty() {
        return Err(Error::usage(format!("there is no .sql file in the folder {}", path.display()))
            .next("folders in it are not looked at; of a folder of migrations, `migrations` is the word"));
    }
    let mut found = Vec::with_capacity(paths.len());
    for path in paths {
        let name = path.display().to_string();
        let text = files::text(&path)?.ok_or_else(|| Error::usage(format!("there is no file {name}")))?;
        found.push(SqlFile::read(&name, &text)?);
    }
    Ok(found)
}

/// Reads a live database to be compared with code or migrations: without the tables in which migrations are recorded.
///
/// # Errors
/// When it cannot be reached or read.
pub fn read_live(target: &Target, ledger_schema: &str, options: &ReadOptions) -> Result<Catalog, Error> {
    let mut catalog = read_whole(target, ledger_schema, options)?;
    remove_bookkeeping(&mut catalog, ledger_schema);
    Ok(catalog)
}

/// Reads a live database for itself: only our own ledger is left out.
///
/// # Errors
/// When it cannot be reached or read.
pub fn read_whole(target: &Target, ledger_schema: &str, options: &ReadOptions) -> Result<Catalog, Error> {
    let another = || target.connect();
    let mut catalog = read_with(&mut target.connect()?, &another, options)?;
    catalog.remove_tables(&ledger_tables(ledger_schema));
    Ok(catalog)
}

/// Removes the tables in which migrations are recorded, our own and those of other tools: part of no schema that is
/// compared.
pub fn remove_bookkeeping(catalog: &mut Catalog, ledger_schema: &str) {
    let mut tables = ledger_tables(ledger_schema).to_vec();
    let all = catalog.objects.keys().filter_map(ObjectId::as_table);
    tables.extend(all.filter(|table| predecessor::is_tracking(table)).cloned());
    catalog.remove_tables(&tables);
}

/// The tables of the ledger: part of no schema that is compared.
pub fn ledger_tables(ledger_schema: &str) -> [QName; ledger::TABLES.len()] {
    ledger::TABLES.map(|name| QName::new(ledger_schema, name))
}

/// A new database in which these files have run. Roles that they name and that do not exist are made, where the server
/// is ours alone.
pub(super) fn database_of(scratch: &mut Scratch, files: &[SqlFile]) -> Result<ScratchDb, Error> {
    let makes_roles = scratch.keeps_templates();
    let mut database = scratch.database()?;
    while run(database.client(), files, makes_roles)? == Ran::Broken {
        // The one before goes only now: with the last database, scratch lets go of its roles too.
        database = scratch.database()?;
    }
    Ok(database)
}

#[derive(PartialEq, Eq)]
enum Ran {
    Whole,
    /// A role that was not there broke the file's own transaction off. Now it is there.
    Broken,
}

/// Each statement commits by itself, as in psql; each file begins in a session as good as new.
fn run(client: &mut Client, files: &[SqlFile], makes_roles: bool) -> Result<Ran, Error> {
    for file in files {
        for statement in &file.statements {
            let Err(error) = client.batch_execute(&statement.sql) else { continue };
            let role = role::missing(&error).filter(|_| makes_roles);
            let Some(role) = role else { return Err(failed(&file.file, statement, &error)) };
            let create = format!("CREATE ROLE {}", quoted(&role));
            let after = if client.batch_execute(&create).is_ok() {
                client.batch_execute(&statement.sql).map(|()| Ran::Whole)
            } else {
                client
                    .batch_execute("ROLLBACK")
                    .and_then(|()| client.batch_execute(&create))
                    .map(|()| Ran::Broken)
            };
            match after {
                Ok(Ran::Whole) => {}
                Ok(Ran::Broken) => return Ok(Ran::Broken),
                Err(error) => return Err(failed(&file.file, statement, &error)),
            }
        }
        client.batch_execute("DISCARD ALL").map_err(|error| {
            if error.code() == Some(&SqlState::ACTIVE_SQL_TRANSACTION) {
                return Error::usage("the file ends inside of a transaction that it has begun")
                    .at(&file.file, file.statements.last().map_or(1, |last| last.line))
                    .next("write COMMIT; at its end, or leave BEGIN out");
            }
            failure::doing("resetting the session", &error)
        })?;
    }
    Ok(Ran::Whole)
}

fn failed(file: &str, statement: &Statement, error: &postgres::Error) -> Error {
    let failed = failure::statement(file, statement, error);
    if let Some(role) = role::missing(error) {
        return failed.next(role::next(&role));
    }
    if [&SqlState::UNDEFINED_FILE, &SqlState::FEATURE_NOT_SUPPORTED]
        .into_iter()
        .any(|code| error.code() == Some(code))
        && failed.what.contains("extension")
    {
        return failed.next("name a server that has the extension: --scratch URL, or --scratch server");
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::postgres::scratch::ScratchOptions;
    use crate::engine::postgres::test_server;
    use crate::engine::postgres::workbench::Workbench;

    fn bench() -> Workbench {
        Workbench::new(ScratchOptions::default())
    }

    fn file(text: &str) -> SqlFile {
        SqlFile::read("a.sql", text).expect("it can be read")
    }

    fn ids(catalog: &Catalog) -> Vec<String> {
        catalog.objects.keys().map(ToString::to_string).collect()
    }

    #[test]
    fn words_for_sources() {
        let root = tempfile::tempdir().expect("a folder");
        let path = |name: &str| root.path().join(name).display().to_string();
        std::fs::write(path("a.sql"), "").expect("written");
        std::fs::write(path("b.txt"), "").expect("written");
        assert_eq!(Source::parse("code"), Ok(Source::Code));
        assert_eq!(Source::parse("migrations"), Ok(Source::Migrations));
        assert_eq!(Source::parse("empty"), Ok(Source::Empty));
        assert_eq!(Source::parse(&path("a.sql")), Ok(Source::Sql(path("a.sql").into())));
        assert_eq!(Source::parse(&path("")), Ok(Source::Sql(path("").into())));
        for url in ["postgres://h/d", "postgresql://h/d", "host=/tmp dbname=a"] {
            assert_eq!(Source::parse(url), Ok(Source::Live(url.to_owned())));
        }
        let fails = |text: &str| Source::parse(text).expect_err("no source").to_string();
        assert!(fails("migration").contains("did you mean `migrations`?"));
        assert!(fails(&path("none.sql")).contains("there is no file or folder"));
        assert!(fails(&path("b.txt")).contains("neither a .sql file"));
    }

    #[test]
    fn folders_are_read_in_the_order_of_names() {
        let root = tempfile::tempdir().expect("a folder");
        for (name, text) in
            [("2.sql", "select 2"), ("10.SQL", "select 10"), ("1.sql", "select 1"), ("x.txt", "'")]
        {
            std::fs::write(root.path().join(name), text).expect("written");
        }
        let files = read_files(root.path()).expect("readable");
        let statements: Vec<&str> =
            files.iter().flat_map(|file| &file.statements).map(|statement| statement.sql.as_str()).collect();
        assert_eq!(statements, ["select 1", "select 10", "select 2"]);
        let empty = tempfile::tempdir().expect("a folder");
        assert!(read_files(empty.path()).expect_err("none").to_string().contains("there is no .sql file"));
    }

    #[test]
    fn files_run_as_in_psql() {
        let files = [
            file("set search_path = s; create schema s; create table a ();"),
            file(
                "begin; create table b (); commit; create type e as enum ('a'); alter type e add value 'b'; \
                  create table c (e e default 'b');",
            ),
        ];
        let catalog = bench().loaded(&files).expect("it runs");
        let ids = ids(&catalog);
        for id in ["table s.a", "table b", "column c.e"] {
            assert!(ids.iter().any(|found| found == id), "{id} in {ids:?}");
        }
    }

    #[test]
    fn roles_are_made_where_they_are_named() {
        let sql = "create table a (); alter table a owner to \"No \"\"One\"; begin; create table b (); \
                   grant select on b to nobody_else; commit;";
        let catalog = bench().loaded(&[file(sql)]).expect("it runs");
        assert!(catalog.get(&ObjectId::Table(QName::new("public", "b"))).is_some());
    }

    #[test]
    fn what_fails_has_its_line() {
        let fails = |text: &str| bench().loaded(&[file(text)]).expect_err("it fails").to_string();
        let error = fails("create table a ();\n\ncreate table b (\n  c nonsense\n);");
        assert!(error.contains("nonsense") && error.contains("a.sql:4"), "{error}");
        let error = fails("begin;\ncreate table a ();\n");
        assert!(error.contains("ends inside of a transaction") && error.contains("a.sql:2"), "{error}");
        let error = fails("create extension no_such_extension;");
        assert!(error.contains("--scratch"), "{error}");
    }

    #[test]
    fn the_ledger_is_no_part_of_a_live_database() {
        let database = test_server::database();
        let mut client = database.connect();
        let sql = |schema: &str| {
            let tables = ledger_tables(schema).map(|table| {
                format!("create table {table} (id int primary key); create index on {table} (id); ")
            });
            format!("create schema if not exists {schema}; {}", tables.concat())
        };
        client.batch_execute(&sql("h")).expect("made");
        client.batch_execute(&(sql("own") + "create table own.mine ();")).expect("made");
        let target = Target::new(database.target(), &|_| None).expect("a target");
        let read =
            |schema: &str| ids(&read_live(&target, schema, &ReadOptions::default()).expect("readable"));
        let (alone, beside) = (read("h"), read("own"));
        assert!(!alone.iter().any(|id| id.contains("schema h") || id.contains("h.ledger")), "{alone:?}");
        assert!(alone.iter().any(|id| id == "table own.ledger_version"), "{alone:?}");
        assert!(beside.iter().any(|id| id == "schema own") && beside.iter().any(|id| id == "table own.mine"));
        assert!(!beside.iter().any(|id| id.contains("own.ledger")), "{beside:?}");
    }
}
