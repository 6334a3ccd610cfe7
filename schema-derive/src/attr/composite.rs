//! `#[composite(...)]`.

use super::args_of;
use crate::ast::TableAttrs;
use crate::ctxt::Ctxt;
use proc_macro2::Ident;
use syn::Attribute;

const WORDS: &[&str] = &["name", "schema", "comment", "renamed_from", "crate"];

/// Reads the attributes of a struct.
pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> TableAttrs {
    let mut out = TableAttrs::default();
    for arg in args_of(ctxt, attributes, "composite") {
        match arg.key().map(Ident::to_string).as_deref() {
            Some("name") => arg.text(ctxt, &mut out.name),
            Some("schema") => arg.text(ctxt, &mut out.schema),
            Some("comment") => arg.text(ctxt, &mut out.comment),
            Some("renamed_from") => arg.text(ctxt, &mut out.renamed_from),
            Some("crate") => arg.krate(ctxt, &mut out.krate),
            _ => arg.unknown(ctxt, "a composite type", WORDS),
        }
    }
    out
}
