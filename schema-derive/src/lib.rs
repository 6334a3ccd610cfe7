//! Derives.

mod migrations;

/// Used by `schema_core::migrations!`.
#[doc(hidden)]
#[proc_macro]
pub fn __migrations(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    migrations::expand(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
