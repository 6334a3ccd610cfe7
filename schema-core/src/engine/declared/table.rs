//! One table: CREATE TABLE as a person would write it, its indexes and comments, and the names that all of them get.

use super::check::is_constraint_key;
use super::clause;
use super::names::{Default, Names};
use super::partition::{create_partitions, name_indexes};
use super::{BlockId, Declared, location, order, qname, schema_needed, storage, types, written};
use crate::engine::default_name::{
    Guess, checked_column, element_names, expression_name, index_columns, joined,
};
use crate::engine::error::Error;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName, quoted};
use crate::engine::record::{
    Base, Column, Constraint, ConstraintKind, Deferrable, Identity, Index, KeyPart, Name, Origin, Partition,
    Table,
};
use std::collections::BTreeSet;

/// Where a constraint is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// On the line of this column.
    Column(usize),
    /// On a line of its own.
    Line,
    /// After the table: PostgreSQL would merge it into another constraint of the same CREATE TABLE.
    After,
    /// After all tables: a foreign key to what comes later.
    Later,
}

/// Adds the table to `declared`. Gives back the foreign keys whose tables are not `done` yet.
pub(super) fn create_table<'a>(
    table: &'a Table,
    done: &BTreeSet<QName>,
    names: &mut Names,
    declared: &mut Declared,
) -> Result<Vec<(&'a Table, &'a Constraint)>, Error> {
    let name = qname(&table.name);
    let id = ObjectId::Table(name.clone());
    names.relation(name.clone(), id.clone(), &table.origin)?;
    for column in table.columns.iter().filter(|column| makes_sequence(column)) {
        names.sequence(&name, &column.name, &column.origin);
    }

    let spots = spots(table, done)?;
    let mut given = vec![None; table.constraints.len()];
    for at in naming_order(table, &spots) {
        given[at] = Some(name_constraint(table, &table.constraints[at], names, declared)?);
    }
    let sql = text(table, &spots, &given)?;
    declared.push(id.clone(), sql, needs(table, done, names), location(&table.origin));
    for column in &table.columns {
        let id = ObjectId::Column(name.clone(), Ident::from(column.name.as_str()));
        declared.origins.insert(id, location(&column.origin));
    }

    create_partitions(&name, &table.partitions, names, declared)?;
    for at in naming_order(table, &spots) {
        name_in_partitions(table, &table.constraints[at], names)?;
    }

    let mut later = Vec::new();
    for (constraint, spot) in table.constraints.iter().zip(&spots) {
        match spot {
            Spot::Column(_) | Spot::Line => {}
            Spot::After => add_constraint(table, constraint, names, declared)?,
            Spot::Later => later.push((table, constraint)),
        }
    }
    for index in &table.indexes {
        create_index(&name, &id, index, &table.partitions, names, declared)?;
    }
    storage::replica_index(table, &name, declared);
    if let Some(text) = &table.comment {
        declared.comment(
            id.clone(),
            &id,
            &format!("TABLE {}", written(&name)),
            text,
            location(&table.origin),
        );
    }
    declared.column_comments(&id, &name, &table.columns);
    Ok(later)
}

fn needs(table: &Table, done: &BTreeSet<QName>, names: &Names) -> Vec<BlockId> {
    let name = qname(&table.name);
    let mut needs: BTreeSet<BlockId> = schema_needed(&name).into_iter().collect();
    needs.extend(table.columns.iter().filter_map(|column| types::id(&column.ty.base)).map(BlockId::Object));
    needs.extend(
        order::targets(table)
            .filter(|target| done.contains(target) && *target != name)
            .flat_map(|target| referenced(target, names)),
    );
    needs.into_iter().collect()
}

/// What a foreign key to this table needs: an index can be what makes its columns a key.
fn referenced(table: QName, names: &Names) -> impl Iterator<Item = BlockId> {
    let indexes: Vec<ObjectId> = names.unique_indexes(&table).cloned().map(ObjectId::Index).collect();
    std::iter::once(ObjectId::Table(table)).chain(indexes).map(BlockId::Object)
}

fn spots(table: &Table, done: &BTreeSet<QName>) -> Result<Vec<Spot>, Error> {
    let mut spots = Vec::with_capacity(table.constraints.len());
    for (at, constraint) in table.constraints.iter().enumerate() {
        let earlier = &table.constraints[..at];
        spots.push(match &constraint.kind {
            ConstraintKind::ForeignKey { target, target_columns, .. }
                if !done.contains(&qname(target)) || is_of_own_index(table, target, target_columns) =>
            {
                Spot::Later
            }
            ConstraintKind::Unique { .. }
                if earlier.iter().any(|other| same_key(constraint, other))
                    || table
                        .constraints
                        .iter()
                        .any(|other| is_primary(other) && same_key(constraint, other)) =>
            {
                Spot::After
            }
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Exclude { .. } => match inline_column(table, constraint)? {
                Some(column) => Spot::Column(column),
                None => Spot::Line,
            },
        });
    }
    Ok(spots)
}

/// A foreign key to the table itself, to columns that only an index makes a key: the index comes after the table.
fn is_of_own_index(table: &Table, target: &Name, columns: &[String]) -> bool {
    qname(target) == qname(&table.name) && !is_constraint_key(table, columns)
}

/// Two unique constraints, or one and the primary key, that PostgreSQL takes for one within a CREATE TABLE.
pub(super) fn same_key(one: &Constraint, other: &Constraint) -> bool {
    type Key<'a> = (&'a [String], &'a [String], bool);
    fn key(constraint: &Constraint) -> Option<Key<'_>> {
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, include } => Some((columns, include, false)),
            ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
                Some((columns, include, *nulls_not_distinct))
            }
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Exclude { .. } => None,
        }
    }
    key(one).is_some_and(|key_of_one| key(other) == Some(key_of_one)) && one.deferrable == other.deferrable
}

pub(super) fn is_primary(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::PrimaryKey { .. })
}

/// The column on whose line the constraint reads best: one column, no name, nothing unusual.
fn inline_column(table: &Table, constraint: &Constraint) -> Result<Option<usize>, Error> {
    if constraint.name.is_some() || constraint.deferrable != Deferrable::No {
        return Ok(None);
    }
    let column = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, include } | ConstraintKind::Unique { columns, include, .. } => {
            match columns.as_slice() {
                [one] if include.is_empty() => Some(one),
                _ => None,
            }
        }
        ConstraintKind::ForeignKey { columns, .. } => match columns.as_slice() {
            [one] => Some(one),
            _ => None,
        },
        ConstraintKind::Check { column, .. } => {
            if default_middle(table, constraint)?.1 {
                column.as_ref()
            } else {
                None
            }
        }
        ConstraintKind::Exclude { .. } => None,
    };
    Ok(column.and_then(|name| table.columns.iter().position(|column| column.name == *name)))
}

/// Where a kind stands among others on the same line or below the columns.
fn rank(constraint: &Constraint) -> u8 {
    match constraint.kind {
        ConstraintKind::PrimaryKey { .. } => 0,
        ConstraintKind::Unique { .. } => 1,
        ConstraintKind::Exclude { .. } => 2,
        ConstraintKind::Check { .. } => 3,
        ConstraintKind::ForeignKey { .. } => 4,
    }
}

/// The constraints at a spot in the order in which they are written.
fn at_spot(table: &Table, spots: &[Spot], spot: Spot) -> Vec<usize> {
    let mut found: Vec<usize> = (0..spots.len()).filter(|at| spots[*at] == spot).collect();
    found.sort_by_key(|at| rank(&table.constraints[*at]));
    found
}

/// The order in which PostgreSQL names the constraints of a CREATE TABLE: checks, the primary key, other keys, foreign
/// keys; each as written.
fn naming_order(table: &Table, spots: &[Spot]) -> Vec<usize> {
    let columns = (0..table.columns.len()).map(Spot::Column);
    let mut order: Vec<usize> =
        columns.chain([Spot::Line]).flat_map(|spot| at_spot(table, spots, spot)).collect();
    order.sort_by_key(|at| match table.constraints[*at].kind {
        ConstraintKind::Check { .. } => 0,
        ConstraintKind::PrimaryKey { .. } => 1,
        ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => 2,
        ConstraintKind::ForeignKey { .. } => 3,
    });
    order
}

/// The middle of the default name, and whether PostgreSQL is known to choose the same.
fn default_middle(table: &Table, constraint: &Constraint) -> Result<(Option<String>, bool), Error> {
    let at = &constraint.origin;
    Ok(match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => (None, true),
        ConstraintKind::Unique { columns, include, .. } => {
            let columns: Vec<Option<&str>> =
                columns.iter().chain(include).map(|c| Some(c.as_str())).collect();
            (Some(joined(&index_columns(&columns))), true)
        }
        ConstraintKind::ForeignKey { columns, .. } => (Some(joined(columns)), true),
        ConstraintKind::Check { expression, .. } => {
            let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let guess = checked_column(expression, &table.name.name, &columns)
                .map_err(|error| clause::unreadable(expression, &error, at))?;
            match guess {
                Guess::Name(column) => (Some(column), true),
                Guess::Nameless => (None, true),
                Guess::Unknown(column) => (column, false),
            }
        }
        ConstraintKind::Exclude { elements, .. } => {
            let guesses =
                element_names(elements).map_err(|error| clause::unreadable(elements, &error, at))?;
            let known = guesses.iter().all(|guess| !matches!(guess, Guess::Unknown(_)));
            (Some(joined(&index_columns(&guesses.iter().map(name_of).collect::<Vec<_>>()))), known)
        }
    })
}

fn name_of(guess: &Guess) -> Option<&str> {
    match guess {
        Guess::Name(name) => Some(name),
        Guess::Nameless => None,
        Guess::Unknown(name) => name.as_deref(),
    }
}

/// The last part of a default name, and whether an index has it too.
fn label(kind: &ConstraintKind) -> (&'static str, bool) {
    match kind {
        ConstraintKind::PrimaryKey { .. } => ("pkey", true),
        ConstraintKind::Unique { .. } => ("key", true),
        ConstraintKind::Check { .. } => ("check", false),
        ConstraintKind::ForeignKey { .. } => ("fkey", false),
        ConstraintKind::Exclude { .. } => ("excl", true),
    }
}

/// Partitions have the constraint under the same name, but an index needs one of its own.
fn name_in_partitions(table: &Table, constraint: &Constraint, names: &mut Names) -> Result<(), Error> {
    if let (label, true) = label(&constraint.kind)
        && !table.partitions.is_empty()
    {
        let (middle, _) = default_middle(table, constraint)?;
        name_indexes(&table.partitions, &Default { middle: middle.as_deref(), label }, names)?;
    }
    Ok(())
}

/// Settles the constraint's name, and whether it must be written.
fn name_constraint(
    table: &Table,
    constraint: &Constraint,
    names: &mut Names,
    declared: &mut Declared,
) -> Result<(Ident, bool), Error> {
    let (middle, known) = default_middle(table, constraint)?;
    let (label, indexed) = label(&constraint.kind);
    let default = Default { middle: middle.as_deref(), label };
    let (on, at) = (qname(&table.name), &constraint.origin);
    let name = names.constraint(&on, constraint.name.as_deref(), &default, indexed, at)?;
    declared.origins.insert(ObjectId::Constraint(on, name.clone()), location(at));
    Ok((name, constraint.name.is_some() || !known))
}

fn text(table: &Table, spots: &[Spot], given: &[Option<(Ident, bool)>]) -> Result<String, Error> {
    let name_width = width(table.columns.iter().map(|column| quoted(&column.name)));
    let type_width = width(table.columns.iter().map(|column| clause::column_type(&column.ty)));
    let mut lines = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let constraints = at_spot(table, spots, Spot::Column(at));
        let constraints: Vec<&Constraint> = constraints.iter().map(|at| &table.constraints[*at]).collect();
        let name = quoted(&column.name);
        let ty = clause::column_type(&column.ty);
        let rest = column_rest(table, column, &constraints)?;
        lines.push(format!("{name:name_width$} {ty:type_width$} {rest}").trim_end().to_owned());
    }
    for at in at_spot(table, spots, Spot::Line) {
        let sql = clause::constraint(&table.constraints[at], false)?;
        lines.push(match &given[at] {
            Some((name, true)) => format!("CONSTRAINT {name} {sql}"),
            Some((_, false)) | None => sql,
        });
    }
    let unlogged = if table.unlogged { "UNLOGGED " } else { "" };
    let name = written(&qname(&table.name));
    let by = table.partition_by.as_ref();
    let suffix = storage::suffix(by, table.with.as_deref(), &table.origin)?;
    let after = storage::alterations(table);
    Ok(if lines.is_empty() {
        format!("CREATE {unlogged}TABLE {name} (){suffix};{after}")
    } else {
        format!("CREATE {unlogged}TABLE {name} (\n    {}\n){suffix};{after}", lines.join(",\n    "))
    })
}

/// What follows a column's name and type.
fn column_rest(table: &Table, column: &Column, constraints: &[&Constraint]) -> Result<String, Error> {
    let at = &column.origin;
    let mut parts = Vec::new();
    if let Some(compression) = &column.compression {
        parts.push(format!("COMPRESSION {}", quoted(compression)));
    }
    if let Some(collation) = &column.collation {
        parts.push(format!("COLLATE {}", clause::fragment(collation, at)?));
    }
    if !column.ty.nullable && !in_primary_key(table, column) {
        parts.push("NOT NULL".to_owned());
    }
    match column.identity {
        Some(Identity::Always) => parts.push("GENERATED ALWAYS AS IDENTITY".to_owned()),
        Some(Identity::ByDefault) => parts.push("GENERATED BY DEFAULT AS IDENTITY".to_owned()),
        None => {}
    }
    if let Some(default) = &column.default {
        parts.push(format!("DEFAULT {}", clause::default(default, at)?));
    }
    if let Some(expression) = &column.generated {
        let kind = if column.is_virtual { "VIRTUAL" } else { "STORED" };
        parts.push(format!("GENERATED ALWAYS AS {} {kind}", clause::parenthesised(expression, at)?));
    }
    for constraint in constraints {
        parts.push(clause::constraint(constraint, true)?);
    }
    Ok(parts.join(" "))
}

pub(super) fn in_primary_key(table: &Table, column: &Column) -> bool {
    table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } => columns.contains(&column.name),
        ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::Exclude { .. } => false,
    })
}

/// The widest entry, so that columns align; a very long one does not push all others away.
fn width(texts: impl Iterator<Item = String>) -> usize {
    texts.map(|text| text.chars().count()).filter(|width| *width <= 30).max().unwrap_or(0)
}

/// Identity, or one of the types that PostgreSQL turns into an integer with a sequence.
fn makes_sequence(column: &Column) -> bool {
    const SERIAL: [&str; 6] = ["smallserial", "serial", "bigserial", "serial2", "serial4", "serial8"];
    let serial = match &column.ty.base {
        Base::Sql(sql) => SERIAL.contains(&sql.trim().to_lowercase().as_str()),
        Base::Enum(_) | Base::Composite(_) | Base::Domain(_) => false,
    };
    column.identity.is_some() || serial
}

/// ALTER TABLE ... ADD.
pub(super) fn add_constraint(
    table: &Table,
    constraint: &Constraint,
    names: &mut Names,
    declared: &mut Declared,
) -> Result<(), Error> {
    let (name, must_be_written) = name_constraint(table, constraint, names, declared)?;
    let on = qname(&table.name);
    let sql = clause::constraint(constraint, false)?;
    let named = if must_be_written { format!("CONSTRAINT {name} ") } else { String::new() };
    let sql = format!("ALTER TABLE {} ADD {named}{sql};", written(&on));
    let mut needs = vec![BlockId::Object(ObjectId::Table(on.clone()))];
    if let ConstraintKind::ForeignKey { target, .. } = &constraint.kind {
        needs.extend(referenced(qname(target), names));
    }
    declared.push(ObjectId::Constraint(on, name), sql, needs, location(&constraint.origin));
    Ok(())
}

/// CREATE INDEX on a table or a materialized view.
pub(super) fn create_index(
    on: &QName,
    relation: &ObjectId,
    index: &Index,
    partitions: &[Partition],
    names: &mut Names,
    declared: &mut Declared,
) -> Result<(), Error> {
    let parts = index.keys.iter().map(|key| match &key.on {
        KeyPart::Column(name) => Ok(Some(name.clone())),
        KeyPart::Expression(sql) => expression_part(sql, &index.origin),
    });
    let mut parts: Vec<Option<String>> = parts.collect::<Result<_, Error>>()?;
    parts.extend(index.include.iter().cloned().map(Some));
    let middle = joined(&index_columns(&parts.iter().map(Option::as_deref).collect::<Vec<_>>()));
    let default = Default { middle: Some(&middle), label: "idx" };
    let name = names.index(on, index.name.as_deref(), &default, &index.origin)?;
    let unique = if index.unique { "UNIQUE " } else { "" };
    let sql = format!("CREATE {unique}INDEX {} ON {} {};", name.name, written(on), clause::index(index)?);
    name_indexes(partitions, &default, names)?;
    if index.unique {
        names.add_unique_index(on, &name);
    }
    let needs = vec![BlockId::Object(relation.clone())];
    declared.push(ObjectId::Index(name), sql, needs, location(&index.origin));
    Ok(())
}

fn expression_part(sql: &str, at: &Origin) -> Result<Option<String>, Error> {
    let guess = expression_name(sql).map_err(|error| clause::unreadable(sql, &error, at))?;
    Ok(name_of(&guess).map(str::to_owned))
}
