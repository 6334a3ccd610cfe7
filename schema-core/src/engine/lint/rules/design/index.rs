//! `duplicate-index`, `redundant-prefix-index`, `index-over-three-columns`.

use crate::engine::lint::keys::Key;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DUPLICATE: Rule = Rule {
    name: "duplicate-index",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "Two indexes are the same.",
    why: "Each write keeps both up to date, and no query needs the second.",
    recipe: "Delete one of them; a key keeps its own.",
    checks: &[Check::Catalog(duplicate)],
};

pub(in crate::engine::lint) const PREFIX: Rule = Rule {
    name: "redundant-prefix-index",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "An index is the beginning of another.",
    why: "The longer one serves the same queries; each write keeps both up to date.",
    recipe: "Delete the shorter one, unless it is much smaller and much used.",
    checks: &[Check::Catalog(prefix)],
};

pub(in crate::engine::lint) const WIDE: Rule = Rule {
    name: "index-over-three-columns",
    group: Group::Design,
    levels: Levels::INFO,
    summary: "An index has more than three columns.",
    why: "It is large, and seldom does a query use more than the first two or three of them.",
    recipe: "See which queries it is for; columns that are only read go into INCLUDE.",
    checks: &[Check::Catalog(wide)],
};

fn same_kind(a: &Key<'_>, b: &Key<'_>) -> bool {
    a.method == b.method && a.tail == b.tail
}

fn duplicate(site: &CatalogSite<'_>, found: &mut Found) {
    for keys in site.keys.indexes.values() {
        for (index, key) in keys.iter().enumerate().filter(|(_, key)| key.alone) {
            // Of two that stand alone the later one is named; unique ones do more than others.
            let same = |(other_index, other): &(usize, &Key<'_>)| {
                same_kind(key, other)
                    && key.keys == other.keys
                    && (!key.unique || other.unique)
                    && (!other.alone || *other_index < index || (other.unique && !key.unique))
            };
            if let Some((_, other)) = keys.iter().enumerate().filter(|(at, _)| *at != index).find(same) {
                found.object(site, key.id, format!("{} is the same as {}", key.name, other.name));
            }
        }
    }
}

fn prefix(site: &CatalogSite<'_>, found: &mut Found) {
    for keys in site.keys.indexes.values() {
        for key in keys.iter().filter(|key| key.alone && !key.unique && key.method == "btree") {
            let longer = |other: &&Key<'_>| {
                same_kind(key, other)
                    && other.keys.len() > key.keys.len()
                    && other.keys.starts_with(&key.keys)
            };
            if let Some(other) = keys.iter().find(longer) {
                found.object(site, key.id, format!("{} is the beginning of {}", key.name, other.name));
            }
        }
    }
}

fn wide(site: &CatalogSite<'_>, found: &mut Found) {
    for key in site.keys.all().filter(|key| key.alone && key.keys.len() > 3) {
        found.object(site, key.id, format!("{} has {} columns", key.name, key.keys.len()));
    }
}
