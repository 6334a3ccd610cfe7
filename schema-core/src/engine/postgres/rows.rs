//! Rows in the way: how many there are for which a Change would fail or that it would lose, and a few of them. Only
//! reads, and only explains: where a question fails, there is no answer.

use super::super::catalog::Catalog;
use super::super::diff::Change;
use super::super::id::ObjectId;
use super::super::kind::Object;
use super::super::kind::column::Column;
use super::super::kind::constraint::{Constraint, Form};
use super::super::kind::enumeration::Enum;
use super::super::kind::index::Index;
use super::super::lex::{self, TokenKind};
use super::super::name::{Ident, QName, literal};
use postgres::Transaction;

/// How many rows are shown.
const SHOWN: usize = 5;
/// How many characters of a value are shown.
const WIDTH: usize = 60;

/// No name holds it.
const COUNT: char = '\0';

/// Rows in the way of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The object that is to change.
    pub of: ObjectId,
    /// What is wrong, with the number of rows.
    pub what: String,
    /// How many rows; `None` where that cannot be told.
    pub count: Option<i64>,
    /// Some of them: primary key and the columns in question.
    pub rows: Vec<String>,
}

/// A question about the rows of a table.
struct Probe {
    of: ObjectId,
    table: QName,
    /// Rows with the same values here are meant, where this is not empty.
    same: Vec<Ident>,
    /// Which rows are meant.
    condition: String,
    /// The columns that are shown beside the primary key.
    columns: Vec<Ident>,
    /// What is wrong; [`COUNT`] stands for the number of rows.
    what: String,
}

/// The rows for which a Change fails.
pub(super) fn in_the_way(
    transaction: &mut Transaction<'_>,
    change: &Change<'_>,
    old: &Catalog,
    new: &Catalog,
) -> Vec<Obstacle> {
    let probes = match change {
        Change::Create(object) => created(object, old),
        Change::Alter(from, to) => altered(from, to, old, new),
        Change::Drop(_) | Change::Rename(..) => Vec::new(),
    };
    let answers = probes.iter().filter_map(|probe| ask(transaction, probe, old, &QName::clone));
    answers.filter(|obstacle| obstacle.count != Some(0)).collect()
}

/// The rows that are lost with an object, or whose values are. `named`: what a table is called in this database.
pub(super) fn lost(
    transaction: &mut Transaction<'_>,
    (of, why): (&ObjectId, &str),
    old: &Catalog,
    new: &Catalog,
    named: &dyn Fn(&QName) -> QName,
) -> Obstacle {
    let probe = |table: &QName, condition: String, columns: Vec<Ident>, what: String| Probe {
        of: of.clone(),
        table: table.clone(),
        same: Vec::new(),
        condition,
        columns,
        what,
    };
    let probe = if let ObjectId::Table(table) = of {
        Some(probe(
            table,
            "true".to_owned(),
            Vec::new(),
            format!("{COUNT} of {} would be gone", table.short()),
        ))
    } else if let ObjectId::Column(table, name) = of {
        let what = match new.get(of) {
            Some(_) => format!("{why} ({COUNT})"),
            None => format!("the values of {} would be gone ({COUNT})", of.short()),
        };
        Some(probe(table, format!("t.{name} IS NOT NULL"), vec![name.clone()], what))
    } else {
        None
    };
    let unknown = || Obstacle { of: of.clone(), what: why.to_owned(), count: None, rows: Vec::new() };
    probe.and_then(|probe| ask(transaction, &probe, old, named)).unwrap_or_else(unknown)
}

fn created(object: &Object, old: &Catalog) -> Vec<Probe> {
    let probe = if let Object::Column(column) = object {
        added(column)
    } else if let Object::Constraint(constraint) = object {
        constrained(constraint, old)
    } else if let Object::Index(index) = object {
        indexed(index)
    } else {
        None
    };
    let known = |probe: &Probe| {
        let column = |name: &Ident| old.get(&ObjectId::Column(probe.table.clone(), name.clone())).is_some();
        old.get(&ObjectId::Table(probe.table.clone())).is_some() && probe.columns.iter().all(column)
    };
    probe.into_iter().filter(known).collect()
}

fn altered(from: &Object, to: &Object, old: &Catalog, new: &Catalog) -> Vec<Probe> {
    if let (Object::Column(from), Object::Column(to)) = (from, to) {
        let becomes = !from.not_null && to.not_null;
        return becomes.then(|| not_null(to)).into_iter().collect();
    }
    if let (Object::Enum(from), Object::Enum(to)) = (from, to) {
        return removed_labels(from, to, old, new);
    }
    created(to, old)
}

fn added(column: &Column) -> Option<Probe> {
    let filled = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
    (column.not_null && !filled).then(|| Probe {
        of: ObjectId::Column(column.table.clone(), column.name.clone()),
        table: column.table.clone(),
        same: Vec::new(),
        condition: "true".to_owned(),
        columns: Vec::new(),
        what: format!(
            "{}.{} is NOT NULL and has no default, and {} has {COUNT}",
            column.table.short(),
            column.name.as_str(),
            column.table.short()
        ),
    })
}

fn not_null(column: &Column) -> Probe {
    Probe {
        of: ObjectId::Column(column.table.clone(), column.name.clone()),
        table: column.table.clone(),
        same: Vec::new(),
        condition: format!("t.{} IS NULL", column.name),
        columns: vec![column.name.clone()],
        what: format!(
            "{}.{} becomes NOT NULL, and is NULL in {COUNT}",
            column.table.short(),
            column.name.as_str()
        ),
    }
}

fn constrained(constraint: &Constraint, old: &Catalog) -> Option<Probe> {
    let Constraint { table, name, form, definition, columns, references, validated, .. } = constraint;
    if !validated {
        return None;
    }
    let (short, shown) = (table.short(), name.as_str());
    let (same, condition, what) = match form {
        Form::PrimaryKey | Form::Unique => {
            let equal = *form == Form::Unique && definition.contains("NULLS NOT DISTINCT");
            let condition = if equal { "true".to_owned() } else { all_not_null(columns) };
            (
                columns.to_vec(),
                condition,
                format!("{shown}: {COUNT} of {short} have the same {}", list(columns)),
            )
        }
        Form::Check => {
            let condition = format!("NOT ({})", check_expression(definition)?);
            (Vec::new(), condition, format!("{shown}: {COUNT} of {short} break it"))
        }
        Form::ForeignKey => {
            let to = references.as_ref()?;
            let what = format!("{shown}: {COUNT} of {short} point to nothing in {}", to.short());
            let mut condition = all_not_null(columns);
            // A table that comes new has no rows.
            if old.get(&ObjectId::Table(to.clone())).is_some() {
                let keys = referenced_columns(definition).filter(|keys| keys.len() == columns.len())?;
                let pairs = keys.iter().zip(columns).map(|(key, column)| format!("r.{key} = t.{column}"));
                let pairs = pairs.collect::<Vec<_>>().join(" AND ");
                condition += &format!(" AND NOT EXISTS (SELECT FROM {to} AS r WHERE {pairs})");
            }
            (Vec::new(), condition, what)
        }
        Form::Exclude => return None,
    };
    let of = ObjectId::Constraint(table.clone(), name.clone());
    Some(Probe { of, table: table.clone(), same, condition, columns: columns.to_vec(), what })
}

/// Only where the keys are plain columns; PostgreSQL's own words name the values in any case.
fn indexed(index: &Index) -> Option<Probe> {
    let (head, condition) = match index.on.split_once(" WHERE ") {
        Some((head, condition)) => (head, condition.to_owned()),
        None => (&*index.on, "true".to_owned()),
    };
    let keys = head.split_once(" USING ").map_or(head, |(_, keys)| keys);
    let plain = keys.matches('(').count() == 1;
    (index.unique && plain && !index.columns.is_empty()).then(|| {
        let not_null = if head.contains("NULLS NOT DISTINCT") {
            "true".to_owned()
        } else {
            all_not_null(&index.columns)
        };
        Probe {
            of: ObjectId::Index(index.name.clone()),
            table: index.table.clone(),
            same: index.columns.to_vec(),
            condition: format!("({condition}) AND {not_null}"),
            columns: index.columns.to_vec(),
            what: format!(
                "{}: {COUNT} of {} have the same {}",
                index.name.name.as_str(),
                index.table.short(),
                list(&index.columns)
            ),
        }
    })
}

/// The columns that hold a value which their enum no longer has.
fn removed_labels(from: &Enum, to: &Enum, old: &Catalog, new: &Catalog) -> Vec<Probe> {
    let removed: Vec<&String> = from.labels.iter().filter(|label| !to.labels.contains(label)).collect();
    if removed.is_empty() {
        return Vec::new();
    }
    let values = removed.iter().map(|label| literal(label)).collect::<Vec<_>>().join(", ");
    let id = ObjectId::Enum(from.name.clone());
    let users = old.edges.users(&id).filter_map(|user| old.get(user));
    let columns =
        users.filter_map(|user| if let Object::Column(column) = user { Some(column) } else { None });
    let stays = |column: &&Column| {
        new.get(&ObjectId::Column(column.table.clone(), column.name.clone())).is_some()
            && column.data_type == from.name.to_string()
    };
    columns
        .filter(stays)
        .map(|column| Probe {
            of: id.clone(),
            table: column.table.clone(),
            same: Vec::new(),
            condition: format!("t.{}::text IN ({values})", column.name),
            columns: vec![column.name.clone()],
            what: format!(
                "{COUNT} of {} hold a value in {} that the enum {} no longer has",
                column.table.short(),
                column.name.as_str(),
                to.name.short()
            ),
        })
        .collect()
}

fn all_not_null(columns: &[Ident]) -> String {
    columns.iter().map(|column| format!("t.{column} IS NOT NULL")).collect::<Vec<_>>().join(" AND ")
}

fn list(columns: &[Ident]) -> String {
    columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ")
}

/// What stands in the parentheses of `CHECK (...)`.
fn check_expression(definition: &str) -> Option<&str> {
    let rest = definition.strip_prefix("CHECK ")?;
    let mut depth = 0_u32;
    for token in lex::tokens(rest).ok()? {
        match &rest[token.range.clone()] {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(&rest[..token.range.end]);
        }
    }
    None
}

/// The columns after `REFERENCES table`.
fn referenced_columns(definition: &str) -> Option<Vec<Ident>> {
    let tokens = lex::tokens(definition).ok()?;
    let is =
        |at: usize, text: &str| tokens.get(at).is_some_and(|token| &definition[token.range.clone()] == text);
    let start = (0..tokens.len()).find(|at| is(*at, "REFERENCES"))?;
    let open = (start..tokens.len()).find(|at| is(*at, "("))?;
    let inside = tokens[open + 1..].iter().take_while(|token| &definition[token.range.clone()] != ")");
    let names = inside.filter(|token| token.kind != TokenKind::Char);
    names.map(|token| lex::name(definition, token).map(Ident::new)).collect()
}

fn primary_key(table: &QName, old: &Catalog) -> Vec<Ident> {
    let key = old.objects.values().find_map(|object| {
        let Object::Constraint(key) = object else { return None };
        (key.table == *table && key.form == Form::PrimaryKey).then_some(key)
    });
    key.map(|key| key.columns.to_vec()).unwrap_or_default()
}

/// Counts the rows and takes some, in one query under a savepoint.
fn ask(
    transaction: &mut Transaction<'_>,
    probe: &Probe,
    old: &Catalog,
    named: &dyn Fn(&QName) -> QName,
) -> Option<Obstacle> {
    let mut columns = primary_key(&probe.table, old);
    let order = probe.same.iter().chain(&columns).map(|column| format!("t.{column}")).collect::<Vec<_>>();
    let order = if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
    let more: Vec<Ident> = probe.columns.iter().filter(|column| !columns.contains(column)).cloned().collect();
    columns.extend(more);
    let values =
        columns.iter().map(|column| format!(", left(t.{column}::text, {})", WIDTH + 1)).collect::<String>();
    let table = named(&probe.table);
    let sql = if probe.same.is_empty() {
        format!(
            "SELECT count(*) OVER (){values} FROM {table} AS t WHERE {}{order} LIMIT {SHOWN}",
            probe.condition
        )
    } else {
        let same = probe.same.iter().map(|column| format!("t.{column}")).collect::<Vec<_>>().join(", ");
        // The name of the count is one that no column has by chance.
        format!(
            "SELECT count(*) OVER (){values} FROM (SELECT t.*, count(*) OVER (PARTITION BY {same}) AS \"how many of them\" \
             FROM {table} AS t WHERE {}) AS t WHERE \"how many of them\" > 1{order} LIMIT {SHOWN}",
            probe.condition
        )
    };
    let mut savepoint = transaction.transaction().ok()?;
    let rows = savepoint.query(&sql, &[]).ok()?;
    savepoint.rollback().ok()?;
    let count = rows.first().map_or(0, |row| row.get::<_, i64>(0));
    let shown = rows.iter().map(|row| {
        let value = |(at, column): (usize, &Ident)| {
            format!("{} = {}", column.as_str(), shown(row.get::<_, Option<&str>>(at + 1)))
        };
        columns.iter().enumerate().map(value).collect::<Vec<_>>().join(", ")
    });
    Some(Obstacle {
        of: probe.of.clone(),
        what: probe.what.replacen(COUNT, &rows_counted(count), 1),
        count: Some(count),
        rows: shown.filter(|row| !row.is_empty()).collect(),
    })
}

fn rows_counted(count: i64) -> String {
    format!("{count} row{}", if count == 1 { "" } else { "s" })
}

/// A value on one line, cut to a length that can be read.
fn shown(value: Option<&str>) -> String {
    let Some(value) = value else { return "NULL".to_owned() };
    let cut: String = value.chars().take(WIDTH).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().count() > WIDTH { format!("'{cut}...'") } else { format!("'{cut}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_definitions() {
        assert_eq!(check_expression("CHECK ((a > ')'::text)) NOT VALID"), Some("((a > ')'::text))"));
        assert_eq!(check_expression("CHECK (a) NO INHERIT"), Some("(a)"));
        assert_eq!(check_expression("UNIQUE (a)"), None);
        let columns = |text: &str| referenced_columns(text).map(|names| list(&names));
        let text =
            "FOREIGN KEY (a, \"REFERENCES\") REFERENCES s.\"t (x)\"(id, \"B \"\"x\") ON DELETE CASCADE";
        assert_eq!(columns(text).as_deref(), Some("id, B \"x"));
        assert_eq!(columns("CHECK (true)"), None);
    }

    #[test]
    fn values_are_cut_to_one_line() {
        assert_eq!(shown(None), "NULL");
        assert_eq!(shown(Some("a\nb\u{1b}")), "'a b '");
        let long = "é".repeat(WIDTH + 1);
        assert_eq!(shown(Some(&long)).chars().count(), WIDTH + 5);
    }
}
