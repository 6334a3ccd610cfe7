//! `#[derive(Enum)]`: the SQL type, the definition and its record.

use super::{file, krate, name, optional, origin, type_stub, wire};
use crate::ast::Enum;
use crate::read::SqlName;
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

/// All that the derive gives.
pub(crate) fn expand(input: &Enum, labels: &[SqlName]) -> TokenStream {
    let krate = krate(input.attrs.krate.as_ref());
    let ident = &input.ident;
    let sql_name = name(input.attrs.schema.as_ref(), &input.name());
    let file = file(ident.span());
    let origin = origin(ident.span(), &ident.unraw().to_string());
    let comment = optional(input.attrs.comment.as_ref());
    let renamed_from = optional(input.attrs.renamed_from.as_ref());
    let record = wire::enumeration(input, labels);
    let variants = input.labels.iter().map(|label| &label.ident);
    let labels = input.labels.iter().zip(labels).map(|(label, sql_name)| {
        let name = &sql_name.text;
        let renamed_from = optional(label.renamed_from.as_ref());
        quote!(_s::LabelDef { name: #name, renamed_from: #renamed_from })
    });
    quote! {
        const _: () = {
            use #krate::__private as _s;
            #file
            const NAME: _s::Name = #sql_name;
            #[automatically_derived]
            impl _s::PgType for #ident {
                const TYPE: _s::Type = _s::Type::enumeration(NAME);
            }
            #[automatically_derived]
            impl _s::Enum for #ident {
                const DEF: &'static _s::EnumDef = &_s::EnumDef {
                    origin: #origin,
                    name: NAME,
                    comment: #comment,
                    renamed_from: #renamed_from,
                    labels: &[#(#labels),*],
                };
                const RECORD: _s::Parts = #record;
            }
            // An enum that only describes its type is no dead code.
            #[allow(dead_code)]
            fn variants() {
                #(let _ = #ident::#variants;)*
            }
            #krate::__record!(KIND_ENUM, <#ident as _s::Enum>::RECORD);
        };
    }
}

/// What tables need of an enum that has mistakes, so that they don't get errors of their own.
pub(crate) fn stub(input: &Enum) -> TokenStream {
    let sql_name = name(input.attrs.schema.as_ref(), &input.name());
    type_stub(input.attrs.krate.as_ref(), &input.ident, quote!(enumeration(#sql_name)))
}
