//! `#[table(...)]`.

use super::{Arg, args_of, constraint, index};
use crate::ast::TableAttrs;
use crate::ctxt::Ctxt;
use syn::Attribute;

const WORDS: &[&str] = &[
    "name",
    "schema",
    "comment",
    "renamed_from",
    "unlogged",
    "primary_key",
    "unique",
    "check",
    "index",
    "foreign_key",
    "exclude",
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
        _ => arg.unknown(ctxt, "a table", WORDS),
    }
}
