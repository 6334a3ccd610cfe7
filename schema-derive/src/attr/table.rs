//! `#[table(...)]`.

use super::with::with;
use super::{Arg, allow, args_of, constraint, index, partition, policy};
use crate::ast::{ReplicaIdentity, Spanned, TableAttrs};
use crate::ctxt::Ctxt;
use proc_macro2::{Ident, TokenTree};
use syn::Attribute;

const WORDS: &[&str] = &[
    "name",
    "schema",
    "comment",
    "renamed_from",
    "unlogged",
    "with",
    "replica_identity",
    "row_security",
    "force_row_security",
    "policy",
    "partition_by",
    "partition",
    "primary_key",
    "unique",
    "check",
    "index",
    "foreign_key",
    "exclude",
    "allow",
    "crate",
];

/// Reads the attributes of a struct.
pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> TableAttrs {
    let mut out = TableAttrs::default();
    for arg in args_of(ctxt, attributes, "table") {
        one(ctxt, &arg, &mut out);
    }
    out
}

fn one(ctxt: &Ctxt, arg: &Arg, out: &mut TableAttrs) {
    let Some(key) = arg.key() else {
        return arg.unknown(ctxt, "a table", WORDS);
    };
    match key.to_string().as_str() {
        "name" => arg.text(ctxt, &mut out.name),
        "schema" => arg.text(ctxt, &mut out.schema),
        "comment" => arg.text(ctxt, &mut out.comment),
        "renamed_from" => arg.text(ctxt, &mut out.renamed_from),
        "unlogged" => arg.flag(ctxt, &mut out.unlogged),
        "crate" => arg.krate(ctxt, &mut out.krate),
        "primary_key" | "unique" => out.constraints.extend(constraint::key(ctxt, arg, key, None)),
        "check" => out.constraints.extend(constraint::check(ctxt, arg, key, None)),
        "foreign_key" => out.constraints.extend(constraint::foreign_key(ctxt, arg, key)),
        "exclude" => out.constraints.extend(constraint::exclude(ctxt, arg, key)),
        "index" => out.indexes.extend(index::parse(ctxt, arg, key, None)),
        "allow" => out.allow.extend(allow::parse(ctxt, arg, key)),
        _ => extra(ctxt, arg, key, out),
    }
}

/// What few tables have.
fn extra(ctxt: &Ctxt, arg: &Arg, key: &Ident, out: &mut TableAttrs) {
    let extra = out.extra.get_or_insert_default();
    match key.to_string().as_str() {
        "with" => {
            let mut text = None;
            with(ctxt, arg, &mut text);
            if let Some(value) = text {
                arg.set(ctxt, &mut extra.with, Spanned { value, span: key.span() });
            }
        }
        "replica_identity" => replica_identity(ctxt, arg, &mut extra.replica_identity),
        "row_security" => arg.flag(ctxt, &mut extra.row_security),
        "force_row_security" => arg.flag(ctxt, &mut extra.force_row_security),
        "policy" => extra.policies.extend(policy::parse(ctxt, arg, key)),
        "partition_by" => partition::by(ctxt, arg, key, &mut extra.partition_by),
        "partition" => extra.partitions.extend(partition::parse(ctxt, arg, key)),
        _ => arg.unknown(ctxt, "a table", WORDS),
    }
}

fn replica_identity(ctxt: &Ctxt, arg: &Arg, place: &mut Option<ReplicaIdentity>) {
    let tokens: Vec<TokenTree> =
        if let Arg::Pair(_, value) = arg { value.clone().into_iter().collect() } else { Vec::new() };
    let identity = match tokens.as_slice() {
        [TokenTree::Ident(word)] if word == "full" => Some(ReplicaIdentity::Full),
        [TokenTree::Ident(word)] if word == "nothing" => Some(ReplicaIdentity::Nothing),
        [TokenTree::Ident(word), TokenTree::Group(group)] if word == "index" => {
            syn::parse2(group.stream()).ok().map(ReplicaIdentity::Index)
        }
        _ => None,
    };
    match identity {
        Some(identity) => arg.set(ctxt, place, identity),
        None => ctxt.error(
            arg.span(),
            "write `replica_identity = full`, `replica_identity = nothing` or `replica_identity = index(\"name\")`",
        ),
    }
}
