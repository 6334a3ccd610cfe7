//! What can be wrong though each attribute is well-formed. What needs the types of other structs is left to rustc.

mod extra;

use crate::ast::{
    Action, Column, Constraint, ConstraintKind, Domain, Enum, Index, KeyPart, Spanned, Table, Target, View,
};
use crate::case::did_you_mean;
use crate::ctxt::Ctxt;
use crate::expand::column_const;
use crate::read::SqlName;
use proc_macro2::Ident;
use quote::ToTokens;
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{LitStr, Type};

/// PostgreSQL cuts longer names off.
const NAME_BYTES: usize = 63;

/// Checks a table.
pub(crate) fn table(ctxt: &Ctxt, table: &Table) {
    relation(ctxt, table, "the table's name");
    for column in &table.columns {
        one_source(ctxt, column);
    }
    let fields = table.columns.iter().flat_map(|c| &c.attrs.constraints);
    let constraints: Vec<&Constraint> = table.attrs.constraints.iter().chain(fields).collect();
    for constraint in &constraints {
        check_constraint(ctxt, table, constraint);
    }
    one_primary_key(ctxt, &constraints);
    if let Some(extra) = &table.attrs.extra {
        extra::check(ctxt, table, extra);
    }
}

/// Checks a view.
pub(crate) fn view(ctxt: &Ctxt, view: &View) {
    let View { relation: of_view, attrs } = view;
    relation(ctxt, of_view, "the view's name");
    match (&attrs.sql, &attrs.sql_file) {
        (Some(_), Some(file)) => {
            ctxt.error(file.span(), "the query comes from `sql` or from `sql_file`, not from both");
        }
        (None, None) => ctxt.error(
            of_view.ident.span(),
            "a view needs its query: `#[view(sql = \"SELECT ...\")]`, or `sql_file = \"views/name.sql\"`",
        ),
        (Some(_), None) | (None, Some(_)) => {}
    }
    if attrs.materialized.is_some() {
        return;
    }
    if let Some(word) = &attrs.with_no_data {
        ctxt.error(word.span(), "only a materialized view has data: write `materialized` beside it");
    }
    let fields = of_view.columns.iter().flat_map(|c| &c.attrs.indexes);
    for index in of_view.attrs.indexes.iter().chain(fields) {
        ctxt.error(index.word.span(), "only a materialized view has indexes: write `materialized` beside it");
    }
}

/// Checks a composite type.
pub(crate) fn composite(ctxt: &Ctxt, input: &Table) {
    relation(ctxt, input, "the type's name");
}

/// Checks a domain.
pub(crate) fn domain(ctxt: &Ctxt, domain: &Domain) {
    name(ctxt, &domain.name(), "the domain's name");
    written_name(ctxt, domain.attrs.schema.as_ref(), "the schema's name");
    if is_option(&domain.ty) {
        ctxt.error(
            domain.ty.span(),
            "a domain's value can be NULL unless it says `not_null`; write the `Option` where it is used",
        );
    }
    for check in &domain.attrs.checks {
        written_name(ctxt, check.name.as_ref(), "the constraint's name");
        if let ConstraintKind::Check { no_inherit: true, .. } = check.kind {
            ctxt.error(check.word.span(), "nothing inherits a domain: leave `no_inherit` out");
        }
    }
}

/// Checks what structs with columns have in common.
fn relation(ctxt: &Ctxt, table: &Table, what: &str) {
    name(ctxt, &table.name(), what);
    written_name(ctxt, table.attrs.schema.as_ref(), "the schema's name");
    let mut names = HashMap::new();
    let mut consts = HashMap::new();
    for column in &table.columns {
        let sql_name = column.name();
        name(ctxt, &sql_name, "the column's name");
        if let Some(other) = names.insert(sql_name.text.clone(), &column.ident) {
            ctxt.error(
                sql_name.span,
                format!(
                    "two columns are called `{}`: this one and that of the field `{other}`",
                    sql_name.text
                ),
            );
        } else if let Some(other) = consts.insert(column_const(&column.ident).to_string(), &column.ident) {
            ctxt.error(
                column.ident.span(),
                format!(
                    "the fields `{}` and `{other}` would share the const `{}`; rename one, and keep its column with \
                     `#[column(name = \"...\")]`",
                    column.ident,
                    column_const(&column.ident)
                ),
            );
        }
    }
    let fields = table.columns.iter().flat_map(|c| &c.attrs.indexes);
    for index in table.attrs.indexes.iter().chain(fields) {
        check_index(ctxt, table, index);
    }
}

/// Checks an enum and its labels.
pub(crate) fn enumeration(ctxt: &Ctxt, input: &Enum, labels: &[SqlName]) {
    name(ctxt, &input.name(), "the type's name");
    written_name(ctxt, input.attrs.schema.as_ref(), "the schema's name");
    if labels.is_empty() {
        ctxt.error(input.ident.span(), "a PostgreSQL enum needs at least one variant");
    }
    let mut seen = HashMap::new();
    for (label, sql_name) in input.labels.iter().zip(labels) {
        name(ctxt, sql_name, "the label");
        if let Some(other) = seen.insert(sql_name.text.as_str(), &label.ident) {
            ctxt.error(
                sql_name.span,
                format!("two variants have the label `{}`: this one and `{other}`", sql_name.text),
            );
        }
    }
}

pub(super) fn name(ctxt: &Ctxt, name: &SqlName, what: &str) {
    let bytes = name.text.len();
    if bytes > NAME_BYTES {
        ctxt.error(name.span, format!("{what} has {bytes} bytes; PostgreSQL keeps only {NAME_BYTES}"));
    }
    if name.text.contains('\0') {
        ctxt.error(name.span, format!("{what} contains a zero byte"));
    }
}

fn written_name(ctxt: &Ctxt, written: Option<&LitStr>, what: &str) {
    if let Some(written) = written {
        let sql_name = SqlName { text: written.value(), span: written.span() };
        name(ctxt, &sql_name, what);
    }
}

/// A column's value comes from a default, an identity or an expression, or from none of them.
fn one_source(ctxt: &Ctxt, column: &Column) {
    let attrs = &column.attrs;
    if let (Some(_), Some(generated)) = (&attrs.default, &attrs.generated) {
        ctxt.error(generated.span(), "a generated column has no default");
    }
    let Some(identity) = &attrs.identity else {
        return;
    };
    if let Some(default) = &attrs.default {
        ctxt.error(default.span, "an identity column has no default of its own");
    }
    if attrs.generated.is_some() {
        ctxt.error(identity.span, "a generated column cannot be an identity column too");
    }
    if is_option(&column.ty) {
        ctxt.error(
            identity.span,
            format!("an identity column is never NULL, but `{}` is an `Option`", column.ident),
        );
    }
}

fn one_primary_key(ctxt: &Ctxt, constraints: &[&Constraint]) {
    let mut keys = constraints.iter().filter(|c| matches!(c.kind, ConstraintKind::PrimaryKey { .. }));
    keys.next();
    for second in keys {
        ctxt.error(
            second.word.span(),
            "a table has one primary key; one of several columns is `#[table(primary_key(a, b))]`",
        );
    }
}

fn check_constraint(ctxt: &Ctxt, table: &Table, constraint: &Constraint) {
    written_name(ctxt, constraint.name.as_ref(), "the constraint's name");
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, include } => {
            known(ctxt, table, columns);
            known(ctxt, table, include);
            twice(ctxt, columns);
            for field in columns {
                if table.column(field).is_some_and(|column| is_option(&column.ty)) {
                    ctxt.error(
                        field.span(),
                        format!("a primary key is never NULL, but `{field}` is an `Option`"),
                    );
                }
            }
        }
        ConstraintKind::Unique { columns, include, nulls_not_distinct: _ } => {
            known(ctxt, table, columns);
            known(ctxt, table, include);
            twice(ctxt, columns);
        }
        ConstraintKind::ForeignKey { columns, targets, match_full: _, on_delete, on_update } => {
            known(ctxt, table, columns);
            twice(ctxt, columns);
            for action in [on_delete, on_update].into_iter().flatten() {
                check_action(ctxt, table, columns, action);
            }
            if let [first, rest @ ..] = targets.as_slice() {
                for target in rest.iter().filter(|target| path_text(target) != path_text(first)) {
                    ctxt.error(target.field.span(), "a foreign key references columns of one table");
                }
            }
        }
        ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } => {}
    }
}

fn check_action(ctxt: &Ctxt, table: &Table, columns: &[Ident], action: &Spanned<Action>) {
    let columns = columns.iter().filter_map(|field| table.column(field));
    for column in columns.filter(|column| !is_option(&column.ty)) {
        match action.value {
            Action::SetNull => ctxt.error(
                action.span,
                format!("`set_null` needs `{0}` to be an `Option`: it can never be NULL", column.ident),
            ),
            Action::SetDefault if column.attrs.default.is_none() => ctxt.error(
                action.span,
                format!("`set_default` needs a default for `{0}`, or an `Option`", column.ident),
            ),
            Action::SetDefault | Action::NoAction | Action::Restrict | Action::Cascade => {}
        }
    }
}

fn check_index(ctxt: &Ctxt, table: &Table, index: &Index) {
    written_name(ctxt, index.name.as_ref(), "the index's name");
    for key in &index.keys {
        match &key.on {
            KeyPart::Column(field) => known(ctxt, table, std::slice::from_ref(field)),
            KeyPart::Expression(_) => {}
        }
    }
    known(ctxt, table, &index.include);
}

/// Columns in attributes are fields of the struct.
fn known(ctxt: &Ctxt, table: &Table, fields: &[Ident]) {
    for field in fields {
        if table.column(field).is_some() {
            continue;
        }
        if table.skipped.iter().any(|skipped| skipped.unraw() == field.unraw()) {
            ctxt.error(field.span(), format!("the field `{field}` is skipped, so it is no column"));
            continue;
        }
        let names: Vec<String> = table.columns.iter().map(|c| c.ident.unraw().to_string()).collect();
        let by_sql_name = table.columns.iter().find(|column| *field == column.name().text);
        let near = did_you_mean(&field.to_string(), names.iter().map(String::as_str));
        let help = match (by_sql_name, near) {
            (Some(column), _) => {
                format!("; that is the column's name, write the field: `{}`", column.ident)
            }
            (None, Some(near)) => format!("; did you mean `{near}`?"),
            (None, None) => String::new(),
        };
        ctxt.error(field.span(), format!("`{}` has no field `{field}`{help}", table.ident));
    }
}

fn twice(ctxt: &Ctxt, fields: &[Ident]) {
    for (i, field) in fields.iter().enumerate() {
        if fields[..i].contains(field) {
            ctxt.error(field.span(), format!("`{field}` is named twice"));
        }
    }
}

fn path_text(target: &Target) -> String {
    target.table.to_token_stream().to_string()
}

/// Whether the type is written as an `Option`.
pub(crate) fn is_option(ty: &Type) -> bool {
    last_word(ty).is_some_and(|word| word == "Option")
}

/// The last word of a type's path, without its arguments.
pub(crate) fn last_word(ty: &Type) -> Option<&Ident> {
    if let Type::Path(path) = ty {
        path.path.segments.last().map(|last| &last.ident)
    } else if let Type::Group(group) = ty {
        last_word(&group.elem)
    } else if let Type::Paren(paren) = ty {
        last_word(&paren.elem)
    } else {
        None
    }
}
