//! `#[derive(PgType)]`: the SQL type of a newtype.

use super::krate;
use crate::attr;
use crate::check::last_word;
use crate::ctxt::Ctxt;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Member};

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
            let (member, field) = wrapped(ctxt, input)?;
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

/// The one field of a newtype; `PhantomData` beside it doesn't count.
fn wrapped<'a>(ctxt: &Ctxt, input: &'a DeriveInput) -> Option<(Member, &'a Field)> {
    let fields: Vec<(Member, &Field)> = match &input.data {
        Data::Struct(data) => data.fields.members().zip(&data.fields).collect(),
        Data::Enum(_) | Data::Union(_) => Vec::new(),
    };
    let mut fields =
        fields.into_iter().filter(|(_, field)| last_word(&field.ty).is_none_or(|word| word != "PhantomData"));
    if let (Some(field), None) = (fields.next(), fields.next()) {
        return Some(field);
    }
    ctxt.error(
        input.ident.span(),
        "`PgType` is for newtypes, structs of one field; otherwise say the type: `#[pg_type(sql = \"...\")]`",
    );
    None
}
