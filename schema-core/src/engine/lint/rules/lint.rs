//! What lint says about itself: `unparsed`, and what is wrong with waivers.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const UNPARSED: Rule = Rule {
    name: "unparsed",
    group: Group::Lint,
    levels: Levels::INFO,
    summary: "A statement could not be read.",
    why: "No rule has looked at it. What it locks and writes anew is observed on scratch, and said by observed-lock and \
          observed-rewrite.",
    recipe: "Nothing has to be done. If it is not PostgreSQL's SQL, the next run will say so.",
    checks: &[Check::Unit(unparsed)],
};

pub(in crate::engine::lint) const WITHOUT_REASON: Rule = Rule {
    name: "waiver-without-reason",
    group: Group::Lint,
    levels: Levels::ALWAYS,
    summary: "A waiver does not say why.",
    why: "Whoever reads it next year cannot tell whether it still holds. It waives nothing.",
    recipe: "Say it after a colon:\n-- schema:allow drop-table: nobody has used it since May",
    checks: &[Check::By("lint itself")],
};

pub(in crate::engine::lint) const UNKNOWN: Rule = Rule {
    name: "waiver-of-unknown-rule",
    group: Group::Lint,
    levels: Levels::ALWAYS,
    summary: "A waiver names a rule that does not exist.",
    why: "It waives nothing, and whoever wrote it believes that it does.",
    recipe: "`schema lint --list` has their names.",
    checks: &[Check::By("lint itself")],
};

pub(in crate::engine::lint) const UNUSED: Rule = Rule {
    name: "waiver-unused",
    group: Group::Lint,
    levels: Levels::WARN,
    summary: "A waiver waives nothing.",
    why: "What it was for is gone, or it stands in the wrong place: in SQL, on a line before the statement that it is about; in \
          the code, on the struct or the field that declares it.",
    recipe: "Delete it, or move it.",
    checks: &[Check::By("lint itself")],
};

pub(in crate::engine::lint) const EXPIRED: Rule = Rule {
    name: "waiver-expired",
    group: Group::Lint,
    levels: Levels::ALWAYS,
    summary: "The day until which a waiver holds is over.",
    why: "Somebody wanted to be reminded.",
    recipe: "Do what was put off; or give it another day and say why:\n\
             -- schema:allow drop-table until 2027-06-30: the export still needs it",
    checks: &[Check::By("lint itself")],
};

fn unparsed(site: &UnitSite<'_>, found: &mut Found) {
    for (_, statement) in site.unit.statements() {
        if let Some(why) = &statement.read.unread {
            let failed = statement.observed.as_ref().and_then(|observed| observed.failed.as_ref());
            let observed = match (&statement.observed, failed) {
                (Some(_), None) => "; what it locks was observed",
                (Some(_), Some(_)) | (None, _) => "",
            };
            let failed = failed.map(|why| format!("; on scratch it failed: {why}")).unwrap_or_default();
            found.line(
                site.unit,
                statement,
                statement.line,
                format!("it could not be read: {why}{observed}{failed}"),
            );
        }
    }
}
