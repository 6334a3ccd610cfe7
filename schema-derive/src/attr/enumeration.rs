//! `#[pg_enum(...)]` and, on its variants, `#[label(...)]`.

use super::args_of;
use crate::ast::{EnumAttrs, Label};
use crate::ctxt::Ctxt;
use proc_macro2::Ident;
use syn::Attribute;

const WORDS: &[&str] = &["name", "schema", "rename_all", "comment", "renamed_from", "crate"];
const LABEL_WORDS: &[&str] = &["name", "renamed_from"];

/// Reads the attributes of an enum.
pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> EnumAttrs {
    let mut out = EnumAttrs::default();
    for arg in args_of(ctxt, attributes, "pg_enum") {
        match arg.key().map(Ident::to_string).as_deref() {
            Some("name") => arg.text(ctxt, &mut out.name),
            Some("schema") => arg.text(ctxt, &mut out.schema),
            Some("rename_all") => arg.text(ctxt, &mut out.rename_all),
            Some("comment") => arg.text(ctxt, &mut out.comment),
            Some("renamed_from") => arg.text(ctxt, &mut out.renamed_from),
            Some("crate") => arg.krate(ctxt, &mut out.krate),
            _ => arg.unknown(ctxt, "an enum", WORDS),
        }
    }
    out
}

/// Reads the attributes of a variant.
pub(crate) fn label(ctxt: &Ctxt, attributes: &[Attribute], variant: &Ident) -> Label {
    let mut out = Label { ident: variant.clone(), name: None, renamed_from: None };
    for arg in args_of(ctxt, attributes, "label") {
        match arg.key().map(Ident::to_string).as_deref() {
            Some("name") => arg.text(ctxt, &mut out.name),
            Some("renamed_from") => arg.text(ctxt, &mut out.renamed_from),
            _ => arg.unknown(ctxt, "a label", LABEL_WORDS),
        }
    }
    out
}
