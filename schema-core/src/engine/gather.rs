//! The records of several compiled files, each once.

use super::record::{Name, Origin, Records};
use std::collections::BTreeSet;

/// What has been found so far.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Every record once, in the order they were found.
    pub records: Records,
    seen: BTreeSet<Identity>,
}

/// What makes a record the same as another: a crate can be built twice (for the host, for the target), and a module
/// can be part of a library and of an executable.
type Identity = (String, u32, String, String);

impl Gathered {
    /// Adds what is new of these and `own` by its origin; says how many those are.
    pub fn add(&mut self, found: Records, own: impl Fn(&Origin) -> bool) -> usize {
        let Self { records, seen } = self;
        let before = seen.len();
        let mut is_new = |origin: &Origin, content: String| {
            own(origin) && seen.insert((origin.file.clone(), origin.line, origin.path.clone(), content))
        };
        for table in found.tables {
            if is_new(&table.origin, full(&table.name)) {
                records.tables.push(table);
            }
        }
        for enumeration in found.enums {
            if is_new(&enumeration.origin, full(&enumeration.name)) {
                records.enums.push(enumeration);
            }
        }
        for composite in found.composites {
            if is_new(&composite.origin, full(&composite.name)) {
                records.composites.push(composite);
            }
        }
        for domain in found.domains {
            if is_new(&domain.origin, full(&domain.name)) {
                records.domains.push(domain);
            }
        }
        for view in found.views {
            if is_new(&view.origin, full(&view.name)) {
                records.views.push(view);
            }
        }
        for sql in found.sql {
            if is_new(&sql.origin, sql.sql.clone()) {
                records.sql.push(sql);
            }
        }
        seen.len() - before
    }
}

fn full(name: &Name) -> String {
    format!("{}.{}", name.schema.as_deref().unwrap_or_default(), name.name)
}
