//! Rows of a table or view, a page at a time; how many there are; one cell as a whole.

use super::body::Body;
use super::failure::{Answer, Failure, Json};
use super::pool::{Lease, Reading};
use super::relation::{Named, Relation};
use super::seek::{PLACE, Place, Sequence};
use super::sql_text::{Bound, Selection, Sort, as_text, column, has, select_from};
use super::state::Shared;
use axum::extract::State;
use sea_query::{Alias, Expr, PostgresQueryBuilder, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;

/// A cell that is longer is cut; the page asks for the whole.
const CUT: i32 = 2000;
/// A page has at most so many rows, and about so many bytes.
const MOST_ROWS: u64 = 1000;
const MOST_BYTES: usize = 16 << 20;

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(flatten)]
    rows: Selection,
    #[serde(default)]
    sort: Vec<Sort>,
    limit: Option<u64>,
    after: Option<String>,
    before: Option<String>,
}

/// `POST /api/rows`.
pub(super) async fn rows(State(studio): State<Shared>, Body(page): Body<Page>) -> Answer {
    let (lease, relation) = page.rows.of.open(&studio, 30).await?;
    let answer = read(&lease, &relation, &page).await?;
    lease.rollback().await?;
    Ok(Json(answer))
}

async fn read(lease: &Lease, relation: &Relation, page: &Page) -> Result<Value, Failure> {
    let limit = page.limit.unwrap_or(100).clamp(1, MOST_ROWS);
    let backwards = page.before.is_some() && page.after.is_none();
    let sequence = Sequence::of(relation, &page.sort)?;
    let place = page.after.as_ref().or(page.before.as_ref());
    let place = place.map(|text| Place::read(text, &sequence)).transpose()?;
    let shown = shown(relation, page, &sequence, limit)?;
    let counted = match place {
        Some(Place::Count(count)) if backwards => Some(count.saturating_sub(limit)),
        Some(Place::Count(count)) => Some(count),
        Some(Place::Row(_)) => None,
        None => (!sequence.total).then_some(0),
    };
    let backwards = backwards && counted.is_none();
    let sequence = sequence.directed(backwards);
    let filters = page.rows.conditions(relation)?;
    let ranges = match &place {
        Some(Place::Row(values)) => sequence.after(values),
        Some(Place::Count(_)) | None => vec![Vec::new()],
    };
    // One more than is shown says whether there are more.
    let mut rows: Vec<Row> = Vec::new();
    for range in ranges {
        let missing = limit + 1 - rows.len() as u64;
        if missing == 0 {
            break;
        }
        let mut found = select_from(relation, filters.iter().cloned().chain(range));
        found.limit(missing);
        if let Some(count) = counted {
            found.offset(count);
        }
        let bound = Bound::select(&select(relation, &sequence, found))?;
        rows.extend(lease.rows(&bound).await?);
    }
    let mut more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let mut bytes = 0;
    let fits = rows.iter().take_while(|row| {
        bytes += row.raw_size_bytes();
        bytes <= MOST_BYTES
    });
    let fits = fits.count().max(1);
    more |= fits < rows.len();
    rows.truncate(fits);
    if backwards {
        rows.reverse();
    }
    let layout = Layout::of(relation, &sequence);
    let (before, after) = match counted {
        Some(count) => {
            let read = rows.len() as u64;
            ((count > 0).then(|| Place::Count(count).text()), more.then(|| Place::Count(count + read).text()))
        }
        None => {
            let at = |row: Option<&Row>| row.map(|row| layout.place(row).text());
            let came_from_before = place.is_some() && !backwards;
            let previous = if backwards { more } else { came_from_before };
            let next = if backwards { true } else { more };
            (at(rows.first()).filter(|_| previous), at(rows.last()).filter(|_| next))
        }
    };
    let keyed = !relation.primary.is_empty();
    Ok(json!({
        "columns": relation.columns.iter().map(|column| &column.name).collect::<Vec<_>>(),
        "rows": rows.iter().map(|row| layout.cells(row)).collect::<Vec<_>>(),
        "keys": keyed.then(|| rows.iter().map(|row| layout.key(row)).collect::<Vec<_>>()),
        "versions": layout.versioned.then(|| rows.iter().map(|row| layout.version(row)).collect::<Vec<_>>()),
        "next": after,
        "previous": before,
        "sql": shown,
    }))
}

/// The statement as a person would write it.
fn shown(relation: &Relation, page: &Page, sequence: &Sequence, limit: u64) -> Result<String, Failure> {
    let mut select = select_from(relation, page.rows.conditions(relation)?);
    select.expr(Expr::cust("*"));
    for part in sequence.parts.iter().filter(|part| part.name != PLACE) {
        select.order_by_expr(column(&part.name), part.order());
    }
    Ok(select.limit(limit).to_string(PostgresQueryBuilder))
}

/// All that is read of each of these rows, as text. They are sorted and counted out before any text is made of them.
fn select(relation: &Relation, sequence: &Sequence, mut found: SelectStatement) -> SelectStatement {
    let mut select = Query::select();
    if relation.versioned() {
        found.column("xmin");
    }
    found.columns(sequence.parts.iter().filter(|part| part.name == PLACE).map(|part| Alias::new(&part.name)));
    found.columns(relation.columns.iter().map(|one| Alias::new(&one.name)));
    for (expr, order) in sequence.order(relation) {
        found.order_by_expr(expr.clone(), order.clone());
        select.order_by_expr(expr, order);
    }
    select.from_subquery(found, Alias::new(&relation.name));
    for one in &relation.columns {
        let text = as_text(column(&one.name));
        if one.long {
            select.expr(Expr::cust_with_exprs(format!("left($1, {CUT})"), [text.clone()]));
            select.expr(Expr::cust_with_exprs("length($1)", [text]));
        } else {
            select.expr(text);
        }
    }
    select.exprs(sequence.parts.iter().map(|part| as_text(column(&part.name))));
    select.exprs(relation.key_names().into_iter().map(|name| as_text(column(name))));
    if relation.versioned() {
        select.expr(as_text(column("xmin")));
    }
    select
}

/// Where what stands in a row of `select`.
struct Layout<'a> {
    relation: &'a Relation,
    parts: usize,
    versioned: bool,
}

impl<'a> Layout<'a> {
    fn of(relation: &'a Relation, sequence: &Sequence) -> Self {
        Self { relation, parts: sequence.parts.len(), versioned: relation.versioned() }
    }

    fn cells(&self, row: &Row) -> Vec<Value> {
        let mut at = 0;
        let cell = |column: &super::relation::Column| {
            let text: Option<String> = row.get(at);
            at += 1;
            if !column.long {
                return text.into();
            }
            let length: Option<i32> = row.get(at);
            at += 1;
            match length {
                Some(length) if length > CUT => json!({"cut": text, "length": length}),
                Some(_) | None => text.into(),
            }
        };
        self.relation.columns.iter().map(cell).collect()
    }

    /// Where the cells end.
    fn end(&self) -> usize {
        self.relation.columns.iter().map(|column| 1 + usize::from(column.long)).sum()
    }

    fn texts(row: &Row, from: usize, count: usize) -> Vec<Option<String>> {
        (from..from + count).map(|index| row.get(index)).collect()
    }

    fn place(&self, row: &Row) -> Place {
        Place::Row(Self::texts(row, self.end(), self.parts))
    }

    fn key(&self, row: &Row) -> Vec<Option<String>> {
        Self::texts(row, self.end() + self.parts, self.relation.primary.len())
    }

    fn version(&self, row: &Row) -> Option<String> {
        row.get(self.end() + self.parts + self.relation.primary.len())
    }
}

/// `POST /api/count`: exact if it does not take long, else what the planner believes.
pub(super) async fn count(State(studio): State<Shared>, Body(wish): Body<Selection>) -> Answer {
    let (lease, relation) = wish.of.open(&studio, 3).await?;
    let mut select = select_from(&relation, wish.conditions(&relation)?);
    select.expr(Expr::cust("count(*)"));
    let bound = Bound::select(&select)?;
    match lease.rows(&bound).await {
        Ok(rows) => {
            lease.rollback().await?;
            Ok(Json(json!({"count": rows[0].get::<_, i64>(0), "exact": true})))
        }
        Err(failure) if failure.has_code(&SqlState::QUERY_CANCELED) => {
            lease.rollback().await?;
            let lease = studio.reader.read(Reading::rows(3, studio.viewer())).await?;
            select.clear_selects().expr(Expr::cust("1"));
            let bound = Bound::select(&select)?;
            let sql = format!("EXPLAIN (FORMAT JSON) {}", bound.sql);
            let rows = lease.query_typed(&sql, &bound.values()).await?;
            let plan: Value = rows[0].get::<_, tokio_postgres::types::Json<Value>>(0).0;
            lease.rollback().await?;
            Ok(Json(json!({"count": plan[0]["Plan"]["Plan Rows"], "exact": false})))
        }
        Err(failure) => Err(failure),
    }
}

#[derive(Deserialize)]
pub(super) struct Cell {
    #[serde(flatten)]
    of: Named,
    key: Vec<String>,
    column: String,
}

/// `POST /api/cell`: one value as a whole.
pub(super) async fn cell(State(studio): State<Shared>, Body(wish): Body<Cell>) -> Answer {
    let (lease, relation) = wish.of.open(&studio, 30).await?;
    let mut select = select_from(&relation, keyed(&relation, &wish.key)?);
    select.expr(as_text(column(&relation.column(&wish.column)?.name)));
    let bound = Bound::select(&select)?;
    let rows = lease.rows(&bound).await?;
    lease.rollback().await?;
    let row = rows.first().ok_or_else(|| Failure::missing("the row is not there any more"))?;
    Ok(Json(json!({"value": row.get::<_, Option<String>>(0)})))
}

/// The row of this primary key.
pub(super) fn keyed(relation: &Relation, key: &[String]) -> Result<Vec<Expr>, Failure> {
    if relation.primary.is_empty() || relation.primary.len() != key.len() {
        return Err(Failure::wrong(format!(
            "this is not the primary key of {}.{}",
            relation.schema, relation.name
        )));
    }
    let columns = relation.primary.iter().map(|&index| &relation.columns[index]);
    Ok(columns.zip(key).map(|(of, value)| has(of, Some(value))).collect())
}
