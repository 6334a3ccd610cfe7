//! CREATE TABLE, as sqlparser reads it.

use super::words::Words;
use super::{Read, column, parsed};
use crate::engine::lint::action::{Action, CreateTable, Form, Placed};
use sqlparser::ast::ForValues;

pub(super) fn create(create: sqlparser::ast::CreateTable) -> Option<CreateTable> {
    let mut columns = Vec::new();
    let mut constraints = Vec::new();
    for definition in &create.columns {
        let (column, with_it) = column::read(definition)?;
        columns.push(column);
        constraints.extend(with_it);
    }
    for constraint in &create.constraints {
        constraints.push(column::constraint(constraint)?);
    }
    for key in constraints.iter().filter(|constraint| constraint.form == Form::PrimaryKey) {
        for column in columns.iter_mut().filter(|column| key.columns.contains(&column.name)) {
            column.not_null = true;
        }
    }
    Some(CreateTable {
        name: parsed::name(&create.name)?,
        columns,
        constraints,
        temporary: create.temporary,
        if_not_exists: create.if_not_exists,
        partition_of: create.partition_of.as_ref().and_then(parsed::name),
        partitioned: create.partition_by.is_some(),
        default: matches!(create.for_values, Some(ForValues::Default)),
        foreign: false,
    })
}

/// Of a CREATE TABLE that could not be read: its name.
pub(super) fn name_only(mut words: Words<'_>, line: u32) -> Read {
    let temporary = words.next_are("create temporary") || words.next_are("create temp");
    let foreign = words.next_are("create foreign");
    let is_table = words.take("create") && {
        words.take_one_of(&["temporary", "temp", "unlogged", "foreign"]);
        words.take("table")
    };
    let if_not_exists = words.take("if not exists");
    let Some(name) = words.name().filter(|_| is_table) else { return Read::default() };
    let partitioned = words.has("partition by");
    let partition_of = if words.skip_to("partition of") { words.name() } else { None };
    let default = words.take("default");
    let table = CreateTable {
        name,
        columns: Vec::new(),
        constraints: Vec::new(),
        temporary,
        if_not_exists,
        partition_of,
        partitioned,
        default,
        foreign,
    };
    Read { actions: vec![Placed { line, action: Action::CreateTable(table) }], unread: None }
}
