//! The pieces of SQL that are built here: names that the catalog has confirmed, values bound as text and cast.

use super::failure::Failure;
use super::relation::{Column, Named, Relation};
use sea_query::{Alias, Expr, ExprTrait, Func, PostgresQueryBuilder, Query, SelectStatement, Value, Values};
use serde::Deserialize;
use tokio_postgres::types::{ToSql, Type};

/// Some rows of a table or view.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Selection {
    #[serde(flatten)]
    pub(super) of: Named,
    #[serde(default)]
    filters: Vec<Filter>,
}

/// A condition of the page's.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Filter {
    column: String,
    op: String,
    value: Option<String>,
    #[serde(default)]
    values: Vec<String>,
}

/// A column to sort by.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sort {
    pub(super) column: String,
    #[serde(default)]
    pub(super) descending: bool,
}

/// A column's name as an expression.
pub(super) fn column(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

/// The value as PostgreSQL's own text.
pub(super) fn as_text(expr: Expr) -> Expr {
    Func::cast_as(expr, "text").into()
}

/// A text, bound, as a value of this type.
pub(super) fn typed(value: &str, cast: &str) -> Expr {
    Func::cast_as(as_text(Expr::val(value)), cast.to_owned()).into()
}

impl Selection {
    /// The conditions, all of which are to hold.
    pub(super) fn conditions(&self, relation: &Relation) -> Result<Vec<Expr>, Failure> {
        self.filters.iter().map(|filter| condition(relation.column(&filter.column)?, filter)).collect()
    }
}

/// A SELECT from the relation, of rows for which all of this holds.
pub(super) fn select_from(
    relation: &Relation,
    conditions: impl IntoIterator<Item = Expr>,
) -> SelectStatement {
    let mut select = Query::select();
    select.from(table(relation));
    for condition in conditions {
        select.and_where(condition);
    }
    select
}

/// The same of all columns as texts, behind the row's version; there is none where rows cannot be edited.
pub(super) fn select_rows(
    relation: &Relation,
    conditions: impl IntoIterator<Item = Expr>,
) -> SelectStatement {
    let mut select = select_from(relation, conditions);
    select.expr(if relation.versioned() { as_text(column("xmin")) } else { Expr::cust("NULL::text") });
    select.exprs(relation.columns.iter().map(|one| as_text(column(&one.name))));
    select
}

/// An INSERT of these columns, with leave to give a value where PostgreSQL always would. sea-query has no word for that.
pub(super) fn overriding(relation: &Relation, columns: &[&Column], sql: String) -> Result<String, Failure> {
    if !columns.iter().any(|column| column.identity_always) {
        return Ok(sql);
    }
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let head =
        format!("INSERT INTO {}.{} ({})", quoted(&relation.schema), quoted(&relation.name), names.join(", "));
    match sql.strip_prefix(&head) {
        Some(rest) => Ok(format!("{head} OVERRIDING SYSTEM VALUE{rest}")),
        None => Err(Failure::broken("an INSERT begins in another way than was thought")),
    }
}

/// That a column has this value, or none.
pub(super) fn has(of: &Column, value: Option<&str>) -> Expr {
    match value {
        Some(value) => column(&of.name).eq(typed(value, &of.cast)),
        None => column(&of.name).is_null(),
    }
}

fn condition(of: &Column, filter: &Filter) -> Result<Expr, Failure> {
    let name = column(&of.name);
    let value = || {
        let missing = || Failure::wrong(format!("the filter on {} has no value", of.name));
        filter.value.as_deref().ok_or_else(missing)
    };
    // Types without an order have no equality either: their texts are compared.
    let left = || if of.ordered { name.clone() } else { as_text(name.clone()) };
    let right = |text: &str| if of.ordered { typed(text, &of.cast) } else { as_text(Expr::val(text)) };
    Ok(match filter.op.as_str() {
        "=" => left().eq(right(value()?)),
        "<>" => left().ne(right(value()?)),
        "<" => left().lt(right(value()?)),
        "<=" => left().lte(right(value()?)),
        ">" => left().gt(right(value()?)),
        ">=" => left().gte(right(value()?)),
        // Among none of them is nothing.
        "in" if filter.values.is_empty() => Expr::cust("false"),
        "in" => left().is_in(filter.values.iter().map(|value| right(value))),
        "contains" => like(name, format!("%{}%", escaped(value()?))),
        "starts" => like(name, format!("{}%", escaped(value()?))),
        "null" => name.is_null(),
        "not null" => name.is_not_null(),
        "true" => Expr::cust_with_exprs("$1 IS TRUE", [name]),
        "false" => Expr::cust_with_exprs("$1 IS FALSE", [name]),
        other => return Err(Failure::wrong(format!("there is no filter `{other}`"))),
    })
}

fn like(name: Expr, pattern: String) -> Expr {
    Expr::cust_with_exprs("$1 ILIKE $2", [as_text(name), as_text(Expr::val(pattern))])
}

/// Without the meaning that LIKE gives to some characters.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The relation in FROM.
pub(super) fn table(relation: &Relation) -> (Alias, Alias) {
    (Alias::new(&relation.schema), Alias::new(&relation.name))
}

/// A statement with what is bound to it.
pub(super) struct Bound {
    pub(super) sql: String,
    values: Vec<(Box<dyn ToSql + Sync + Send>, Type)>,
}

impl Bound {
    pub(super) fn of((sql, values): (String, Values)) -> Result<Self, Failure> {
        let values = values.0.into_iter().map(bound).collect::<Result<_, _>>()?;
        Ok(Self { sql, values })
    }

    pub(super) fn select(select: &SelectStatement) -> Result<Self, Failure> {
        Self::of(select.build(PostgresQueryBuilder))
    }

    /// With their types, so that the server need not be asked for them first.
    pub(super) fn values(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.values.iter().map(|(value, of)| (&**value as &(dyn ToSql + Sync), of.clone())).collect()
    }
}

/// Only texts and numbers of rows are ever bound.
fn bound(value: Value) -> Result<(Box<dyn ToSql + Sync + Send>, Type), Failure> {
    if let Value::String(text) = value {
        return Ok((Box::new(text), Type::TEXT));
    }
    if let Value::BigUnsigned(Some(number)) = value {
        let number = i64::try_from(number).map_err(|_| Failure::wrong("a number is too large"))?;
        return Ok((Box::new(number), Type::INT8));
    }
    Err(Failure::broken("a value cannot be bound"))
}
