//! The derives of schema-core. Use them from there; their output names `::schema_core`.

mod ast;
mod attr;
mod case;
mod check;
mod ctxt;
mod expand;
mod migrations;
mod read;

use ctxt::Ctxt;
use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a table.
#[proc_macro_derive(Table, attributes(table, column))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let table = read::table(&ctxt, &input);
    if let Some(table) = &table {
        check::table(&ctxt, table);
    }
    finish(ctxt, || table.as_ref().map(expand::table::expand))
}

/// Makes a Rust enum a PostgreSQL enum.
#[proc_macro_derive(Enum, attributes(pg_enum, label))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let read = read::enumeration(&ctxt, &input).map(|input| {
        let labels = input.label_names(&ctxt);
        check::enumeration(&ctxt, &input, &labels);
        (input, labels)
    });
    finish(ctxt, || read.map(|(input, labels)| expand::enumeration::expand(&input, &labels)))
}

/// Gives a newtype the SQL type of what it wraps.
#[proc_macro_derive(PgType, attributes(pg_type))]
pub fn derive_pg_type(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let output = expand::pg_type::expand(&ctxt, &input);
    finish(ctxt, || output)
}

/// The code, or all the mistakes.
fn finish(ctxt: Ctxt, code: impl FnOnce() -> Option<proc_macro2::TokenStream>) -> TokenStream {
    match ctxt.finish() {
        Ok(()) => code().unwrap_or_default().into(),
        Err(errors) => errors.into_compile_error().into(),
    }
}

/// Used by `schema_core::migrations!`.
#[doc(hidden)]
#[proc_macro]
pub fn __migrations(input: TokenStream) -> TokenStream {
    migrations::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
