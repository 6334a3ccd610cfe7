//! `#[domain(...)]`.

use super::{args_of, column, constraint};
use crate::ast::DomainAttrs;
use crate::ctxt::Ctxt;
use syn::Attribute;

const WORDS: &[&str] = &[
    "name",
    "schema",
    "sql_type",
    "check",
    "not_null",
    "default",
    "collation",
    "comment",
    "renamed_from",
    "crate",
];

/// Reads the attributes of a newtype.
pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> DomainAttrs {
    let mut out = DomainAttrs::default();
    for arg in args_of(ctxt, attributes, "domain") {
        let Some(key) = arg.key() else {
            arg.unknown(ctxt, "a domain", WORDS);
            continue;
        };
        match key.to_string().as_str() {
            "name" => arg.text(ctxt, &mut out.name),
            "schema" => arg.text(ctxt, &mut out.schema),
            "sql_type" => arg.text(ctxt, &mut out.sql_type),
            "check" => out.checks.extend(constraint::check(ctxt, &arg, key, None)),
            "not_null" => arg.flag(ctxt, &mut out.not_null),
            "default" => column::default(ctxt, &arg, &mut out.default),
            "collation" => arg.text(ctxt, &mut out.collation),
            "comment" => arg.text(ctxt, &mut out.comment),
            "renamed_from" => arg.text(ctxt, &mut out.renamed_from),
            "crate" => arg.krate(ctxt, &mut out.krate),
            _ => arg.unknown(ctxt, "a domain", WORDS),
        }
    }
    out
}
