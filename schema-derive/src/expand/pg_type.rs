//! `#[derive(PgType)]`: the SQL type of a newtype.

use super::krate;
use crate::attr;
use crate::ctxt::Ctxt;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Type};

/// All that the derive gives.
pub(crate) fn expand(ctxt: &Ctxt, input: &DeriveInput) -> Option<TokenStream> {
    let attrs = attr::pg_type::parse(ctxt, &input.attrs);
    let krate = krate(attrs.krate.as_ref());
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    let ty = match &attrs.sql {
        Some(sql) => quote!(_s::Type::sql(#sql)),
        None => {
            let inner = &wrapped(ctxt, input)?.ty;
            if generics.type_params().next().is_some() {
                let bound = syn::parse_quote!(#inner: #krate::PgType);
                generics.make_where_clause().predicates.push(bound);
            }
            quote_spanned!(inner.span()=> <#inner as _s::PgType>::TYPE)
        }
    };
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    Some(quote! {
        const _: () = {
            use #krate::__private as _s;
            #[automatically_derived]
            impl #impl_generics _s::PgType for #ident #ty_generics #where_clause {
                const TYPE: _s::Type = #ty;
            }
        };
    })
}

/// The one field of a newtype; `PhantomData` beside it doesn't count.
fn wrapped<'a>(ctxt: &Ctxt, input: &'a DeriveInput) -> Option<&'a Field> {
    let fields = match &input.data {
        Data::Struct(data) => data.fields.iter().filter(|field| !is_phantom(&field.ty)).collect(),
        Data::Enum(_) | Data::Union(_) => Vec::new(),
    };
    if let [field] = fields.as_slice() {
        return Some(field);
    }
    ctxt.error(
        input.ident.span(),
        "`PgType` is for newtypes, structs of one field; otherwise say the type: `#[pg_type(sql = \"...\")]`",
    );
    None
}

fn is_phantom(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "PhantomData"))
}
