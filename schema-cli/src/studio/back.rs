//! The way back of edits that were saved: edits themselves, to be staged, looked at and saved like any other.

use super::edits::{Edit, EditKind};
use super::relation::Relation;
use serde_json::{Map, Value, json};
use tokio_postgres::Row;

/// What is longer altogether is not kept.
const MOST_BYTES: usize = 4 << 20;

/// The edits that undo others.
#[derive(Default)]
pub(super) struct Back {
    edits: Vec<Value>,
    bytes: usize,
    /// Something cannot be undone.
    broken: bool,
}

impl Back {
    /// `row`: all columns as texts, after an insert or an update, before a delete.
    pub(super) fn add(&mut self, relation: &Relation, edit: &Edit, row: &Row) {
        self.bytes += row.raw_size_bytes();
        if self.bytes > MOST_BYTES {
            self.broken = true;
            self.edits = Vec::new();
            return;
        }
        let texts: Vec<Option<String>> = (0..row.len()).map(|index| row.get(index)).collect();
        let key: Option<Vec<String>> = relation.primary.iter().map(|&index| texts[index].clone()).collect();
        let now = |wanted: &dyn Fn(&str) -> bool| -> Map<String, Value> {
            let columns = relation.columns.iter().zip(&texts);
            let kept = columns.filter(|(column, _)| !column.generated && wanted(&column.name));
            kept.map(|(column, text)| (column.name.clone(), text.clone().into())).collect()
        };
        let (kind, old, set) = match edit.kind {
            EditKind::Insert => ("delete", now(&|_| true), Map::new()),
            EditKind::Delete => ("insert", Map::new(), now(&|_| true)),
            EditKind::Update => {
                self.broken |= !edit.set.keys().all(|name| edit.old.contains_key(name));
                let before = edit.old.iter().filter(|(name, _)| edit.set.contains_key(*name));
                let before = before.map(|(name, old)| (name.clone(), old.clone().into())).collect();
                ("update", now(&|name| edit.set.contains_key(name)), before)
            }
        };
        self.broken |= key.is_none();
        let mut back =
            json!({"kind": kind, "schema": relation.schema, "name": relation.name, "old": old, "set": set});
        if edit.kind != EditKind::Delete {
            back["key"] = key.into();
        }
        self.edits.push(back);
    }

    /// The last one first; nothing if that would be only a part.
    pub(super) fn edits(mut self) -> Option<Vec<Value>> {
        self.edits.reverse();
        (!self.broken).then_some(self.edits)
    }
}
