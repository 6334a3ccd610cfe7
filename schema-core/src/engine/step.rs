//! A Step: one SQL statement with what it builds, needs, destroys and releases, its locks and hazards. The order
//! of Steps follows from these sets alone; see `plan::graph`.

use super::hazard::{Hazard, HazardKind};
use super::id::ObjectId;
use super::ids::{Few, Ids, push};
use super::name::{Ident, QName};
use std::borrow::Cow;
use std::fmt;
use thin_vec::{ThinVec, thin_vec};

/// The statement of a Step, in a form that can be joined with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sql {
    /// A whole statement, without the semicolon.
    Statement(String),
    /// `CREATE TABLE name (...)`: parts of other Steps can be folded into it.
    Container(Box<Container>),
    /// A statement that ends in clauses: parts of other Steps can be added to it.
    Clauses(String),
    /// One action of `ALTER TABLE table`.
    AlterTable {
        /// The table.
        table: QName,
        /// What follows the name.
        action: String,
    },
}

/// `head (` lines `) tail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Up to the parenthesis.
    pub head: String,
    /// What is folded into it already.
    pub lines: Vec<Line>,
    /// After the parenthesis.
    pub tail: String,
}

impl Container {
    /// The statement.
    pub fn text(&self) -> String {
        let Self { head, lines, tail } = self;
        if lines.is_empty() {
            return format!("{head} (){tail}");
        }
        let lines: Vec<&str> = lines.iter().map(|line| &*line.sql).collect();
        format!("{head} (\n    {}\n){tail}", lines.join(",\n    "))
    }
}

/// A line of a container: a column, a constraint. Lines sort as a person would write them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The rank of its kind, and its place among those of its kind.
    pub place: (u8, i16),
    /// The name of the object it is for.
    pub name: Option<Ident>,
    /// The SQL.
    pub sql: Box<str>,
}

/// How a Step stands to its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transaction {
    /// Runs in one with its neighbours.
    Inside,
    /// What it builds can be used only after a commit.
    CommitBeforeUse,
    /// In a later one than what it needs, and only beside its like: it reads a whole table under a weak lock, and no
    /// stronger one may be held meanwhile.
    Later,
    /// Outside of any: `CONCURRENTLY`.
    Outside,
}

/// The table locks of PostgreSQL, weakest first ("Explicit Locking").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// Blocks only ACCESS EXCLUSIVE.
    AccessShare,
    /// Blocks schema changes and vacuum.
    ShareUpdateExclusive,
    /// Blocks writes.
    Share,
    /// Blocks writes and itself.
    ShareRowExclusive,
    /// Blocks reads and writes.
    AccessExclusive,
}

impl LockMode {
    /// The mode of a name in `pg_locks`, which has more than are told apart here: EXCLUSIVE lets in whom SHARE ROW EXCLUSIVE
    /// lets in, and what is weaker counts as reading.
    pub fn of_pg_locks(name: &str) -> Self {
        match name {
            "AccessExclusiveLock" => Self::AccessExclusive,
            "ExclusiveLock" | "ShareRowExclusiveLock" => Self::ShareRowExclusive,
            "ShareLock" => Self::Share,
            "ShareUpdateExclusiveLock" => Self::ShareUpdateExclusive,
            _reading_and_writing => Self::AccessShare,
        }
    }

    /// What others have to wait with.
    pub fn blocks(self) -> &'static str {
        match self {
            Self::AccessShare => "blocks nothing but schema changes",
            Self::ShareUpdateExclusive => "blocks schema changes and vacuum",
            Self::Share | Self::ShareRowExclusive => "blocks writes",
            Self::AccessExclusive => "blocks reads and writes",
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

/// One SQL statement of a Plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The statement.
    pub sql: Sql,
    /// Exists after it and did not before (or exists in its new form).
    pub builds: Ids,
    /// Must exist, in its new form, before it.
    pub needs: Ids,
    /// Is gone after it (or its old form is).
    pub destroys: Ids,
    /// Is no longer depended on after it.
    pub releases: Ids,
    /// Names in its text that stand for objects without an edge to say so: what is built under one of them (or, if it
    /// only goes, is gone) should come before it, where that closes no circle.
    pub mentions: Few<String>,
    /// Settings under which it must run: `check_function_bodies = off`.
    pub settings: Few<&'static str>,
    /// Tables it locks.
    pub locks: ThinVec<(LockMode, QName)>,
    /// How it stands to its transaction.
    pub transaction: Transaction,
    /// What can hurt.
    pub hazards: ThinVec<Hazard>,
    /// The objects it is for.
    pub causes: ThinVec<ObjectId>,
    /// If a Step of the same Plan builds (for a drop: destroys) one of these, this Step is a part of that one...
    pub hosts: ThinVec<ObjectId>,
    /// ...whose container has the last so many bytes of this one's text as a line. Drops need none: they are implied.
    pub inline: Option<u32>,
    /// Where it stands among equals: columns in their order.
    pub position: i16,
    /// Others need not wait for it: the object is there in its new form without it.
    pub afterthought: bool,
    /// What of its text may hold a password.
    pub secrets: ThinVec<String>,
    /// What can take its place where its relation is in use: the same in the end, under weaker locks, in several
    /// transactions. None where there is no such way, or no need.
    pub online: ThinVec<Step>,
}

impl Step {
    /// A whole statement for one object.
    pub fn statement(cause: ObjectId, sql: impl Into<String>) -> Self {
        Self::new(cause, Sql::Statement(sql.into()))
    }

    /// One action of `ALTER TABLE`, under ACCESS EXCLUSIVE, the lock of most of them.
    pub fn alter_table(cause: ObjectId, table: &QName, action: impl Into<String>) -> Self {
        let mut action = action.into();
        action.shrink_to_fit();
        let sql = Sql::AlterTable { table: table.clone(), action };
        Self::new(cause, sql).locks(LockMode::AccessExclusive, table)
    }

    /// A statement with any form of SQL for one object.
    pub fn new(cause: ObjectId, sql: Sql) -> Self {
        Self {
            sql,
            builds: Ids::default(),
            needs: Ids::default(),
            destroys: Ids::default(),
            releases: Ids::default(),
            mentions: Few::default(),
            settings: Few::default(),
            locks: ThinVec::new(),
            transaction: Transaction::Inside,
            hazards: ThinVec::new(),
            causes: thin_vec![cause],
            hosts: ThinVec::new(),
            inline: None,
            position: 0,
            afterthought: false,
            secrets: ThinVec::new(),
            online: ThinVec::new(),
        }
    }

    /// Adds what it builds.
    #[must_use]
    pub fn builds(mut self, id: ObjectId) -> Self {
        self.builds.insert(id);
        self
    }

    /// Adds what it needs.
    #[must_use]
    pub fn needs(mut self, id: ObjectId) -> Self {
        self.needs.insert(id);
        self
    }

    /// Adds what it destroys.
    #[must_use]
    pub fn destroys(mut self, id: ObjectId) -> Self {
        self.destroys.insert(id);
        self
    }

    /// Adds what it no longer depends on.
    #[must_use]
    pub fn releases(mut self, id: ObjectId) -> Self {
        self.releases.insert(id);
        self
    }

    /// Adds names that its text mentions.
    #[must_use]
    pub fn mentions(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.mentions.extend(names);
        self
    }

    /// Adds a setting under which it must run.
    #[must_use]
    pub fn under(mut self, setting: &'static str) -> Self {
        self.settings.insert(setting);
        self
    }

    /// Adds a lock, or strengthens the one on the same table.
    #[must_use]
    pub fn locks(mut self, mode: LockMode, table: &QName) -> Self {
        self.lock(mode, table);
        self
    }

    /// The same in place.
    pub(super) fn lock(&mut self, mode: LockMode, table: &QName) {
        match self.locks.iter_mut().find(|(_, on)| on == table) {
            Some((held, _)) => *held = (*held).max(mode),
            None => push(&mut self.locks, (mode, table.clone())),
        }
    }

    /// Its lock on this table.
    pub fn lock_on(&self, table: &QName) -> Option<LockMode> {
        self.locks.iter().find(|(_, on)| on == table).map(|(mode, _)| *mode)
    }

    /// The same with a weaker (or stronger) lock on the table.
    #[must_use]
    pub fn relocked(mut self, mode: LockMode, table: &QName) -> Self {
        self.locks.retain(|(_, on)| on != table);
        self.locks(mode, table)
    }

    /// Adds a hazard.
    #[must_use]
    pub fn hazard(mut self, kind: HazardKind, why: impl Into<Cow<'static, str>>) -> Self {
        if let Some(of) = self.causes.first().cloned() {
            push(&mut self.hazards, Hazard { kind, of, why: why.into() });
        }
        self
    }

    /// Adds what can take its place where its relation is in use.
    #[must_use]
    pub fn online(mut self, steps: Vec<Self>) -> Self {
        self.online = steps.into();
        self
    }

    /// The same with another stand to its transaction.
    #[must_use]
    pub fn in_transaction(mut self, transaction: Transaction) -> Self {
        self.transaction = transaction;
        self
    }

    /// The same under another action on the same table, as a Step that stands alone.
    #[must_use]
    pub fn with_sql(mut self, sql: Sql) -> Self {
        self.sql = sql;
        self.inline = None;
        self.online = ThinVec::new();
        self
    }

    /// Whether it only takes away.
    pub fn only_drops(&self) -> bool {
        self.builds.is_empty() && !self.destroys.is_empty()
    }

    /// Makes it a part of the Step that builds or destroys the host.
    #[must_use]
    pub fn hosted_by(mut self, host: ObjectId) -> Self {
        push(&mut self.hosts, host);
        self
    }

    /// Makes it a part of the Step that builds the host, with a line in its container, in which its own text ends.
    #[must_use]
    pub fn line_of(mut self, host: ObjectId, line: &str) -> Self {
        self.inline = u32::try_from(line.len()).ok();
        self.hosted_by(host)
    }

    /// Its line in a container.
    pub fn line(&self) -> Option<Line> {
        let length = usize::try_from(self.inline?).ok()?;
        let text = match &self.sql {
            Sql::Statement(text) | Sql::Clauses(text) | Sql::AlterTable { action: text, .. } => text,
            Sql::Container(_) => return None,
        };
        let cause = self.causes.first();
        let place = (cause.map_or(0, ObjectId::rank), self.position);
        let name = cause.and_then(ObjectId::ident).cloned();
        let start = text.len().checked_sub(length)?;
        text.get(start..).map(|sql| Line { place, name, sql: sql.into() })
    }

    /// The statement for reports: without what may hold a password.
    pub fn shown(&self) -> String {
        self.secrets.iter().fold(self.text(), |text, secret| text.replace(secret.as_str(), "'...'"))
    }

    /// Adds a literal that may hold a password.
    #[must_use]
    pub fn secret(mut self, literal: String) -> Self {
        self.secrets.push(literal);
        self
    }

    /// The statement without the semicolon.
    pub fn text(&self) -> String {
        match &self.sql {
            Sql::Statement(sql) | Sql::Clauses(sql) => sql.clone(),
            Sql::Container(container) => container.text(),
            Sql::AlterTable { table, action } if action.starts_with('\n') => {
                format!("ALTER TABLE {table}{action}")
            }
            Sql::AlterTable { table, action } => format!("ALTER TABLE {table} {action}"),
        }
    }
}
