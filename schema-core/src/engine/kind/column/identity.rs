//! Identity: the sequence inside of a column.

use super::{Column, Identity};
use crate::engine::id::ObjectId;
use crate::engine::kind::Rules;
use crate::engine::kind::sequence::past_rows;
use crate::engine::name::{Ident, QName};
use crate::engine::step::Step;

impl Column {
    pub(super) fn change_identity(&self, new: &Self) -> Vec<Step> {
        match (&self.identity, &new.identity) {
            (None, None) => Vec::new(),
            (Some(old), None) => vec![
                self.become_plain("DROP IDENTITY", new)
                    .destroys(ObjectId::RelationName(old.sequence.clone())),
            ],
            (None, Some(identity)) => {
                let add = self
                    .alter_column(&format!("ADD {}", identity.sql(&self.table, &self.name)))
                    .builds(ObjectId::RelationName(identity.sequence.clone()));
                vec![
                    add,
                    past_rows(self.id(), &identity.sequence, &identity.options, &self.table, &self.name),
                ]
            }
            (Some(old), Some(new)) => self.alter_identity(old, new),
        }
    }

    pub(super) fn alter_identity(&self, old: &Identity, new: &Identity) -> Vec<Step> {
        let Identity { always, sequence, options } = old;
        let mut steps = Vec::new();
        if *sequence != new.sequence {
            let rename = format!("ALTER SEQUENCE {sequence} RENAME TO {}", new.sequence.name);
            steps.push(
                Step::statement(self.id(), rename)
                    .destroys(ObjectId::RelationName(sequence.clone()))
                    .builds(ObjectId::RelationName(new.sequence.clone())),
            );
        }
        if *always != new.always {
            let form = if new.always { "ALWAYS" } else { "BY DEFAULT" };
            steps.push(self.alter_column(&format!("SET GENERATED {form}")));
        }
        // ALTER COLUMN ... TYPE has taken the sequence along.
        let changed = options.retyped(&new.options.data_type).alter_sql(&new.options, "SET ");
        if !changed.is_empty() {
            steps.extend(options.move_into_bounds(&new.options, self.id(), &new.sequence));
            steps.push(self.alter_column(changed.trim_start()));
        }
        steps
    }
}

impl Identity {
    pub(super) fn sql(&self, table: &QName, column: &Ident) -> String {
        let Self { always, sequence, options } = self;
        let form = if *always { "ALWAYS" } else { "BY DEFAULT" };
        let usual = format!("{}_{}_seq", table.name.as_str(), column.as_str());
        let mut parts = options.sql();
        if *sequence != table.sibling(&Ident::new(usual)) {
            parts = format!(" SEQUENCE NAME {sequence}{parts}");
        }
        let parts = if parts.is_empty() { parts } else { format!(" ({})", parts.trim_start()) };
        format!("GENERATED {form} AS IDENTITY{parts}")
    }
}
