//! What can be wrong with policies and partitions.

use super::{known, name, written_name};
use crate::ast::{
    Bound, ConstraintKind, Index, KeyPart, Partition, PartitionBy, Policy, PolicyCommand, Strategy, Table,
    TableExtra,
};
use crate::ctxt::Ctxt;
use crate::read::SqlName;
use proc_macro2::{Ident, Span};
use std::collections::HashSet;
use syn::ext::IdentExt;

/// Checks what a table has beyond columns, constraints and indexes.
pub(super) fn check(ctxt: &Ctxt, table: &Table, extra: &TableExtra) {
    let mut names = HashSet::new();
    for policy in &extra.policies {
        check_policy(ctxt, policy);
        if !names.insert(policy.name.value()) {
            ctxt.error(policy.name.span(), format!("two policies are called `{}`", policy.name.value()));
        }
    }
    if let (Some(with), Some(_)) = (&extra.with, &extra.partition_by) {
        ctxt.error(with.span, "a partitioned table stores nothing itself: write `with` on its partitions");
    }
    let mut keys = Vec::new();
    partitions(ctxt, table, extra.partition_by.as_ref(), &extra.partitions, &mut keys);
    for key in keys {
        unique_holds(ctxt, table, key);
    }
}

fn check_policy(ctxt: &Ctxt, policy: &Policy) {
    let Policy { word, name: _, restrictive: _, command, to: _, using, with_check } = policy;
    written_name(ctxt, Some(&policy.name), "the policy's name");
    match (command.value, using, with_check) {
        (PolicyCommand::Insert, Some(using), _) => {
            ctxt.error(using.span(), "an inserted row is tested by `with_check` alone");
        }
        (PolicyCommand::Select | PolicyCommand::Delete, _, Some(with_check)) => {
            ctxt.error(with_check.span(), "no row is written here: test it by `using` alone");
        }
        (_, None, None) => {
            ctxt.error(word.span(), "a policy needs a test: `using = \"...\"` or `with_check = \"...\"`")
        }
        (
            PolicyCommand::All
            | PolicyCommand::Select
            | PolicyCommand::Insert
            | PolicyCommand::Update
            | PolicyCommand::Delete,
            _,
            _,
        ) => {}
    }
}

/// A table or a partition with its partitions; gathers by what it is partitioned.
fn partitions<'a>(
    ctxt: &Ctxt,
    table: &Table,
    by: Option<&'a PartitionBy>,
    partitions_of: &'a [Partition],
    keys: &mut Vec<&'a PartitionBy>,
) {
    if let Some(by) = by {
        keys.push(by);
        for key in &by.keys {
            if let KeyPart::Column(field) = &key.on {
                known(ctxt, table, std::slice::from_ref(field));
            }
        }
    }
    for partition in partitions_of {
        let sql_name = SqlName { text: partition.name.value(), span: partition.name.span() };
        name(ctxt, &sql_name, "the partition's name");
        written_name(ctxt, partition.schema.as_ref(), "the schema's name");
        match by {
            Some(by) => fits(ctxt, by.strategy, partition),
            None => ctxt.error(
                partition.word.span(),
                "this needs `partition_by = range(field)`, `list(field)` or `hash(field)` beside it",
            ),
        }
        if let (Some(_), Some(by)) = (&partition.with, &partition.partition_by) {
            ctxt.error(
                by.word.span(),
                "what is partitioned stores nothing itself: write `with` on its partitions",
            );
        }
        partitions(ctxt, table, partition.partition_by.as_ref(), &partition.partitions, keys);
    }
}

fn fits(ctxt: &Ctxt, strategy: Strategy, partition: &Partition) {
    let help = match (strategy, &partition.bound) {
        (Strategy::Range, Bound::Range { .. } | Bound::Default)
        | (Strategy::List, Bound::In(_) | Bound::Default)
        | (Strategy::Hash, Bound::Hash { .. }) => return,
        (Strategy::Range, Bound::In(_) | Bound::Hash { .. }) => {
            "a partition by range says `from` and `to`, or `default`"
        }
        (Strategy::List, Bound::Range { .. } | Bound::Hash { .. }) => {
            "a partition by list says `in`, or `default`"
        }
        (Strategy::Hash, Bound::Range { .. } | Bound::In(_) | Bound::Default) => {
            "a partition by hash says `modulus` and `remainder`"
        }
    };
    ctxt.error(partition.word.span(), help);
}

/// Each partition watches its own rows only: what is unique holds the key that says which partition a row is in.
fn unique_holds(ctxt: &Ctxt, table: &Table, by: &PartitionBy) {
    let of_fields = table.columns.iter().flat_map(|column| &column.attrs.constraints);
    for constraint in table.attrs.constraints.iter().chain(of_fields) {
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => {
                holds(ctxt, table, "a primary key", constraint.word.span(), columns, by);
            }
            ConstraintKind::Unique { columns, .. } => {
                holds(ctxt, table, "what is unique", constraint.word.span(), columns, by);
            }
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::Exclude { .. } => {}
        }
    }
    let of_fields = table.columns.iter().flat_map(|column| &column.attrs.indexes);
    for index in table.attrs.indexes.iter().chain(of_fields).filter(|index| index.unique) {
        holds(ctxt, table, "what is unique", index.word.span(), &columns(index), by);
    }
}

fn columns(index: &Index) -> Vec<Ident> {
    let column = |part: &KeyPart| match part {
        KeyPart::Column(field) => Some(field.clone()),
        KeyPart::Expression(_) => None,
    };
    index.keys.iter().filter_map(|key| column(&key.on)).collect()
}

fn holds(ctxt: &Ctxt, table: &Table, what: &str, span: Span, columns: &[Ident], by: &PartitionBy) {
    for key in &by.keys {
        match &key.on {
            KeyPart::Column(field) if columns.iter().any(|column| column.unraw() == field.unraw()) => {}
            // What is no field at all has its own error.
            KeyPart::Column(field) if table.column(field).is_none() => {}
            KeyPart::Column(field) => ctxt.error(
                span,
                format!("{what} of a partitioned table must hold its partition key: `{field}` is missing"),
            ),
            KeyPart::Expression(_) => ctxt
                .error(span, format!("{what} is impossible in a table that is partitioned by an expression")),
        }
    }
}
