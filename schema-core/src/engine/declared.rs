//! The declared side: records in, the text of `schema.sql` out, with the final name and the Rust origin of every
//! object in it. Pure and deterministic; knows no database.

mod check;
mod clause;
mod names;
mod order;
mod rename;
mod table;

use super::error::{Error, Location};
use super::id::ObjectId;
use super::name::{Ident, QName, literal};
use super::record::{Enum, Name, Origin, Place, RawSql, Records, Table};
use super::rename::Rename;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the code declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// In the order in which they run on an empty database.
    pub blocks: Vec<Block>,
    /// Former names, where the code gives them; sorted.
    pub renames: Vec<Rename>,
    /// Where the code declares each object, under its final name.
    pub origins: BTreeMap<ObjectId, Location>,
}

/// One object, or one piece of raw SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it makes.
    pub id: BlockId,
    /// One statement with its `;`. Raw SQL: as the user wrote it, below a comment that names its file.
    pub sql: String,
    /// The blocks that must have run, as far as the definitions tell: raw SQL keeps its needs to itself.
    pub needs: Vec<BlockId>,
    /// The Rust code it comes from.
    pub origin: Location,
}

/// Identifies a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

    let mut declared =
        Declared { blocks: Vec::new(), renames: rename::renames(&tables, &enums), origins: BTreeMap::new() };
    schemas(&tables, &enums, &mut declared);
    // Enums need nothing but their schema, and functions may take them.
    for enumeration in enums {
        create_type(enumeration, &mut declared);
    }
    raw_sql(records, Place::BeforeTables, &mut declared)?;

    let mut names = names::Names::default();
    let mut done = BTreeSet::new();
    let mut later = Vec::new();
    for table in order::ordered(&tables) {
        done.insert(qname(&table.name));
        later.extend(table::create_table(table, &done, &mut names, &mut declared)?);
    }
    for (table, constraint) in later {
        table::add_constraint(table, constraint, &mut names, &mut declared)?;
    }
    raw_sql(records, Place::AfterTables, &mut declared)?;
    Ok(declared)
}

/// `CREATE SCHEMA` for every schema that a definition names; `public` is always there.
fn schemas(tables: &[&Table], enums: &[&Enum], declared: &mut Declared) {
    let named = tables.iter().map(|t| (&t.name, &t.origin)).chain(enums.iter().map(|e| (&e.name, &e.origin)));
    let mut first: BTreeMap<Ident, Location> = BTreeMap::new();
    for (name, origin) in named {
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

fn create_type(enumeration: &Enum, declared: &mut Declared) {
    let name = qname(&enumeration.name);
    let id = ObjectId::Enum(name.clone());
    let labels: Vec<String> = enumeration.labels.iter().map(|label| literal(&label.name)).collect();
    let one_line = format!("CREATE TYPE {} AS ENUM ({});", written(&name), labels.join(", "));
    let sql = if one_line.chars().count() <= 100 {
        one_line
    } else {
        format!("CREATE TYPE {} AS ENUM (\n    {}\n);", written(&name), labels.join(",\n    "))
    };
    let at = location(&enumeration.origin);
    declared.push(id.clone(), sql, schema_needed(&name), at.clone());
    if let Some(text) = &enumeration.comment {
        declared.comment(id, &format!("TYPE {}", written(&name)), text, at);
    }
}

fn raw_sql(records: &Records, place: Place, declared: &mut Declared) -> Result<(), Error> {
    let mut raws: Vec<&RawSql> = records.sql.iter().filter(|raw| raw.place == place).collect();
    raws.sort_by_key(|raw| (&raw.origin.file, raw.origin.line, &raw.sql));
    let earlier = declared.blocks.iter().filter(|block| matches!(block.id, BlockId::Raw(_))).count();
    for (ordinal, raw) in raws.into_iter().enumerate() {
        let file = raw.file.as_ref().unwrap_or(&raw.origin.file).replace('\\', "/");
        let sql = clause::statements(raw)?;
        declared.blocks.push(Block {
            id: BlockId::Raw(earlier + ordinal),
            sql: format!("-- From {file}\n{sql}"),
            needs: Vec::new(),
            origin: location(&raw.origin),
        });
    }
    Ok(())
}

impl Declared {
    fn push(&mut self, id: ObjectId, sql: String, needs: Vec<BlockId>, at: Location) {
        self.origins.insert(id.clone(), at.clone());
        self.blocks.push(Block { id: BlockId::Object(id), sql, needs, origin: at });
    }

    fn comment(&mut self, on: ObjectId, target: &str, text: &str, at: Location) {
        // A column has no block of its own.
        let needs =
            if let ObjectId::Column(table, _) = &on { ObjectId::Table(table.clone()) } else { on.clone() };
        let sql = format!("COMMENT ON {target} IS {};", literal(text));
        self.push(ObjectId::Comment(Box::new(on)), sql, vec![BlockId::Object(needs)], at);
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
