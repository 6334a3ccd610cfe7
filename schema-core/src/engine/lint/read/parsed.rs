//! Whole statements, by sqlparser: CREATE TABLE, CREATE VIEW, types, and what writes rows.

use super::words::Words;
use super::{table, types};
use crate::engine::lint::action::{Action, CreateView, Name, Verb};
use crate::engine::name::Ident;
use sqlparser::ast::{
    CreateTableOptions, CreateView as View, Delete, Expr, FromTable, Insert, ObjectName, ObjectNamePart,
    Query, SelectItem, SetExpr, SqlOption, Statement, TableFactor, TableObject, TableWithJoins, Update,
    UserDefinedTypeRepresentation,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// Reads one statement; the error is sqlparser's.
pub(super) fn read(sql: &str) -> Result<Action, String> {
    let statement = statement(sql)?;
    action(statement).ok_or_else(|| "it is a statement of another database".to_owned())
}

/// Parses one statement.
pub(super) fn statement(sql: &str) -> Result<Statement, String> {
    let mut statements = Parser::parse_sql(&PostgreSqlDialect {}, sql).map_err(|error| {
        // The line is that of the statement's text, which nobody sees.
        let said = error.to_string();
        let said = said.split(" at Line: ").next().unwrap_or(&said);
        said.trim_start_matches("sql parser error: ").to_lowercase()
    })?;
    if statements.len() == 1 { Ok(statements.remove(0)) } else { Err("it is no single statement".to_owned()) }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "sqlparser knows the statements of twenty databases")]
fn action(statement: Statement) -> Option<Action> {
    Some(match statement {
        Statement::CreateTable(create) => Action::CreateTable(table::create(create)?),
        Statement::CreateView(view) => Action::CreateView(create_view(view)?),
        Statement::CreateType { name, representation } => match representation {
            Some(UserDefinedTypeRepresentation::Enum { labels }) => {
                let labels = labels.into_iter().map(|label| label.value).collect();
                Action::CreateEnum { name: self::name(&name)?, labels }
            }
            Some(_) | None => Action::Other,
        },
        Statement::CreateDomain(domain) => {
            let constrained = !domain.constraints.is_empty();
            Action::CreateDomain { name: name(&domain.name)?, constrained }
        }
        Statement::Insert(insert) => insert_into(&insert)?,
        Statement::Update(update) => self::update(&update)?,
        Statement::Delete(delete) => self::delete(&delete)?,
        Statement::Merge(merge) => write(Verb::Merge, factor(&merge.table)?, true, false),
        Statement::Query(query) => self::query(&query)?,
        Statement::Copy { source, to, .. } => match source {
            sqlparser::ast::CopySource::Table { table_name, .. } if !to => {
                write(Verb::Copy, name(&table_name)?, true, false)
            }
            _ => Action::Query,
        },
        Statement::Call(_) | Statement::Prepare { .. } | Statement::Execute { .. } => Action::Other,
        _ => return None,
    })
}

fn write(verb: Verb, table: Name, filtered: bool, batched: bool) -> Action {
    Action::Write { verb, table, batched, filtered }
}

/// A name; none where it is computed.
pub(super) fn name(name: &ObjectName) -> Option<Name> {
    let mut parts = Vec::new();
    for part in &name.0 {
        match part {
            ObjectNamePart::Identifier(part) => parts.push(ident(part)),
            ObjectNamePart::Function(_) => return None,
        }
    }
    let name = parts.pop()?;
    Some(Name { schema: parts.pop(), name })
}

/// An identifier, folded as PostgreSQL does.
pub(super) fn ident(ident: &sqlparser::ast::Ident) -> Ident {
    match ident.quote_style {
        Some(_) => Ident::from(ident.value.as_str()),
        None => Ident::from(ident.value.to_ascii_lowercase().as_str()),
    }
}

fn create_view(view: View) -> Option<CreateView> {
    let columns = match view.columns.as_slice() {
        [] => output(&view.query),
        named => Some(named.iter().map(|column| ident(&column.name).as_str().to_owned()).collect()),
    };
    Some(CreateView {
        name: name(&view.name)?,
        materialized: view.materialized,
        or_replace: view.or_replace,
        columns,
        invoker: invoker(&view.options),
        reads: reads(&view.query),
    })
}

#[allow(clippy::wildcard_enum_match_arm, reason = "sqlparser knows the options of twenty databases")]
fn invoker(options: &CreateTableOptions) -> bool {
    let options: &[SqlOption] = match options {
        CreateTableOptions::With(options) | CreateTableOptions::Options(options) => options,
        CreateTableOptions::None | CreateTableOptions::Plain(_) | CreateTableOptions::TableProperties(_) => {
            &[]
        }
    };
    let on = |option: &SqlOption| match option {
        SqlOption::KeyValue { key, value } => {
            let value = value.to_string().to_ascii_lowercase();
            key.value.eq_ignore_ascii_case("security_invoker")
                && !["false", "off", "0", "no"].contains(&value.trim_matches('\''))
        }
        SqlOption::Ident(key) => key.value.eq_ignore_ascii_case("security_invoker"),
        _other => false,
    };
    options.iter().any(on)
}

/// The names of a query's columns, where the text says them all.
#[allow(clippy::wildcard_enum_match_arm, reason = "only plain columns have a name of their own")]
fn output(query: &Query) -> Option<Vec<String>> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    let column = |item: &SelectItem| match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(ident(alias).as_str().to_owned()),
        SelectItem::UnnamedExpr(Expr::Identifier(column)) => Some(ident(column).as_str().to_owned()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
            parts.last().map(|column| ident(column).as_str().to_owned())
        }
        _computed => None,
    };
    select.projection.iter().map(column).collect()
}

/// The tables in the FROM of a query, and of the queries inside it.
fn reads(query: &Query) -> Vec<Name> {
    let mut names = Vec::new();
    let with = query.with.iter().flat_map(|with| &with.cte_tables);
    for inner in with.map(|table| table.query.as_ref()) {
        names.extend(reads(inner));
    }
    body(&query.body, &mut names);
    names
}

fn body(set: &SetExpr, names: &mut Vec<Name>) {
    if let SetExpr::Select(select) = set {
        select.from.iter().for_each(|from| joined(from, names));
    } else if let SetExpr::Query(query) = set {
        names.extend(reads(query));
    } else if let SetExpr::SetOperation { left, right, .. } = set {
        body(left, names);
        body(right, names);
    }
}

fn joined(table: &TableWithJoins, names: &mut Vec<Name>) {
    let factors = std::iter::once(&table.relation).chain(table.joins.iter().map(|join| &join.relation));
    for one in factors {
        if let TableFactor::Derived { subquery, .. } = one {
            names.extend(reads(subquery));
        } else if let TableFactor::NestedJoin { table_with_joins, .. } = one {
            joined(table_with_joins, names);
        } else {
            names.extend(factor(one));
        }
    }
}

fn factor(table: &TableFactor) -> Option<Name> {
    if let TableFactor::Table { name: table, args: None, .. } = table { name(table) } else { None }
}

fn insert_into(insert: &Insert) -> Option<Action> {
    let TableObject::TableName(table) = &insert.table else { return None };
    // Rows that are written out are few.
    let few = insert.source.as_ref().is_none_or(|query| matches!(*query.body, SetExpr::Values(_)));
    Some(write(Verb::Insert, name(table)?, true, few))
}

fn update(update: &Update) -> Option<Action> {
    let table = factor(&update.table.relation)?;
    let batched = update.selection.as_ref().is_some_and(narrow);
    Some(write(Verb::Update, table, update.selection.is_some(), batched))
}

fn delete(delete: &Delete) -> Option<Action> {
    let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
    let batched = delete.selection.as_ref().is_some_and(narrow);
    Some(write(Verb::Delete, factor(&tables.first()?.relation)?, delete.selection.is_some(), batched))
}

/// Whether a condition names a few rows: by a list, by a range, by a query with a limit, or by one value of a key.
fn narrow(condition: &Expr) -> bool {
    let text = condition.to_string().to_ascii_uppercase();
    [" LIMIT ", " BETWEEN ", " IN (", " = ANY", "CTID", "FETCH FIRST"].iter().any(|word| text.contains(word))
        || equals_key(condition)
}

/// `id = 1`, alone or with more conditions.
fn equals_key(condition: &Expr) -> bool {
    if let Expr::BinaryOp { left, op, right } = condition {
        let equal = *op == sqlparser::ast::BinaryOperator::Eq && matches!(**right, Expr::Value(_));
        let both = *op == sqlparser::ast::BinaryOperator::And;
        let column = left.to_string();
        let key = column.rsplit('.').next().is_some_and(|column| column == "id" || column.ends_with("_id"));
        return (equal && key) || (both && (equals_key(left) || equals_key(right)));
    }
    false
}

fn query(query: &Query) -> Option<Action> {
    #[allow(clippy::wildcard_enum_match_arm, reason = "only three of sqlparser's statements stand here")]
    if let SetExpr::Insert(inner) | SetExpr::Update(inner) | SetExpr::Delete(inner) | SetExpr::Merge(inner) =
        query.body.as_ref()
    {
        return action(inner.clone());
    }
    let text = query.to_string();
    let words = Words::of(&text);
    let mut literals = words.literals().into_iter();
    let calls = words.calls();
    let called = |name: &str| calls.iter().any(|call| call.name.as_str() == name);
    if called("setval") {
        let computed = called("max") || called("coalesce") || called("greatest") || called("count");
        return Some(Action::RestartSequence { name: literals.next().unwrap_or_default(), computed });
    }
    if called("set_config") {
        return Some(Action::Set {
            name: literals.next().unwrap_or_default().to_ascii_lowercase(),
            value: literals.next().unwrap_or_default(),
            local: text.ends_with("true)"),
        });
    }
    Some(Action::Query)
}

/// The type of a column.
pub(super) fn data_type(data_type: &sqlparser::ast::DataType) -> (String, bool) {
    let written = data_type.to_string();
    (types::canonical(&written), types::is_serial(&written))
}
