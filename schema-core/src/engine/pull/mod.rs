//! Pull: a Catalog to the Rust code that declares it. What the derives have no words for becomes SQL beside the code, so
//! that nothing is lost. Pure; where the files go is the caller's business.

mod comparison;
mod default_names;
mod definition;
mod expression;
mod home;
mod literal;
pub mod marker;
mod model;
mod names;
mod parts;
mod render;
mod share;
mod stages;
mod table;
mod types;
mod words;

pub use types::ForeignCrate;

use super::catalog::Catalog;
use super::error::Error;
use super::record::{Origin, Place, RawSql, Records};
use render::SqlFile;
use std::collections::BTreeSet;

/// How the code is to be.
#[derive(Debug, Clone, Default)]
pub struct PullOptions {
    /// The folder of the files, as `sql!` has it: relative to the package's manifest, with `/`.
    pub folder: String,
    /// What the code is of, for its first line: `the database shop`.
    pub of: String,
    /// The crates whose types fields can have.
    pub crates: BTreeSet<ForeignCrate>,
}

/// Rust code and SQL.
#[derive(Debug, Clone, Default)]
pub struct Pulled {
    /// The files, by their names in the folder.
    pub files: Vec<PulledFile>,
    /// What a build will find in the code.
    pub records: Records,
    /// The crates whose types are used.
    pub crates: BTreeSet<ForeignCrate>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledFile {
    /// `mod.rs`, `billing.rs`, `views.sql`.
    pub name: String,
    /// All of it.
    pub text: String,
}

/// Makes the code. What the Catalog says to be unmodeled is not in it.
///
/// # Errors
/// When the SQL finds no order; that is a bug in a rule of a kind.
pub fn pull(live: &Catalog, options: &PullOptions) -> Result<Pulled, Error> {
    let share = share::share(live);
    let stages = stages::stages(live, &share)?;
    let mut model = model::model(live, &share, &options.crates, &options.folder);
    default_names::forget(&mut model);

    let sql: Vec<SqlFile> = stages
        .iter()
        .map(|stage| SqlFile { name: format!("{}.sql", stage.name), before_tables: stage.before_tables })
        .collect();
    let mut files = vec![PulledFile {
        name: "mod.rs".to_owned(),
        text: render::root(&model, &options.folder, &options.of, &sql),
    }];
    if model.modules.len() > 1 {
        for (at, module) in model.modules.iter().enumerate() {
            let text = render::module(&model, at);
            files.push(PulledFile { name: format!("{}.rs", module.name), text });
        }
    }
    for view in model.modules.iter().flat_map(|module| &module.views) {
        files.push(PulledFile { name: view.file.clone(), text: view.record.sql.clone() });
    }
    let mut records = default_names::records(&model);
    for (at, (stage, file)) in stages.into_iter().zip(sql).enumerate() {
        let line = u32::try_from(at).unwrap_or(u32::MAX);
        records.sql.push(RawSql {
            origin: Origin { file: format!("{}/mod.rs", options.folder), line, path: "sql!".to_owned() },
            place: if stage.before_tables { Place::BeforeTables } else { Place::AfterTables },
            sql: stage.sql.clone(),
            file: Some(format!("{}/{}", options.folder, file.name)),
        });
        files.push(PulledFile { name: file.name, text: stage.sql });
    }
    Ok(Pulled { files, records, crates: model.crates })
}
