//! What foreign data wrappers, servers, user mappings and foreign tables have in common: their options.

use crate::engine::name::{literal, quoted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `OPTIONS (host 'a', port '5432')`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Options(pub BTreeMap<String, String>);

impl Options {
    /// As they stand in a `CREATE`, with a space before; nothing without any.
    pub(super) fn create_sql(&self) -> String {
        let list: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{} {}", quoted(name), literal(value))).collect();
        clause(&list)
    }

    /// The clause that makes them `new` in an `ALTER`, with a space before; nothing where nothing differs.
    pub(super) fn alter_sql(&self, new: &Self) -> String {
        let gone = self.0.keys().filter(|name| !new.0.contains_key(*name));
        let mut list: Vec<String> = gone.map(|name| format!("DROP {}", quoted(name))).collect();
        for (name, value) in &new.0 {
            let how = match self.0.get(name) {
                Some(before) if before == value => continue,
                Some(_) => "SET",
                None => "ADD",
            };
            list.push(format!("{how} {} {}", quoted(name), literal(value)));
        }
        clause(&list)
    }
}

fn clause(list: &[String]) -> String {
    if list.is_empty() { String::new() } else { format!(" OPTIONS ({})", list.join(", ")) }
}
