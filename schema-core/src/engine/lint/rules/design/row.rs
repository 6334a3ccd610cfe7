//! `column-packing`, `wide-row-toast`: what a row takes.

use crate::engine::id::ObjectId;
use crate::engine::kind::column::Column;
use crate::engine::lint::keys::columns;
use crate::engine::lint::prelude::*;
use crate::engine::name::QName;
use std::collections::BTreeMap;

pub(in crate::engine::lint) const PACKING: Rule = Rule {
    name: "column-packing",
    group: Group::Design,
    levels: Levels::INFO,
    summary: "The order of the columns leaves eight bytes or more of each row empty.",
    why: "Numbers stand at multiples of their size: a smallint before a bigint costs six bytes.",
    recipe: "In a new table put the widest first: bigint and timestamptz, then integer and date, smallint, boolean, then text.",
    checks: &[Check::Catalog(packing)],
};

pub(in crate::engine::lint) const WIDE: Rule = Rule {
    name: "wide-row-toast",
    group: Group::Design,
    levels: Levels::INFO,
    summary: "A row can become so wide that it is stored in pieces.",
    why: "What is over 2 kB is compressed and moved out of the row; each read of such a value is a lookup of its own.",
    recipe: "Move what is seldom read into a table of its own, with the same key.",
    checks: &[Check::Catalog(wide)],
};

/// Size and alignment of types that always take the same.
fn fixed(data_type: &str) -> Option<(usize, usize)> {
    let base = data_type.split('(').next().unwrap_or(data_type);
    Some(match base {
        "boolean" => (1, 1),
        "smallint" => (2, 2),
        "integer" | "real" | "date" | "oid" => (4, 4),
        "bigint" | "double precision" | "money" => (8, 8),
        "uuid" => (16, 1),
        "interval" => (16, 8),
        _other if base.starts_with("timestamp") => (8, 8),
        _other if base.starts_with("time") && data_type.ends_with("without time zone") => (8, 8),
        _other => return None,
    })
}

fn tables<'a>(site: &CatalogSite<'a>) -> BTreeMap<&'a QName, Vec<&'a Column>> {
    let mut tables: BTreeMap<&QName, Vec<&Column>> = BTreeMap::new();
    for (_, column) in columns(site.catalog) {
        tables.entry(&column.table).or_default().push(column);
    }
    tables.values_mut().for_each(|columns| columns.sort_by_key(|column| column.position));
    tables
}

/// Empty bytes before columns of fixed size; what stands before a column of another size ends at any place.
fn padding(sizes: &[(usize, usize)]) -> usize {
    let (mut at, mut empty) = (0, 0);
    for (size, align) in sizes {
        let gap = (align - at % align) % align;
        empty += gap;
        at += gap + size;
    }
    empty
}

fn packing(site: &CatalogSite<'_>, found: &mut Found) {
    for (table, columns) in tables(site) {
        let sizes: Vec<(usize, usize)> =
            columns.iter().map_while(|column| fixed(&column.data_type)).collect();
        let mut best = sizes.clone();
        best.sort_by_key(|(_, align)| std::cmp::Reverse(*align));
        let saved = padding(&sizes).saturating_sub(padding(&best));
        if saved >= 8 {
            let id = ObjectId::Table(table.clone());
            found.object(site, &id, format!("{saved} bytes of each row of {} are empty", table.short()));
        }
    }
}

fn wide(site: &CatalogSite<'_>, found: &mut Found) {
    /// `TOAST_TUPLE_TARGET` of a page of 8 kB.
    const TARGET: usize = 2032;
    for (table, columns) in tables(site) {
        let width = |column: &&Column| match fixed(&column.data_type) {
            Some((size, _)) => size,
            None => limit(&column.data_type).unwrap_or(0),
        };
        let wide: usize = columns.iter().map(width).sum();
        if wide > TARGET {
            let id = ObjectId::Table(table.clone());
            let message =
                format!("a row of {} may take {wide} bytes, by the limits of its columns", table.short());
            found.object(site, &id, message);
        }
    }
}

/// The limit of a text.
fn limit(data_type: &str) -> Option<usize> {
    let inside =
        data_type.strip_prefix("character varying(").or_else(|| data_type.strip_prefix("character("))?;
    inside.strip_suffix(')')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_bytes() {
        assert_eq!(padding(&[(2, 2), (8, 8), (1, 1), (8, 8)]), 6 + 7);
        assert_eq!(padding(&[(8, 8), (8, 8), (2, 2), (1, 1)]), 0);
        assert_eq!(limit("character varying(80)"), Some(80));
    }
}
