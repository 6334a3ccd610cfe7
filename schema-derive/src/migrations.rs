//! `migrations!`: the texts of a folder of migrations, in the program. Reads names only; the compiler reads the files.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a macro that embeds files reads them"
)]

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use std::path::Path;
use syn::{Error, LitStr};

/// Expands `path-of-schema-core, "folder"`.
pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let mut tokens = input.into_iter();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let krate: TokenStream = tokens.by_ref().take_while(|token| !is_comma(token)).collect();
    let folder: LitStr = syn::parse2(tokens.collect())?;
    let root = std::env::var("CARGO_MANIFEST_DIR").map_err(|_| {
        Error::new(Span::call_site(), "migrations! needs cargo, which sets CARGO_MANIFEST_DIR")
    })?;
    let path = Path::new(&root).join(folder.value());
    let fail = |message: String| Error::new(folder.span(), message);

    let entries = path.read_dir().map_err(|error| fail(format!("{}: {error}", path.display())))?;
    let mut ids = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| fail(format!("{}: {error}", path.display())))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(|c: char| c.is_ascii_digit()) && entry.path().is_dir() {
            if !entry.path().join("up.sql").is_file() {
                return Err(fail(format!("{} has no up.sql", entry.path().display())));
            }
            ids.push(name);
        }
    }
    ids.sort();

    let text = |file: &Path| {
        let file = file.to_str().ok_or_else(|| fail(format!("{} is not UTF-8", file.display())))?;
        Ok::<_, Error>(quote!(::core::include_str!(#file)))
    };
    let mut migrations = Vec::new();
    for id in &ids {
        let up = text(&path.join(id).join("up.sql"))?;
        let down = path.join(id).join("down.sql");
        let down = if down.is_file() {
            let down = text(&down)?;
            quote!(::core::option::Option::Some(#down))
        } else {
            quote!(::core::option::Option::None)
        };
        migrations.push(quote!(#krate::migrate::Embedded { id: #id, up: #up, down: #down }));
    }
    // A generated migration changes this file too: with it in the program, cargo notices the new folder.
    let snapshot = path.join("schema.sql");
    let snapshot = if snapshot.is_file() { Some(text(&snapshot)?) } else { None };
    let snapshot = snapshot.map(|text| quote!(const _: &::core::primitive::str = #text;));
    Ok(quote!({
        #snapshot
        const MIGRATIONS: &[#krate::migrate::Embedded] = &[#(#migrations),*];
        MIGRATIONS
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(folder: &str) -> Result<String, String> {
        let tokens = expand(quote!($krate, #folder)).map_err(|error| error.to_string())?;
        Ok(tokens.to_string().replace(' ', ""))
    }

    #[test]
    fn lists_the_folders_in_order() {
        let text = expanded("../schema-core/doc/migrations").expect("a folder");
        assert!(text.contains("id:\"20261122093000_notes\",up:::core::include_str!(\""), "{text}");
        assert!(text.contains("notes/down.sql\"))"), "{text}");
        // No folder of src begins with a digit, and there is no snapshot.
        assert!(expanded("src").expect("a folder").ends_with("Embedded]=&[];MIGRATIONS}"));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(expanded("nowhere").expect_err("no folder").contains("nowhere"));
        assert!(expand(quote!(krate, 5)).is_err());
        assert!(expand(quote!(krate)).is_err());
    }
}
