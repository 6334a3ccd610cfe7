//! The tables with their keys, for the diagram. Three plain lists, put together here: the server would sort each table's
//! columns by itself, which takes long for thousands of tables.

use super::failure::{Failure, Json};
use super::pool::Reading;
use super::state::Shared;
use axum::extract::State;
use serde::Serialize;
use std::collections::HashMap;

const TABLES: &str = "
    SELECT c.oid, n.nspname::text, c.relname::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    ORDER BY 2, 3";

/// What PostgreSQL itself has made has lower numbers.
const COLUMNS: &str = "
    SELECT a.attrelid, a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.oid >= 16384";

const KEYS: &str = "
    SELECT k.conname::text, k.contype::text, k.conrelid, k.conkey, k.confrelid, k.confkey FROM pg_constraint k
    WHERE k.contype IN ('p', 'u', 'f') AND k.conparentid = 0 ORDER BY 1";

const INDEXED: &str = "
    SELECT DISTINCT x.indrelid, x.indkey[0] FROM pg_index x WHERE x.indisvalid AND x.indkey[0] > 0 AND x.indrelid >= 16384";

#[derive(Serialize)]
pub(super) struct Diagram {
    tables: Vec<Entity>,
    edges: Vec<Edge>,
}

#[derive(Serialize)]
struct Entity {
    schema: String,
    name: String,
    columns: Vec<Column>,
}

#[derive(Serialize)]
struct Column {
    #[serde(skip)]
    number: i16,
    name: String,
    #[serde(rename = "type")]
    of: String,
    nullable: bool,
    primary: bool,
    foreign: bool,
    unique: bool,
    /// An index begins with it.
    indexed: bool,
}

#[derive(Serialize)]
struct Edge {
    name: String,
    from: Side,
    to: Side,
    /// A row may point to none.
    optional: bool,
    /// Only one row may point to a row.
    unique: bool,
}

#[derive(Serialize)]
struct Side {
    schema: String,
    name: String,
    columns: Vec<String>,
}

/// A key as the catalog has it.
struct Key {
    name: String,
    kind: char,
    table: u32,
    columns: Vec<i16>,
    to: u32,
    to_columns: Vec<i16>,
}

/// `GET /api/diagram`.
pub(super) async fn diagram(State(studio): State<Shared>) -> Result<Json<Diagram>, Failure> {
    let lease = studio.reader.read(Reading::ours(30)).await?;
    let tables = lease.query(TABLES, &[]).await?;
    let columns = lease.query(COLUMNS, &[]).await?;
    let keys = lease.query(KEYS, &[]).await?;
    let indexed = lease.query(INDEXED, &[]).await?;
    lease.rollback().await?;
    let mut diagram = Diagram { tables: Vec::with_capacity(tables.len()), edges: Vec::new() };
    let mut places: HashMap<u32, usize> = HashMap::with_capacity(tables.len());
    for row in &tables {
        places.insert(row.get(0), diagram.tables.len());
        diagram.tables.push(Entity { schema: row.get(1), name: row.get(2), columns: Vec::new() });
    }
    for row in &columns {
        let Some(&at) = places.get(&row.get(0)) else { continue };
        let (number, name, of, nullable) = (row.get(1), row.get(2), row.get(3), row.get(4));
        let [primary, foreign, unique, indexed] = [false; 4];
        diagram.tables[at].columns.push(Column {
            number,
            name,
            of,
            nullable,
            primary,
            foreign,
            unique,
            indexed,
        });
    }
    for table in &mut diagram.tables {
        table.columns.sort_by_key(|column| column.number);
    }
    for row in &indexed {
        let number: i16 = row.get(1);
        if let Some(&at) = places.get(&row.get(0)) {
            diagram.tables[at].columns.iter_mut().filter(|column| column.number == number).for_each(
                |column| {
                    column.indexed = true;
                },
            );
        }
    }
    let keys: Vec<Key> = keys
        .iter()
        .map(|row| Key {
            name: row.get(0),
            kind: row.get::<_, &str>(1).chars().next().unwrap_or_default(),
            table: row.get(2),
            columns: row.get(3),
            to: row.get(4),
            to_columns: row.get::<_, Option<_>>(5).unwrap_or_default(),
        })
        .collect();
    let mut unique: HashMap<u32, Vec<&[i16]>> = HashMap::new();
    for key in &keys {
        mark(&mut diagram, &places, key);
        if key.kind != 'f' {
            unique.entry(key.table).or_default().push(&key.columns);
        }
    }
    let edges = keys.iter().filter(|key| key.kind == 'f');
    let mut edges: Vec<Edge> = edges.filter_map(|key| edge(&diagram.tables, &places, &unique, key)).collect();
    edges.sort_by(|a, b| {
        (&a.from.schema, &a.from.name, &a.name).cmp(&(&b.from.schema, &b.from.name, &b.name))
    });
    diagram.edges = edges;
    Ok(Json(diagram))
}

fn mark(diagram: &mut Diagram, places: &HashMap<u32, usize>, key: &Key) {
    let Some(&at) = places.get(&key.table) else { return };
    let of_it = diagram.tables[at].columns.iter_mut().filter(|column| key.columns.contains(&column.number));
    for column in of_it {
        match key.kind {
            'p' => column.primary = true,
            'f' => column.foreign = true,
            _ => column.unique |= key.columns.len() == 1,
        }
    }
}

fn edge(
    tables: &[Entity],
    places: &HashMap<u32, usize>,
    unique: &HashMap<u32, Vec<&[i16]>>,
    key: &Key,
) -> Option<Edge> {
    let (from, to) = (&tables[*places.get(&key.table)?], &tables[*places.get(&key.to)?]);
    let column = |table: &Entity, number: &i16| {
        table.columns.iter().find(|column| column.number == *number).map(|column| column.name.clone())
    };
    let side = |table: &Entity, numbers: &[i16]| {
        let columns = numbers.iter().map(|number| column(table, number)).collect::<Option<_>>()?;
        Some(Side { schema: table.schema.clone(), name: table.name.clone(), columns })
    };
    let nullable = |column: &Column| column.nullable && key.columns.contains(&column.number);
    let mut others = unique.get(&key.table).into_iter().flatten();
    Some(Edge {
        name: key.name.clone(),
        from: side(from, &key.columns)?,
        to: side(to, &key.to_columns)?,
        optional: from.columns.iter().any(nullable),
        unique: others.any(|other| other.iter().all(|number| key.columns.contains(number))),
    })
}
