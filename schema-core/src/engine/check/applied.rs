//! What the check says about migrations that have run somewhere, or count as run: they are not to change any more. Pure.

use super::super::findings::{Finding, Place, Severity};
use super::super::history::{History, Migration};
use super::super::postgres::status::{Recorded, State, Status};

pub(super) const EDITED: &str = "applied-migration-edited";
pub(super) const MISSING: &str = "missing-applied-file";
pub(super) const ORDER: &str = "out-of-order";

pub(super) const PUT_BACK: &str =
    "put it back as it was, and write what is to change into a migration of its own";
pub(super) const LATER: &str =
    "give its folder a later moment in its name, and generate or prove it again on top of the others";

/// The findings; `place` is where the migrations have run, in words.
pub fn applied(history: &History, status: &Status, place: &str, folder: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for standing in &status.migrations {
        let file = history.get(&standing.id).map_or(folder, |migration| migration.up.file.as_str());
        let finding = |rule, severity, what: String, next: &str| {
            Finding::new(rule, severity, what).at(Place::new(file, 1)).next(next)
        };
        let id = &standing.id;
        if standing.edited {
            let what = format!("{id} is not what has run on {place}");
            found.push(finding(EDITED, Severity::Error, what, PUT_BACK));
        }
        if standing.state == State::Missing {
            let what = format!("{id} has run on {place}, and its folder is gone");
            found.push(finding(MISSING, Severity::Error, what, PUT_BACK));
        }
        if standing.out_of_order {
            let what = format!("{id} is new, but stands before migrations that have run on {place}");
            found.push(finding(ORDER, Severity::Warn, what, LATER));
        }
    }
    found
}

/// How the migrations stand to those that were there at another time, which count as run. `before` gives the ids and their
/// checksums.
pub fn as_if_run(history: &History, before: &[(String, String)]) -> Status {
    let sections = |id: &str| history.get(id).map_or(0, |migration: &Migration| migration.up.sections.len());
    let row = |(id, checksum): &(String, String)| Recorded {
        id: id.clone(),
        checksum: checksum.clone(),
        sections: sections(id),
        done: sections(id),
        tool: String::new(),
        by: String::new(),
        at: String::new(),
        milliseconds: 0,
        tried: Vec::new(),
        back: Vec::new(),
    };
    Status::of(history, Some(&before.iter().map(row).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_run_does_not_change() {
        let read = |id: &str, up: &str| Migration::read(id, &format!("m/{id}"), up, None).expect("valid");
        let (a, b, c) = (read("1_a", "select 1"), read("2_b", "select 2"), read("3_c", "select 3"));
        let sum = |migration: &Migration| (migration.id.clone(), migration.up.checksum.clone());
        let before = [sum(&a), sum(&c), ("0_gone".to_owned(), "x".to_owned())];
        let edited = read("1_a", "select 4");
        let now = History::new(vec![edited, b, c]).expect("valid");
        let found = applied(&now, &as_if_run(&now, &before), "main", "m");
        let lines: Vec<String> = found
            .iter()
            .map(|found| {
                format!("{} {} {}", found.severity, found.rule, found.place.as_ref().expect("a place"))
            })
            .collect();
        assert_eq!(
            lines,
            [
                "error missing-applied-file m:1",
                "error applied-migration-edited m/1_a/up.sql:1",
                "warn out-of-order m/2_b/up.sql:1",
            ]
        );
    }
}
