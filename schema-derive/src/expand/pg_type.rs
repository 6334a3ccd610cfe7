//! `#[derive(PgType)]`: the SQL type of a newtype.

use super::krate;
use crate::attr;
use crate::ctxt::Ctxt;
use crate::read::wrapped;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

/// All that the derive gives.
pub(crate) fn expand(ctxt: &Ctxt, input: &DeriveInput) -> Option<TokenStream> {
    let attrs = attr::pg_type::parse(ctxt, &input.attrs);
    let krate = krate(attrs.krate.as_ref());
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    let mut read = TokenStream::new();
    let ty = match &attrs.sql {
        Some(sql) => quote!(_s::Type::sql(#sql)),
        None => {
            let Some((member, field)) = wrapped(input) else {
                ctxt.error(
                    input.ident.span(),
                    "`PgType` is for newtypes, structs of one field; otherwise say the type: `#[pg_type(sql = \"...\")]`",
                );
                return None;
            };
            let inner = &field.ty;
            read = quote!(let _ = value.#member;);
            if generics.type_params().next().is_some() {
                let bound = syn::parse_quote!(#inner: #krate::PgType);
                generics.make_where_clause().predicates.push(bound);
            }
            quote_spanned!(inner.span()=> <#inner as _s::PgType>::TYPE)
        }
    };
    let (plain_generics, _, plain_where) = input.generics.split_for_impl();
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    Some(quote! {
        const _: () = {
            use #krate::__private as _s;
            #[automatically_derived]
            impl #impl_generics _s::PgType for #ident #ty_generics #where_clause {
                const TYPE: _s::Type = #ty;
            }
            // A newtype that only describes its column is no dead code.
            #[allow(dead_code)]
            fn value #plain_generics (value: &#ident #ty_generics) #plain_where {
                #read
            }
        };
    })
}
