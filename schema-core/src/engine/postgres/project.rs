//! Whose history a database has: a project is known by its name in schema.toml, else by its first migration.

use super::ledger::Ledger;
use super::run::RunOptions;
use super::status::{MigrationStatus, Recorded, Replaced, State, Status};
use crate::engine::error::Error;
use crate::engine::history::History;
use postgres::Client;

/// What the ledger's note and ours say about each other.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    /// What is to be noted; nothing where another project's note stays.
    pub(crate) ours: Option<String>,
    /// The database has the history of another project: which, in words.
    pub(crate) other: Option<String>,
}

/// Compares the ledger's note with the project that is about to run. A tenant's rows carry none: whoever runs for
/// tenants looks once.
pub(crate) fn owner(
    client: &mut Client,
    ledger: &Ledger,
    history: &History,
    status: &Status,
    options: &RunOptions,
) -> Result<Owner, Error> {
    if options.tenant.is_some() {
        return Ok(Owner::default());
    }
    let theirs = ledger.stamp(client)?.and_then(|stamp| stamp.project);
    let ours = identity(history, options.project.as_deref());
    let other = other(theirs.as_deref(), ours.as_deref(), status);
    Ok(Owner { ours: ours.filter(|_| other.is_none()), other })
}

/// A name, or `@` and the first migration, which no name begins with.
fn identity(history: &History, name: Option<&str>) -> Option<String> {
    let first = || history.0.first().map(|first| format!("@{} {}", first.id, first.up.checksum));
    name.map(ToOwned::to_owned).or_else(first)
}

/// Two names decide. Otherwise migrations that both have do: a first migration may be edited or squashed.
fn other(theirs: Option<&str>, ours: Option<&str>, status: &Status) -> Option<String> {
    let name =
        |identity: Option<&str>| identity.filter(|identity| !identity.starts_with('@')).map(str::to_owned);
    if let (Some(theirs), Some(ours)) = (name(theirs), name(ours)) {
        return (theirs != ours).then(|| {
            format!("this database has the history of the project {theirs}, and this is the project {ours}")
        });
    }
    ours?;
    let has_run = |row: &Recorded| row.has_run();
    let is_shared = |m: &MigrationStatus| {
        m.replaced != Replaced::None
            || (m.state != State::Missing && m.recorded.as_ref().is_some_and(has_run))
    };
    let shared = status.migrations.iter().any(is_shared);
    let missing: Vec<_> = status.migrations.iter().filter(|m| m.state == State::Missing).collect();
    let first = missing.first().filter(|_| !shared && theirs != ours)?;
    let row = first.recorded.as_ref()?;
    Some(format!(
        "this database has the history of another project: {} of its migrations have run here, the first of them {} ({} \
         by {}), and none of this project's",
        missing.len(),
        first.id,
        row.at,
        row.by
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::history::Migration;

    fn history(ids: &[&str]) -> History {
        let read = |id: &&str| Migration::read(id, id, "select 1", None).expect("valid");
        History(ids.iter().map(read).collect())
    }

    fn status(folder: &[&str], ran: &[&str]) -> Status {
        let row = |m: &Migration| Recorded {
            id: m.id.clone(),
            checksum: m.up.checksum.clone(),
            sections: 1,
            done: 1,
            tool: String::new(),
            by: "me".to_owned(),
            at: "then".to_owned(),
            milliseconds: 0,
            tried: Vec::new(),
            back: Vec::new(),
        };
        Status::of(&history(folder), Some(&history(ran).0.iter().map(row).collect::<Vec<_>>()))
    }

    #[test]
    fn known_by_name_else_by_what_has_run() {
        let one = identity(&history(&["1_a", "2_b"]), None);
        assert_eq!(identity(&History::default(), None), None);
        assert_eq!(identity(&history(&["1_a"]), Some("shop")).as_deref(), Some("shop"));
        let is = |theirs: Option<&str>, ours: Option<&str>, folder: &[&str], ran: &[&str]| {
            other(theirs, ours, &status(folder, ran)).unwrap_or_default()
        };
        assert!(
            is(Some("a"), Some("b"), &["1_a"], &["1_a"])
                .contains("of the project a, and this is the project b")
        );
        assert_eq!(is(Some("a"), Some("a"), &["1_a"], &["9_z"]), "");
        let foreign = is(None, one.as_deref(), &["1_a"], &["8_y", "9_z"]);
        assert!(
            foreign.contains("2 of its migrations have run here, the first of them 8_y (then by me)"),
            "{foreign}"
        );
        assert!(is(Some("@8_y x"), Some("shop"), &["1_a"], &["8_y"]).contains("another project"));
        // One that both have is enough: the first may have been edited or squashed.
        assert_eq!(is(Some("@0_x y"), one.as_deref(), &["1_a", "2_b"], &["0_x", "2_b"]), "");
        // All of it was rolled back, or the checkout is empty: that is for others to say.
        assert_eq!(is(one.as_deref(), one.as_deref(), &["1_a"], &[]), "");
        assert_eq!(is(one.as_deref(), None, &[], &["1_a"]), "");
    }
}
