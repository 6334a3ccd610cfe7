//! From the derive's input to the `ast`: which items can be a table or an enum, and the names they have.

use crate::ast::{Column, Domain, Enum, Table, TableAttrs, View};
use crate::attr;
use crate::attr::column::Of;
use crate::case::{CASES, Case, did_you_mean, snake};
use crate::check::last_word;
use crate::ctxt::Ctxt;
use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Fields, Generics, Member};

/// Reads a struct that is a table.
pub(crate) fn table(ctxt: &Ctxt, input: &DeriveInput) -> Option<Table> {
    let attrs = attr::table::parse(ctxt, &input.attrs);
    relation(ctxt, input, attrs, "a table", Of::Table)
}

/// Reads a struct that is a view.
pub(crate) fn view(ctxt: &Ctxt, input: &DeriveInput) -> Option<View> {
    let (of_relation, attrs) = attr::view::parse(ctxt, &input.attrs);
    let relation = relation(ctxt, input, of_relation, "a view", Of::View)?;
    Some(View { relation, attrs })
}

/// Reads a struct that is a composite type.
pub(crate) fn composite(ctxt: &Ctxt, input: &DeriveInput) -> Option<Table> {
    let attrs = attr::composite::parse(ctxt, &input.attrs);
    relation(ctxt, input, attrs, "a composite type", Of::Composite)
}

/// Reads a newtype that is a domain.
pub(crate) fn domain(ctxt: &Ctxt, input: &DeriveInput) -> Option<Domain> {
    let attrs = attr::domain::parse(ctxt, &input.attrs);
    no_generics(ctxt, &input.generics, "a domain");
    let Some((member, field)) = wrapped(input) else {
        ctxt.error(input.ident.span(), "`Domain` is for newtypes, structs of one field");
        return None;
    };
    Some(Domain { ident: input.ident.clone(), member, ty: field.ty.clone(), attrs })
}

/// The one field of a newtype; `PhantomData` beside it doesn't count.
pub(crate) fn wrapped(input: &DeriveInput) -> Option<(Member, &Field)> {
    let fields: Vec<(Member, &Field)> = match &input.data {
        Data::Struct(data) => data.fields.members().zip(&data.fields).collect(),
        Data::Enum(_) | Data::Union(_) => Vec::new(),
    };
    let mut fields =
        fields.into_iter().filter(|(_, field)| last_word(&field.ty).is_none_or(|word| word != "PhantomData"));
    match (fields.next(), fields.next()) {
        (Some(field), None) => Some(field),
        _ => None,
    }
}

/// Reads a struct with columns.
fn relation(ctxt: &Ctxt, input: &DeriveInput, attrs: TableAttrs, what: &str, of: Of) -> Option<Table> {
    no_generics(ctxt, &input.generics, what);
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            Fields::Unnamed(_) => {
                ctxt.error(
                    input.ident.span(),
                    format!("{what} needs named fields: its columns take their names from them"),
                );
                return None;
            }
            Fields::Unit => {
                ctxt.error(input.ident.span(), format!("{what} needs fields: each one is a column"));
                return None;
            }
        },
        Data::Enum(_) => {
            ctxt.error(
                input.ident.span(),
                format!("an enum is not {what}; for a PostgreSQL enum write `#[derive(Enum)]`"),
            );
            return None;
        }
        Data::Union(_) => {
            ctxt.error(input.ident.span(), format!("a union is not {what}"));
            return None;
        }
    };
    let mut relation = Table { ident: input.ident.clone(), attrs, columns: Vec::new(), skipped: Vec::new() };
    for field in fields {
        let Some(ident) = field.ident.clone() else {
            continue;
        };
        let attrs = attr::column::parse(ctxt, &field.attrs, &ident, of);
        if attrs.skip.is_some() {
            relation.skipped.push(ident);
        } else {
            relation.columns.push(Column { ident, ty: field.ty.clone(), attrs });
        }
    }
    Some(relation)
}

/// Reads an enum.
pub(crate) fn enumeration(ctxt: &Ctxt, input: &DeriveInput) -> Option<Enum> {
    let attrs = attr::enumeration::parse(ctxt, &input.attrs);
    no_generics(ctxt, &input.generics, "an enum");
    let Data::Enum(data) = &input.data else {
        ctxt.error(input.ident.span(), "`Enum` is for Rust enums; for a table write `#[derive(Table)]`");
        return None;
    };
    let mut labels = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            ctxt.error(
                variant.fields.span(),
                format!("`{}` has data, but a value of a PostgreSQL enum is only a name", variant.ident),
            );
        }
        labels.push(attr::enumeration::label(ctxt, &variant.attrs, &variant.ident));
    }
    Some(Enum { ident: input.ident.clone(), attrs, labels })
}

fn no_generics(ctxt: &Ctxt, generics: &Generics, what: &str) {
    if !generics.params.is_empty() {
        ctxt.error(
            generics.params.span(),
            format!("{what} cannot be generic: it is one thing in the database"),
        );
    }
}

/// A name in the database, and the token that it comes from.
pub(crate) struct SqlName {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl SqlName {
    fn new(given: Option<&syn::LitStr>, ident: &Ident, otherwise: impl FnOnce(&str) -> String) -> Self {
        match given {
            Some(given) => Self { text: given.value(), span: given.span() },
            None => Self { text: otherwise(&ident.unraw().to_string()), span: ident.span() },
        }
    }
}

impl Table {
    /// The table's name.
    pub(crate) fn name(&self) -> SqlName {
        SqlName::new(self.attrs.name.as_ref(), &self.ident, snake)
    }

    /// The column of a field.
    pub(crate) fn column(&self, field: &Ident) -> Option<&Column> {
        self.columns.iter().find(|column| column.ident.unraw() == field.unraw())
    }

    /// The name of a field's column. `check` has said so where there is none.
    pub(crate) fn column_name(&self, field: &Ident) -> String {
        self.column(field).map(|column| column.name().text).unwrap_or_default()
    }
}

impl Domain {
    /// The domain's name.
    pub(crate) fn name(&self) -> SqlName {
        SqlName::new(self.attrs.name.as_ref(), &self.ident, snake)
    }
}

impl Column {
    /// The column's name.
    pub(crate) fn name(&self) -> SqlName {
        SqlName::new(self.attrs.name.as_ref(), &self.ident, str::to_owned)
    }
}

impl Enum {
    /// The type's name.
    pub(crate) fn name(&self) -> SqlName {
        SqlName::new(self.attrs.name.as_ref(), &self.ident, snake)
    }

    /// The labels, in order.
    pub(crate) fn label_names(&self, ctxt: &Ctxt) -> Vec<SqlName> {
        let case = self.case(ctxt);
        self.labels
            .iter()
            .map(|label| SqlName::new(label.name.as_ref(), &label.ident, |name| case.apply(name)))
            .collect()
    }

    fn case(&self, ctxt: &Ctxt) -> Case {
        let Some(rename_all) = &self.attrs.rename_all else {
            return Case::Snake;
        };
        let wanted = rename_all.value();
        if let Some((_, case)) = CASES.iter().find(|(name, _)| *name == wanted) {
            return *case;
        }
        let names = CASES.map(|(name, _)| name);
        let help = match did_you_mean(&wanted, names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are: {}", names.join(", ")),
        };
        ctxt.error(rename_all.span(), format!("no case `{wanted}`; {help}"));
        Case::Snake
    }
}
