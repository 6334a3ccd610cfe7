//! Constraints, and the checks of foreign keys that rustc makes.

use super::{column_const, optional, origin};
use crate::ast::{Action, Constraint, ConstraintKind, Deferrable, Spanned, Table, Target};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

/// The constraints of a table.
pub(super) struct Constraints {
    /// Each one's `ConstraintDef`.
    pub(super) defs: Vec<TokenStream>,
    /// Items that they name, and checks of their types.
    pub(super) checks: TokenStream,
}

/// Expands all of them.
pub(super) fn expand<'a>(table: &Table, constraints: impl Iterator<Item = &'a Constraint>) -> Constraints {
    let mut out = Constraints { defs: Vec::new(), checks: TokenStream::new() };
    for (number, constraint) in constraints.enumerate() {
        let origin = origin(constraint.word.span(), &path(table, constraint.field.as_ref()));
        let name = optional(constraint.name.as_ref());
        let kind = kind(table, constraint, number, &mut out.checks);
        let deferrable = match constraint.deferrable {
            Deferrable::No => quote!(No),
            Deferrable::Immediate => quote!(Immediate),
            Deferrable::Deferred => quote!(Deferred),
        };
        out.defs.push(quote! {
            _s::ConstraintDef {
                origin: #origin,
                name: #name,
                kind: _s::ConstraintKind::#kind,
                deferrable: _s::Deferrable::#deferrable,
            }
        });
    }
    out
}

/// What an origin says: `Transaction`, `Transaction.status`.
pub(super) fn path(table: &Table, field: Option<&Ident>) -> String {
    match field {
        Some(field) => format!("{}.{}", table.ident.unraw(), field.unraw()),
        None => table.ident.unraw().to_string(),
    }
}

/// The column names of fields, as a slice.
pub(super) fn names(table: &Table, fields: &[Ident]) -> TokenStream {
    let names = fields.iter().map(|field| table.column_name(field));
    quote!(&[#(#names),*])
}

fn kind(table: &Table, constraint: &Constraint, number: usize, checks: &mut TokenStream) -> TokenStream {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, include } => {
            let columns = names(table, columns);
            let include = names(table, include);
            quote!(PrimaryKey { columns: #columns, include: #include })
        }
        ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            let columns = names(table, columns);
            let include = names(table, include);
            quote!(Unique { columns: #columns, include: #include, nulls_not_distinct: #nulls_not_distinct })
        }
        ConstraintKind::Check { expression, no_inherit } => {
            let column = optional(constraint.field.as_ref().map(|field| table.column_name(field)));
            quote!(Check { expression: #expression, no_inherit: #no_inherit, column: #column })
        }
        ConstraintKind::ForeignKey { columns, targets, match_full, on_delete, on_update } => {
            let items: Vec<Ident> =
                (0..targets.len()).map(|i| format_ident!("TARGET_{number}_{i}")).collect();
            for ((column, target), item) in columns.iter().zip(targets).zip(&items) {
                checks.extend(check_target(table, column, target, item));
            }
            let columns = names(table, columns);
            let first = items.first();
            let on_delete = action(on_delete.as_ref());
            let on_update = action(on_update.as_ref());
            quote!(ForeignKey {
                columns: #columns,
                target: #first.table,
                target_columns: &[#(#items.name),*],
                match_full: #match_full,
                on_delete: _s::Action::#on_delete,
                on_update: _s::Action::#on_update,
            })
        }
        ConstraintKind::Exclude { method, elements, predicate } => {
            let method = method.as_ref().map_or_else(|| "btree".to_owned(), syn::LitStr::value);
            let predicate = optional(predicate.as_ref());
            quote!(Exclude { method: #method, elements: #elements, predicate: #predicate })
        }
    }
}

/// The target as a const, and the comparison of its type with the column's.
fn check_target(table: &Table, column: &Ident, target: &Target, item: &Ident) -> TokenStream {
    let ident = &table.ident;
    let mut target_table = target.table.clone();
    // Outside of an `impl` there is no `Self`.
    for segment in &mut target_table.segments {
        if segment.ident == "Self" {
            segment.ident = Ident::new(&ident.to_string(), segment.ident.span());
        }
    }
    let target_const = column_const(&target.field);
    let column_item = column_const(column);
    let path = path(table, Some(column));
    let span = target.field.span();
    let checked = quote_spanned!(span=> _s::check_reference(#path, #ident::#column_item.sql_type(), #item));
    quote! {
        const #item: _s::Target = #target_table::#target_const.target();
        const _: () = #checked;
    }
}

fn action(action: Option<&Spanned<Action>>) -> TokenStream {
    match action.map(|action| action.value) {
        None | Some(Action::NoAction) => quote!(NoAction),
        Some(Action::Restrict) => quote!(Restrict),
        Some(Action::Cascade) => quote!(Cascade),
        Some(Action::SetNull) => quote!(SetNull),
        Some(Action::SetDefault) => quote!(SetDefault),
    }
}
