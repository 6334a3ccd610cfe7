//! Staged edits: all of them in one transaction, each only if nobody has changed its row meanwhile.

use super::back::Back;
use super::body::Body;
use super::failure::{Failure, Json};
use super::pool::{Lease, Reading};
use super::relation::{Column, Named, Relation};
use super::rows::keyed;
use super::sql_text::{Bound, as_text, column, overriding, select_rows, table, typed};
use super::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schema_core::engine::name::literal;
use sea_query::{Alias, Expr, ExprTrait, PostgresQueryBuilder, Query};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::btree_map::{BTreeMap, Entry};
use tokio_postgres::error::SqlState;

/// So many errors are shown at once.
const MOST_ERRORS: usize = 100;

#[derive(Deserialize)]
pub(super) struct Wish {
    edits: Vec<Edit>,
    #[serde(default)]
    preview: bool,
}

#[derive(Deserialize)]
pub(super) struct Edit {
    pub(super) kind: EditKind,
    #[serde(flatten)]
    pub(super) of: Named,
    #[serde(default)]
    key: Vec<String>,
    version: Option<String>,
    #[serde(default)]
    pub(super) old: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub(super) set: Map<String, Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum EditKind {
    Update,
    Insert,
    Delete,
}

/// What a column is to become.
#[derive(Debug, Clone, Copy)]
enum New<'a> {
    Text(&'a str),
    Null,
    Default,
}

/// Why an edit cannot be done.
struct Trouble {
    edit: usize,
    column: Option<String>,
    message: String,
    code: Option<String>,
    /// What the row is now, if somebody else has changed it.
    now: Option<Value>,
    conflict: bool,
}

/// A statement to be run, and as a person would write it.
struct Prepared {
    bound: Bound,
    shown: String,
}

/// `POST /api/edits`.
pub(super) async fn edits(State(studio): State<Shared>, Body(wish): Body<Wish>) -> Response {
    let done =
        if wish.preview { preview(&studio, &wish.edits).await } else { save(&studio, &wish.edits).await };
    done.unwrap_or_else(IntoResponse::into_response)
}

async fn preview(studio: &Shared, edits: &[Edit]) -> Result<Response, Failure> {
    let lease = studio.reader.read(Reading::ours(15)).await?;
    let mut known = Relations::default();
    let mut statements = Vec::with_capacity(edits.len());
    for edit in edits {
        let relation = known.get(&lease, edit).await?;
        statements.push(prepare(relation, edit)?.shown + ";");
    }
    lease.rollback().await?;
    Ok(Json(json!({ "statements": statements })).into_response())
}

async fn save(studio: &Shared, edits: &[Edit]) -> Result<Response, Failure> {
    studio.must_write()?;
    let lease = studio.writer.write().await?;
    let mut known = Relations::default();
    let mut statements = Vec::with_capacity(edits.len());
    let mut troubles = Vec::new();
    let mut back = Back::default();
    for (index, edit) in edits.iter().enumerate() {
        let relation = known.get(&lease, edit).await?;
        let prepared = prepare(relation, edit)?;
        // What is wrong with later edits is said too.
        match lease.attempt(&prepared.bound).await? {
            Ok(rows) if rows.len() == 1 => back.add(relation, edit, &rows[0]),
            Ok(_) => troubles.push(conflict(&lease, relation, index, edit).await?),
            Err(failure) => troubles.push(explain(&lease, relation, index, edit, failure).await?),
        }
        statements.push(prepared.shown + ";");
        if troubles.len() >= MOST_ERRORS {
            break;
        }
    }
    if troubles.is_empty()
        && let Err(failure) = lease.constraints().await?
    {
        let about = |edit: &Edit| failure.table.as_ref() == Some(&edit.of);
        let index = edits.iter().position(about).unwrap_or_default();
        troubles.push(Trouble::new(index, None, &failure));
    }
    if !troubles.is_empty() {
        lease.rollback().await?;
        return Ok(refused(&troubles));
    }
    let committed = lease.commit().await;
    for statement in &statements {
        studio.journal.audit(statement, if committed.is_ok() { "committed" } else { "not known" });
    }
    committed?;
    Ok(Json(json!({"saved": edits.len(), "statements": statements, "back": back.edits()})).into_response())
}

fn refused(troubles: &[Trouble]) -> Response {
    let conflict = troubles.iter().any(|trouble| trouble.conflict);
    let status = if conflict { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
    let errors: Vec<Value> = troubles
        .iter()
        .map(|trouble| {
            json!({"edit": trouble.edit, "column": trouble.column, "message": trouble.message,
                "code": trouble.code, "now": trouble.now})
        })
        .collect();
    let first = troubles.first().map_or("", |trouble| trouble.message.as_str());
    let message = format!("nothing was saved: {first}");
    (status, Json(json!({"errors": errors, "error": {"message": message}}))).into_response()
}

/// Each relation is asked for once.
#[derive(Default)]
struct Relations(BTreeMap<Named, Relation>);

impl Relations {
    async fn get(&mut self, lease: &Lease, edit: &Edit) -> Result<&Relation, Failure> {
        Ok(match self.0.entry(edit.of.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let relation = Relation::find(lease, &edit.of).await?;
                if let Some(why) = relation.why_not() {
                    return Err(Failure::forbidden(format!("{}.{}: {why}", relation.schema, relation.name)));
                }
                place.insert(relation)
            }
        })
    }
}

fn prepare(relation: &Relation, edit: &Edit) -> Result<Prepared, Failure> {
    let set = edit.set.iter().map(|(name, value)| {
        let of = relation.column(name)?;
        if of.generated {
            return Err(Failure::wrong(format!("{name} is generated: it has no value of its own")));
        }
        let new = match value {
            Value::Null => New::Null,
            Value::String(text) => New::Text(text),
            Value::Object(object) if object.get("default") == Some(&Value::Bool(true)) => New::Default,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return Err(Failure::wrong(format!("the value of {name} is no text")));
            }
        };
        Ok((of, new))
    });
    let set: Vec<(&Column, New<'_>)> = set.collect::<Result<_, _>>()?;
    let (bound, shown) = [false, true].map(|shown| statement(relation, edit, &set, shown)).into();
    let (bound, shown): (Built, Built) = (bound?, shown?);
    Ok(Prepared { bound: Bound::of(bound.built)?, shown: shown.text })
}

/// One statement in both forms.
struct Built {
    built: (String, sea_query::Values),
    text: String,
}

/// `shown`: without casts and checks, for people.
fn statement(
    relation: &Relation,
    edit: &Edit,
    set: &[(&Column, New<'_>)],
    shown: bool,
) -> Result<Built, Failure> {
    let value = |of: &Column, new: New<'_>| match new {
        New::Text(text) if shown => Expr::cust(literal(text)),
        New::Text(text) => typed(text, &of.cast),
        New::Null => Expr::null(),
        New::Default => Expr::cust("DEFAULT"),
    };
    let name = |of: &Column| Alias::new(&of.name);
    // What the way back needs.
    let returning = Query::returning().exprs(relation.columns.iter().map(|of| as_text(column(&of.name))));
    Ok(match edit.kind {
        EditKind::Insert => {
            let mut insert = Query::insert();
            insert.into_table(table(relation));
            if set.is_empty() {
                insert.or_default_values();
            } else {
                insert.columns(set.iter().map(|(of, _)| name(of)));
                insert.values_panic(set.iter().map(|(of, new)| value(of, *new)));
            }
            let columns: Vec<&Column> = set.iter().map(|(of, _)| *of).collect();
            let text = overriding(relation, &columns, insert.to_string(PostgresQueryBuilder))?;
            let (sql, values) = insert.returning(returning).build(PostgresQueryBuilder);
            Built { built: (overriding(relation, &columns, sql)?, values), text }
        }
        EditKind::Update => {
            if set.is_empty() {
                return Err(Failure::wrong("an update sets nothing"));
            }
            let mut update = Query::update();
            update.table(table(relation)).values(set.iter().map(|(of, new)| (name(of), value(of, *new))));
            for condition in which(relation, edit, shown)? {
                update.and_where(condition);
            }
            let text = update.to_string(PostgresQueryBuilder);
            Built { built: update.returning(returning).build(PostgresQueryBuilder), text }
        }
        EditKind::Delete => {
            let mut delete = Query::delete();
            delete.from_table(table(relation));
            for condition in which(relation, edit, shown)? {
                delete.and_where(condition);
            }
            let text = delete.to_string(PostgresQueryBuilder);
            Built { built: delete.returning(returning).build(PostgresQueryBuilder), text }
        }
    })
}

/// The row that is meant, and that it is as it was when it was read.
fn which(relation: &Relation, edit: &Edit, shown: bool) -> Result<Vec<Expr>, Failure> {
    let mut conditions = keyed(relation, &edit.key)?;
    if shown {
        let equal = |(name, value): (&str, &String)| {
            Expr::cust_with_exprs("$1 = $2", [column(name), Expr::cust(literal(value))])
        };
        return Ok(relation.key_names().into_iter().zip(&edit.key).map(equal).collect());
    }
    if let Some(version) = &edit.version {
        conditions.push(column("xmin").eq(typed(version, "xid")));
    }
    for (name, old) in &edit.old {
        let text = as_text(column(&relation.column(name)?.name));
        conditions.push(match old {
            Some(old) => text.eq(as_text(Expr::val(old.as_str()))),
            None => text.is_null(),
        });
    }
    Ok(conditions)
}

impl Trouble {
    fn new(edit: usize, column: Option<String>, failure: &Failure) -> Self {
        Self { edit, column, message: failure.full(), code: failure.code.clone(), now: None, conflict: false }
    }
}

/// No row was there to be changed: somebody else was faster.
async fn conflict(lease: &Lease, relation: &Relation, edit: usize, of: &Edit) -> Result<Trouble, Failure> {
    let trouble = |message: &str, now: Option<Value>, conflict: bool| Trouble {
        edit,
        column: None,
        message: message.to_owned(),
        code: None,
        now,
        conflict,
    };
    if of.kind == EditKind::Insert {
        return Ok(trouble("a trigger or a rule has kept the row out", None, false));
    }
    let bound = Bound::select(&select_rows(relation, keyed(relation, &of.key)?))?;
    let rows = lease.rows(&bound).await?;
    let Some(row) = rows.first() else {
        return Ok(trouble("the row is not there any more", None, true));
    };
    let now: Map<String, Value> = relation
        .columns
        .iter()
        .enumerate()
        .map(|(index, one)| (one.name.clone(), row.get::<_, Option<String>>(index + 1).into()))
        .collect();
    let unchanged = of.version.is_some() && row.get::<_, Option<String>>(0) == of.version;
    let same = of.old.iter().all(|(name, old)| now.get(name).and_then(Value::as_str) == old.as_deref());
    if unchanged && same {
        return Ok(trouble("a trigger, a rule or a policy keeps the row as it is", Some(now.into()), false));
    }
    let differs = of.old.iter().find(|(name, old)| now.get(*name).and_then(Value::as_str) != old.as_deref());
    let mut changed = trouble("somebody has changed the row meanwhile", None, true);
    changed.column = differs.map(|(name, _)| name.clone());
    changed.now = Some(now.into());
    Ok(changed)
}

/// Which column it is that PostgreSQL does not take.
async fn explain(
    lease: &Lease,
    relation: &Relation,
    edit: usize,
    of: &Edit,
    failure: Failure,
) -> Result<Trouble, Failure> {
    let mut column = failure.column.clone();
    if column.is_none()
        && let Some(constraint) = &failure.constraint
    {
        let sql = "SELECT array_agg(a.attname::text ORDER BY u.o)
            FROM (SELECT k.conkey keys FROM pg_constraint k WHERE k.conrelid = $1 AND k.conname = $2
                UNION SELECT x.indkey::int2[] FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
                WHERE x.indrelid = $1 AND c.relname = $2) k, unnest(k.keys) WITH ORDINALITY u (n, o)
            JOIN pg_attribute a ON a.attrelid = $1 AND a.attnum = u.n";
        let row = lease.query_one(sql, &[&relation.oid, constraint]).await?;
        let columns: Option<Vec<String>> = row.get(0);
        let columns = columns.unwrap_or_default();
        column = columns.iter().find(|name| of.set.contains_key(*name)).or(columns.first()).cloned();
    }
    // A value that is none of its type: PostgreSQL does not say which, so each is tried alone.
    if column.is_none()
        && failure.code.as_deref().is_some_and(|code| code.starts_with("22") || code == "23514")
    {
        for (name, value) in &of.set {
            let Value::String(text) = value else { continue };
            let of = relation.column(name)?;
            if too_long(text, &of.shown) || !fits(lease, text, of).await? {
                column = Some(name.clone());
                break;
            }
        }
    }
    let mut trouble = Trouble::new(edit, column, &failure);
    trouble.conflict = failure.has_code(&SqlState::T_R_SERIALIZATION_FAILURE);
    Ok(trouble)
}

/// Whether PostgreSQL takes the text for a value of the column's type.
async fn fits(lease: &Lease, text: &str, of: &Column) -> Result<bool, Failure> {
    let value = Bound::select(Query::select().expr(as_text(typed(text, &of.shown))))?;
    Ok(lease.attempt(&value).await?.is_ok())
}

/// An explicit cast would cut it: `varchar(20)`, `char(3)`.
fn too_long(text: &str, shown: &str) -> bool {
    let Some((name, rest)) = shown.split_once('(') else { return false };
    let most = rest.trim_end_matches(')').parse::<usize>();
    name.starts_with("character") && most.is_ok_and(|most| text.trim_end_matches(' ').chars().count() > most)
}
