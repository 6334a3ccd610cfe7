//! `schema.toml`: its keys, and where it is found. What beats what is in `settings`.

pub(crate) mod lint;

use crate::args::duration;
use schema_core::engine::error::Error;
use schema_core::engine::managed::Claim;
use schema_core::engine::nearest::nearest;
use schema_core::engine::postgres::push::Undeclared;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;

/// The file's name.
pub(crate) const NAME: &str = "schema.toml";

/// The whole file. Every key is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// The folder of the migrations, relative to this file.
    pub(crate) migrations: Option<PathBuf>,
    /// The database.
    pub(crate) database_url: Option<Spanned<String>>,
    /// The variable that has the database's URL, instead of SCHEMA_DATABASE_URL and DATABASE_URL.
    pub(crate) database_url_env: Option<String>,
    /// Databases to be chosen with `--env`.
    #[serde(default)]
    pub(crate) environments: BTreeMap<String, Environment>,
    /// A server for throwaway databases.
    pub(crate) scratch: Option<Spanned<String>>,
    /// The major of PostgreSQL that they should have, that of the live database.
    #[serde(default, deserialize_with = "major")]
    pub(crate) scratch_major: Option<u16>,
    /// The project's name, which a database remembers; without one it is known by its first migration.
    pub(crate) project: Option<String>,
    /// The PostgreSQL schema of the ledger.
    pub(crate) ledger_schema: Option<String>,
    /// How long a statement of a migration may wait for a lock.
    #[serde(default, deserialize_with = "time")]
    pub(crate) lock_timeout: Option<Duration>,
    /// The packages with the tables.
    #[serde(default)]
    pub(crate) package: Vec<String>,
    /// The features to build them with.
    #[serde(default)]
    pub(crate) features: Vec<String>,
    /// The tenants of a database.
    pub(crate) tenants: Option<Tenants>,
    /// How `schema push` behaves.
    #[serde(default)]
    pub(crate) push: Push,
    /// How `schema generate` behaves.
    #[serde(default)]
    pub(crate) generate: Generate,
    /// What is managed of what not everybody manages.
    #[serde(default)]
    pub(crate) manage: Manage,
    /// What `schema lint` asks for.
    #[serde(default)]
    pub(crate) lint: lint::Lint,
}

/// `[tenants]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Tenants {
    /// The PostgreSQL schema that the code and the migrations are written for.
    pub(crate) schema: String,
    /// A pattern of LIKE: the schemas of the tenants.
    pub(crate) like: Option<String>,
    /// A query: the schemas of the tenants.
    pub(crate) query: Option<String>,
}

/// `[manage]`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Manage {
    /// Grants and default privileges.
    #[serde(default, deserialize_with = "claim")]
    pub(crate) grants: Option<Claim>,
    /// Who owns an object.
    #[serde(default, deserialize_with = "claim")]
    pub(crate) owners: Option<Claim>,
    /// Roles.
    #[serde(default)]
    pub(crate) roles: bool,
}

/// `[generate]`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Generate {
    /// Each statement in its simple form, whatever it locks.
    #[serde(default)]
    pub(crate) plain: bool,
    /// Keep what migrations drop in a PostgreSQL schema of its own.
    #[serde(default)]
    pub(crate) park: bool,
}

/// `[push]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Push {
    /// What happens to objects that the code does not declare.
    #[serde(default, deserialize_with = "undeclared")]
    pub(crate) undeclared: Undeclared,
}

/// One of `[environments.NAME]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Environment {
    /// The database.
    pub(crate) url: Option<Spanned<String>>,
    /// The variable that has the database's URL.
    pub(crate) url_env: Option<String>,
    /// The variable that has the URLs of several databases, with white space between them.
    pub(crate) urls_env: Option<String>,
}

const KEYS: &[&str] = &[
    "migrations",
    "database-url",
    "database-url-env",
    "environments",
    "scratch",
    "scratch-major",
    "project",
    "ledger-schema",
    "lock-timeout",
    "package",
    "features",
    "tenants",
    "push",
    "generate",
    "manage",
    "lint",
];
const GENERATE_KEYS: &[&str] = &["plain", "park"];
const PUSH_KEYS: &[&str] = &["undeclared"];
const MANAGE_KEYS: &[&str] = &["grants", "owners", "roles"];
const ENVIRONMENT_KEYS: &[&str] = &["url", "url-env", "urls-env"];
const TENANTS_KEYS: &[&str] = &["schema", "like", "query"];
/// From the oldest that scratch starts; what is as large as a whole version (`150018`) is no major.
const MAJORS: RangeInclusive<i64> = 14..=99;

/// A file that was read.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// The path as the user would write it; `None` where there is no file.
    pub(crate) path: Option<PathBuf>,
    text: String,
    pub(crate) config: Config,
}

impl File {
    /// Reads the file that was named, else the first schema.toml here or above, else takes the defaults.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, Error> {
        if let Some(path) = named {
            return Self::read(path)?.ok_or_else(|| {
                Error::usage(format!("there is no file {}", path.display()))
                    .next("`schema init` writes a schema.toml; without --config it is optional")
            });
        }
        for directory in here_and_above(Path::new(""))? {
            if let Some(file) = Self::read(&directory.join(NAME))? {
                return Ok(file);
            }
        }
        Ok(Self::default())
    }

    fn read(path: &Path) -> Result<Option<Self>, Error> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::usage(format!("{} cannot be read: {error}", path.display()))),
        };
        let config = parse(&path.display().to_string(), &text)?;
        Ok(Some(Self { path: Some(path.to_owned()), text, config }))
    }

    /// The directory that its paths are relative to.
    pub(crate) fn root(&self) -> &Path {
        self.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// Where a value stands.
    pub(crate) fn line<T>(&self, value: &Spanned<T>) -> u32 {
        line(&self.text, value.span().start)
    }

    /// The path as the user would write it.
    pub(crate) fn name(&self) -> String {
        self.path.as_deref().unwrap_or(Path::new(NAME)).display().to_string()
    }
}

/// A directory and those above it, as the user would write them.
pub(crate) fn here_and_above(directory: &Path) -> Result<impl Iterator<Item = PathBuf>, Error> {
    let full = std::path::absolute(if directory == Path::new("") { Path::new(".") } else { directory })
        .map_err(|error| Error::failed(format!("the current directory cannot be read: {error}")))?;
    let depth = full.ancestors().count();
    Ok((0..depth).map(move |up| directory.join(std::iter::repeat_n("..", up).collect::<PathBuf>())))
}

fn parse(path: &str, text: &str) -> Result<Config, Error> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        Error::usage(describe(error.message())).at(path, line(text, start))
    })
}

/// The parser's words, with the key that was meant; never a value that may hold a password.
fn describe(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let key = rest.split('`').next().unwrap_or_default();
        let keys = if message.contains("`url-env`") {
            ENVIRONMENT_KEYS
        } else if message.contains("`migrations`") {
            KEYS
        } else if message.contains("`grants`") {
            MANAGE_KEYS
        } else if message.contains("`since`") {
            lint::KEYS
        } else if message.contains("`reason`") {
            lint::ALLOW_KEYS
        } else if message.contains("`like`") {
            TENANTS_KEYS
        } else if message.contains("`plain`") {
            GENERATE_KEYS
        } else {
            PUSH_KEYS
        };
        return match nearest(key, keys.iter().copied()) {
            Some(near) => format!("schema.toml has no key `{key}`; did you mean `{near}`?"),
            None => format!("schema.toml has no key `{key}`; there is {}", keys.join(", ")),
        };
    }
    if let Some((_, expected)) =
        message.strip_prefix("invalid type: string").and_then(|rest| rest.rsplit_once(", expected "))
    {
        return format!("schema.toml is not valid: no text belongs here, but {expected}");
    }
    format!("schema.toml is not valid: {}", message.replace('\n', ", "))
}

fn line(text: &str, offset: usize) -> u32 {
    let lines = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    u32::try_from(lines + 1).unwrap_or(u32::MAX)
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    duration(&text).map(Some).map_err(serde::de::Error::custom)
}

/// The value is not repeated: text in the wrong place may be a URL with a password.
fn major<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let number = toml::Value::deserialize(deserializer)?.as_integer();
    number
        .filter(|number| MAJORS.contains(number))
        .and_then(|number| u16::try_from(number).ok())
        .map(Some)
        .ok_or_else(|| {
            serde::de::Error::custom(
                "write scratch-major as the major version of a PostgreSQL, 14 or newer, such as 17",
            )
        })
}

fn undeclared<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Undeclared, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    match value.as_str() {
        Some("ask") => Ok(Undeclared::Ask),
        Some("keep") => Ok(Undeclared::Keep),
        Some("drop") => Ok(Undeclared::Drop),
        Some(_) | None => Err(serde::de::Error::custom("write undeclared as \"ask\", \"keep\" or \"drop\"")),
    }
}

fn claim<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Claim>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    match value.as_str() {
        Some("none") => Ok(Some(Claim::None)),
        Some("claimed") => Ok(Some(Claim::Claimed)),
        Some("all") => Ok(Some(Claim::All)),
        Some(_) | None => Err(serde::de::Error::custom(
            "write \"none\", \"claimed\" (where the code says something about an object) or \"all\"",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> String {
        parse("schema.toml", text).expect_err("must not be valid").to_string()
    }

    #[test]
    fn keys_are_checked() {
        assert_eq!(
            fails("# x\n\nmigratons = \"x\""),
            "schema.toml has no key `migratons`; did you mean `migrations`?\n  at schema.toml:3"
        );
        assert!(fails("colour = 1").contains("there is migrations, database-url,"));
        assert_eq!(
            fails("[environments.production]\nurl_env = \"X\""),
            "schema.toml has no key `url_env`; did you mean `url-env`?\n  at schema.toml:2"
        );
        assert!(fails("migrations = [").contains("schema.toml:1"));
    }

    #[test]
    fn all_keys_are_known() {
        let text = "migrations = 'm'\ndatabase-url = 'a'\ndatabase-url-env = 'b'\nscratch = 'c'\n\
                    scratch-major = 15\nproject = 'p'\nledger-schema = 'd'\nlock-timeout = '2s'\npackage = ['e']\nfeatures = ['f']\n\
                    [environments.g]\nurl = 'h'\nurl-env = 'i'\nurls-env = 'j'\n\
                    [tenants]\nschema = 't'\nlike = 't%'\nquery = 'select 1'\n\
                    [generate]\nplain = true\npark = false\n[push]\nundeclared = 'keep'\n\
                    [manage]\ngrants = 'all'\nowners = 'none'\nroles = false\n\
                    [lint]\nprofile = 'ci'\nsince = '2026'\npostgres = 15\n[lint.rules]\ntruncate = 'off'\n\
                    [lint.profiles.ci]\ntruncate = 'warn'\n[lint.naming]\ntable = 'snake_case'\n\
                    [[lint.allow]]\nrule = 'char-n'\nobject = 'o'\nreason = 'r'\nuntil = '2027-01-01'\n";
        let (lint, allow) = (lint::KEYS, lint::ALLOW_KEYS);
        let all = [KEYS, ENVIRONMENT_KEYS, TENANTS_KEYS, GENERATE_KEYS, PUSH_KEYS, MANAGE_KEYS, lint, allow];
        for key in all.concat() {
            assert!(text.contains(key), "{key}");
        }
        let config = parse("schema.toml", text).expect("valid");
        assert_eq!(config.lock_timeout, Some(Duration::from_secs(2)));
        assert!(fails("lock-timeout = 'soon'").contains("500ms, 5s or 2m"));
        assert_eq!(config.scratch_major, Some(15));
        assert_eq!(config.push.undeclared, Undeclared::Keep);
        assert!(config.generate.plain);
        assert!(fails("[push]\nundeclared = 'all'").contains("\"ask\", \"keep\" or \"drop\""));
        assert!(fails("[generate]\nplainn = true").contains("did you mean `plain`?"));
        assert!(fails("[push]\nundeclard = 'ask'").contains("did you mean `undeclared`?"));
    }

    #[test]
    fn majors() {
        let read = |text: &str| parse("schema.toml", &format!("scratch-major = {text}"));
        for (text, number) in [("14", 14), ("18", 18), ("21", 21)] {
            assert_eq!(read(text).expect(text).scratch_major, Some(number));
        }
        for text in
            ["13", "-15", "0", "15.2", "'15'", "150018", "100", "9223372036854775807", "true", "[15]", "{}"]
        {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains("14 or newer") && error.contains("schema.toml:1"), "{text}: {error}");
        }
        assert!(fails("scratch_major = 15").contains("did you mean `scratch-major`?"));
    }

    #[test]
    fn passwords_are_not_repeated() {
        for text in [
            "package = 'postgres://u:secret@h/d'",
            "environments = 'postgres://u:secret@h/d'",
            "[environments]\nproduction = 'host=h password=secret'",
            "lock-timeout = 'postgres://u:secret@h/d'",
            "scratch-major = 'postgres://u:secret@h/d'",
        ] {
            let error = fails(text);
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
