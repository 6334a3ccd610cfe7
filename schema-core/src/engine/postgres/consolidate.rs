//! `schema squash` without its terminal: one migration in the place of several, proven to end in the same Catalog with the
//! same rows.

use super::contents::Contents;
use super::prove::difference;
use super::scratch::ServerInfo;
use super::section::apply_script;
use super::workbench::Workbench;
use crate::engine::catalog::Catalog;
use crate::engine::draft::{Texts, one_sided};
use crate::engine::error::{Error, Location};
use crate::engine::history::{History, Migration, compare, digits, slugify};
use crate::engine::lex;
use crate::engine::plan::plan;
use crate::engine::render::{self, Header};
use crate::engine::script::{Script, Statement};
use std::collections::BTreeMap;

/// What is to be replaced.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The migrations that go, from the first on.
    pub old: &'a History,
    /// The first one that stays.
    pub next: Option<&'a Migration>,
    /// The name of the new one.
    pub name: &'a str,
    /// The version of the tool.
    pub tool: &'a str,
    /// Whether rows that cannot be carried over may be left out.
    pub leave_rows: bool,
}

/// A proven migration that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squashed {
    /// The migration.
    pub texts: Texts,
    /// Statements about rows that it carries over.
    pub carried: usize,
    /// Rows that a new database no longer gets; a line each.
    pub left: Vec<String>,
    /// The server of the proof.
    pub server: ServerInfo,
}

/// Makes and proves the migration.
///
/// # Errors
/// When something cannot be made again, or the proof fails; nothing has been changed then.
pub fn squash(bench: &mut Workbench, request: &Request<'_>) -> Result<Squashed, Error> {
    let old = request.old;
    let Some(last) = old.last().filter(|_| old.0.len() > 1) else {
        return Err(Error::usage("there are not two migrations to squash").next("`schema status` lists them"));
    };
    let id = id(old, last, request.name);
    refuse_place(&id, request.next)?;
    let nothing = bench.recorded(&History::default())?;
    let mut database = bench.database_at(old)?;
    let wanted = bench.read(&mut database)?;
    let rows = Contents::read(database.client())?;
    drop(database);
    refuse_unmodeled(&nothing, &wanted)?;
    let server = bench.server()?;
    let proven_on = format!("PostgreSQL {}", server.version);
    let header = Header { id: &id, parent: None, tool: request.tool, proven_on: &proven_on };
    let up = plan(&nothing, &wanted)?;
    let down = render::down(&plan(&wanted, &nothing)?, &up, &header);
    let bare = with_replaced(&render::up(&up, &BTreeMap::new(), &header), old);
    let statements = about_rows(old);
    let attempts = [Some(Vec::new()), (!rows.is_empty()).then_some(statements.clone())];
    let mut left = rows.missing_in(&Contents::default());
    let mut failed = None;
    for carried in attempts.into_iter().flatten() {
        let texts = Texts { id: id.clone(), up: with_rows(&bare, &carried), down: down.clone() };
        match prove(bench, &texts, &nothing, &wanted) {
            Ok(reached) if rows == reached => {
                return Ok(Squashed { texts, carried: carried.len(), left: Vec::new(), server });
            }
            Ok(reached) => left = rows.missing_in(&reached),
            Err(error) if carried.is_empty() => return Err(error),
            Err(error) => failed = Some(error),
        }
    }
    if !request.leave_rows {
        return Err(refuse_rows(&statements, &left, failed));
    }
    let left = rows.missing_in(&Contents::default());
    Ok(Squashed { texts: Texts { id, up: bare, down }, carried: 0, left, server })
}

/// It takes the place of the last one that it replaces, under an id that none of them has, nor had one that they replaced:
/// by its id a database tells what it has.
fn id(old: &History, last: &Migration, name: &str) -> String {
    let plain = format!("{}_{}", digits(&last.id), slugify(name));
    // How often the name was taken there before.
    let number = |id: &str| match id.strip_prefix(&plain)? {
        "" => Some(1),
        "_again" => Some(2),
        more => more.strip_prefix("_again_")?.parse().ok(),
    };
    let replaced = old.0.iter().flat_map(|migration| &migration.replaces).map(|replaced| &replaced.id);
    let taken = old.0.iter().map(|migration| &migration.id).chain(replaced);
    match taken.filter_map(|id| number(id)).max() {
        None => plain,
        Some(1) => format!("{plain}_again"),
        Some(number) => format!("{plain}_again_{}", number + 1_u32),
    }
}

/// What stays must come after it. Two that people wrote may have the same digits, and then it is the name that counts.
fn refuse_place(id: &str, next: Option<&Migration>) -> Result<(), Error> {
    match next {
        Some(next) if compare(id, &next.id).is_ge() => Err(Error::usage(format!(
            "{id} would come after {}, which has the same digits and is not replaced",
            next.id
        ))
        .at(&next.up.file, 1)
        .next("squash that one too, with --to; or give a --name that comes before it")),
        Some(_) | None => Ok(()),
    }
}

/// The head of the migration says what it stands for.
fn with_replaced(up: &str, old: &History) -> String {
    let lines: String = old
        .0
        .iter()
        .map(|migration| format!("-- schema:replaces {} {}\n", migration.id, migration.up.checksum))
        .collect();
    match up.split_once("\n\n") {
        Some((head, rest)) => format!("{head}\n{lines}\n{rest}"),
        None => format!("{up}{lines}"),
    }
}

fn with_rows(up: &str, statements: &[(Location, Statement)]) -> String {
    if statements.is_empty() {
        return up.to_owned();
    }
    let mut text = format!("{up}\n-- schema:section\n");
    for (at, statement) in statements {
        text += &format!("\n-- {at}\n{};\n", statement.sql);
    }
    text
}

/// The statements that change rows, in order.
fn about_rows(old: &History) -> Vec<(Location, Statement)> {
    let mut found = Vec::new();
    for migration in &old.0 {
        for statement in migration.up.sections.iter().flat_map(|section| &section.statements) {
            if changes_rows(&statement.sql) {
                let at = Location { file: format!("{}/up.sql", migration.id), line: statement.line };
                found.push((at, statement.clone()));
            }
        }
    }
    found
}

fn changes_rows(sql: &str) -> bool {
    const WORDS: [&str; 5] = ["insert", "update", "delete", "merge", "truncate"];
    let words = lex::words(sql);
    match words.first().map(String::as_str) {
        Some("with") => words.iter().any(|word| WORDS.contains(&word.as_str())),
        // Where a sequence stands.
        Some("select") => words.iter().any(|word| word == "setval"),
        Some(first) => WORDS.contains(&first),
        None => false,
    }
}

/// Runs up and down, and compares each time; gives the rows in between.
fn prove(
    bench: &mut Workbench,
    texts: &Texts,
    nothing: &Catalog,
    wanted: &Catalog,
) -> Result<Contents, Error> {
    let up = Script::read(&format!("{}/up.sql", texts.id), &texts.up)?;
    let down = Script::read(&format!("{}/down.sql", texts.id), &texts.down)?;
    let mut database = bench.database_at(&History::default())?;
    let on_demand = database.is_private();
    let unproven = |what: &str, lines: Vec<String>| {
        match lines.as_slice() {
        [] => Ok(()),
        lines => Err(Error::failed(format!(
            "nothing was squashed, because the one migration {what} (- is what was read back, + is what was wanted):\n{}",
            lines.join("\n")
        ))
        .next("this is a bug in schema: please report it with the text above")),
    }
    };
    let ran = |error: Error| Error {
        what: format!("nothing was squashed, because the one migration fails on scratch: {}", error.what),
        ..error
    };
    apply_script(database.client(), &up, on_demand).map_err(ran)?;
    let reached = bench.read(&mut database)?;
    unproven("ends in another schema", difference(&reached, wanted))?;
    let rows = Contents::read(database.client())?;
    apply_script(database.client(), &down, on_demand).map_err(ran)?;
    let back = bench.read(&mut database)?;
    unproven("is not undone by its down.sql", difference(&back, nothing))?;
    Ok(rows)
}

fn refuse_unmodeled(nothing: &Catalog, wanted: &Catalog) -> Result<(), Error> {
    let lines: Vec<String> = one_sided(nothing, wanted).into_iter().map(|(line, _)| line).collect();
    if lines.is_empty() {
        return Ok(());
    }
    Err(Error::refused(format!(
        "nothing was squashed: schema does not manage this yet, so that the one migration would lack it:\n  {}",
        lines.join("\n  ")
    ))
    .next("squash only up to the migration before, with --to"))
}

fn refuse_rows(statements: &[(Location, Statement)], left: &[String], failed: Option<Error>) -> Error {
    let mut error = Error::refused(format!(
        "nothing was squashed: a new database gets rows by the migrations, and would not get them by the one:\n  {}",
        left.join("\n  ")
    ));
    if let Some(failed) = failed {
        error.what +=
            &format!("\nthe statements about rows cannot be carried over as they are: {}", failed.what);
    }
    error.at.extend(statements.iter().map(|(at, _)| at.clone()));
    error.answers.push(vec!["--allow data-statements".to_owned()]);
    error.next(
        "`--allow data-statements` leaves the rows out: put them into a migration of their own, or into the program",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(migrations: &[(&str, &str)]) -> History {
        let read = |(id, up): &(&str, &str)| Migration::read(id, id, up, None).expect("valid");
        History(migrations.iter().map(read).collect())
    }

    #[test]
    fn an_id_that_none_of_them_has_or_had() {
        let id = |migrations: &[(&str, &str)]| {
            let old = history(migrations);
            id(&old, old.last().expect("some"), "all")
        };
        assert_eq!(id(&[("1_a", ""), ("2_b", "")]), "2_all");
        assert_eq!(id(&[("1_a", ""), ("2_all", "")]), "2_all_again");
        assert_eq!(id(&[("1_a", ""), ("2_all", ""), ("2_b", "")]), "2_all_again");
        let again = "-- schema:replaces 1_a x\n-- schema:replaces 2_all y\n";
        assert_eq!(id(&[("1_b", ""), ("2_all_again", again)]), "2_all_again_3");
        assert_eq!(
            id(&[("1_c", ""), ("2_all_again_3", "-- schema:replaces 2_all_again x\n")]),
            "2_all_again_4"
        );
        assert_eq!(id(&[("2_all_b", ""), ("3_c", "")]), "3_all");
    }

    #[test]
    fn what_stays_comes_after_it() {
        let next = history(&[("2_b", "")]);
        assert_eq!(refuse_place("2_all", next.last()), Ok(()));
        assert_eq!(refuse_place("1_z", next.last()), Ok(()));
        assert_eq!(refuse_place("2_z", None), Ok(()));
        let error = refuse_place("2_z", next.last()).expect_err("after it").to_string();
        assert!(error.contains("2_z would come after 2_b"), "{error}");
    }
}
