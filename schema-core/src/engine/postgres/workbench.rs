//! The workbench: a scratch server and what was made on it before. Gives the Catalog of a history and of the declared
//! SQL; what has not changed is neither replayed nor read again.

use super::cache::Cache;
use super::introspect::{ReadOptions, read};
use super::prove::difference;
use super::role;
use super::scratch::{Scratch, ScratchDb, ScratchOptions, ServerInfo, cache_dir, probe};
use super::section::apply_script;
use super::source;
use super::view_columns;
use crate::engine::catalog::Catalog;
use crate::engine::check::Facts;
use crate::engine::declared::{Block, BlockId, Declared, Rename};
use crate::engine::draft::{Answers, Comparison, Texts};
use crate::engine::error::Error;
use crate::engine::files;
use crate::engine::history::{History, Migration};
use crate::engine::increment::increment;
use crate::engine::managed::Managed;
use crate::engine::park::Parking;
use crate::engine::plan::plan;
use crate::engine::record::Records;
use crate::engine::rename::{parse_flags, resolve};
use crate::engine::render;
use crate::engine::script::sha;
use crate::engine::sql_file::SqlFile;
use crate::engine::step::Step;
use postgres::Client;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is replayed faster is replayed again: a template costs two copies.
const WORTH_A_TEMPLATE: Duration = Duration::from_millis(200);

/// How many proofs are remembered: several long histories.
const PROOFS_KEPT: usize = 4096;

/// A scratch server, started when it is first needed.
pub struct Workbench {
    options: ScratchOptions,
    cache: Cache,
    scratch: Option<Scratch>,
    info: Option<ServerInfo>,
    managed: Managed,
    /// Whether a declared Catalog may be put together from an earlier one.
    shortcut: bool,
    /// Whether one was.
    took_shortcut: bool,
    /// What took how long, in order.
    times: Vec<(&'static str, Duration)>,
}

impl Workbench {
    /// Starts nothing yet.
    pub fn new(options: ScratchOptions) -> Self {
        let cache = Cache::new(cache_dir(&options).join("catalogs"));
        Self {
            options,
            cache,
            scratch: None,
            info: None,
            managed: Managed::default(),
            shortcut: true,
            took_shortcut: false,
            times: Vec::new(),
        }
    }

    /// The same for another idea of what is managed.
    #[must_use]
    pub fn managing(mut self, managed: Managed) -> Self {
        self.managed = managed;
        self
    }

    /// What is managed of grants, owners and roles.
    pub fn managed(&self) -> &Managed {
        &self.managed
    }

    /// The server that is used, or would be.
    ///
    /// # Errors
    /// When there is none; the message names the ways out.
    pub fn server(&mut self) -> Result<ServerInfo, Error> {
        if let Some(info) = &self.info {
            return Ok(info.clone());
        }
        let info = probe(&self.options)?;
        Ok(self.info.insert(info).clone())
    }

    /// The server, if anything needed to know it so far.
    pub fn used_server(&self) -> Option<&ServerInfo> {
        self.info.as_ref()
    }

    /// What took how long since this was last asked, in order.
    pub fn take_times(&mut self) -> Vec<(&'static str, Duration)> {
        std::mem::take(&mut self.times)
    }

    /// Notes how long something took that began then.
    pub(super) fn took(&mut self, what: &'static str, begun: Instant) {
        self.times.push((what, begun.elapsed()));
    }

    /// Whether this history was once found to add up to this `schema.sql`.
    pub fn is_settled(&self, history: &History, schema_sql: &str) -> bool {
        self.cache.is_marked(&settled_key(history, schema_sql, &self.managed))
    }

    /// Remembers that it does.
    pub fn settle(&self, history: &History, schema_sql: &str) {
        self.cache.mark(&settled_key(history, schema_sql, &self.managed));
    }

    /// Whether these records and this very folder were once found to agree: then nothing needs to be read at all.
    pub fn is_untouched(&self, records: &Records, folder: &Path) -> bool {
        untouched_key(records, folder, &self.managed).is_some_and(|key| self.cache.is_marked(&key))
    }

    /// Remembers that they do.
    pub fn leave_untouched(&self, records: &Records, folder: &Path) {
        if let Some(key) = untouched_key(records, folder, &self.managed) {
            self.cache.mark(&key);
        }
    }

    /// Whether something of this key was once found to hold.
    pub(super) fn remembers(&self, key: &str) -> bool {
        self.cache.is_marked(key)
    }

    /// Remembers that it does.
    pub(super) fn remember(&self, key: &str) {
        self.cache.mark(key);
    }

    /// What a check has found of these records and this very folder.
    pub fn known_facts(&mut self, records: &Records, folder: &Path) -> Option<Facts> {
        let key = self.facts_key(records, folder)?;
        self.cache.load_facts(&key)
    }

    /// Remembers what a check has found.
    pub fn keep_facts(&mut self, records: &Records, folder: &Path, facts: &Facts) {
        if let Some(key) = self.facts_key(records, folder) {
            self.cache.store_facts(&key, facts);
        }
    }

    fn facts_key(&mut self, records: &Records, folder: &Path) -> Option<String> {
        let files = untouched_key(records, folder, &self.managed)?;
        // Places are written with the folder's path.
        self.catalog_key("facts", &format!("{files} {}", folder.display())).ok()
    }

    /// Which of these have been proven on this server, each under a key of its content.
    pub(super) fn proven(&mut self) -> Result<BTreeSet<String>, Error> {
        let key = self.catalog_key("proven", "")?;
        Ok(self.cache.load_proven(&key).into_iter().collect())
    }

    /// Remembers that these have been proven; what was proven longest ago is forgotten.
    pub(super) fn keep_proven(&mut self, news: &[String]) -> Result<(), Error> {
        let key = self.catalog_key("proven", "")?;
        let mut all = self.cache.load_proven(&key);
        all.retain(|known| !news.contains(known));
        all.extend_from_slice(news);
        let spare = all.len().saturating_sub(PROOFS_KEPT);
        self.cache.store_proven(&key, &all[spare..]);
        Ok(())
    }

    /// A database in which the longest part of these migrations has run that is kept, and how many those are.
    pub(super) fn database_before(&mut self, history: &History) -> Result<(ScratchDb, usize), Error> {
        let scratch = self.scratch()?;
        for count in (1..=history.0.len()).rev() {
            if let Some(copy) = scratch.from_template(&template_key(history, count))? {
                return Ok((copy, count));
            }
        }
        Ok((scratch.database()?, 0))
    }

    /// Remembers what the proof has shown of the history with the new migration at its end.
    ///
    /// # Errors
    /// When the new migration cannot be read.
    pub fn settle_next(
        &mut self,
        history: &History,
        texts: &Texts,
        declared: &Declared,
        reached: Option<&Catalog>,
    ) -> Result<(), Error> {
        let schema_sql = declared.to_sql();
        let mut next = history.clone();
        next.0.push(Migration::read(&texts.id, &texts.id, &texts.up, Some(&texts.down))?);
        if let Some(reached) = reached {
            let key = self.catalog_key("recorded", &next.content_key())?;
            self.cache.store(&key, reached);
            let key = self.catalog_key("declared", &schema_sql)?;
            self.keep_declared(&key, declared, reached);
        }
        self.settle(&next, &schema_sql);
        Ok(())
    }

    /// Compares what the migrations add up to with what the code declares, renames taken into account.
    ///
    /// # Errors
    /// When there is no scratch, when a statement fails, or when an answer names nothing.
    pub fn compare(
        &mut self,
        history: &History,
        declared: &Declared,
        earlier: Option<&str>,
        answers: &Answers,
    ) -> Result<Comparison, Error> {
        let new = self.declared(declared, earlier)?;
        self.compare_with(history, new, &declared.renames, answers)
    }

    /// Compares what the migrations add up to with a Catalog that was read elsewhere; `said` are the renames that are
    /// known without the answers.
    ///
    /// # Errors
    /// When there is no scratch, when a migration fails, or when an answer names nothing.
    pub fn compare_with(
        &mut self,
        history: &History,
        new: Catalog,
        said: &[Rename],
        answers: &Answers,
    ) -> Result<Comparison, Error> {
        let recorded = self.recorded(history)?;
        let renames = parse_flags(&answers.renames, said, &recorded, &new)?;
        let renames = resolve(&renames, &recorded, &new)?;
        let old = if renames.steps.is_empty() {
            recorded.clone()
        } else {
            let database = self.database_at(history)?;
            self.carry_out(database, &renames.steps)?
        };
        let whole = new.clone();
        let (old, new) = self.managed.pair(old, new);
        let as_declared = new == whole;
        Ok(Comparison { recorded, old, new, renames, as_declared })
    }

    /// The same comparison after what is dropped was parked.
    ///
    /// # Errors
    /// When something cannot be parked.
    pub fn parked(
        &mut self,
        history: &History,
        comparison: &Comparison,
        parking: &Parking,
    ) -> Result<Comparison, Error> {
        let mut steps = comparison.renames.steps.clone();
        steps.extend(parking.first.clone());
        let database = self.database_at(history)?;
        let old = self.carry_out(database, &steps)?;
        let (old, new) = self.managed.pair(old, comparison.new.clone());
        let as_declared = comparison.as_declared && new == comparison.new;
        Ok(Comparison { old, new, as_declared, ..comparison.clone() })
    }

    fn carry_out(&mut self, mut database: ScratchDb, renames: &[Step]) -> Result<Catalog, Error> {
        let texts = renames.iter().map(Step::text);
        for sql in ["BEGIN".to_owned()].into_iter().chain(texts).chain(["COMMIT".to_owned()]) {
            database.client().batch_execute(&sql).map_err(|error| {
                Error::failed(format!("cannot rename or park: {}\n  {sql}", super::failure::explain(&error)))
            })?;
        }
        self.read(&mut database)
    }

    /// What a Catalog is after these renames, which are carried out on a copy of it.
    ///
    /// # Errors
    /// When no copy of it can be made.
    pub fn renamed(&mut self, old: &Catalog, renames: &[Step]) -> Result<Catalog, Error> {
        let nothing = self.loaded(&[])?;
        let sql: String = render::dump(&plan(&nothing, old)?).collect();
        let mut copy = source::database_of(self.scratch()?, &[SqlFile::read("the copy", &sql)?])?;
        let different = difference(&self.read(&mut copy)?, old);
        if !different.is_empty() {
            return Err(Error::failed(format!(
                "the renames have to be tried on a copy, and the copy on scratch is not equal (- is the copy):\n{}",
                different.join("\n")
            ))
            .next("rename by hand first, with ALTER ... RENAME, then compare again without --rename"));
        }
        let unmodeled = old.unmodeled.clone();
        Ok(Catalog { unmodeled, ..self.carry_out(copy, renames)? })
    }

    /// What the migrations add up to.
    ///
    /// # Errors
    /// When a migration fails on an empty database.
    pub fn recorded(&mut self, history: &History) -> Result<Catalog, Error> {
        let key = self.catalog_key("recorded", &history.content_key())?;
        let begun = Instant::now();
        if let Some(catalog) = self.cache.load(&key) {
            self.took("load the recorded Catalog", begun);
            return Ok(catalog);
        }
        let mut database = self.database_at(history)?;
        let catalog = self.read(&mut database)?;
        self.cache.store(&key, &catalog);
        Ok(catalog)
    }

    /// What the code declares, as PostgreSQL understands it. `earlier` is a `schema.sql` from before: if its Catalog is
    /// known, only what changed since is run.
    ///
    /// # Errors
    /// When PostgreSQL refuses a definition; the message has its place in the code.
    pub fn declared(&mut self, declared: &Declared, earlier: Option<&str>) -> Result<Catalog, Error> {
        let key = self.catalog_key("declared", &declared.to_sql())?;
        let mut catalog = match self.cache.load(&key) {
            Some(catalog) => catalog,
            None => match self.increment(declared, earlier)? {
                // Not kept before a proof or a whole run has confirmed it.
                Some(catalog) => catalog,
                None => {
                    let catalog = self.run(&declared.blocks.iter().collect::<Vec<_>>(), declared)?;
                    self.keep_declared(&key, declared, &catalog);
                    catalog
                }
            },
        };
        catalog.origins = Arc::new(declared.origins.clone());
        Ok(catalog)
    }

    /// What these files add up to, run one after the other on an empty database.
    ///
    /// # Errors
    /// When a statement fails; the message has its line.
    pub fn loaded(&mut self, files: &[SqlFile]) -> Result<Catalog, Error> {
        let mut content = String::new();
        for statement in files.iter().flat_map(|file| &file.statements) {
            content += &statement.sql;
            content += ";\n";
        }
        let key = self.catalog_key("loaded", &content)?;
        let begun = Instant::now();
        if let Some(catalog) = self.cache.load(&key) {
            self.took("load the Catalog of the files", begun);
            return Ok(catalog);
        }
        let mut database = source::database_of(self.scratch()?, files)?;
        self.took("run the files", begun);
        let catalog = self.read(&mut database)?;
        self.cache.store(&key, &catalog);
        Ok(catalog)
    }

    /// Whether the last declared Catalog was put together; then none is from now on.
    pub fn give_up_shortcut(&mut self) -> bool {
        let took = std::mem::take(&mut self.took_shortcut);
        self.shortcut &= !took;
        took
    }

    fn keep_declared(&self, key: &str, declared: &Declared, catalog: &Catalog) {
        self.cache.store(key, catalog);
        self.cache.store_blocks(key, &declared.blocks);
    }

    fn increment(&mut self, declared: &Declared, earlier: Option<&str>) -> Result<Option<Catalog>, Error> {
        let Some(earlier) = earlier.filter(|_| self.shortcut) else { return Ok(None) };
        let key = self.catalog_key("declared", earlier)?;
        let Some(blocks) = self.cache.load_blocks(&key) else { return Ok(None) };
        let Some(increment) = increment(&blocks, declared) else { return Ok(None) };
        let begun = Instant::now();
        let Some(catalog) = self.cache.load(&key) else { return Ok(None) };
        self.took("load the earlier declared Catalog", begun);
        // What a query needs and does not name is missing in a part: the whole says then what is wrong, if anything is.
        let Ok(part) = self.run(&increment.run, declared) else { return Ok(None) };
        let begun = Instant::now();
        let whole = increment.put_together(&catalog, &part);
        self.took("put the declared Catalog together", begun);
        self.took_shortcut = whole.is_some();
        Ok(whole)
    }

    fn run(&mut self, blocks: &[&Block], declared: &Declared) -> Result<Catalog, Error> {
        let mut database = self.scratch()?.database()?;
        let begun = Instant::now();
        load(&mut database, blocks)?;
        let ran: BTreeSet<&BlockId> = blocks.iter().map(|block| &block.id).collect();
        let typed = declared.views.iter().filter(|view| ran.contains(&BlockId::Object(view.id.clone())));
        view_columns::check(database.client(), &typed.collect::<Vec<_>>())?;
        self.took("run declared SQL", begun);
        self.read(&mut database)
    }

    /// The Catalog of a scratch database.
    ///
    /// # Errors
    /// When a query fails.
    pub(super) fn read(&mut self, database: &mut ScratchDb) -> Result<Catalog, Error> {
        let begun = Instant::now();
        let catalog = read(database.client(), &ReadOptions::from(&self.managed))?;
        self.took("read a Catalog", begun);
        Ok(catalog)
    }

    /// A database in which these migrations have run. The longest part of the history that has run before is copied.
    ///
    /// # Errors
    /// When a migration fails.
    pub fn database_at(&mut self, history: &History) -> Result<ScratchDb, Error> {
        let begun = Instant::now();
        let database = self.replayed(history)?;
        self.took("replay the migrations or copy a template", begun);
        Ok(database)
    }

    fn replayed(&mut self, history: &History) -> Result<ScratchDb, Error> {
        let all = history.0.len();
        let (mut database, done) = self.database_before(history)?;
        let scratch = self.scratch()?;
        if done == all {
            return Ok(database);
        }
        let replay = |database: &mut ScratchDb, from: usize| {
            let on_demand = database.is_private();
            let mut migrations = history.0[from..].iter();
            migrations.try_for_each(|migration| apply_script(database.client(), &migration.up, on_demand))
        };
        let begun = Instant::now();
        replay(&mut database, done)?;
        if begun.elapsed() < WORTH_A_TEMPLATE || !scratch.keeps_templates() {
            return Ok(database);
        }
        let key = template_key(history, all);
        scratch.save_template(database, &key)?;
        if let Some(copy) = scratch.from_template(&key)? {
            return Ok(copy);
        }
        // It was not kept, because it made roles.
        let mut database = scratch.database()?;
        replay(&mut database, 0)?;
        Ok(database)
    }

    fn scratch(&mut self) -> Result<&mut Scratch, Error> {
        if self.scratch.is_none() {
            let begun = Instant::now();
            let scratch = Scratch::open(&self.options)?;
            self.took("start the scratch server", begun);
            self.info = Some(scratch.server().clone());
            self.scratch = Some(scratch);
        }
        self.scratch.as_mut().ok_or_else(|| Error::failed("the scratch server is gone"))
    }

    /// What a Catalog depends on: the server that printed it, the reader, the content.
    fn catalog_key(&mut self, what: &str, content: &str) -> Result<String, Error> {
        let options = ReadOptions::from(&self.managed);
        let server = format!("{} {} {}", self.server()?, options.owners, options.roles);
        Ok(sha([what, &server, env!("CARGO_PKG_VERSION"), content].map(str::as_bytes)))
    }
}

fn template_key(history: &History, count: usize) -> String {
    sha(["template".as_bytes(), history.prefix_key(count).as_bytes()])
}

fn settled_key(history: &History, schema_sql: &str, managed: &Managed) -> String {
    let managed = format!("{managed:?}");
    sha(["settled", env!("CARGO_PKG_VERSION"), &managed, &history.content_key(), schema_sql]
        .map(str::as_bytes))
}

fn untouched_key(records: &Records, folder: &Path, managed: &Managed) -> Option<String> {
    let mut hasher = DefaultHasher::new();
    records.hash(&mut hasher);
    let records = format!("{:016x}", hasher.finish());
    let files = files::fingerprint(folder)?;
    let managed = format!("{managed:?}");
    Some(sha(["untouched", env!("CARGO_PKG_VERSION"), &managed, &records, &files].map(str::as_bytes)))
}

/// Runs all blocks at once; PostgreSQL says at which character it stopped.
fn load(database: &mut ScratchDb, blocks: &[&Block]) -> Result<(), Error> {
    let mut sql = String::new();
    let mut ends = Vec::with_capacity(blocks.len());
    for block in blocks {
        sql.push_str(&block.sql);
        sql.push('\n');
        ends.push(sql.len());
    }
    let on_demand = database.is_private();
    let run = |client: &mut Client| client.batch_execute(&sql);
    let ran = if on_demand { role::made_on_demand(database.client(), run) } else { run(database.client()) };
    let Err(error) = ran else { return Ok(()) };
    // The position is counted in characters; an error without one is found by running block after block.
    let position = match error.as_db_error().and_then(|db| db.position()) {
        Some(postgres::error::ErrorPosition::Original(n)) => Some(*n as usize),
        Some(postgres::error::ErrorPosition::Internal { .. }) | None => None,
    };
    let at = match position {
        Some(n) => {
            let byte = sql.char_indices().nth(n.saturating_sub(1)).map_or(sql.len(), |(byte, _)| byte);
            ends.iter().position(|end| byte < *end)
        }
        None => blocks.iter().position(|block| database.client().batch_execute(&block.sql).is_err()),
    };
    let explained = super::failure::explain(&error);
    let refused = match at.and_then(|n| blocks.get(n)) {
        Some(block) => {
            Error::failed(format!("PostgreSQL refuses this definition: {explained}\n{}", block.sql))
                .at(block.origin.file.clone(), block.origin.line)
        }
        None => Error::failed(format!("PostgreSQL refuses the definitions: {explained}")),
    };
    Err(role::explained(refused, &error))
}
