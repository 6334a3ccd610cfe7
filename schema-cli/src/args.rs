//! What can be written after `schema`. Reads the words; what they do is in `cmd`, where values come from in `settings`.

pub(crate) mod back;
mod check;
mod fleet;
mod lint;
mod prove;
mod status;
mod studio;

pub(crate) use check::CheckArgs;
pub(crate) use lint::LintArgs;
pub(crate) use prove::ProveArgs;
pub(crate) use status::StatusArgs;

use crate::extract::{BuildOptions, CargoOutput};
use crate::report;
use back::{BaselineArgs, PurgeArgs, RepairArgs, RollbackArgs, SquashArgs};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args as Group, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use schema_core::engine::hazard::HazardKind;
use schema_core::engine::postgres::run::Allow;
use schema_core::engine::pull::ForeignCrate;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

pub(crate) use studio::StudioArgs;

const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  1  differences or findings, such as a pending migration
  2  called or configured wrongly
  3  refused: a permission or an answer is missing; the message names the flag
  4  tried, and it did not work

The database, the first that is given: --database-url, or --env NAME of schema.toml; the variables
SCHEMA_DATABASE_URL, DATABASE_URL; the same in .env; schema.toml; PGHOST, PGDATABASE and the like.
`--scratch server` is the server of that database, for extensions that only it has.";

pub(crate) use fleet::{FleetArgs, ManyArgs};

/// PostgreSQL migrations out of Rust structs, proven before you see them.
#[derive(Debug, Parser)]
#[command(name = "schema", version, after_help = EXIT_CODES, max_term_width = 110)]
#[command(disable_help_flag = true, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Default, Group)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// What stdout gets: text for people, or one JSON object
    #[arg(long, global = true, value_enum, default_value_t, value_name = "text|json")]
    #[arg(hide_default_value = true, hide_possible_values = true)]
    pub(crate) format: Format,
    /// Say more: which database, which server, where settings come from
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Say only errors and what was asked for
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "auto|always|never")]
    #[arg(hide_default_value = true, hide_possible_values = true)]
    pub(crate) color: Color,
    /// The configuration; by default schema.toml here or above
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The environment of schema.toml whose database is meant
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "database_url")]
    pub(crate) env: Option<String>,
    /// The database, as postgres://user@host:5432/name
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// The server for throwaway databases; by default one is started
    #[arg(long, global = true, value_name = "URL|server")]
    pub(crate) scratch: Option<String>,
    /// Never ask: an open question is an error that names the flags
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    /// Show this help
    #[arg(short, long, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
}

/// What is printed on stdout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    #[value(alias = "sql")]
    Text,
    Json,
    /// Only for `inspect`, as is the next.
    #[value(hide = true)]
    Mermaid,
    #[value(hide = true)]
    Dot,
    /// Only for what has findings, as is the next: annotations of GitHub Actions.
    #[value(hide = true)]
    Github,
    #[value(hide = true)]
    Sarif,
}

/// When to use colours; `Auto` is on a terminal, unless NO_COLOR or CLICOLOR say otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up this directory: schema.toml and a folder for migrations
    #[command(after_help = "\
Overwrites nothing, and says what it did and what comes next.
Example: schema init --database-url postgres://localhost/app")]
    Init,
    /// Write the migration from what the migrations add up to, to what the Rust code says
    #[command(after_help = "\
Builds the crate, compares, and runs the migration on a throwaway database before it writes it.
Example: schema generate --name add_status")]
    Generate(GenerateArgs),
    /// Apply the pending migrations
    #[command(after_help = "\
Section by section: where one fails, the next run goes on with it. One run at a time per database.
Of many databases or tenants one comes first, then several at once; the next run goes on with those that are behind.
Example: schema migrate --env production --dry-run
Example: schema migrate --env production --tenants --jobs 8 --canary acme")]
    Migrate(MigrateArgs),
    /// Undo what was applied last, by its down.sql
    #[command(after_help = "\
Tries the way back on a throwaway database first, and says how many rows would be lost; that needs --allow data-loss.
Where only some sections of a migration have run, it leads back from there. One that stopped goes on where it stopped.
Over many databases or tenants it wants --to, and the same again goes on with those that are not there yet.
Example: schema rollback --to add_status --dry-run")]
    Rollback(RollbackArgs),
    /// Put one migration in the place of many
    #[command(after_help = "\
The one is proven to end in the same schema with the same rows. Databases in which all of the old ones have run are
recognized and not touched; one that has only some of them is refused. The old folders move to migrations/.squashed.
Example: schema squash --to add_status")]
    Squash(SquashArgs),
    /// Take over a database that exists already
    #[command(after_help = "\
Without migrations: writes the first one, from what the database has, and records it there as applied. With migrations:
records them up to ID, if the database is what they add up to. Runs none of them, and changes no table but the ledger's.
Knows the histories of drizzle-kit, sqlx, diesel, refinery, Prisma and Flyway; their tables are left alone.
Example: schema baseline --from-folder old/migrations")]
    Baseline(BaselineArgs),
    /// Show what is not as it should be in a database's history, and settle it
    #[command(after_help = "\
Sections that were cut off, INVALID indexes, files that were edited after they ran, folders that are gone: each with what
a repair does about it, or what only you can say. Does nothing without --apply, or a yes on a terminal.
Example: schema repair --apply")]
    Repair(RepairArgs),
    /// Remove for good what migrations have parked
    #[command(after_help = "\
`schema generate --park` keeps what it drops in PostgreSQL schemas named parked_ and the migration's digits. Time counts
from when the migration ran in this database. Shows what would go with its rows; that it goes needs --allow data-loss.
Example: schema purge --older-than 30d --allow data-loss")]
    Purge(PurgeArgs),
    /// Show what is applied, pending, half-applied, edited, missing or out of order
    #[command(after_help = "\
Changes nothing. Exits with 0 if everything is applied and is as it ran, else with 1. With --drift also what somebody
changed by hand, as SQL in both directions. Of many databases or tenants a line each.
Example: schema status --env production")]
    Status(StatusArgs),
    /// Check code, schema.sql and migrations against each other, for CI: needs no database
    #[command(after_help = "\
The code has no change without a migration; the migrations run from zero and add up to it; every down undoes its up;
branches that were merged lead to the same in every order. All of it on a throwaway database, and only what has changed.
Exits with 1 if there are errors. --format takes here: text, json, github, sarif.
Example: schema check --format github")]
    Check(CheckArgs),
    /// Run migrations up and down again after edits by hand, and note it in their heads
    #[command(after_help = "\
Changes the lines of the head that say what was proven, nothing else. Then compares the sum with the code.
Example: schema prove 20261122093000_backfill")]
    Prove(ProveArgs),
    /// Say what in the migrations and in the declared schema can hurt, and how to do it safely
    #[command(after_help = "\
WHAT is a migration (its name, or the beginning of it) or a .sql file; by default all migrations that are not before
[lint] since of schema.toml, and the declared schema. With --database-url or --env also what that database has run.
In SQL a comment on the line before a statement waives a rule: -- schema:allow drop-table: nobody has used it since May
--format takes here: text, json, github (annotations), sarif. Exits with 1 if there are errors.
Example: schema lint --profile prod")]
    #[command(mut_arg("profile", |arg| arg.long("cargo-profile")))]
    Lint(LintArgs),
    /// Print the SQL that turns one schema into another
    #[command(after_help = "\
SOURCE is code (the Rust code), migrations, a postgres:// URL, a .sql file, a folder of .sql files, or empty.
Prints nothing where they are equal. Changes nothing, refuses nothing, asks nothing: comments say what locks and what
is lost. Needs no project, unless a source is code or migrations.
Example: schema diff --from old.sql --to postgres://localhost/app")]
    Diff(DiffArgs),
    /// Write the Rust code that declares what a database has
    #[command(after_help = "\
What the derives have no words for becomes SQL in files beside the code. What schema cannot carry at all is named, and
makes the exit code 1. A file that somebody has edited is not overwritten.
Example: schema pull postgres://localhost/app --out src/schema")]
    Pull(PullArgs),
    /// Show a schema: as SQL, as JSON, or as a diagram
    #[command(after_help = "\
SOURCE is as for diff. --format takes here: sql (the default; psql makes an equal database of it), json, mermaid, dot.
Example: schema inspect postgres://localhost/app --format mermaid")]
    Inspect(InspectArgs),
    /// Make the database what the Rust code says, without a migration: for a database of your own
    #[command(after_help = "\
Shows the SQL, applies it in one transaction where PostgreSQL allows, and reads back. Rows in the way are shown, never
changed. What the code does not declare is asked about, or stays ([push] undeclared of schema.toml: ask, keep, drop);
PostgreSQL schemas in which it declares nothing are not touched.
Example: schema push --env local --yes")]
    Push(PushArgs),
    /// See the schema and the data in the browser
    #[command(after_help = "\
Serves a page to this machine only, and prints its address once. Reads only, until writing is turned on in the page; on a
database that is not on this machine that takes --write. What is written is logged in .schema/studio.log.
Example: schema studio --env local")]
    Studio(StudioArgs),
}

/// `schema push`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct PushArgs {
    /// An object that got another name, as users.mail=users.email
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// An object that is to go, with its rows
    #[arg(long, value_name = "NAME")]
    pub(crate) drop: Vec<String>,
    /// A hazard that is accepted
    #[arg(long, value_name = "HAZARD", value_parser = hazards())]
    pub(crate) allow: Vec<HazardKind>,
    /// Do not ask before it begins
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Show the SQL, change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long a statement may wait for a lock, as 500ms, 5s, 1m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) lock_timeout: Option<Duration>,
    /// How long to wait for another push or migration
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// `schema inspect`.
#[derive(Debug, Clone, Group)]
pub(crate) struct InspectArgs {
    /// The schema to show
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    /// Only this PostgreSQL schema; may be given again
    #[arg(long, value_name = "NAME")]
    pub(crate) schema: Vec<String>,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// `schema diff`.
#[derive(Debug, Clone, Group)]
pub(crate) struct DiffArgs {
    /// The schema to begin with
    #[arg(long, value_name = "SOURCE")]
    pub(crate) from: String,
    /// The schema to end with
    #[arg(long, value_name = "SOURCE")]
    pub(crate) to: String,
    /// An object that got another name, as users.mail=users.email
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// Compare who owns what
    #[arg(long)]
    pub(crate) owners: bool,
    /// Compare the roles of the servers; none is dropped
    #[arg(long)]
    pub(crate) roles: bool,
    /// The way for a database in use: short locks, several transactions
    #[arg(long)]
    pub(crate) online: bool,
    /// Exit with 1 if they differ
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// `schema pull`.
#[derive(Debug, Clone, Group)]
pub(crate) struct PullArgs {
    /// The database's URL, a .sql file, a folder of .sql files, or migrations; by default the configured database
    #[arg(value_name = "SOURCE")]
    pub(crate) source: Option<String>,
    /// The folder of the code, which is a module
    #[arg(long, value_name = "DIRECTORY", default_value = "src/schema")]
    pub(crate) out: PathBuf,
    /// The crates whose types fields have, as chrono,uuid, or none; by default those that the package depends on
    #[arg(long, value_name = "CRATES", value_delimiter = ',', value_parser = crates())]
    pub(crate) types: Option<Vec<Crates>>,
    /// Overwrite what somebody else has written or edited
    #[arg(long)]
    pub(crate) force: bool,
}

/// A crate with types for columns, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crates {
    None,
    One(ForeignCrate),
}

/// `schema generate`.
#[derive(Debug, Clone, Group)]
pub(crate) struct GenerateArgs {
    /// The migration's name; by default it says what changes
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// An object that got another name, as users.mail=users.email
    #[arg(long, value_name = "OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// An object that is gone, not renamed
    #[arg(long, value_name = "NAME")]
    pub(crate) drop: Vec<String>,
    /// A hazard that is accepted
    #[arg(long, value_name = "HAZARD", value_parser = hazards())]
    pub(crate) allow: Vec<HazardKind>,
    /// Each statement in its simple form, which may lock a table for long
    #[arg(long)]
    pub(crate) plain: bool,
    /// Keep what is dropped in a PostgreSQL schema of its own, until `schema purge`
    #[arg(long)]
    pub(crate) park: bool,
    /// Show the migration, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What somebody changed by hand in a database, not what the code says: its URL, or live for the configured one
    #[arg(long, value_name = "URL|live", conflicts_with_all = ["custom", "edit"])]
    pub(crate) from: Option<String>,
    /// Record it there as applied, too
    #[arg(long, requires = "from")]
    pub(crate) adopt: bool,
    /// An empty migration, for SQL written by hand
    #[arg(long, conflicts_with_all = ["rename", "drop", "allow"])]
    pub(crate) custom: bool,
    /// Open the new files in $VISUAL or $EDITOR
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) edit: bool,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// How the user's crate is built, in cargo's own words.
#[derive(Debug, Clone, Default, Group)]
#[command(next_help_heading = "Cargo options")]
pub(crate) struct CargoArgs {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// The package with the tables; may be given again
    #[arg(short, long, value_name = "NAME")]
    package: Vec<String>,
    /// All packages of the workspace
    #[arg(long)]
    workspace: bool,
    /// Features to build with
    #[arg(short = 'F', long)]
    features: Vec<String>,
    /// Build with all features
    #[arg(long)]
    all_features: bool,
    /// Build without the default features
    #[arg(long)]
    no_default_features: bool,
    /// The profile to build with
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The target triple to build for
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Where cargo puts what it builds
    #[arg(long, value_name = "DIRECTORY")]
    target_dir: Option<PathBuf>,
    /// Cargo.lock must not change
    #[arg(long)]
    locked: bool,
    /// Without the network
    #[arg(long)]
    offline: bool,
    /// Both of them
    #[arg(long)]
    frozen: bool,
}

/// `schema migrate`.
#[derive(Debug, Clone, Default, Group)]
pub(crate) struct MigrateArgs {
    /// The last migration to apply: its name, or the beginning of it
    #[arg(long, value_name = "ID")]
    pub(crate) to: Option<String>,
    /// Print the SQL, run nothing; with --verbose also that of the ledger
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What may happen although it is refused otherwise
    #[arg(long, value_name = "WHAT", value_parser = allows())]
    pub(crate) allow: Vec<Allow>,
    /// How long a statement may wait for a lock before it is tried again later, as 500ms, 5s, 1m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) lock_timeout: Option<Duration>,
    /// How often it is tried again, each time after a longer pause
    #[arg(long, value_name = "NUMBER")]
    pub(crate) lock_retries: Option<u32>,
    /// How long to wait for another run
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
    #[command(flatten)]
    pub(crate) fleet: FleetArgs,
}

impl CargoArgs {
    /// The call of cargo; `package` and `features` are what schema.toml says, for what is not given here.
    pub(crate) fn build_options(
        &self,
        global: &Global,
        package: &[String],
        features: &[String],
    ) -> BuildOptions {
        let or = |given: &[String], other: &[String]| {
            if given.is_empty() { other.to_vec() } else { given.to_vec() }
        };
        let flags = [(self.locked, "--locked"), (self.offline, "--offline"), (self.frozen, "--frozen")];
        BuildOptions {
            directory: None,
            manifest_path: self.manifest_path.as_deref().map(absolute),
            package: if self.workspace { self.package.clone() } else { or(&self.package, package) },
            workspace: self.workspace,
            features: or(&self.features, features),
            all_features: self.all_features,
            no_default_features: self.no_default_features,
            profile: self.profile.clone(),
            target_dir: self.target_dir.as_deref().map(absolute),
            target: self.target.clone(),
            cargo: flags.iter().filter(|(set, _)| *set).map(|(_, flag)| (*flag).to_owned()).collect(),
            output: if global.quiet { CargoOutput::Quiet } else { CargoOutput::Normal },
        }
    }
}

/// Paths are relative to where the user is; cargo may run elsewhere.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn hazards() -> impl TypedValueParser<Value = HazardKind> {
    PossibleValuesParser::new(HazardKind::ALL.map(HazardKind::name))
        .try_map(|name| HazardKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or("not a hazard"))
}

fn crates() -> impl TypedValueParser<Value = Crates> {
    let names = ForeignCrate::ALL.map(ForeignCrate::name).into_iter().chain(["none"]);
    PossibleValuesParser::new(names).map(|name| {
        ForeignCrate::ALL.into_iter().find(|krate| krate.name() == name).map_or(Crates::None, Crates::One)
    })
}

fn allows() -> impl TypedValueParser<Value = Allow> {
    PossibleValuesParser::new(Allow::ALL.map(Allow::name))
        .try_map(|name| Allow::from_name(&name).ok_or("not a permission"))
}

/// Reads `500ms`, `5s`, `2m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u32 = number.parse().map_err(|_| "write a time as 500ms, 5s or 2m".to_owned())?;
    match unit.trim() {
        "ms" => Ok(Duration::from_millis(number.into())),
        "s" => Ok(Duration::from_secs(number.into())),
        "m" | "min" => Ok(Duration::from_secs(u64::from(number) * 60)),
        _ => Err("write a time as 500ms, 5s or 2m".to_owned()),
    }
}

/// Reads the arguments; where there is nothing to run, it has been said why, and the program ends with this code.
pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Args, ExitCode> {
    let words: Vec<OsString> = words.collect();
    let (words, by_cargo) = without_cargo(words);
    let command = Args::command().bin_name(if by_cargo { "cargo schema" } else { "schema" });
    let args = command.try_get_matches_from(&words).and_then(|matches| Args::from_arg_matches(&matches));
    args.map_err(|error| report::arguments(&error, wants_json(&words)))
}

/// `cargo schema status` calls `cargo-schema schema status`.
fn without_cargo(mut words: Vec<OsString>) -> (Vec<OsString>, bool) {
    let program = words.first().map(Path::new).and_then(Path::file_stem);
    let by_cargo =
        program.is_some_and(|name| name == "cargo-schema") && words.get(1).is_some_and(|w| w == "schema");
    if by_cargo {
        words.remove(1);
    }
    (words, by_cargo)
}

/// Whether these words, which could not be read, ask for JSON.
fn wants_json(words: &[OsString]) -> bool {
    words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn cargo_passes_the_name() {
        let (stripped, by_cargo) = without_cargo(words("/bin/cargo-schema schema status"));
        assert_eq!((stripped, by_cargo), (words("/bin/cargo-schema status"), true));
        assert!(!without_cargo(words("schema schema")).1);
        assert!(!without_cargo(words("cargo-schema status")).1);
    }

    #[test]
    fn times() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "5", "s", "-5s", "5h", "99999999999s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_permission_has_its_word() {
        for allow in Allow::ALL {
            let args = Args::try_parse_from(["schema", "migrate", "--allow", allow.name()]).expect("valid");
            assert!(matches!(args.command, Command::Migrate(args) if args.allow == [allow]));
        }
        for hazard in HazardKind::ALL {
            let args = Args::try_parse_from(["schema", "generate", "--allow", hazard.name()]).expect("valid");
            assert!(matches!(args.command, Command::Generate(args) if args.allow == [hazard]));
        }
    }

    #[test]
    fn packages_of_the_configuration_are_a_default() {
        let args = |line: &str| {
            let command = Args::try_parse_from(words(line)).expect("valid").command;
            if let Command::Generate(args) = command { args.cargo } else { panic!("another command") }
        };
        let options =
            |line: &str| args(line).build_options(&Global::default(), &["a".to_owned()], &["f".to_owned()]);
        assert_eq!(options("schema generate").package, ["a"]);
        assert_eq!(options("schema generate -p b").package, ["b"]);
        assert!(options("schema generate --workspace").package.is_empty());
        assert_eq!(options("schema generate --locked -F g").features, ["g"]);
        assert_eq!(options("schema generate --locked").cargo, ["--locked"]);
    }
}
