//! The rows of one query, packed: a database of ten thousand tables sends half a million, and they wait for each other.

use super::failed;
use crate::engine::edges::at;
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
    /// Cell after cell, each behind its length and one, in groups of seven bits; a null one is a length of nothing.
    bytes: Vec<u8>,
    /// Where each row begins in `bytes`.
    starts: Vec<u32>,
}

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    types: &'a [Type],
    /// From its first cell on.
    bytes: &'a [u8],
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
            rows.starts.push(u32::try_from(rows.bytes.len()).map_err(|_| too_much())?);
            for column in 0..row.len() {
                let cell = row.try_get::<_, Option<Raw<'_>>>(column).map_err(failed)?;
                push_length(&mut rows.bytes, cell.map_or(0, |Raw(bytes)| bytes.len() + 1));
                rows.bytes.extend_from_slice(cell.map_or(&[], |Raw(bytes)| bytes));
            }
        }
        rows.bytes.shrink_to_fit();
        rows.starts.shrink_to_fit();
        Ok(rows)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// One after the other.
    pub(super) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.starts.iter().map(|start| Row { types: &self.types, bytes: &self.bytes[at(*start)..] })
    }
}

fn too_much() -> Error {
    Error::failed("the database could not be read: the definitions of one kind of object are over 4 GB")
}

fn push_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

/// The first cell, and what follows it.
fn cell(bytes: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let (mut length, mut read) = (0, 0);
    for (byte, shift) in bytes.iter().zip((0..usize::BITS).step_by(7)) {
        length |= usize::from(byte & 0x7f) << shift;
        read += 1;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let rest = &bytes[read..];
    match length.checked_sub(1) {
        Some(length) => (Some(&rest[..length]), &rest[length..]),
        None => (None, rest),
    }
}

impl<'a> Row<'a> {
    /// The value of a column, by its place. Which types a query gives is known where it is written; another one is a
    /// defect, as it is in the driver.
    pub(super) fn get<T: FromSql<'a>>(&self, column: usize) -> T {
        let of_type = &self.types[column];
        let rest = (0..column).fold(self.bytes, |rest, _| cell(rest).1);
        let (value, _) = cell(rest);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_out_as_they_went_in() {
        let long = vec![7; 40_000];
        let cells: [Option<&[u8]>; 6] =
            [Some(b"a"), None, Some(b""), Some(&long[..126]), Some(&long[..127]), Some(&long)];
        let mut bytes = Vec::new();
        for cell in cells {
            push_length(&mut bytes, cell.map_or(0, |bytes| bytes.len() + 1));
            bytes.extend_from_slice(cell.unwrap_or_default());
        }
        let mut rest = &bytes[..];
        for expected in cells {
            let (found, after) = cell(rest);
            assert_eq!(found, expected);
            rest = after;
        }
        assert!(rest.is_empty());
    }
}
