//! `partition_by = ...` and `partition(...)`, in `#[table(...)]`.

use super::column::sql_literal;
use super::with::with;
use super::{Arg, args, index};
use crate::ast::{Bound, Partition, PartitionBy, Strategy};
use crate::ctxt::Ctxt;
use proc_macro2::{Delimiter, Ident, TokenTree};
use syn::LitInt;
use syn::spanned::Spanned;

const WORDS: &[&str] = &[
    "name",
    "schema",
    "from",
    "to",
    "in",
    "modulus",
    "remainder",
    "default",
    "with",
    "partition_by",
    "partition",
];

/// Reads `partition_by = range(created_at)`; keys are as those of an index.
pub(super) fn by(ctxt: &Ctxt, arg: &Arg, word: &Ident, place: &mut Option<PartitionBy>) {
    const EXAMPLE: &str = "write `partition_by = range(field)`, `list(field)` or `hash(field)`";
    let Arg::Pair(_, value) = arg else {
        return ctxt.error(word.span(), EXAMPLE);
    };
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    let [TokenTree::Ident(strategy), TokenTree::Group(group)] = tokens.as_slice() else {
        return ctxt.error(value.span(), EXAMPLE);
    };
    let strategy_is = match strategy.to_string().as_str() {
        "range" => Strategy::Range,
        "list" => Strategy::List,
        "hash" => Strategy::Hash,
        _ => return ctxt.error(strategy.span(), EXAMPLE),
    };
    if group.delimiter() != Delimiter::Parenthesis || group.stream().is_empty() {
        return ctxt.error(value.span(), EXAMPLE);
    }
    let mut keys = Vec::new();
    for part in args(group.stream()) {
        if let Some(key) = index::key(ctxt, part.tokens()) {
            if key.descending || key.nulls_first.is_some() {
                ctxt.error(part.span(), "a partition key has no order");
            }
            keys.push(key);
        }
    }
    if strategy_is == Strategy::List && keys.len() > 1 {
        ctxt.error(strategy.span(), "`list` takes one column; several are for `range` and `hash`");
    }
    arg.set(ctxt, place, PartitionBy { word: word.clone(), strategy: strategy_is, keys });
}

/// Reads `partition(name = "events_2026", from = "'2026-01-01'", to = "'2027-01-01'")`.
pub(super) fn parse(ctxt: &Ctxt, arg: &Arg, word: &Ident) -> Option<Partition> {
    const EXAMPLE: &str = "write `partition(name = \"events_2026\", from = \"...\", to = \"...\")`, with `in = \"...\"` for a \
                           list, with `modulus = 4, remainder = 0` for a hash, or with `default`";
    let Arg::List(_, list) = arg else {
        ctxt.error(word.span(), EXAMPLE);
        return None;
    };
    let errors = ctxt.count();
    let mut name = None;
    let mut schema = None;
    let (mut from, mut to, mut values) = (None, None, None);
    let (mut modulus, mut remainder): (Option<LitInt>, Option<LitInt>) = (None, None);
    let mut default = None;
    let mut storage = None;
    let mut partition_by = None;
    let mut partitions = Vec::new();
    for option in args(list.clone()) {
        match (option.key().map(Ident::to_string).as_deref(), &option) {
            (Some("name"), _) => option.text(ctxt, &mut name),
            (Some("schema"), _) => option.text(ctxt, &mut schema),
            (Some("from"), _) => sql(ctxt, &option, &mut from),
            (Some("to"), _) => sql(ctxt, &option, &mut to),
            (Some("in"), _) => sql(ctxt, &option, &mut values),
            (Some("modulus"), _) => option.value(ctxt, "modulus = 4", &mut modulus),
            (Some("remainder"), _) => option.value(ctxt, "remainder = 0", &mut remainder),
            (Some("default"), _) => option.flag(ctxt, &mut default),
            (Some("with"), _) => with(ctxt, &option, &mut storage),
            (Some("partition_by"), Arg::Pair(word, _)) => by(ctxt, &option, word, &mut partition_by),
            (Some("partition"), Arg::List(word, _)) => partitions.extend(parse(ctxt, &option, word)),
            _ => option.unknown(ctxt, "`partition`", WORDS),
        }
    }
    let number = |literal: LitInt| literal.base10_parse().map_err(|error| ctxt.push(error)).ok();
    let bound = match (from, to, values, modulus, remainder, default) {
        (Some(from), Some(to), None, None, None, None) => Some(Bound::Range { from, to }),
        (None, None, Some(values), None, None, None) => Some(Bound::In(values)),
        (None, None, None, Some(modulus), Some(remainder), None) => {
            Some(Bound::Hash { modulus: number(modulus)?, remainder: number(remainder)? })
        }
        (None, None, None, None, None, Some(_)) => Some(Bound::Default),
        _ => None,
    };
    let (Some(name), Some(bound)) = (name, bound) else {
        if ctxt.count() == errors {
            ctxt.error(word.span(), EXAMPLE);
        }
        return None;
    };
    Some(Partition { word: word.clone(), name, schema, bound, with: storage, partition_by, partitions })
}

/// SQL in a string, or a number.
fn sql(ctxt: &Ctxt, option: &Arg, place: &mut Option<String>) {
    let key = option.key().map(Ident::to_string).unwrap_or_default();
    let Arg::Pair(_, value) = option else {
        return ctxt.error(option.span(), format!("write `{key} = \"...\"`"));
    };
    match sql_literal(value.clone()) {
        Some(sql) if !sql.trim().is_empty() => option.set(ctxt, place, sql),
        Some(_) | None => {
            ctxt.error(value.span(), format!("write `{key} = \"...\"`: SQL in a string, or a number"));
        }
    }
}
