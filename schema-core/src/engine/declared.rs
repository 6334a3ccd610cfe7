//! The declared side: records in, the text of `schema.sql` out, with the final name and the Rust origin of every
//! object in it. Pure and deterministic; knows no database.

mod check;
mod clause;
mod interleave;
mod mention;
mod names;
mod order;
mod partition;
mod policy;
mod rename;
mod storage;
mod table;
mod types;
mod view;

pub use mention::{Created, created};
pub use rename::Rename;
pub use view::{TypedColumn, TypedView};

use super::error::{Error, Location};
use super::id::ObjectId;
use super::name::{Ident, QName, literal};
use super::record::{Column, Enum, Name, Origin, Place, RawSql, Records, Table, View};
use interleave::{Item, Piece, interleave};
use mention::Mentions;
use std::collections::{BTreeMap, BTreeSet};

/// What the code declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// In the order in which they run on an empty database.
    pub blocks: Vec<Block>,
    /// Former names, where the code gives them; sorted.
    pub renames: Vec<Rename>,
    /// Where the code declares each object, under its final name.
    pub origins: BTreeMap<ObjectId, Location>,
    /// The columns that views must have; only PostgreSQL can say whether they do.
    pub views: Vec<TypedView>,
}

/// One object, or one piece of raw SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it makes.
    pub id: BlockId,
    /// The statements that make it. Raw SQL: as the user wrote it, below a comment that names its file.
    pub sql: String,
    /// The blocks that must have run, as far as the definitions tell: raw SQL keeps its needs to itself.
    pub needs: Vec<BlockId>,
    /// The Rust code it comes from.
    pub origin: Location,
}

/// Identifies a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "engine", derive(serde::Serialize, serde::Deserialize))]
pub enum BlockId {
    /// The object that the block creates; a table with its columns and most of its constraints.
    Object(ObjectId),
    /// Raw SQL: the n-th that runs.
    Raw(usize),
}

const HEADER: &str = "\
-- The schema that the Rust definitions declare, written by `schema generate`.
-- Do not edit: change the definitions and generate again.
";

impl Declared {
    /// The whole text of `schema.sql`.
    pub fn to_sql(&self) -> String {
        let mut sql = HEADER.to_owned();
        for block in &self.blocks {
            sql.push('\n');
            sql.push_str(&block.sql);
            sql.push('\n');
        }
        sql
    }
}

/// Turns records into SQL. Whatever PostgreSQL would refuse or change silently, as far as it can be seen here, is an
/// error with its place in the code.
pub fn declare(records: &Records) -> Result<Declared, Error> {
    check::check(records)?;
    let mut tables: Vec<&Table> = records.tables.iter().collect();
    tables.sort_by_key(|table| qname(&table.name));
    let mut enums: Vec<&Enum> = records.enums.iter().collect();
    enums.sort_by_key(|enumeration| qname(&enumeration.name));

    let mut declared = Declared { renames: rename::renames(records), ..Declared::default() };
    schemas(records, &mut declared);
    // Enums need nothing but their schema, and functions may take them.
    for enumeration in enums {
        types::create_enum(enumeration, &mut declared);
    }
    let mut names = names::Names::default();
    let before = types_and_raw_sql(records, &mut names, &mut declared)?;

    let mut done = BTreeSet::new();
    let mut later = Vec::new();
    for table in order::ordered(&tables) {
        done.insert(qname(&table.name));
        later.extend(table::create_table(table, &done, &mut names, &mut declared)?);
    }
    for (table, constraint) in later {
        table::add_constraint(table, constraint, &mut names, &mut declared)?;
    }
    let sources = view::sources(records);
    views_and_raw_sql(records, before, &sources, &mut names, &mut declared)?;
    for table in tables {
        policy::create_policies(table, &sources, &mut declared)?;
    }
    Ok(declared)
}

/// `CREATE SCHEMA` for every schema that a definition names; `public` is always there.
fn schemas(records: &Records, declared: &mut Declared) {
    let tables = records.tables.iter().map(|table| (&table.name, &table.origin));
    let enums = records.enums.iter().map(|enumeration| (&enumeration.name, &enumeration.origin));
    let composites = records.composites.iter().map(|composite| (&composite.name, &composite.origin));
    let domains = records.domains.iter().map(|domain| (&domain.name, &domain.origin));
    let views = records.views.iter().map(|view| (&view.name, &view.origin));
    let partitions = records.tables.iter().flat_map(|table| partition::all(&table.partitions));
    let partitions = partitions.map(|partition| (&partition.name, &partition.origin));
    let mut first: BTreeMap<Ident, Location> = BTreeMap::new();
    let types = enums.chain(composites).chain(domains);
    for (name, origin) in tables.chain(types).chain(views).chain(partitions) {
        let schema = qname(name).schema;
        if schema.as_str() != "public" {
            let at = location(origin);
            first.entry(schema).and_modify(|known| *known = at.clone().min(known.clone())).or_insert(at);
        }
    }
    for (schema, at) in first {
        declared.push(ObjectId::Schema(schema.clone()), format!("CREATE SCHEMA {schema};"), Vec::new(), at);
    }
}

/// The raw SQL of a place, in the order in which it runs.
fn raws(records: &Records, place: Place) -> Vec<&RawSql> {
    let mut raws: Vec<&RawSql> = records.sql.iter().filter(|raw| raw.place == place).collect();
    raws.sort_by_key(|raw| (&raw.origin.file, raw.origin.line, &raw.sql));
    raws
}

fn raw_sql(raw: &RawSql, ordinal: usize, declared: &mut Declared) -> Result<(), Error> {
    let file = raw.file.as_ref().unwrap_or(&raw.origin.file).replace('\\', "/");
    let sql = clause::statements(raw)?;
    declared.blocks.push(Block {
        id: BlockId::Raw(ordinal),
        sql: format!("-- From {file}\n{sql}"),
        needs: Vec::new(),
        origin: location(&raw.origin),
    });
    Ok(())
}

/// What comes before the tables: types that are made of others, and raw SQL. Gives back how many pieces of raw SQL there
/// are.
fn types_and_raw_sql(
    records: &Records,
    names: &mut names::Names,
    declared: &mut Declared,
) -> Result<usize, Error> {
    let raws = raws(records, Place::BeforeTables);
    let made = types::Made::all(records);
    let items = types::items(&made)?;
    let texts: Vec<&str> = raws.iter().map(|raw| raw.sql.as_str()).collect();
    for piece in interleave(&texts, &items) {
        match piece {
            Piece::Raw(at) => raw_sql(raws[at], at, declared)?,
            Piece::Item(at) => made[at].create(names, declared)?,
        }
    }
    Ok(raws.len())
}

/// What comes after the tables: each may name the other. So many pieces of raw SQL came before.
fn views_and_raw_sql(
    records: &Records,
    earlier: usize,
    sources: &view::Sources,
    names: &mut names::Names,
    declared: &mut Declared,
) -> Result<(), Error> {
    let raws = raws(records, Place::AfterTables);
    let mut views: Vec<&View> = records.views.iter().collect();
    views.sort_by_key(|view| qname(&view.name));
    let mentions: Vec<Mentions> =
        views.iter().map(|view| clause::mentions(view)).collect::<Result<_, _>>()?;
    let needs = view::needs(&views, &mentions);
    let items = views.iter().zip(mentions).zip(needs);
    let items: Vec<Item> =
        items.map(|((view, mentions), needs)| Item { name: qname(&view.name), mentions, needs }).collect();
    let texts: Vec<&str> = raws.iter().map(|raw| raw.sql.as_str()).collect();
    for piece in interleave(&texts, &items) {
        match piece {
            Piece::Raw(at) => raw_sql(raws[at], earlier + at, declared)?,
            Piece::Item(at) => {
                view::create_view(views[at], &items[at].mentions, sources, names, declared)?;
            }
        }
    }
    Ok(())
}

impl Declared {
    fn push(&mut self, id: ObjectId, sql: String, needs: Vec<BlockId>, at: Location) {
        self.origins.insert(id.clone(), at.clone());
        self.blocks.push(Block { id: BlockId::Object(id), sql, needs, origin: at });
    }

    /// `of` has the block that makes what is commented on.
    fn comment(&mut self, on: ObjectId, of: &ObjectId, target: &str, text: &str, at: Location) {
        let sql = format!("COMMENT ON {target} IS {};", literal(text));
        self.push(ObjectId::Comment(Box::new(on)), sql, vec![BlockId::Object(of.clone())], at);
    }

    fn column_comments(&mut self, of: &ObjectId, relation: &QName, columns: &[Column]) {
        for column in columns {
            if let Some(text) = &column.comment {
                let name = Ident::from(column.name.as_str());
                let target = format!("COLUMN {}.{name}", written(relation));
                let id = ObjectId::Column(relation.clone(), name);
                self.comment(id, of, &target, text, location(&column.origin));
            }
        }
    }
}

fn location(origin: &Origin) -> Location {
    Location { file: origin.file.clone(), line: origin.line }
}

/// The full name of a declared table or enum.
fn qname(name: &Name) -> QName {
    QName::new(name.schema.as_deref().unwrap_or("public"), name.name.as_str())
}

/// As `schema.sql` writes it: `public` is left out.
fn written(name: &QName) -> String {
    if name.schema.as_str() == "public" { name.name.to_string() } else { name.to_string() }
}

fn schema_needed(name: &QName) -> Vec<BlockId> {
    if name.schema.as_str() == "public" {
        Vec::new()
    } else {
        vec![BlockId::Object(ObjectId::Schema(name.schema.clone()))]
    }
}
