//! Where values come from. The first that is given counts:
//!
//! 1. a flag (`--database-url`, `--env`, `--scratch`, `--lock-timeout`);
//! 2. a variable of the environment: `SCHEMA_DATABASE_URL`, then `DATABASE_URL` (or the one that `database-url-env`
//!    names); for scratch `SCHEMA_SCRATCH`;
//! 3. the same variables in `.env`, which is looked for beside schema.toml and above; it never overrides a real one;
//! 4. schema.toml;
//! 5. the default; for the database that is libpq's variables, if `PGHOST`, `PGHOSTADDR` or `PGDATABASE` is set.
//!
//! `--env NAME` names a database, so 2 and 3 give only the variable that this environment names. Variables such as
//! `PGPASSWORD` and `PGSSLMODE` fill what a URL leaves open, wherever it comes from.

use crate::args::Global;
use crate::config::{Environment, File, here_and_above};
use crate::report::Report;
use crate::secret;
use schema_core::engine::error::Error;
use schema_core::engine::files;
use schema_core::engine::history::History;
use schema_core::engine::lint::{self, config::Profile};
use schema_core::engine::managed::Managed;
use schema_core::engine::nearest::did_you_mean;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::push::Undeclared;
use schema_core::engine::postgres::run::RunOptions;
use schema_core::engine::postgres::scratch::ScratchOptions;
use schema_core::engine::postgres::tenants::Tenants;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use toml::Spanned;

const URL_VARIABLES: &[&str] = &["SCHEMA_DATABASE_URL", "DATABASE_URL"];
const SCRATCH_VARIABLE: &str = "SCHEMA_SCRATCH";

/// All that a command needs to know beside its own arguments.
pub(crate) struct Settings {
    global: Global,
    file: File,
    variables: Variables,
    /// The folder of the migrations, as the user would write it.
    pub(crate) migrations: PathBuf,
    /// The packages with the tables, for what the arguments leave open.
    pub(crate) package: Vec<String>,
    /// Their features.
    pub(crate) features: Vec<String>,
}

/// A URL, and who says so.
struct Found {
    url: String,
    source: String,
}

impl Settings {
    /// Reads schema.toml and `.env`; opens no connection.
    pub(crate) fn load(global: &Global, report: Report) -> Result<Self, Error> {
        let mut file = File::find(global.config.as_deref())?;
        let variables = Variables::read(file.root())?;
        let migrations = file.config.migrations.take().unwrap_or_else(|| "migrations".into());
        let settings = Self {
            migrations: file.root().join(migrations),
            package: std::mem::take(&mut file.config.package),
            features: std::mem::take(&mut file.config.features),
            global: global.clone(),
            file,
            variables,
        };
        match &settings.file.path {
            Some(path) => report.detail(&format!("configuration: {}", path.display())),
            None => report.detail("configuration: no schema.toml, so the defaults"),
        }
        settings.warn_of_passwords(report);
        Ok(settings)
    }

    /// The migrations in the folder.
    pub(crate) fn history(&self) -> Result<History, Error> {
        files::read(&self.migrations)
    }

    /// The migrations in the folder; none if it is not there yet.
    pub(crate) fn history_or_none(&self) -> Result<History, Error> {
        if self.migrations.exists() { self.history() } else { Ok(History::default()) }
    }

    /// The directory of schema.toml: cargo builds from there, whichever directory below it the user is in.
    pub(crate) fn project(&self) -> Option<PathBuf> {
        self.file.path.as_ref().map(|_| self.file.root().to_owned())
    }

    /// The environment that `--env` names.
    #[cfg(feature = "studio")]
    pub(crate) fn environment_name(&self) -> Option<&str> {
        self.global.env.as_deref()
    }

    /// The environments that schema.toml names.
    #[cfg(feature = "studio")]
    pub(crate) fn environments(&self) -> Vec<&str> {
        self.file.config.environments.keys().map(String::as_str).collect()
    }

    /// Where things are kept that may go at any time.
    #[cfg(feature = "studio")]
    pub(crate) fn cache_dir(&self) -> Result<PathBuf, Error> {
        Ok(schema_core::engine::postgres::scratch::cache_dir(&self.scratch()?))
    }

    /// The database that is meant.
    pub(crate) fn target(&self, report: Report) -> Result<Target, Error> {
        let found = self.database()?;
        let target = self.read(&found)?;
        report.detail(&format!("database: {} (from {})", target.display(), found.source));
        Ok(target)
    }

    fn read(&self, Found { url, source }: &Found) -> Result<Target, Error> {
        let target = Target::new(url, &|name| self.variables.get(name)).map_err(|mut error| {
            error.what = format!("{} (from {source})", error.what);
            error
        })?;
        if let Some(password) = target.password() {
            secret::keep(&password);
        }
        Ok(target)
    }

    /// The database of a URL that is an argument.
    pub(crate) fn target_of(&self, url: &str, argument: &str) -> Result<Target, Error> {
        self.read(&Found { url: url.to_owned(), source: argument.to_owned() })
    }

    /// All databases of these environments and of a file, by a name each.
    pub(crate) fn targets(
        &self,
        environments: &[String],
        file: Option<&Path>,
        report: Report,
    ) -> Result<BTreeMap<String, Target>, Error> {
        let mut targets = BTreeMap::new();
        for name in environments {
            match self.urls_of(name)? {
                Some((urls, source)) => {
                    for url in urls.split_whitespace() {
                        let target = self.target_of(url, &source)?;
                        targets.insert(format!("{name} {}", target.display()), target);
                    }
                }
                None => {
                    targets.insert(name.clone(), self.read(&self.environment(name)?)?);
                }
            }
        }
        if let Some(file) = file {
            let text = files::text(file)?
                .ok_or_else(|| Error::usage(format!("there is no file {}", file.display())))?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            for line in lines {
                let target = self.target_of(line, &file.display().to_string())?;
                targets.insert(target.display(), target);
            }
        }
        if targets.is_empty() {
            return Err(Error::usage("no database is given").next("write a URL in each line of the file"));
        }
        for (name, target) in &targets {
            report.detail(&format!("database: {} ({name})", target.display()));
        }
        Ok(targets)
    }

    /// The URLs of an environment that is several databases, and the variable that has them.
    fn urls_of(&self, name: &str) -> Result<Option<(String, String)>, Error> {
        let environment = self.file.config.environments.get(name);
        let Some(variable) = environment.and_then(|environment| environment.urls_env.as_deref()) else {
            return Ok(None);
        };
        let found = self.variables.first(&[variable]).ok_or_else(|| {
            Error::usage(format!(
                "the environment {name} takes its databases from {variable}, which is not set"
            ))
            .next(format!("set {variable} to their URLs, with white space between them"))
        })?;
        Ok(Some((found.url, found.source)))
    }

    /// The schema that stands for the tenants', and where they are found.
    pub(crate) fn tenants(&self) -> Result<(String, Tenants), Error> {
        let advice = "write into schema.toml: [tenants] with schema = \"tenant\", for which the code is written, and \
                      like = \"tenant\\\\_%\" or query = \"SELECT ...\", which finds the tenants' schemas";
        let Some(tenants) = &self.file.config.tenants else {
            return Err(Error::usage("schema.toml does not say where the tenants are").next(advice));
        };
        let source = match (&tenants.like, &tenants.query) {
            (Some(like), None) => Tenants::Like(like.clone()),
            (None, Some(query)) => Tenants::Query(query.clone()),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Error::usage("[tenants] of schema.toml needs one of like and query").next(advice));
            }
        };
        Ok((tenants.schema.clone(), source))
    }

    /// Whether what migrations drop is kept.
    pub(crate) fn parks(&self) -> bool {
        self.file.config.generate.park
    }

    /// What a push does with what the code does not declare.
    pub(crate) fn undeclared(&self) -> Undeclared {
        self.file.config.push.undeclared
    }

    /// Whether migrations take each statement in its simple form.
    pub(crate) fn plain(&self) -> bool {
        self.file.config.generate.plain
    }

    /// What is managed of grants, owners and roles. `declared`: one side is the code or the migrations.
    pub(crate) fn managed(&self, declared: bool) -> Managed {
        let mut managed = if declared { Managed::default() } else { Managed::of_databases() };
        let said = self.file.config.manage;
        managed.grants = said.grants.unwrap_or(managed.grants);
        managed.owners = said.owners.unwrap_or(managed.owners);
        managed.roles = said.roles;
        managed
    }

    /// What lint asks for; a profile that is given counts before the one of schema.toml.
    pub(crate) fn lint(&self, profile: Option<Profile>) -> Result<lint::config::Config, Error> {
        crate::config::lint::read(&self.file, profile)
    }

    /// Whether a database was named by a flag.
    pub(crate) fn names_database(&self) -> bool {
        self.global.database_url.is_some() || self.global.env.is_some()
    }

    /// How to run migrations; the command's own arguments come on top.
    pub(crate) fn run_options(&self) -> RunOptions {
        let mut options = RunOptions { project: self.file.config.project.clone(), ..RunOptions::default() };
        if let Some(schema) = &self.file.config.ledger_schema {
            options.ledger_schema.clone_from(schema);
        }
        if let Some(timeout) = self.file.config.lock_timeout {
            options.lock_timeout = timeout;
        }
        options
    }

    /// The same with what a command's arguments say of waiting.
    pub(crate) fn run_options_with(
        &self,
        lock_timeout: Option<Duration>,
        wait: Option<Duration>,
    ) -> RunOptions {
        let mut options = self.run_options();
        options.lock_timeout = lock_timeout.unwrap_or(options.lock_timeout);
        options.wait_for_lock = wait.unwrap_or(options.wait_for_lock);
        options
    }

    /// Where throwaway databases come from; `server` is the server of the database itself.
    pub(crate) fn scratch(&self) -> Result<ScratchOptions, Error> {
        let config = &self.file.config;
        let flag = self.global.scratch.clone().map(|url| Found { url, source: "--scratch".to_owned() });
        let configured = || {
            config.scratch.as_ref().map(|url| Found { url: url.get_ref().clone(), source: self.place(url) })
        };
        let found = flag.or_else(|| self.variables.first(&[SCRATCH_VARIABLE])).or_else(configured);
        let url = match found {
            Some(found) if found.url == "server" => Some(self.read(&self.database()?)?.conninfo()),
            Some(found) => Some(self.read(&found)?.conninfo()),
            None => None,
        };
        Ok(ScratchOptions { url, major: config.scratch_major, ..ScratchOptions::default() })
    }

    fn database(&self) -> Result<Found, Error> {
        let found = |url: &str, source: &str| Found { url: url.to_owned(), source: source.to_owned() };
        if let Some(url) = &self.global.database_url {
            return Ok(found(url, "--database-url"));
        }
        if let Some(name) = &self.global.env {
            return self.environment(name);
        }
        let named = self.file.config.database_url_env.as_deref();
        let names = named.as_ref().map_or(URL_VARIABLES, std::slice::from_ref);
        if let Some(found) = self.variables.first(names) {
            return Ok(found);
        }
        if let Some(url) = &self.file.config.database_url {
            return Ok(found(url.get_ref(), &self.place(url)));
        }
        if ["PGHOST", "PGHOSTADDR", "PGDATABASE"].into_iter().any(|name| self.variables.get(name).is_some()) {
            return Ok(found("", "the PG* variables"));
        }
        Err(Error::usage("no database is given").next(format!(
            "give --database-url URL, or set {} in the environment or in .env, or database-url in schema.toml",
            names.last().unwrap_or(&"DATABASE_URL")
        )))
    }

    fn environment(&self, name: &str) -> Result<Found, Error> {
        let environments = &self.file.config.environments;
        let Some(Environment { url, url_env, urls_env }) = environments.get(name) else {
            let known: Vec<&str> = environments.keys().map(String::as_str).collect();
            let hint = did_you_mean(name, &known);
            return Err(Error::usage(format!("there is no environment {name}{hint}"))
                .next(format!("add it to schema.toml: [environments.{name}] and url-env = \"VARIABLE\"")));
        };
        if let Some(found) = url_env.as_deref().and_then(|variable| self.variables.first(&[variable])) {
            return Ok(found);
        }
        if let Some(variable) = urls_env {
            return Err(Error::usage(format!(
                "the environment {name} is several databases, those of {variable}"
            ))
            .next(format!("`schema migrate --all {name}` runs for all of them")));
        }
        match (url, url_env) {
            (Some(url), _) => Ok(Found { url: url.get_ref().clone(), source: self.place(url) }),
            (None, Some(variable)) => Err(Error::usage(format!(
                "the environment {name} takes its database from {variable}, which is not set"
            ))
            .next(format!("set {variable} in the environment or in .env"))),
            (None, None) => Err(Error::usage(format!("the environment {name} names no database"))
                .next(format!("write url-env = \"VARIABLE\" under [environments.{name}] of schema.toml"))),
        }
    }

    /// `schema.toml:3`.
    fn place(&self, value: &Spanned<String>) -> String {
        let path = self.file.path.as_deref().unwrap_or(Path::new(crate::config::NAME));
        format!("{}:{}", path.display(), self.file.line(value))
    }

    /// schema.toml is in version control, so it is no place for passwords.
    fn warn_of_passwords(&self, report: Report) {
        let config = &self.file.config;
        let urls = config.environments.values().filter_map(|environment| environment.url.as_ref());
        for url in urls.chain(&config.database_url).chain(&config.scratch) {
            if has_password(url.get_ref()) {
                report.warn(&format!(
                    "{}: the URL holds a password; put it into a variable or into .env, and name the variable here",
                    self.place(url)
                ));
            }
        }
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Whether a password stands in the way to a database.
pub(crate) fn has_password(url: &str) -> bool {
    Target::new(url, &|_| None).is_ok_and(|target| target.has_password())
}

/// The variables of the environment, and below them those of `.env`.
struct Variables {
    file: Option<PathBuf>,
    values: BTreeMap<String, String>,
}

impl Variables {
    /// Reads the first `.env` in this directory or above.
    fn read(root: &Path) -> Result<Self, Error> {
        for above in here_and_above(root)? {
            let path = above.join(".env");
            match std::fs::read_to_string(&path) {
                Ok(text) => {
                    let values = parse(&path, &text)?;
                    return Ok(Self { file: Some(path), values });
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(Error::usage(format!("{} cannot be read: {error}", path.display())));
                }
            }
        }
        Ok(Self { file: None, values: BTreeMap::new() })
    }

    /// An empty value is none.
    fn get(&self, name: &str) -> Option<String> {
        real(name).or_else(|| self.values.get(name).filter(|value| !value.is_empty()).cloned())
    }

    /// The first of some variables: all of the environment, then all of `.env`.
    fn first(&self, names: &[&str]) -> Option<Found> {
        let environment =
            names.iter().find_map(|name| Some(Found { url: real(name)?, source: (*name).to_owned() }));
        environment.or_else(|| {
            let file = self.file.as_ref()?.display();
            names.iter().find_map(|name| {
                let url = self.values.get(*name).filter(|value| !value.is_empty())?;
                Some(Found { url: url.clone(), source: format!("{name} in {file}") })
            })
        })
    }
}

fn real(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The lines of a `.env`. What cannot be read may be half a password, so it is not shown.
fn parse(path: &Path, text: &str) -> Result<BTreeMap<String, String>, Error> {
    let pairs = dotenvy::from_read_iter(text.as_bytes());
    pairs.collect::<Result<_, _>>().map_err(|error| {
        let broken = Error::usage("this is no line of a .env").next("write NAME=value, or NAME='value'");
        let dotenvy::Error::LineParse(line, _) = error else {
            return broken.at(path.display().to_string(), 1);
        };
        let before = text.find(line.as_str()).map_or("", |start| &text[..start]);
        let number = before.matches('\n').count() + 1;
        broken.at(path.display().to_string(), u32::try_from(number).unwrap_or(u32::MAX))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn env_files() {
        let path = Path::new(".env");
        let values = parse(path, "# x\nA=1\nexport B='two words'\nC=\"a\\nb\"\n").expect("valid");
        assert_eq!(values["A"], "1");
        assert_eq!(values["B"], "two words");
        assert_eq!(values["C"], "a\nb");
        let error = parse(path, "A=1\n\nPASS word=secret\n").expect_err("not valid").to_string();
        assert!(error.contains(".env:3") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn passwords() {
        assert!(has_password("postgres://u:p@h/d"));
        assert!(has_password("host=h password=p"));
        assert!(!has_password("postgres://u@h/d"));
        assert!(!has_password("nonsense"));
    }
}
