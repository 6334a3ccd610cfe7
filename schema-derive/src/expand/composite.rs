//! `#[derive(Composite)]`: the SQL type, the definition and its record.

use super::table::column_def;
use super::wire::Record;
use super::{file, krate, name, optional, origin, type_stub};
use crate::ast::Table;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

/// All that the derive gives.
pub(crate) fn expand(input: &Table) -> TokenStream {
    let krate = krate(input.attrs.krate.as_ref());
    let ident = &input.ident;
    let sql_name = name(input.attrs.schema.as_ref(), &input.name());
    let rust_file = file(ident.span());
    let origin = origin(ident.span(), &ident.unraw().to_string());
    let comment = optional(input.attrs.comment.as_ref());
    let renamed_from = optional(input.attrs.renamed_from.as_ref());
    let columns = input.columns.iter().map(|column| column_def(input, column));
    let record = record(input);
    let rust_fields = input.columns.iter().map(|column| &column.ident);
    quote! {
        const _: () = {
            use #krate::__private as _s;
            #rust_file
            const NAME: _s::Name = #sql_name;
            #[automatically_derived]
            impl _s::PgType for #ident {
                const TYPE: _s::Type = _s::Type::composite(NAME);
            }
            #[automatically_derived]
            impl _s::Composite for #ident {
                const DEF: &'static _s::CompositeDef = &_s::CompositeDef {
                    origin: #origin,
                    name: NAME,
                    comment: #comment,
                    renamed_from: #renamed_from,
                    columns: &[#(#columns),*],
                };
                const RECORD: _s::Parts = #record;
            }
            // A struct that only describes its type is no dead code.
            #[allow(dead_code)]
            fn fields(value: &#ident) {
                #(let _ = value.#rust_fields;)*
            }
            #krate::__record!(KIND_COMPOSITE, <#ident as _s::Composite>::RECORD);
        };
    }
}

/// What tables need of a type that has mistakes, so that they don't get errors of their own.
pub(crate) fn stub(input: &Table) -> TokenStream {
    let sql_name = name(input.attrs.schema.as_ref(), &input.name());
    type_stub(input.attrs.krate.as_ref(), &input.ident, quote!(composite(#sql_name)))
}

fn record(input: &Table) -> TokenStream {
    let mut record = Record::default();
    record.head(&input.ident, input.attrs.schema.as_ref(), &input.name());
    record.written(input.attrs.comment.as_ref());
    record.written(input.attrs.renamed_from.as_ref());
    record.count(input.columns.len());
    for column in &input.columns {
        record.column(input, column);
    }
    record.finish()
}
