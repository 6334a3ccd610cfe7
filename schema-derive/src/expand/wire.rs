//! The definition's bytes, as far as a derive knows them; `schema_core::wire` describes the format and adds the
//! frame. What other items say (types, referenced names) stands between as parts for rustc to fill in.

use super::constraint::{TargetItem, path};
use super::extra;
use super::line;
use super::table::{element, quoted_collation};
use crate::ast::{
    Action, Allow, Column, ColumnAttrs, Constraint, ConstraintKind, Deferrable, Enum, Identity, Index,
    IndexKey, KeyPart, Spanned, Table,
};
use crate::check::is_option;
use crate::read::SqlName;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::LitStr;
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;

/// The parts of a record: bytes and what rustc fills in.
#[derive(Default)]
pub(super) struct Record {
    parts: Vec<TokenStream>,
    bytes: Vec<u8>,
}

impl Record {
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.byte(flag.into());
    }

    pub(super) fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend(text.as_bytes());
    }

    pub(super) fn optional(&mut self, text: Option<&str>) {
        self.flag(text.is_some());
        if let Some(text) = text {
            self.text(text);
        }
    }

    pub(super) fn written(&mut self, text: Option<&LitStr>) {
        self.optional(text.map(LitStr::value).as_deref());
    }

    /// What rustc fills in.
    pub(super) fn part(&mut self, tokens: TokenStream) {
        self.flush();
        self.parts.push(tokens);
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            self.parts.push(Literal::byte_string(&self.bytes).into_token_stream());
            self.bytes.clear();
        }
    }

    pub(super) fn finish(mut self) -> TokenStream {
        self.flush();
        let parts = &self.parts;
        quote!(&[#(#parts),*])
    }

    pub(super) fn origin(&mut self, span: Span, path: &str) {
        self.number(line(span));
        self.text(path);
    }

    pub(super) fn head(&mut self, ident: &Ident, schema: Option<&LitStr>, name: &SqlName) {
        self.text(&ident.span().unwrap().file());
        self.origin(ident.span(), &ident.unraw().to_string());
        self.name(schema, name);
    }

    fn name(&mut self, schema: Option<&LitStr>, name: &SqlName) {
        self.written(schema);
        self.text(&name.text);
    }

    pub(super) fn columns(&mut self, table: &Table, fields: &[Ident]) {
        self.count(fields.len());
        for field in fields {
            self.text(&table.column_name(field));
        }
    }

    pub(super) fn column(&mut self, table: &Table, column: &Column) {
        let attrs = &column.attrs;
        let path = path(table, Some(&column.ident));
        self.origin(column.ident.span(), &path);
        self.text(&column.name().text);
        match &attrs.sql_type {
            Some(sql) => self.written_type(&sql.value(), is_option(&column.ty)),
            None => {
                let rust = &column.ty;
                self.part(quote_spanned!(rust.span()=> <#rust as _s::PgType>::WIRE));
            }
        }
        self.optional(attrs.default.as_ref().map(|default| default.value.as_str()));
        self.byte(match attrs.identity.as_ref().map(|identity| identity.value) {
            None => 0,
            Some(Identity::Always) => 1,
            Some(Identity::ByDefault) => 2,
        });
        self.written(attrs.generated.as_ref());
        self.rarely(attrs, &path);
        self.optional(attrs.collation.as_ref().map(|c| quoted_collation(&c.value())).as_deref());
        self.written(attrs.comment.as_ref());
        self.written(attrs.renamed_from.as_ref());
    }

    /// A type that is said as SQL.
    pub(super) fn written_type(&mut self, sql: &str, nullable: bool) {
        let element = element(sql);
        self.byte(0);
        self.text(element);
        self.flag(element.len() < sql.trim().len());
        self.flag(nullable);
    }

    /// What few columns have: one byte says that there is none of it.
    fn rarely(&mut self, attrs: &ColumnAttrs, path: &str) {
        let stored = attrs.is_virtual || attrs.storage.is_some() || attrs.compression.is_some();
        let any = stored || attrs.statistics.is_some() || !attrs.allow.is_empty();
        self.flag(any);
        if any {
            self.flag(attrs.is_virtual);
            self.optional(attrs.storage.as_deref());
            self.optional(attrs.compression.as_deref());
            self.flag(attrs.statistics.is_some());
            self.number(attrs.statistics.unwrap_or_default());
            self.allow(&attrs.allow, path);
        }
    }

    /// Rules that do not count here.
    pub(super) fn allow(&mut self, allow: &[Allow], path: &str) {
        self.count(allow.len());
        for Allow { word, rule, reason, until } in allow {
            self.origin(word.span(), path);
            self.text(&rule.value());
            self.text(&reason.value());
            self.written(until.as_ref());
        }
    }

    fn constraint(&mut self, table: &Table, constraint: &Constraint, targets: &[TargetItem]) {
        self.origin(constraint.word.span(), &path(table, constraint.field.as_ref()));
        self.written(constraint.name.as_ref());
        self.constraint_kind(table, constraint, targets);
        self.byte(match constraint.deferrable {
            Deferrable::No => 0,
            Deferrable::Immediate => 1,
            Deferrable::Deferred => 2,
        });
    }

    fn constraint_kind(&mut self, table: &Table, constraint: &Constraint, targets: &[TargetItem]) {
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, include } => {
                self.byte(0);
                self.columns(table, columns);
                self.columns(table, include);
            }
            ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
                self.byte(1);
                self.columns(table, columns);
                self.columns(table, include);
                self.flag(*nulls_not_distinct);
            }
            ConstraintKind::Check { expression, no_inherit } => {
                self.byte(2);
                self.text(&expression.value());
                self.flag(*no_inherit);
                let column = constraint.field.as_ref().map(|field| table.column_name(field));
                self.optional(column.as_deref());
            }
            ConstraintKind::ForeignKey { columns, targets: _, match_full, on_delete, on_update } => {
                self.byte(3);
                self.columns(table, columns);
                self.targets(targets);
                self.flag(*match_full);
                self.action(on_delete.as_ref());
                self.action(on_update.as_ref());
            }
            ConstraintKind::Exclude { method, elements, predicate } => {
                self.byte(4);
                self.text(&method.as_ref().map_or_else(|| "btree".to_owned(), LitStr::value));
                self.text(&elements.value());
                self.written(predicate.as_ref());
            }
        }
    }

    /// The referenced table and columns, by the consts that stand for them.
    fn targets(&mut self, targets: &[TargetItem]) {
        if let Some(first) = targets.first() {
            let table = &first.table;
            self.part(quote!(<#table as _s::Table>::NAME));
        }
        self.count(targets.len());
        for TargetItem { item, .. } in targets {
            self.part(quote!(&_s::count(#item.name.len())));
            self.part(quote!(#item.name.as_bytes()));
        }
    }

    fn action(&mut self, action: Option<&Spanned<Action>>) {
        self.byte(match action.map(|action| action.value) {
            None | Some(Action::NoAction) => 0,
            Some(Action::Restrict) => 1,
            Some(Action::Cascade) => 2,
            Some(Action::SetNull) => 3,
            Some(Action::SetDefault) => 4,
        });
    }

    pub(super) fn index(&mut self, table: &Table, index: &Index) {
        self.origin(index.word.span(), &path(table, index.field.as_ref()));
        self.written(index.name.as_ref());
        self.flag(index.unique);
        self.written(index.method.as_ref());
        self.count(index.keys.len());
        for key in &index.keys {
            self.index_key(table, key);
        }
        self.columns(table, &index.include);
        self.flag(index.nulls_not_distinct);
        self.written(index.predicate.as_ref());
        self.optional(index.with.as_deref());
    }

    pub(super) fn index_key(&mut self, table: &Table, key: &IndexKey) {
        match &key.on {
            KeyPart::Column(field) => {
                self.byte(0);
                self.text(&table.column_name(field));
            }
            KeyPart::Expression(sql) => {
                self.byte(1);
                self.text(&sql.value());
            }
        }
        self.optional(key.collation.as_ref().map(|c| quoted_collation(&c.value())).as_deref());
        self.written(key.opclass.as_ref());
        self.flag(key.descending);
        self.byte(match key.nulls_first {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        });
    }
}

/// The parts of a table's record. `targets` are the consts of each constraint's referenced columns.
pub(super) fn table(
    table: &Table,
    constraints: &[&Constraint],
    targets: &[Vec<TargetItem>],
    indexes: &[&Index],
) -> TokenStream {
    let mut record = Record::default();
    record.head(&table.ident, table.attrs.schema.as_ref(), &table.name());
    record.written(table.attrs.comment.as_ref());
    record.written(table.attrs.renamed_from.as_ref());
    record.flag(table.attrs.unlogged.is_some());
    record.count(table.columns.len());
    for column in &table.columns {
        record.column(table, column);
    }
    record.count(constraints.len());
    for (constraint, targets) in constraints.iter().zip(targets) {
        record.constraint(table, constraint, targets);
    }
    record.count(indexes.len());
    for index in indexes {
        record.index(table, index);
    }
    record.allow(&table.attrs.allow, &path(table, None));
    record.flag(table.attrs.extra.is_some());
    if let Some(extra) = &table.attrs.extra {
        extra::record(&mut record, table, extra);
    }
    record.finish()
}

/// A table's name, for the records that reference it.
pub(super) fn name(schema: Option<&LitStr>, name: &SqlName) -> Literal {
    let mut record = Record::default();
    record.name(schema, name);
    Literal::byte_string(&record.bytes)
}

/// The parts of an enum's record.
pub(super) fn enumeration(input: &Enum, labels: &[SqlName]) -> TokenStream {
    let mut record = Record::default();
    record.head(&input.ident, input.attrs.schema.as_ref(), &input.name());
    record.written(input.attrs.comment.as_ref());
    record.written(input.attrs.renamed_from.as_ref());
    record.count(labels.len());
    for (label, sql_name) in input.labels.iter().zip(labels) {
        record.text(&sql_name.text);
        record.written(label.renamed_from.as_ref());
    }
    record.finish()
}
