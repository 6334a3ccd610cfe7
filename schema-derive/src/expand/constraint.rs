//! Constraints, and the checks of foreign keys that rustc makes.

use super::{column_const, optional, origin};
use crate::ast::{Action, Constraint, ConstraintKind, Deferrable, Spanned, Table, Target};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt;

/// The constraints of a table.
pub(super) struct Constraints {
    /// Each one's `ConstraintDef`.
    pub(super) defs: Vec<TokenStream>,
    /// Each one's referenced columns.
    pub(super) targets: Vec<Vec<TargetItem>>,
    /// The items of the targets, and checks of their types.
    pub(super) checks: TokenStream,
}

/// The const that stands for a referenced column.
pub(super) struct TargetItem {
    pub(super) item: Ident,
    pub(super) table: Path,
}

/// Expands all of them.
pub(super) fn expand(table: &Table, constraints: &[&Constraint]) -> Constraints {
    let mut out = Constraints { defs: Vec::new(), targets: Vec::new(), checks: TokenStream::new() };
    for (number, constraint) in constraints.iter().enumerate() {
        let origin = origin(constraint.word.span(), &path(table, constraint.field.as_ref()));
        let name = optional(constraint.name.as_ref());
        let targets = targets(table, constraint, number, &mut out.checks);
        let kind = kind(table, constraint, &targets);
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
        out.targets.push(targets);
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

fn kind(table: &Table, constraint: &Constraint, targets: &[TargetItem]) -> TokenStream {
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
        ConstraintKind::ForeignKey { columns, targets: _, match_full, on_delete, on_update } => {
            let columns = names(table, columns);
            let items: Vec<&Ident> = targets.iter().map(|target| &target.item).collect();
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

/// The referenced columns as consts, and the comparisons of their types with the columns'.
fn targets(
    table: &Table,
    constraint: &Constraint,
    number: usize,
    checks: &mut TokenStream,
) -> Vec<TargetItem> {
    let ConstraintKind::ForeignKey { columns, targets, .. } = &constraint.kind else {
        return Vec::new();
    };
    let mut items = Vec::new();
    for (i, (column, target)) in columns.iter().zip(targets).enumerate() {
        let item =
            TargetItem { item: format_ident!("TARGET_{number}_{i}"), table: target_table(table, target) };
        checks.extend(check_target(table, column, target, &item));
        items.push(item);
    }
    items
}

/// The path of the referenced struct; outside of an `impl` there is no `Self`.
fn target_table(table: &Table, target: &Target) -> Path {
    let mut path = target.table.clone();
    for segment in &mut path.segments {
        if segment.ident == "Self" {
            let mut ident = table.ident.clone();
            ident.set_span(segment.ident.span());
            segment.ident = ident;
        }
    }
    path
}

fn check_target(table: &Table, column: &Ident, target: &Target, to: &TargetItem) -> TokenStream {
    let ident = &table.ident;
    let TargetItem { item, table: to_table } = to;
    let to_column = column_const(&target.field);
    let column_item = column_const(column);
    let path = path(table, Some(column));
    let span = target.field.span();
    let checked = quote_spanned!(span=> _s::check_reference(#path, #ident::#column_item.sql_type(), #item));
    quote! {
        const #item: _s::Target = #to_table::#to_column.target();
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
