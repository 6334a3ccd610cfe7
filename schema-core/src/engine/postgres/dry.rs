//! What a run would do, as SQL to read or to run by hand. Runs nothing.

use super::ledger::Ledger;
use super::refuse;
use super::run::{Job, RunOptions, checked, done, ledger, todo};
use super::status::Outcome;
use crate::engine::error::Error;
use crate::engine::history::{History, Migration};
use crate::engine::script::{Section, Statement};
use postgres::Client;
use std::time::Duration;

/// What a run would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DryRun {
    /// The SQL that makes the ledger, where there is none, or makes an older one what it should be.
    pub ledger: Option<String>,
    /// The sections that would run, in order.
    pub sections: Vec<DrySection>,
    /// How long a statement in a transaction may wait for a lock.
    pub lock_timeout: Duration,
}

/// A section that would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrySection {
    /// The migration.
    pub id: String,
    /// The section, counted from 1; 0 where only the ledger is to be corrected.
    pub number: usize,
    /// Whether it runs in a transaction.
    pub transaction: bool,
    /// The user's statements.
    pub statements: Vec<Statement>,
    /// What the ledger is told before them, outside of a transaction.
    pub before: Option<String>,
    /// What the ledger is told after them.
    pub after: String,
}

/// What `migrate` would do now. Refuses what `migrate` refuses.
pub fn dry_run(client: &mut Client, history: &History, options: &RunOptions) -> Result<DryRun, Error> {
    let wanted = refuse::wanted(history, options.to.as_deref())?;
    let ledger = ledger(options);
    let (status, owner) = checked(client, &ledger, history, wanted, options)?;
    let mut dry = DryRun { lock_timeout: options.lock_timeout, ..DryRun::default() };
    let todo = todo(history, wanted, &status);
    let recognized: Vec<&Migration> = status.recognized().filter_map(|m| history.get(&m.id)).collect();
    if (!todo.is_empty() || !recognized.is_empty()) && options.tenant.is_none() {
        dry.ledger = ledger.prepare_sql(client, owner.as_deref())?;
    }
    for migration in recognized {
        dry.sections.push(only_ledger(&migration.id, super::squash::recognize_sql(&ledger, migration)));
    }
    for (migration, standing) in todo {
        let done = done(standing);
        if done >= migration.up.sections.len() {
            let sql = ledger.migration_sql(&Job::up(migration), done);
            dry.sections.push(only_ledger(&migration.id, sql));
        }
        dry.sections.extend(planned(&ledger, &Job::up(migration), done));
    }
    Ok(dry)
}

/// What a run would do where nothing has run yet, beside making the ledger.
pub(crate) fn of_nothing(
    ledger: &Ledger,
    history: &History,
    wanted: usize,
    lock_timeout: Duration,
) -> DryRun {
    let migrations = history.0.iter().take(wanted);
    let sections = migrations.flat_map(|migration| planned(ledger, &Job::up(migration), 0));
    DryRun { ledger: None, sections: sections.collect(), lock_timeout }
}

/// The sections of a script that follow the first so many.
pub(crate) fn planned(ledger: &Ledger, job: &Job<'_>, first: usize) -> Vec<DrySection> {
    let sections = job.script.sections.iter().enumerate().skip(first);
    let one = |(index, section): (usize, &Section)| {
        let record = |outcome: &Outcome| ledger.section_sql(job, index + 1, outcome);
        DrySection {
            id: job.id.to_owned(),
            number: index + 1,
            transaction: section.transaction,
            statements: section.statements.clone(),
            before: (!section.transaction).then(|| record(&Outcome::Started)),
            after: record(&Outcome::Done),
        }
    };
    sections.map(one).collect()
}

fn only_ledger(id: &str, after: String) -> DrySection {
    DrySection {
        id: id.to_owned(),
        number: 0,
        transaction: true,
        statements: Vec::new(),
        before: None,
        after,
    }
}

impl DryRun {
    /// As one text. With the ledger it does, run by hand, what `migrate` does; without, it shows the user's statements.
    pub fn sql(&self, with_ledger: bool) -> String {
        let mut lines: Vec<String> = Vec::new();
        if let Some(ledger) = &self.ledger
            && with_ledger
        {
            lines.extend(["BEGIN;".to_owned(), ledger.clone(), "COMMIT;".to_owned()]);
        }
        let mut last = "";
        for section in &self.sections {
            if section.id != last {
                lines.push(format!("\n-- {}", section.id));
                last = &section.id;
            }
            let statements = section.statements.iter().map(|statement| format!("{};", statement.sql));
            let after = with_ledger.then(|| section.after.clone());
            if section.transaction {
                let timeout = self.lock_timeout.as_millis();
                lines.extend(["BEGIN;".to_owned(), format!("SET LOCAL lock_timeout = {timeout};")]);
                lines.extend(statements.chain(after));
                lines.push("COMMIT;".to_owned());
            } else {
                lines.extend(section.before.clone().filter(|_| with_ledger));
                lines.extend(statements.chain(after));
            }
        }
        lines.join("\n").trim_start().to_owned()
    }
}
