//! `#[view(...)]`.

use super::with::with;
use super::{Arg, allow, args, args_of, index};
use crate::ast::{TableAttrs, ViewAttrs};
use crate::ctxt::Ctxt;
use syn::{Attribute, Path};

const WORDS: &[&str] = &[
    "name",
    "schema",
    "comment",
    "sql",
    "sql_file",
    "materialized",
    "with",
    "with_no_data",
    "index",
    "after",
    "allow",
    "crate",
];

/// Reads the attributes of a struct.
pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> (TableAttrs, ViewAttrs) {
    let mut relation = TableAttrs::default();
    let mut view = ViewAttrs::default();
    for arg in args_of(ctxt, attributes, "view") {
        one(ctxt, &arg, &mut relation, &mut view);
    }
    (relation, view)
}

fn one(ctxt: &Ctxt, arg: &Arg, relation: &mut TableAttrs, view: &mut ViewAttrs) {
    let Some(key) = arg.key() else {
        return arg.unknown(ctxt, "a view", WORDS);
    };
    match key.to_string().as_str() {
        "name" => arg.text(ctxt, &mut relation.name),
        "schema" => arg.text(ctxt, &mut relation.schema),
        "comment" => arg.text(ctxt, &mut relation.comment),
        "crate" => arg.krate(ctxt, &mut relation.krate),
        "allow" => relation.allow.extend(allow::parse(ctxt, arg, key)),
        "index" => relation.indexes.extend(index::parse(ctxt, arg, key, None)),
        "sql" => arg.text(ctxt, &mut view.sql),
        "sql_file" => arg.text(ctxt, &mut view.sql_file),
        "materialized" => arg.flag(ctxt, &mut view.materialized),
        "with_no_data" => arg.flag(ctxt, &mut view.with_no_data),
        "with" => with(ctxt, arg, &mut view.with),
        "after" => after(ctxt, arg, &mut view.after),
        _ => arg.unknown(ctxt, "a view", WORDS),
    }
}

/// Reads `after(Other, path::Third)`.
fn after(ctxt: &Ctxt, arg: &Arg, place: &mut Vec<Path>) {
    const EXAMPLE: &str = "write `after(OtherView)`: structs with `#[derive(View)]`";
    let Arg::List(_, list) = arg else {
        return ctxt.error(arg.span(), EXAMPLE);
    };
    for path in args(list.clone()) {
        match syn::parse2(path.tokens()) {
            Ok(path) => place.push(path),
            Err(_) => ctxt.error(path.span(), EXAMPLE),
        }
    }
}
