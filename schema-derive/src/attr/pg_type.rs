//! `#[pg_type(...)]`.

use super::args_of;
use crate::ctxt::Ctxt;
use proc_macro2::Ident;
use syn::{Attribute, LitStr, Path};

/// What `#[pg_type(...)]` says.
#[derive(Default)]
pub(crate) struct PgTypeAttrs {
    pub(crate) krate: Option<Path>,
    pub(crate) sql: Option<LitStr>,
}

/// Reads the attributes of a newtype.
pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> PgTypeAttrs {
    let mut out = PgTypeAttrs::default();
    for arg in args_of(ctxt, attributes, "pg_type") {
        match arg.key().map(Ident::to_string).as_deref() {
            Some("sql") => arg.text(ctxt, &mut out.sql),
            Some("crate") => arg.krate(ctxt, &mut out.krate),
            _ => arg.unknown(ctxt, "a type", &["sql", "crate"]),
        }
    }
    out
}
