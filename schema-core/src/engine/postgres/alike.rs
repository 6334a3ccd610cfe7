//! Many that are rolled back: of those that stand alike the way back is the same, and is tried on scratch once.

use super::back::{Back, Chosen, choose};
use super::connect::Target;
use super::losses::{Tried, losses, try_back};
use super::rows::Obstacle;
use super::run::RunOptions;
use super::status::Status;
use super::tenants::SESSION;
use super::workbench::Workbench;
use crate::engine::error::Error;
use crate::engine::history::History;
use crate::engine::tenant::Template;
use std::collections::BTreeMap;

/// What is asked of each of them.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The migrations that there are.
    pub history: &'a History,
    /// How far back.
    pub back: &'a Back,
    /// How to run.
    pub options: &'a RunOptions,
}

/// Databases or tenants in which the same has run, and as far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The major version of their server.
    pub major: u32,
    /// They.
    pub names: Vec<String>,
    /// The migrations to undo, the last first.
    pub expected: Vec<String>,
    /// Where the first of them stands.
    status: Status,
}

/// What tells them apart: the major, what has run, and of what is undone how far each way is done.
type Key = (u32, Vec<String>, Vec<(String, Option<usize>, usize)>);

/// All that were looked at.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    alike: BTreeMap<Key, Alike>,
    /// Those of which nothing is to be undone.
    pub idle: Vec<String>,
    /// Those that cannot be rolled back, and why.
    pub refused: Vec<(String, Error)>,
}

impl Groups {
    /// Adds one more.
    pub fn add(&mut self, name: &str, major: u32, status: Status, asked: Asked<'_>) {
        let chosen = match choose(asked.history, &status, asked.back, asked.options) {
            Ok(chosen) => chosen,
            Err(error) => return self.refused.push((name.to_owned(), error)),
        };
        if chosen.is_empty() {
            return self.idle.push(name.to_owned());
        }
        let ran = status.ran(asked.history).0.into_iter().map(|migration| migration.id);
        let far = |one: &Chosen<'_>| {
            let half = one.is_half().then(|| one.standing.recorded.as_ref().map_or(0, |row| row.done));
            (one.migration.id.clone(), half, one.done_back())
        };
        let key = (major, ran.collect(), chosen.iter().map(far).collect());
        let expected = chosen.iter().map(|one| one.migration.id.clone()).collect();
        let group =
            self.alike.entry(key).or_insert_with(|| Alike { major, names: Vec::new(), expected, status });
        group.names.push(name.to_owned());
    }

    /// Those that stand alike.
    pub fn alike(&self) -> impl Iterator<Item = &Alike> {
        self.alike.values()
    }
}

impl Alike {
    /// What is undone.
    ///
    /// # Errors
    /// None that was not found before.
    pub fn chosen<'a>(&'a self, asked: Asked<'a>) -> Result<Vec<Chosen<'a>>, Error> {
        choose(asked.history, &self.status, asked.back, asked.options)
    }

    /// What each of them would lose, if they are tenants.
    ///
    /// # Errors
    /// When the connection fails.
    pub fn losses_of_tenants(
        &self,
        tried: &Tried,
        target: &Target,
        template: &Template,
    ) -> Result<Vec<(String, Obstacle)>, Error> {
        let mut all = Vec::new();
        for names in self.names.chunks(SESSION) {
            let mut client = target.connect()?;
            for name in names {
                let found = losses(&mut client, tried, &|table| template.named_for(table, name))?;
                all.extend(found.into_iter().map(|loss| (name.clone(), loss)));
            }
        }
        Ok(all)
    }

    /// Tries their way back on scratch.
    ///
    /// # Errors
    /// When there is no scratch, or when a script fails on it.
    pub fn try_back(&self, bench: &mut Workbench, asked: Asked<'_>) -> Result<Tried, Error> {
        try_back(bench, &self.status.ran(asked.history), &self.chosen(asked)?)
    }
}
