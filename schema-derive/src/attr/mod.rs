//! The grammar that all attributes share: words, `key = value` and `key(...)`, between commas. Which words there
//! are is said by the files beside this one.

mod allow;
pub(crate) mod column;
pub(crate) mod composite;
pub(crate) mod constraint;
pub(crate) mod domain;
pub(crate) mod enumeration;
pub(crate) mod index;
mod partition;
pub(crate) mod pg_type;
mod policy;
pub(crate) mod table;
pub(crate) mod view;
mod with;

use crate::case::did_you_mean;
use crate::ctxt::Ctxt;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::parse::{Parse, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, LitStr, Meta, Path};

/// What stands between two commas.
pub(crate) enum Arg {
    /// `unique`
    Word(Ident),
    /// `name = "x"`
    Pair(Ident, TokenStream),
    /// `index(a, b)`
    List(Ident, TokenStream),
    /// Anything else: `"amount > 0"`, `created_at desc`, `User::id`.
    Other(TokenStream),
}

/// The arguments of all attributes of that name.
pub(crate) fn args_of(ctxt: &Ctxt, attributes: &[Attribute], name: &str) -> Vec<Arg> {
    let mut all = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident(name)) {
        match &attribute.meta {
            Meta::List(list) => all.extend(args(list.tokens.clone())),
            Meta::Path(path) => ctxt.error(path.span(), format!("write `#[{name}(...)]`")),
            Meta::NameValue(pair) => ctxt.error(pair.span(), format!("write `#[{name}(...)]`")),
        }
    }
    all
}

/// Splits at the commas. A mistake in one argument leaves the others readable.
pub(crate) fn args(tokens: TokenStream) -> Vec<Arg> {
    let mut all = Vec::new();
    let mut current = Vec::new();
    for token in tokens {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            all.extend(arg(std::mem::take(&mut current)));
        } else {
            current.push(token);
        }
    }
    all.extend(arg(current));
    all
}

fn arg(tokens: Vec<TokenTree>) -> Option<Arg> {
    let arg = match tokens.as_slice() {
        [] => return None,
        [TokenTree::Ident(word)] => Arg::Word(word.clone()),
        [TokenTree::Ident(word), TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            Arg::List(word.clone(), group.stream())
        }
        [TokenTree::Ident(word), TokenTree::Punct(punct), value @ ..] if punct.as_char() == '=' => {
            // An empty value would have no span of its own for the error.
            match value {
                [] => Arg::Other(tokens.iter().cloned().collect()),
                _ => Arg::Pair(word.clone(), value.iter().cloned().collect()),
            }
        }
        _ => Arg::Other(tokens.iter().cloned().collect()),
    };
    Some(arg)
}

impl Arg {
    /// The word it starts with.
    pub(crate) fn key(&self) -> Option<&Ident> {
        match self {
            Self::Word(word) | Self::Pair(word, _) | Self::List(word, _) => Some(word),
            Self::Other(_) => None,
        }
    }

    /// All of it.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Word(word) => quote::quote!(#word),
            Self::Pair(word, value) => quote::quote!(#word = #value),
            Self::List(word, list) => quote::quote!(#word(#list)),
            Self::Other(tokens) => tokens.clone(),
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.key().map_or_else(|| self.tokens().span(), Ident::span)
    }

    /// Reads `key = value` into a place that must still be empty.
    pub(crate) fn value<T: Parse>(&self, ctxt: &Ctxt, example: &str, place: &mut Option<T>) {
        let Self::Pair(_, value) = self else {
            ctxt.error(self.span(), format!("write `{example}`"));
            return;
        };
        match T::parse.parse2(value.clone()) {
            Ok(value) => self.set(ctxt, place, value),
            Err(_) => ctxt.error(value.span(), format!("write `{example}`")),
        }
    }

    /// Reads `key = "text"`.
    pub(crate) fn text(&self, ctxt: &Ctxt, place: &mut Option<LitStr>) {
        let key = self.key().map(Ident::to_string).unwrap_or_default();
        self.value(ctxt, &format!("{key} = \"...\""), place);
        if let Some(text) = place
            && text.value().trim().is_empty()
        {
            ctxt.error(text.span(), format!("`{key}` is empty"));
        }
    }

    /// Reads a word that stands alone.
    pub(crate) fn flag(&self, ctxt: &Ctxt, place: &mut Option<Ident>) {
        match self {
            Self::Word(word) => self.set(ctxt, place, word.clone()),
            Self::Pair(word, _) | Self::List(word, _) => {
                ctxt.error(word.span(), format!("write `{word}`, without a value"));
            }
            Self::Other(_) => ctxt.error(self.span(), "expected a word"),
        }
    }

    /// Reads `crate = "path"`.
    pub(crate) fn krate(&self, ctxt: &Ctxt, place: &mut Option<Path>) {
        let mut text = None;
        self.text(ctxt, &mut text);
        if let Some(text) = text {
            match text.parse_with(Path::parse_mod_style) {
                Ok(path) => self.set(ctxt, place, path),
                Err(_) => ctxt.error(text.span(), "not a path: write `crate = \"some::path\"`"),
            }
        }
    }

    /// Reads `key = word`, one of these words.
    pub(crate) fn one_of(&self, ctxt: &Ctxt, words: &[&str], place: &mut Option<String>) {
        let word = if let Self::Pair(_, value) = self { value.to_string() } else { String::new() };
        let word = word.trim_matches('"');
        if words.contains(&word) {
            self.set(ctxt, place, word.to_owned());
        } else {
            let key = self.key().map(Ident::to_string).unwrap_or_default();
            ctxt.error(
                self.value_span(),
                format!("expected `{key} = ...` with one of: {}", words.join(", ")),
            );
        }
    }

    /// Where the value stands, or what there is instead.
    fn value_span(&self) -> Span {
        if let Self::Pair(_, value) = self { value.span() } else { self.span() }
    }

    /// Fills a place that must still be empty.
    pub(crate) fn set<T>(&self, ctxt: &Ctxt, place: &mut Option<T>, value: T) {
        if place.is_some() {
            let what = self.key().map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
            ctxt.error(self.span(), format!("{what} is said twice"));
        }
        *place = Some(value);
    }

    /// Says that there is no such word here.
    pub(crate) fn unknown(&self, ctxt: &Ctxt, of: &str, known: &[&str]) {
        let Some(key) = self.key() else {
            ctxt.error(self.span(), format!("expected one of: {}", known.join(", ")));
            return;
        };
        let help = match did_you_mean(&key.to_string(), known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("there are: {}", known.join(", ")),
        };
        ctxt.error(key.span(), format!("{of} has no `{key}`; {help}"));
    }
}

/// Reads fields between commas: `a, b`.
pub(crate) fn fields(ctxt: &Ctxt, tokens: TokenStream) -> Vec<Ident> {
    let mut all = Vec::new();
    for arg in args(tokens) {
        match arg {
            Arg::Word(field) => all.push(field),
            Arg::Pair(..) | Arg::List(..) | Arg::Other(_) => {
                ctxt.error(arg.span(), "expected the name of a field");
            }
        }
    }
    all
}

/// Reads one string: `"amount > 0"`.
pub(crate) fn string(ctxt: &Ctxt, tokens: TokenStream, what: &str) -> Option<LitStr> {
    let span = tokens.span();
    match syn::parse2::<LitStr>(tokens) {
        Ok(text) if text.value().trim().is_empty() => {
            ctxt.error(text.span(), format!("expected {what}, not an empty string"));
            None
        }
        Ok(text) => Some(text),
        Err(_) => {
            ctxt.error(span, format!("expected {what} as a string"));
            None
        }
    }
}
