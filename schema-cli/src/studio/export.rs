//! Rows of a table or view as a file, streamed.

use super::body::Body;
use super::csv;
use super::failure::Failure;
use super::pool::Lease;
use super::relation::{Column, Relation};
use super::seek::Sequence;
use super::sql_text::{Bound, Selection, Sort, as_text, column, select_from};
use super::state::Shared;
use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use schema_core::engine::name::Ident;
use sea_query::{Alias, Expr, SelectStatement};
use serde::Deserialize;
use std::pin::pin;
use tokio::sync::mpsc;
use tokio_postgres::{Row, RowStream};

/// So much is put together before it is sent.
const CHUNK: usize = 64 << 10;

#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(flatten)]
    rows: Selection,
    #[serde(default)]
    sort: Vec<Sort>,
    format: Format,
}

#[derive(Debug, Clone, Copy, Deserialize)]
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
    let (lease, relation) = wish.rows.of.open(&studio, 1800).await?;
    let bound = Bound::select(&select(&relation, &wish)?)?;
    let rows = lease.query_typed_raw(&bound.sql, bound.values()).await?;
    let (sender, receiver) = mpsc::channel(4);
    let (kind, end) = match wish.format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
        Format::Sql => ("application/sql; charset=utf-8", "sql"),
    };
    let name = file_name(&relation.name, end);
    tokio::spawn(send(lease, rows, Layout::of(&relation, wish.format), sender));
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
async fn send(lease: Lease, rows: RowStream, mut layout: Layout, sender: mpsc::Sender<Chunk>) {
    let mut rows = pin!(rows);
    let mut chunk = std::mem::take(&mut layout.head);
    let mut first = true;
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => chunk.push_str(&layout.line(&row, first)),
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
    chunk.push_str(layout.end());
    if sender.send(Ok(chunk)).await.is_ok() {
        // The file is complete; the session is closed if this fails.
        let _ = lease.rollback().await;
    }
}

/// One text for each column, or for the whole row.
fn select(relation: &Relation, wish: &Wish) -> Result<SelectStatement, Failure> {
    let mut select = select_from(relation, wish.rows.conditions(relation)?);
    let texts = |one: &Column| as_text(column(&one.name));
    match wish.format {
        Format::Csv => {
            select.exprs(relation.columns.iter().map(texts));
        }
        Format::Sql => {
            let quoted = |one| Expr::cust_with_exprs("quote_nullable($1)", [texts(one)]);
            select.exprs(inserted(relation).map(quoted));
        }
        // PostgreSQL's own JSON keeps numbers exact.
        Format::Json => {
            select.expr(as_text(Expr::cust_with_exprs(
                "row_to_json($1)",
                [Expr::col((Alias::new(&relation.name), sea_query::Asterisk))],
            )));
        }
    }
    for (expr, order) in Sequence::of(relation, &wish.sort)?.order(relation) {
        select.order_by_expr(expr, order);
    }
    Ok(select)
}

/// The columns that an INSERT can give a value.
fn inserted(relation: &Relation) -> impl Iterator<Item = &Column> {
    relation.columns.iter().filter(|column| !column.generated)
}

/// What a file of this format is made of.
struct Layout {
    format: Format,
    /// What stands before the first row.
    head: String,
    /// What stands before each row.
    lead: String,
}

impl Layout {
    fn of(relation: &Relation, format: Format) -> Self {
        let (head, lead) = match format {
            Format::Csv => {
                (csv::write(relation.columns.iter().map(|column| Some(column.name.as_str()))), String::new())
            }
            Format::Json => ("[\n".to_owned(), String::new()),
            Format::Sql => {
                let columns: Vec<String> =
                    inserted(relation).map(|column| Ident::from(column.name.as_str()).to_string()).collect();
                let always = relation.columns.iter().any(|column| column.identity_always);
                let over = if always { " OVERRIDING SYSTEM VALUE" } else { "" };
                let lead =
                    format!("INSERT INTO {} ({}){over} VALUES (", relation.qname(), columns.join(", "));
                (String::new(), lead)
            }
        };
        Self { format, head, lead }
    }

    fn line(&self, row: &Row, first: bool) -> String {
        match self.format {
            Format::Csv => csv::write((0..row.len()).map(|index| row.get::<_, Option<&str>>(index))),
            Format::Json => format!("{}{}", if first { "" } else { ",\n" }, row.get::<_, &str>(0)),
            Format::Sql => {
                let values: Vec<&str> = (0..row.len()).map(|index| row.get(index)).collect();
                format!("{}{});\n", self.lead, values.join(", "))
            }
        }
    }

    fn end(&self) -> &'static str {
        match self.format {
            Format::Json => "\n]\n",
            Format::Csv | Format::Sql => "",
        }
    }
}

/// Without what a header or a file system would take for something else.
fn file_name(name: &str, end: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect();
    format!("{plain}.{end}")
}
