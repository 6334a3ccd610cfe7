//! `#[derive(View)]`: the consts of the columns, the definition and its record.

use super::constraint::path;
use super::table::{column_def, column_item};
use super::wire::{self, Record};
use super::{column_const, file, index, krate, name, optional, origin};
use crate::ast::{Index, View};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use std::collections::HashSet;
use syn::ext::IdentExt;

/// All that the derive gives.
pub(crate) fn expand(view: &View) -> TokenStream {
    let View { relation, attrs } = view;
    let krate = krate(relation.attrs.krate.as_ref());
    let ident = &relation.ident;
    let sql_name = name(relation.attrs.schema.as_ref(), &relation.name());
    let consts = relation.columns.iter().map(|column| column_item(relation, column));
    let columns = relation.columns.iter().map(|column| column_def(relation, column));
    let of_fields = relation.columns.iter().flat_map(|column| &column.attrs.indexes);
    let indexes: Vec<&Index> = relation.attrs.indexes.iter().chain(of_fields).collect();
    let record = record(view, &indexes);
    let indexes = indexes.iter().map(|i| index::expand(relation, i));
    let name_bytes = wire::name(relation.attrs.schema.as_ref(), &relation.name());
    let rust_file = file(ident.span());
    let view_origin = origin(ident.span(), &ident.unraw().to_string());
    let comment = optional(relation.attrs.comment.as_ref());
    let materialized = attrs.materialized.is_some();
    let with = optional(attrs.with.as_ref());
    let with_no_data = attrs.with_no_data.is_some();
    let query = query(view);
    let sql_file = optional(attrs.sql_file.as_ref());
    let after = &attrs.after;
    let allow = relation.attrs.allow.iter().map(|one| super::allow(one, &path(relation, None)));
    let rust_fields = relation.columns.iter().map(|column| &column.ident);
    quote! {
        const _: () = {
            use #krate::__private as _s;
            #rust_file
            const NAME: _s::Name = #sql_name;
            const SQL: _s::Text = #query;
            #[allow(dead_code, private_interfaces)]
            impl #ident {
                #(#consts)*
            }
            #[automatically_derived]
            impl _s::View for #ident {
                const DEF: &'static _s::ViewDef = &_s::ViewDef {
                    origin: #view_origin,
                    name: NAME,
                    comment: #comment,
                    materialized: #materialized,
                    with: #with,
                    with_no_data: #with_no_data,
                    sql: SQL,
                    file: #sql_file,
                    after: &[#(<#after as _s::View>::DEF.name),*],
                    columns: &[#(#columns),*],
                    indexes: &[#(#indexes),*],
                    allow: &[#(#allow),*],
                };
                const NAME: _s::Bytes = #name_bytes;
                const RECORD: _s::Parts = #record;
            }
            // A struct that only describes its view is no dead code.
            #[allow(dead_code)]
            fn fields(row: &#ident) {
                #(let _ = row.#rust_fields;)*
            }
            #krate::__record!(KIND_VIEW, <#ident as _s::View>::RECORD);
        };
    }
}

/// What other structs need of a view that has mistakes, so that they don't get errors of their own.
pub(crate) fn stub(view: &View) -> TokenStream {
    let relation = &view.relation;
    let krate = krate(relation.attrs.krate.as_ref());
    let ident = &relation.ident;
    let sql_name = name(relation.attrs.schema.as_ref(), &relation.name());
    let mut seen = HashSet::new();
    let columns = relation.columns.iter().filter(|column| seen.insert(column_const(&column.ident)));
    let consts = columns.map(|column| column_item(relation, column));
    quote! {
        const _: () = {
            use #krate::__private as _s;
            const NAME: _s::Name = #sql_name;
            #[allow(dead_code, private_interfaces)]
            impl #ident {
                #(#consts)*
            }
            impl _s::View for #ident {
                const DEF: &'static _s::ViewDef = &_s::no_view(NAME);
                const NAME: _s::Bytes = &[];
                const RECORD: _s::Parts = &[];
            }
        };
    }
}

/// The query as an expression. rustc reads the file, so that a change of it builds the crate anew.
fn query(view: &View) -> TokenStream {
    match (&view.attrs.sql, &view.attrs.sql_file) {
        (Some(sql), _) => quote!(#sql),
        (None, Some(file)) => quote_spanned! {file.span()=>
            ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #file))
        },
        (None, None) => quote!(""),
    }
}

fn record(view: &View, indexes: &[&Index]) -> TokenStream {
    let View { relation, attrs } = view;
    let mut record = Record::default();
    record.head(&relation.ident, relation.attrs.schema.as_ref(), &relation.name());
    record.written(relation.attrs.comment.as_ref());
    record.flag(attrs.materialized.is_some());
    record.optional(attrs.with.as_deref());
    record.flag(attrs.with_no_data.is_some());
    match &attrs.sql {
        Some(sql) => record.text(&sql.value()),
        None => {
            record.part(quote!(&_s::count(SQL.len())));
            record.part(quote!(SQL.as_bytes()));
        }
    }
    record.written(attrs.sql_file.as_ref());
    record.count(attrs.after.len());
    for path in &attrs.after {
        record.part(quote!(<#path as _s::View>::NAME));
    }
    record.count(relation.columns.len());
    for column in &relation.columns {
        record.column(relation, column);
    }
    record.count(indexes.len());
    for index in indexes {
        record.index(relation, index);
    }
    record.allow(&relation.attrs.allow, &path(relation, None));
    record.finish()
}
