//! Rows of a table or view as a file, streamed.

use super::body::Body;
use super::csv;
use super::failure::Failure;
use super::pool::{Lease, Reading};
use super::relation::Relation;
use super::seek::Sequence;
use super::sql_text::{Bound, Filter, Sort, as_text, column, conditions, table};
use super::state::Shared;
use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use schema_core::engine::name::{Ident, QName};
use sea_query::{Alias, Expr, Query, SelectStatement};
use serde::Deserialize;
use std::pin::Pin;
use tokio::sync::mpsc;
use tokio_postgres::{Row, RowStream};

/// So much is put together before it is sent.
const CHUNK: usize = 64 << 10;

#[derive(Deserialize)]
pub(super) struct Wish {
    schema: String,
    name: String,
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    sort: Vec<Sort>,
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Csv,
    Json,
    Sql,
}

/// `POST /api/export`.
pub(super) async fn export(
    State(studio): State<Shared>,
    Body(wish): Body<Wish>,
) -> Result<Response, Failure> {
    let lease = studio.reader.read(Reading::ours(1800)).await?;
    let relation = Relation::find(&lease, &wish.schema, &wish.name).await?;
    let bound = Bound::select(&select(&relation, &wish)?)?;
    let values = bound.values();
    let rows = lease.query_raw(&bound.sql, values).await?;
    let (sender, receiver) = mpsc::channel(4);
    let (kind, end) = match wish.format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
        Format::Sql => ("application/sql; charset=utf-8", "sql"),
    };
    let name = file_name(&relation.name, end);
    tokio::spawn(send(lease, rows, relation, wish.format, sender));
    let chunks = stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)));
    let mut response = (StatusCode::OK, HttpBody::from_stream(chunks)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

type Chunk = Result<String, std::io::Error>;

/// Sends what is read. Nobody listens any more: then the lease ends what the server is doing.
async fn send(
    lease: Lease,
    rows: RowStream,
    relation: Relation,
    format: Format,
    sender: mpsc::Sender<Chunk>,
) {
    let mut rows: Pin<Box<RowStream>> = Box::pin(rows);
    let mut chunk = head(&relation, format);
    let mut first = true;
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => chunk.push_str(&line(&relation, format, &row, first)),
            Err(error) => {
                // The browser sees that the file broke off.
                let _ = sender.send(Err(std::io::Error::other(Failure::from(error).message.clone()))).await;
                return;
            }
        }
        first = false;
        if chunk.len() >= CHUNK && sender.send(Ok(std::mem::take(&mut chunk))).await.is_err() {
            return;
        }
    }
    if format == Format::Json {
        chunk.push_str("\n]\n");
    }
    if sender.send(Ok(chunk)).await.is_ok() {
        // The file is complete; the session is closed if this fails.
        let _ = lease.rollback().await;
    }
}

/// One text for each column, or for the whole row.
fn select(relation: &Relation, wish: &Wish) -> Result<SelectStatement, Failure> {
    let mut select = Query::select();
    match wish.format {
        Format::Csv => {
            for one in &relation.columns {
                select.expr(as_text(column(&one.name)));
            }
        }
        Format::Sql => {
            for one in relation.columns.iter().filter(|column| !column.generated) {
                select.expr(Expr::cust_with_exprs("quote_nullable($1)", [as_text(column(&one.name))]));
            }
        }
        // PostgreSQL's own JSON keeps numbers exact.
        Format::Json => {
            select.expr(as_text(Expr::cust_with_exprs(
                "row_to_json($1)",
                [Expr::col((Alias::new(&relation.name), sea_query::Asterisk))],
            )));
        }
    }
    select.from(table(relation));
    for condition in conditions(relation, &wish.filters)? {
        select.and_where(condition);
    }
    for (expr, order) in Sequence::of(relation, &wish.sort)?.order(relation) {
        select.order_by_expr(expr, order);
    }
    Ok(select)
}

fn head(relation: &Relation, format: Format) -> String {
    match format {
        Format::Csv => csv::write(relation.columns.iter().map(|column| Some(column.name.as_str()))),
        Format::Json => "[\n".to_owned(),
        Format::Sql => String::new(),
    }
}

fn line(relation: &Relation, format: Format, row: &Row, first: bool) -> String {
    match format {
        Format::Csv => csv::write((0..row.len()).map(|index| row.get::<_, Option<&str>>(index))),
        Format::Json => format!("{}{}", if first { "" } else { ",\n" }, row.get::<_, &str>(0)),
        Format::Sql => {
            let name = QName::new(relation.schema.as_str(), relation.name.as_str());
            let columns = relation.columns.iter().filter(|column| !column.generated);
            let columns: Vec<String> =
                columns.map(|column| Ident::from(column.name.as_str()).to_string()).collect();
            let values: Vec<&str> = (0..row.len()).map(|index| row.get(index)).collect();
            let over = if relation.columns.iter().any(|column| column.identity_always) {
                " OVERRIDING SYSTEM VALUE"
            } else {
                ""
            };
            format!("INSERT INTO {name} ({}){over} VALUES ({});\n", columns.join(", "), values.join(", "))
        }
    }
}

/// Without what a header or a file system would take for something else.
fn file_name(name: &str, end: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect();
    format!("{plain}.{end}")
}
