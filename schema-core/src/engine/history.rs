//! The migrations of a project, in order, from their texts. Pure: `files` reads the folder.

use crate::engine::error::Error;
use crate::engine::script::{Replaced, Script, read_script, sha};
use std::cmp::Ordering;

/// All migrations, ordered by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History(pub Vec<Migration>);

/// One folder under `migrations/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The folder's name: 14 digits of UTC time, `_`, a name.
    pub id: String,
    /// What follows the digits.
    pub name: String,
    /// The migration that was the last when this one was generated, where the file says so.
    pub parent: Option<String>,
    /// The version of the tool that generated it, where the file says so.
    pub tool: Option<String>,
    /// The migrations that it stands for; they are no longer in the folder.
    pub replaces: Vec<Replaced>,
    /// The way there.
    pub up: Script,
    /// The way back.
    pub down: Down,
}

/// The way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Down {
    /// A script.
    Script(Script),
    /// The file says that there is none, and why.
    Irreversible(String),
    /// No file, or nothing in it.
    Absent,
}

/// One migration whose texts the program carries; `migrations!` writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// The folder's name.
    pub id: &'static str,
    /// `up.sql`.
    pub up: &'static str,
    /// `down.sql`.
    pub down: Option<&'static str>,
}

impl Migration {
    /// Reads one migration; `folder` is how the user would write its path.
    pub fn read(id: &str, folder: &str, up: &str, down: Option<&str>) -> Result<Self, Error> {
        let (script, header) = read_script(&format!("{folder}/up.sql"), up)?;
        if let Some((_, line)) = header.irreversible {
            return Err(Error::usage("`-- schema:irreversible` belongs into down.sql").at(script.file, line));
        }
        Ok(Self {
            id: id.to_owned(),
            name: id.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('_').to_owned(),
            parent: header.parent,
            tool: header.tool,
            replaces: header.replaces.into_iter().map(|(replaced, _)| replaced).collect(),
            up: script,
            down: read_down(&format!("{folder}/down.sql"), down)?,
        })
    }
}

fn read_down(file: &str, text: Option<&str>) -> Result<Down, Error> {
    let Some(text) = text else { return Ok(Down::Absent) };
    let (script, header) = read_script(file, text)?;
    if let Some((_, line)) = header.replaces.first() {
        return Err(Error::usage("`-- schema:replaces` belongs into up.sql").at(file, *line));
    }
    let statement = script.sections.iter().find_map(|section| section.statements.first());
    match (header.irreversible, statement) {
        (Some((_, line)), Some(statement)) => {
            Err(Error::usage("a down.sql that is irreversible holds a statement too")
                .at(file, line)
                .at(file, statement.line)
                .next("delete the statement, or the line `-- schema:irreversible`"))
        }
        (Some((reason, _)), None) => Ok(Down::Irreversible(reason)),
        (None, Some(_)) => Ok(Down::Script(script)),
        (None, None) => Ok(Down::Absent),
    }
}

impl History {
    /// Orders the migrations and refuses two of one id.
    pub fn new(mut migrations: Vec<Migration>) -> Result<Self, Error> {
        migrations.sort_by(|a, b| compare(&a.id, &b.id));
        for pair in migrations.windows(2) {
            if pair[0].id == pair[1].id {
                return Err(Error::usage(format!("two migrations have the id {}", pair[0].id))
                    .at(&pair[0].up.file, 1)
                    .at(&pair[1].up.file, 1));
            }
        }
        for new in &migrations {
            let both = |old: &&Migration| new.replaces.iter().any(|replaced| replaced.id == old.id);
            if let Some(old) = migrations.iter().find(both) {
                return Err(Error::usage(format!("{} replaces {}, which is still there", new.id, old.id))
                    .at(&new.up.file, 1)
                    .at(&old.up.file, 1)
                    .next(format!("delete the folder of {}", old.id)));
            }
        }
        Ok(Self(migrations))
    }

    /// Reads the migrations that a program carries.
    pub fn embedded(migrations: &[Embedded]) -> Result<Self, Error> {
        let read = |m: &Embedded| Migration::read(m.id, m.id, m.up, m.down);
        Self::new(migrations.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The migration of this id.
    pub fn get(&self, id: &str) -> Option<&Migration> {
        self.0.iter().find(|migration| migration.id == id)
    }

    /// The last migration.
    pub fn last(&self) -> Option<&Migration> {
        self.0.last()
    }

    /// A hash of what the first `count` migrations do: of the tokens of their `up.sql`, not of their ids or comments.
    pub fn prefix_key(&self, count: usize) -> String {
        let sums = self.0.iter().take(count).map(|migration| migration.up.checksum.as_str());
        sha(sums.map(str::as_bytes))
    }

    /// The hash of all migrations.
    pub fn content_key(&self) -> String {
        self.prefix_key(self.0.len())
    }
}

/// Is this the name of a migration's folder? Any that starts with a digit; what we write is 14 digits, `_`, a name.
pub fn is_id(folder: &str) -> bool {
    folder.starts_with(|c: char| c.is_ascii_digit())
}

/// The digits that an id begins with.
pub fn digits(id: &str) -> &str {
    let count = id.chars().take_while(char::is_ascii_digit).count();
    &id[..count]
}

/// The order of two ids: by the number that they begin with, then by the rest.
pub fn compare(a: &str, b: &str) -> Ordering {
    number(a).cmp(&number(b)).then_with(|| a.cmp(b))
}

/// What orders ids as numbers do.
fn number(id: &str) -> (usize, &str) {
    let digits = digits(id).trim_start_matches('0');
    (digits.len(), digits)
}

/// The id of a new migration: this moment, or one second after the last migration where that is later.
pub fn new_id(unix_seconds: u64, name: &str, history: &History) -> String {
    let name = slugify(name);
    let now = stamp(unix_seconds);
    let id = format!("{now}_{name}");
    match history.last() {
        // What a migration parks is known by its digits: no two have the same.
        Some(last) if compare(&last.id, &id).is_ge() || digits(&last.id) == now => {
            format!("{}_{name}", after(digits(&last.id)))
        }
        Some(_) | None => id,
    }
}

/// One second after a stamp; one more, where the digits are no stamp.
fn after(digits: &str) -> u128 {
    let carry = |stamp: u128, unit: u128, limit: u128| {
        if stamp / unit % 100 < limit { stamp } else { stamp + unit * (100 - limit) }
    };
    let next = digits.parse::<u128>().unwrap_or(u128::MAX - 1) + 1;
    if digits.len() == 14 { carry(carry(next, 1, 60), 100, 60) } else { next }
}

/// `20261122093000` for a moment, in UTC.
pub fn stamp(unix_seconds: u64) -> String {
    let (days, second) = (unix_seconds / 86_400, unix_seconds % 86_400);
    // Howard Hinnant's civil_from_days, for days since 1970.
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

/// `2026-11-22T09:30:00Z` for a moment.
pub fn rfc3339(unix_seconds: u64) -> String {
    let stamp = stamp(unix_seconds);
    let (day, time) = stamp.split_at(stamp.len() - 6);
    let (year, day) = day.split_at(day.len() - 4);
    format!("{year}-{}-{}T{}:{}:{}Z", &day[..2], &day[2..], &time[..2], &time[2..4], &time[4..])
}

/// A name for a folder: small ASCII letters, digits and single `_`; at most 60 characters.
pub fn slugify(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if slug.len() == 60 {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('_') && !slug.is_empty() {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    if slug.is_empty() { "migration".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(id: &str, up: &str) -> Migration {
        Migration::read(id, &format!("migrations/{id}"), up, None).expect("valid")
    }

    #[test]
    fn ids_are_moments_and_grow() {
        let empty = History::default();
        assert_eq!(new_id(0, "x", &empty), "19700101000000_x");
        assert_eq!(new_id(951_782_399, "Leap day!", &empty), "20000228235959_leap_day");
        assert_eq!(new_id(951_782_400, "x", &empty), "20000229000000_x");
        assert_eq!(new_id(1_795_339_800, "x", &empty), "20261122093000_x");
        let ahead = History(vec![migration("20261122235959_a", "")]);
        assert_eq!(new_id(1_795_339_800, "b", &ahead), "20261122240000_b");
        let same = History(vec![migration("20261122093000_b", "")]);
        assert_eq!(new_id(1_795_339_800, "a", &same), "20261122093001_a");
        assert_eq!(new_id(1_795_339_800, "c", &same), "20261122093001_c");
        let short = History(vec![migration("9_last", "")]);
        assert_eq!(new_id(1_795_339_800, "x", &short), "20261122093000_x");
        let long = History(vec![migration("99999999999999999_last", "")]);
        assert_eq!(new_id(1_795_339_800, "x", &long), "100000000000000000_x");
    }

    #[test]
    fn slugs() {
        assert_eq!(slugify("Add status, to Users"), "add_status_to_users");
        assert_eq!(slugify("../../etc"), "etc");
        assert_eq!(slugify("🦀"), "migration");
        assert_eq!(slugify("a__b_"), "a_b");
        assert_eq!(slugify(&"x".repeat(100)).len(), 60);
    }

    #[test]
    fn ids_are_ordered_by_number() {
        let mut ids = ["10_b", "0002_c", "2_b", "20261122093000_b", "20261122093000_a", "1_z"];
        ids.sort_by(|a, b| compare(a, b));
        assert_eq!(ids, ["1_z", "0002_c", "2_b", "10_b", "20261122093000_a", "20261122093000_b"]);
    }

    #[test]
    fn ordered_by_id_and_unique() {
        let history = History::new(vec![migration("2_b", ""), migration("1_a", "")]).expect("valid");
        assert_eq!(history.0[0].name, "a");
        assert_eq!(history.last().map(|m| m.id.as_str()), Some("2_b"));
        assert!(History::new(vec![migration("1_a", ""), migration("1_a", "")]).is_err());
    }

    #[test]
    fn keys_follow_tokens_not_comments() {
        let a = History(vec![migration("1_a", "create table a ();"), migration("2_b", "select 1")]);
        let b = History(vec![migration("1_x", "-- c\ncreate  table a();"), migration("2_b", "select 2")]);
        assert_eq!(a.prefix_key(1), b.prefix_key(1));
        assert_ne!(a.content_key(), b.content_key());
        assert_ne!(a.prefix_key(1), a.prefix_key(2));
        assert_ne!(a.prefix_key(0), a.prefix_key(1));
    }

    #[test]
    fn header_and_down() {
        let up = "-- schema:parent 1_a\n-- schema:tool 0.1.0\nselect 1;";
        let down = "-- schema:irreversible the column's data is gone\n-- and so on\n";
        let read = Migration::read("2_b", "m/2_b", up, Some(down)).expect("valid");
        assert_eq!(read.parent.as_deref(), Some("1_a"));
        assert_eq!(read.tool.as_deref(), Some("0.1.0"));
        assert_eq!(read.down, Down::Irreversible("the column's data is gone".to_owned()));
        let down = |text| Migration::read("2_b", "m/2_b", "", Some(text)).map(|m| m.down);
        assert_eq!(down("-- nothing\n"), Ok(Down::Absent));
        assert!(matches!(down("drop table a"), Ok(Down::Script(_))));
        let both = down("-- schema:irreversible\ndrop table a").expect_err("both");
        assert_eq!(both.to_string().lines().nth(1), Some("  at m/2_b/down.sql:1"));
        assert!(Migration::read("2_b", "m/2_b", "-- schema:irreversible x", None).is_err());
        assert_eq!(Migration::read("2_b", "m", "-- schema:parent none", None).expect("valid").parent, None);
    }

    #[test]
    fn embedded_is_the_same() {
        let embedded = [Embedded { id: "1_a", up: "select 1", down: Some("select 2") }];
        let history = History::embedded(&embedded).expect("valid");
        assert_eq!(history.0[0].up.checksum, migration("1_a", "select 1;").up.checksum);
        assert!(matches!(history.0[0].down, Down::Script(_)));
    }
}
