//! `#[derive(Table)]`: the consts of the columns, the definition, its record, and what only rustc can check.

use super::constraint::path;
use super::{allow, column_const, constraint, extra, file, index, krate, line, name, origin, wire};
use crate::ast::{Column, Constraint, Identity, Index, Table};
use crate::check::is_option;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// All that the derive gives.
pub(crate) fn expand(table: &Table) -> TokenStream {
    let krate = krate(table.attrs.krate.as_ref());
    let ident = &table.ident;
    let table_name = table.name();
    let sql_name = name(table.attrs.schema.as_ref(), &table_name);
    let consts = table.columns.iter().map(|column| column_item(table, column));
    let columns = table.columns.iter().map(|column| column_def(table, column));
    let fields = table.columns.iter().flat_map(|column| &column.attrs.constraints);
    let all: Vec<&Constraint> = table.attrs.constraints.iter().chain(fields).collect();
    let constraints = constraint::expand(table, &all);
    let fields = table.columns.iter().flat_map(|column| &column.attrs.indexes);
    let indexes: Vec<&Index> = table.attrs.indexes.iter().chain(fields).collect();
    let record = wire::table(table, &all, &constraints.targets, &indexes);
    let indexes = indexes.iter().map(|i| index::expand(table, i));
    let name_bytes = wire::name(table.attrs.schema.as_ref(), &table_name);
    let identities = table.columns.iter().filter_map(|column| identity_check(table, column));
    let file = file(ident.span());
    let table_origin = origin(ident.span(), &ident.unraw().to_string());
    let rare = rare_fields(table);
    let rust_fields = table.columns.iter().map(|column| &column.ident);
    let (checks, constraints) = (&constraints.checks, &constraints.defs);
    quote! {
        const _: () = {
            use #krate::__private as _s;
            #file
            const NAME: _s::Name = #sql_name;
            #[allow(dead_code, private_interfaces)]
            impl #ident {
                #(#consts)*
            }
            #[automatically_derived]
            impl _s::Table for #ident {
                const DEF: &'static _s::TableDef = &_s::TableDef {
                    columns: &[#(#columns),*],
                    constraints: &[#(#constraints),*],
                    indexes: &[#(#indexes),*],
                    #rare
                    .._s::table(#table_origin, NAME)
                };
                const NAME: _s::Bytes = #name_bytes;
                const RECORD: _s::Parts = #record;
            }
            // A struct that only describes its table is no dead code.
            #[allow(dead_code)]
            fn fields(row: &#ident) {
                #(let _ = row.#rust_fields;)*
            }
            #(#identities)*
            #checks
            #krate::__record!(KIND_TABLE, <#ident as _s::Table>::RECORD);
        };
    }
}

/// The fields of the `TableDef` that most tables leave as they are.
fn rare_fields(table: &Table) -> TokenStream {
    let attrs = &table.attrs;
    let mut fields = TokenStream::new();
    if let Some(comment) = &attrs.comment {
        fields.extend(quote!(comment: _s::Some(#comment),));
    }
    if let Some(renamed_from) = &attrs.renamed_from {
        fields.extend(quote!(renamed_from: _s::Some(#renamed_from),));
    }
    if attrs.unlogged.is_some() {
        fields.extend(quote!(unlogged: true,));
    }
    if !attrs.allow.is_empty() {
        let all = attrs.allow.iter().map(|one| allow(one, &path(table, None)));
        fields.extend(quote!(allow: &[#(#all),*],));
    }
    if let Some(extra) = &attrs.extra {
        fields.extend(extra::fields(table, extra));
    }
    fields
}

/// What other structs need of a table that has mistakes, so that they don't get errors of their own.
pub(crate) fn stub(table: &Table) -> TokenStream {
    let krate = krate(table.attrs.krate.as_ref());
    let ident = &table.ident;
    let sql_name = name(table.attrs.schema.as_ref(), &table.name());
    let mut seen = HashSet::new();
    let columns = table.columns.iter().filter(|column| seen.insert(column_const(&column.ident)));
    let consts = columns.map(|column| column_item(table, column));
    quote! {
        const _: () = {
            use #krate::__private as _s;
            const NAME: _s::Name = #sql_name;
            #[allow(dead_code, private_interfaces)]
            impl #ident {
                #(#consts)*
            }
            impl _s::Table for #ident {
                const DEF: &'static _s::TableDef = &_s::table(_s::origin("", 0, ""), NAME);
                const NAME: _s::Bytes = &[];
                const RECORD: _s::Parts = &[];
            }
        };
    }
}

/// `pub const ID: Column<User, i64> = ...;`
pub(super) fn column_item(table: &Table, column: &Column) -> TokenStream {
    let item = column_const(&column.ident);
    let sql_name = column.name().text;
    let doc = format!("The column `{sql_name}` of the table `{}`.", table.name().text);
    let rust = &column.ty;
    let ty = sql_type(column);
    quote! {
        #[doc = #doc]
        pub const #item: _s::Column<Self, #rust> = _s::Column::new(NAME, #sql_name, #ty);
    }
}

/// The column's `Type`. Where the Rust type has none, rustc's error stands on it.
fn sql_type(column: &Column) -> TokenStream {
    let rust = &column.ty;
    let Some(sql) = &column.attrs.sql_type else {
        return quote_spanned!(rust.span()=> <#rust as _s::PgType>::TYPE);
    };
    let mut ty = written_type(&sql.value());
    if is_option(rust) {
        ty.extend(quote!(.nullable()));
    }
    ty
}

/// The `Type` of SQL text.
pub(super) fn written_type(sql: &str) -> TokenStream {
    let element = element(sql);
    let mut ty = quote!(_s::Type::sql(#element));
    if element.len() < sql.trim().len() {
        ty.extend(quote!(.array()));
    }
    ty
}

/// The SQL type without a trailing `[]`.
pub(super) fn element(sql: &str) -> &str {
    let mut element = sql.trim();
    while let Some(open) = element.strip_suffix(']').and_then(|rest| rest.rfind('[')) {
        element = element[..open].trim_end();
    }
    element
}

pub(super) fn column_def(table: &Table, column: &Column) -> TokenStream {
    let line = line(column.ident.span());
    let path = path(table, Some(&column.ident));
    let ty = sql_type(column);
    let sql_name = column.name().text;
    let mut fields = TokenStream::new();
    let attrs = &column.attrs;
    if let Some(default) = &attrs.default {
        let sql = &default.value;
        fields.extend(quote!(default: _s::Some(#sql),));
    }
    if let Some(identity) = &attrs.identity {
        let identity = match identity.value {
            Identity::Always => quote!(Always),
            Identity::ByDefault => quote!(ByDefault),
        };
        fields.extend(quote!(identity: _s::Some(_s::Identity::#identity),));
    }
    if let Some(generated) = &attrs.generated {
        fields.extend(quote!(generated: _s::Some(#generated),));
    }
    if attrs.is_virtual {
        fields.extend(quote!(is_virtual: true,));
    }
    if let Some(storage) = &attrs.storage {
        fields.extend(quote!(storage: _s::Some(#storage),));
    }
    if let Some(compression) = &attrs.compression {
        fields.extend(quote!(compression: _s::Some(#compression),));
    }
    if let Some(statistics) = &attrs.statistics {
        fields.extend(quote!(statistics: _s::Some(#statistics),));
    }
    if let Some(collation) = &attrs.collation {
        let collation = quoted_collation(&collation.value());
        fields.extend(quote!(collation: _s::Some(#collation),));
    }
    if let Some(comment) = &attrs.comment {
        fields.extend(quote!(comment: _s::Some(#comment),));
    }
    if let Some(renamed_from) = &attrs.renamed_from {
        fields.extend(quote!(renamed_from: _s::Some(#renamed_from),));
    }
    if !attrs.allow.is_empty() {
        let all = attrs.allow.iter().map(|one| allow(one, &path));
        fields.extend(quote!(allow: &[#(#all),*],));
    }
    let plain = quote!(_s::column(FILE, #line, #path, #sql_name, #ty));
    if fields.is_empty() { plain } else { quote!(_s::ColumnDef { #fields ..#plain }) }
}

/// A collation as SQL. Its name is often not lower case (`C`, `de_DE`); what is quoted already stays.
pub(super) fn quoted_collation(written: &str) -> String {
    if written.contains('"') { written.to_owned() } else { format!("\"{written}\"") }
}

/// An identity is an integer, also behind a newtype.
fn identity_check(table: &Table, column: &Column) -> Option<TokenStream> {
    column.attrs.identity.as_ref()?;
    let ident = &table.ident;
    let item = column_const(&column.ident);
    let path = format!("{}.{}", ident.unraw(), column.ident.unraw());
    Some(quote_spanned! {column.ty.span()=>
        const _: () = _s::check_identity(#path, #ident::#item.sql_type());
    })
}
