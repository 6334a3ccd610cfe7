//! Indexes.

use super::constraint::{names, path};
use super::table::quoted_collation;
use super::{optional, origin};
use crate::ast::{Index, IndexKey, KeyPart, Table};
use proc_macro2::TokenStream;
use quote::quote;

/// One `IndexDef`.
pub(super) fn expand(table: &Table, index: &Index) -> TokenStream {
    let origin = origin(index.word.span(), &path(table, index.field.as_ref()));
    let name = optional(index.name.as_ref());
    let unique = index.unique;
    let method = optional(index.method.as_ref());
    let keys = index.keys.iter().map(|k| key(table, k));
    let include = names(table, &index.include);
    let nulls_not_distinct = index.nulls_not_distinct;
    let predicate = optional(index.predicate.as_ref());
    let with = optional(index.with.as_ref());
    quote! {
        _s::IndexDef {
            origin: #origin,
            name: #name,
            unique: #unique,
            method: #method,
            keys: &[#(#keys),*],
            include: #include,
            nulls_not_distinct: #nulls_not_distinct,
            predicate: #predicate,
            with: #with,
        }
    }
}

pub(super) fn key(table: &Table, key: &IndexKey) -> TokenStream {
    let on = match &key.on {
        KeyPart::Column(field) => {
            let name = table.column_name(field);
            quote!(Column(#name))
        }
        KeyPart::Expression(sql) => quote!(Expression(#sql)),
    };
    let collation = optional(key.collation.as_ref().map(|c| quoted_collation(&c.value())));
    let opclass = optional(key.opclass.as_ref());
    let descending = key.descending;
    let nulls_first = optional(key.nulls_first);
    quote! {
        _s::IndexKey {
            on: _s::KeyPart::#on,
            collation: #collation,
            opclass: #opclass,
            descending: #descending,
            nulls_first: #nulls_first,
        }
    }
}
