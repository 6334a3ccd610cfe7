//! The rows of one query, packed: a database of ten thousand tables sends half a million, and they wait for each other.

use super::failed;
use crate::engine::error::Error;
use arcstr::ArcStr;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, Type};
use postgres::{RowIter, Statement, Transaction};
use std::collections::HashSet;
use std::error::Error as StdError;

/// The rows of one query.
#[derive(Default)]
pub(super) struct Rows {
    types: Vec<Type>,
    bytes: Vec<u8>,
    /// Where each cell ends in `bytes`, row after row; with `NULL` added if it is null.
    ends: Vec<u32>,
}

/// The highest bit, so that what follows can be counted.
const NULL: u32 = 1 << 31;

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    rows: &'a Rows,
    first: usize,
}

impl Rows {
    /// Runs the query. Without parameters nothing needs to be prepared: one round trip.
    pub(super) fn fetch(transaction: &mut Transaction<'_>, query: &str) -> Result<Self, Error> {
        let none: [(&str, Type); 0] = [];
        Self::pack(transaction.query_typed_raw(query, none).map_err(failed)?)
    }

    /// Runs a query that is prepared.
    pub(super) fn fetch_prepared(
        transaction: &mut Transaction<'_>,
        query: &Statement,
    ) -> Result<Self, Error> {
        let none: [&str; 0] = [];
        Self::pack(transaction.query_raw(query, none).map_err(failed)?)
    }

    fn pack(mut found: RowIter<'_>) -> Result<Self, Error> {
        let mut rows = Self::default();
        while let Some(row) = found.next().map_err(failed)? {
            if rows.types.is_empty() {
                rows.types = row.columns().iter().map(|column| column.type_().clone()).collect();
            }
            for at in 0..row.len() {
                let cell = row.try_get::<_, Option<Raw<'_>>>(at).map_err(failed)?;
                rows.bytes.extend_from_slice(cell.map_or(&[], |Raw(bytes)| bytes));
                let end = u32::try_from(rows.bytes.len()).ok().filter(|end| end & NULL == 0);
                rows.ends.push(end.ok_or_else(too_much)? | if cell.is_some() { 0 } else { NULL });
            }
        }
        Ok(rows)
    }

    /// One after the other.
    pub(super) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.ends.len()).step_by(self.types.len().max(1)).map(|first| Row { rows: self, first })
    }
}

fn too_much() -> Error {
    Error::failed("the database could not be read: the definitions of one kind of object are over 2 GB")
}

impl<'a> Row<'a> {
    /// The value of a column, by its place. Which types a query gives is known where it is written; another one is a
    /// defect, as it is in the driver.
    pub(super) fn get<T: FromSql<'a>>(&self, column: usize) -> T {
        let rows = self.rows;
        let of_type = &rows.types[column];
        let cell = self.first + column;
        let (start, end) = (cell.checked_sub(1).map_or(0, |before| rows.ends[before]), rows.ends[cell]);
        let value = (end & NULL == 0).then(|| &rows.bytes[index(start & !NULL)..index(end)]);
        match T::from_sql_nullable(of_type, value) {
            Ok(value) if T::accepts(of_type) => value,
            Ok(_) => panic!("column {column} is of the type {of_type}"),
            Err(error) => panic!("column {column} of the type {of_type}: {error}"),
        }
    }

    /// A text to be shared.
    pub(super) fn text(&self, column: usize) -> ArcStr {
        self.get::<&str>(column).into()
    }
}

/// Texts that many rows repeat, each of them once.
#[derive(Default)]
pub(super) struct Texts(HashSet<ArcStr>);

impl Texts {
    /// The text, as the one that is there already.
    pub(super) fn share(&mut self, text: &str) -> ArcStr {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new = ArcStr::from(text);
        self.0.insert(new.clone());
        new
    }
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The bytes as they came.
#[derive(Clone, Copy)]
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
