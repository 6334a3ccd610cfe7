//! `with(...)`: storage parameters and options, as SQL takes them inside `WITH (...)`.

use super::{Arg, args};
use crate::ctxt::Ctxt;
use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Lit, LitStr};

const EXAMPLE: &str = "write `with(fillfactor = 70)`: words, each alone or with a number, a word or a string";

/// Reads `with(fillfactor = 70, toast.autovacuum_enabled = false)` or `with = "fillfactor = 70"`.
pub(super) fn with(ctxt: &Ctxt, arg: &Arg, place: &mut Option<String>) {
    if let Arg::Word(word) = arg {
        return ctxt.error(word.span(), EXAMPLE);
    }
    let Arg::List(word, list) = arg else {
        let mut text: Option<LitStr> = None;
        arg.text(ctxt, &mut text);
        if let Some(text) = text {
            arg.set(ctxt, place, text.value());
        }
        return;
    };
    let mut options = Vec::new();
    for option in args(list.clone()) {
        let tokens = option.tokens();
        match sql(tokens.clone()) {
            Some(sql) => options.push(sql),
            None => ctxt.error(tokens.span(), EXAMPLE),
        }
    }
    if options.is_empty() && list.is_empty() {
        ctxt.error(word.span(), EXAMPLE);
    }
    arg.set(ctxt, place, options.join(", "));
}

/// One option: `security_barrier`, `fillfactor = 70`, `toast.autovacuum_enabled = false`.
fn sql(tokens: TokenStream) -> Option<String> {
    let mut tokens = tokens.into_iter();
    let mut name = String::new();
    for token in tokens.by_ref() {
        match token {
            TokenTree::Ident(word) if name.is_empty() || name.ends_with('.') => {
                name.push_str(&word.to_string());
            }
            TokenTree::Punct(dot) if dot.as_char() == '.' && !name.is_empty() => name.push('.'),
            TokenTree::Punct(equals) if equals.as_char() == '=' && !name.is_empty() => {
                return value(tokens.collect()).map(|value| format!("{name} = {value}"));
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Literal(_) => {
                return None;
            }
        }
    }
    (!name.is_empty()).then_some(name)
}

fn value(tokens: TokenStream) -> Option<String> {
    let text = tokens.to_string();
    if let [TokenTree::Ident(word)] = tokens.clone().into_iter().collect::<Vec<_>>().as_slice() {
        return Some(word.to_string());
    }
    match text.strip_prefix('-') {
        Some(number) => plain(syn::parse_str(number.trim()).ok()?).map(|number| format!("-{number}")),
        None => plain(syn::parse2(tokens).ok()?),
    }
}

fn plain(lit: Lit) -> Option<String> {
    if let Lit::Str(text) = lit {
        Some(format!("'{}'", text.value().replace('\'', "''")))
    } else if let Lit::Int(int) = lit {
        Some(int.base10_digits().to_owned())
    } else if let Lit::Float(float) = lit {
        Some(float.base10_digits().to_owned())
    } else {
        None
    }
}
