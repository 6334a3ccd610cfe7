//! What a rule is, what it sees and what it says.

use super::action::{Action, Change, Name, Placed};
use super::config::{Config, Levels};
use super::keys::Keys;
use super::unit::{Section, Statement, Unit};
use super::usage::Usage;
use super::world::World;
use crate::engine::catalog::Catalog;
use crate::engine::findings::{Place, Severity};
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::postgres::status::Status;
use crate::engine::step::LockMode;

/// What rules are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Rows and values that are lost.
    Data,
    /// Locks that are held long, and tables that are written anew.
    Locks,
    /// Programs that run meanwhile.
    Code,
    /// Who may do what.
    Security,
    /// The migrations as files and as a history.
    History,
    /// The schema itself.
    Design,
    /// Lint about itself.
    Lint,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Data, Self::Locks, Self::Code, Self::Security, Self::History, Self::Design, Self::Lint];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Data => "Data loss",
            Self::Locks => "Locks and rewrites",
            Self::Code => "Compatibility with running code",
            Self::Security => "Security and authorisation",
            Self::History => "History and file integrity",
            Self::Design => "Schema design",
            Self::Lint => "Lint itself",
        }
    }
}

/// One rule: data and a function.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its stable name.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// How much it matters.
    pub levels: Levels,
    /// One sentence.
    pub summary: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do instead.
    pub recipe: &'static str,
    /// How it looks.
    pub checks: &'static [Check],
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Each action of an up.sql, or of a file by itself.
    Up(fn(&Site<'_>, &mut Found)),
    /// Each action of every file, the ways back too.
    Action(fn(&Site<'_>, &mut Found)),
    /// Each file.
    Unit(fn(&UnitSite<'_>, &mut Found)),
    /// The history as a whole.
    History(fn(&HistorySite<'_>, &mut Found)),
    /// The declared schema.
    Catalog(fn(&CatalogSite<'_>, &mut Found)),
    /// What a database says of its use.
    Usage(fn(&UsageSite<'_>, &mut Found)),
    /// Another part of the program says it: its name.
    By(&'static str),
}

/// An action with all that is around it.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The file.
    pub unit: &'a Unit,
    /// The section.
    pub section: &'a Section,
    /// The statement.
    pub statement: &'a Statement,
    /// The action.
    pub placed: &'a Placed,
    /// What is there before it.
    pub world: &'a World,
    /// What the project wants.
    pub config: &'a Config,
}

impl Site<'_> {
    /// Whether the table is there already, with rows and readers.
    pub fn is_old(&self, table: &Name) -> bool {
        !self.world.is_fresh(table)
    }

    /// Whether PostgreSQL of this major is the oldest that the migrations must run on.
    pub fn has_postgres(&self, major: u32) -> bool {
        self.config.postgres.is_some_and(|oldest| oldest >= major)
    }
}

/// An action with what it locks.
#[derive(Debug, Clone)]
pub struct Walked<'a> {
    /// The number of its section.
    pub section: usize,
    /// The statement.
    pub statement: &'a Statement,
    /// The action.
    pub placed: &'a Placed,
    /// What it locks of what was there before the migration.
    pub locks: Vec<(LockMode, QName)>,
    /// What is there before it.
    pub fresh: bool,
}

/// A file with all that is around it.
#[derive(Debug, Clone, Copy)]
pub struct UnitSite<'a> {
    /// The file.
    pub unit: &'a Unit,
    /// Its actions.
    pub walked: &'a [Walked<'a>],
    /// What is there before it.
    pub before: &'a World,
    /// What is there after it.
    pub after: &'a World,
    /// What the project wants.
    pub config: &'a Config,
}

impl<'a> UnitSite<'a> {
    /// Whether any action is of a sort: what is there is then worth following.
    pub fn any(&self, is_meant: impl Fn(&Action) -> bool) -> bool {
        self.walked.iter().any(|step| is_meant(&step.placed.action))
    }

    /// Goes through its actions in order: each with what is there before it, and with its number.
    pub fn replay(&self, mut visit: impl FnMut(&World, usize, &'a Walked<'a>)) {
        let mut world = self.before.clone();
        for (index, step) in self.walked.iter().enumerate() {
            visit(&world, index, step);
            world.apply(&step.placed.action);
        }
    }

    /// Whether it makes this table a partition.
    pub fn attaches(&self, table: &Name) -> bool {
        self.any(|action| {
            if let Action::Alter { change: Change::Attach { partition, .. }, .. } = action {
                partition.full() == table.full()
            } else {
                false
            }
        })
    }
}

/// The history as a whole.
#[derive(Debug, Clone, Copy)]
pub struct HistorySite<'a> {
    /// All files, in order.
    pub units: &'a [Unit],
    /// What a database says about them, where there is one.
    pub status: Option<&'a Status>,
    /// What the project wants.
    pub config: &'a Config,
}

/// The declared schema.
#[derive(Debug, Clone, Copy)]
pub struct CatalogSite<'a> {
    /// What is declared.
    pub catalog: &'a Catalog,
    /// Its indexes and foreign keys, taken apart.
    pub keys: &'a Keys<'a>,
    /// What the project wants.
    pub config: &'a Config,
}

/// What a database says of its use.
#[derive(Debug, Clone, Copy)]
pub struct UsageSite<'a> {
    /// The same.
    pub usage: &'a Usage,
    /// Where the code declares what is used.
    pub catalog: Option<&'a Catalog>,
}

/// One thing that a rule has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule's name.
    pub rule: &'static str,
    /// How much it matters at most, where that is less than the profile says.
    pub at_most: Option<Severity>,
    /// Where.
    pub place: Option<Place>,
    /// The first and the last line of the statement; none where it is about the whole file.
    pub lines: Option<(u32, u32)>,
    /// What is wrong.
    pub message: String,
    /// The object.
    pub object: Option<String>,
    /// The same, where it is of a Catalog.
    pub id: Option<ObjectId>,
    /// What to do here, where the rule's own recipe can be said better.
    pub recipe: Option<String>,
}

impl Hit {
    /// Names the object.
    pub fn of(&mut self, object: impl ToString) -> &mut Self {
        self.object = Some(object.to_string());
        self
    }

    /// Says that it matters no more than this.
    pub fn at_most(&mut self, severity: Severity) -> &mut Self {
        self.at_most = Some(severity);
        self
    }

    /// Says what to do here.
    pub fn instead(&mut self, recipe: impl Into<String>) -> &mut Self {
        self.recipe = Some(recipe.into());
        self
    }
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub struct Found {
    pub(super) rule: &'static str,
    pub(super) hits: Vec<Hit>,
}

impl Found {
    fn hit(&mut self, place: Option<Place>, lines: Option<(u32, u32)>, message: String) -> &mut Hit {
        let hit = Hit {
            rule: self.rule,
            at_most: None,
            place,
            lines,
            message,
            object: None,
            id: None,
            recipe: None,
        };
        self.hits.push(hit);
        let last = self.hits.len() - 1;
        &mut self.hits[last]
    }

    /// Something about an action.
    pub fn at(&mut self, site: &Site<'_>, message: impl Into<String>) -> &mut Hit {
        let place = Place::new(&site.unit.file, site.placed.line);
        let lines = (site.statement.line, site.statement.last_line);
        self.hit(Some(place), Some(lines), message.into())
    }

    /// Something about an action, from a rule that looks at the whole file.
    pub fn step(&mut self, unit: &Unit, step: &Walked<'_>, message: impl Into<String>) -> &mut Hit {
        self.line(unit, step.statement, step.placed.line, message)
    }

    /// Something about a line of a statement.
    pub fn line(
        &mut self,
        unit: &Unit,
        statement: &Statement,
        line: u32,
        message: impl Into<String>,
    ) -> &mut Hit {
        let lines = (statement.line, statement.last_line);
        self.hit(Some(Place::new(&unit.file, line)), Some(lines), message.into())
    }

    /// Something about a whole file.
    pub fn file(&mut self, unit: &Unit, line: u32, message: impl Into<String>) -> &mut Hit {
        self.hit(Some(Place::new(&unit.file, line)), None, message.into())
    }

    /// Something without a file.
    pub fn nowhere(&mut self, message: impl Into<String>) -> &mut Hit {
        self.hit(None, None, message.into())
    }

    /// Something about a declared object: it stands where it, or what it belongs to, is declared.
    pub fn object(&mut self, site: &CatalogSite<'_>, id: &ObjectId, message: impl Into<String>) -> &mut Hit {
        self.declared(Some(site.catalog), id, message.into())
    }

    /// Something about an object of a database.
    pub fn used(&mut self, site: &UsageSite<'_>, id: &ObjectId, message: impl Into<String>) -> &mut Hit {
        self.declared(site.catalog, id, message.into())
    }

    fn declared(&mut self, catalog: Option<&Catalog>, id: &ObjectId, message: String) -> &mut Hit {
        let mut ids = std::iter::successors(Some(id.clone()), ObjectId::parent);
        let place = catalog.and_then(|catalog| ids.find_map(|id| catalog.origins.get(&id).map(Place::from)));
        let hit = self.hit(place, None, message);
        hit.id = Some(id.clone());
        hit.of(id)
    }
}
