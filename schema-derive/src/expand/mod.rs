//! From the `ast` to Rust code. All paths are absolute: nothing the user has called `Option` or `core` is meant.

pub(crate) mod composite;
mod constraint;
pub(crate) mod domain;
pub(crate) mod enumeration;
mod extra;
mod index;
pub(crate) mod pg_type;
pub(crate) mod table;
pub(crate) mod view;
mod wire;

use crate::ast::Allow;
use crate::case::snake;
use crate::read::SqlName;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{LitStr, Path};

/// The path of schema-core in the user's crate.
fn krate(given: Option<&Path>) -> TokenStream {
    match given {
        Some(path) => path.to_token_stream(),
        None => quote!(::schema_core),
    }
}

/// The name of a field's const: `created_at` is `CREATED_AT`.
pub(crate) fn column_const(field: &Ident) -> Ident {
    let name = snake(&field.unraw().to_string()).to_uppercase();
    Ident::new(&name, field.span())
}

fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(_s::Some(#value)),
        None => quote!(_s::None),
    }
}

fn name(schema: Option<&LitStr>, name: &SqlName) -> TokenStream {
    let schema = optional(schema);
    let name = &name.text;
    quote!(_s::Name { schema: #schema, name: #name })
}

/// What tables need of a type whose own derive gives up: that it has a type, made by this constructor.
fn type_stub(given: Option<&Path>, ident: &Ident, ty: TokenStream) -> TokenStream {
    let krate = krate(given);
    quote! {
        const _: () = {
            use #krate::__private as _s;
            impl _s::PgType for #ident {
                const TYPE: _s::Type = _s::Type::#ty;
            }
        };
    }
}

/// A rule that does not count here.
fn allow(allow: &Allow, path: &str) -> TokenStream {
    let Allow { word, rule, reason, until } = allow;
    let origin = origin(word.span(), path);
    let until = optional(until.as_ref());
    quote!(_s::AllowDef { origin: #origin, rule: #rule, reason: #reason, until: #until })
}

/// An origin. The line is that of the token, the file that of the struct.
fn origin(span: Span, path: &str) -> TokenStream {
    let line = line(span);
    quote!(_s::origin(FILE, #line, #path))
}

fn line(span: Span) -> u32 {
    u32::try_from(span.unwrap().line()).unwrap_or(0)
}

/// The file of the item, as `file!()` gives it.
fn file(span: Span) -> TokenStream {
    let file = span.unwrap().file();
    quote!(const FILE: _s::Text = #file;)
}
