//! `index(...)`, in `#[table(...)]` and `#[column(...)]`.

use super::with::with;
use super::{Arg, args, fields, string};
use crate::ast::{Index, IndexKey, KeyPart};
use crate::ctxt::Ctxt;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{LitStr, Token, parenthesized, token};

const WORDS: &[&str] = &[
    "columns",
    "name",
    "unique",
    "method",
    "include",
    "where",
    "with",
    "nulls_not_distinct",
    "opclass",
    "collation",
];

/// `index`, `index(...)`, on a field or a table.
pub(crate) fn parse(ctxt: &Ctxt, arg: &Arg, word: &Ident, field: Option<&Ident>) -> Option<Index> {
    let options = match (arg, field) {
        (Arg::Word(_), Some(_)) => Vec::new(),
        (Arg::List(_, list), _) => args(list.clone()),
        (_, Some(_)) => {
            ctxt.error(word.span(), "write `index` or `index(name = \"...\")`");
            return None;
        }
        (_, None) => {
            ctxt.error(word.span(), "write `index(field, ...)`");
            return None;
        }
    };
    let mut index = Index {
        word: word.clone(),
        field: field.cloned(),
        name: None,
        unique: false,
        method: None,
        keys: field.map(|field| plain(field.clone())).into_iter().collect(),
        include: Vec::new(),
        nulls_not_distinct: false,
        predicate: None,
        with: None,
    };
    let errors = ctxt.count();
    for option in &options {
        one(ctxt, option, &mut index);
    }
    if index.keys.is_empty() && ctxt.count() == errors {
        ctxt.error(word.span(), "`index` needs columns: `index(field, ...)`");
    }
    Some(index)
}

fn one(ctxt: &Ctxt, option: &Arg, index: &mut Index) {
    let is_table = index.field.is_none();
    match (option.key().map(Ident::to_string).as_deref(), option) {
        (Some("columns"), Arg::List(_, list)) if is_table => {
            for part in args(list.clone()) {
                index.keys.extend(key(ctxt, part.tokens()));
            }
        }
        (Some("include"), Arg::List(_, list)) => index.include.extend(fields(ctxt, list.clone())),
        (Some("name"), Arg::Pair(..)) => option.text(ctxt, &mut index.name),
        (Some("method"), Arg::Pair(..)) => option.text(ctxt, &mut index.method),
        (Some("where"), _) => option.text(ctxt, &mut index.predicate),
        (Some("with"), Arg::Pair(..) | Arg::List(..)) => with(ctxt, option, &mut index.with),
        (Some("unique"), Arg::Word(_)) => index.unique = true,
        (Some("nulls_not_distinct"), Arg::Word(_)) => index.nulls_not_distinct = true,
        (Some("opclass"), Arg::Pair(..)) if !is_table => {
            for key in &mut index.keys {
                option.text(ctxt, &mut key.opclass);
            }
        }
        (Some("collation"), Arg::Pair(..)) if !is_table => {
            for key in &mut index.keys {
                option.text(ctxt, &mut key.collation);
            }
        }
        (Some("expr"), Arg::List(..)) | (_, Arg::Word(_) | Arg::Other(_)) if is_table => {
            index.keys.extend(key(ctxt, option.tokens()));
        }
        _ => option.unknown(ctxt, "`index`", if is_table { &WORDS[..8] } else { &WORDS[1..] }),
    }
}

fn plain(column: Ident) -> IndexKey {
    IndexKey {
        on: KeyPart::Column(column),
        collation: None,
        opclass: None,
        descending: false,
        nulls_first: None,
    }
}

/// Reads `created_at desc nulls last` or `expr("lower(email)") opclass = "text_pattern_ops"`.
pub(super) fn key(ctxt: &Ctxt, tokens: TokenStream) -> Option<IndexKey> {
    match (|input: ParseStream<'_>| parse_key(ctxt, input)).parse2(tokens) {
        Ok(key) => key,
        Err(error) => {
            ctxt.push(error);
            None
        }
    }
}

fn parse_key(ctxt: &Ctxt, input: ParseStream<'_>) -> syn::Result<Option<IndexKey>> {
    if !input.peek(syn::Ident::peek_any) {
        return Err(input.error("expected a field or `expr(\"...\")`"));
    }
    let first = Ident::parse_any(input)?;
    let mut key = plain(first.clone());
    if first == "expr" && input.peek(token::Paren) {
        let inner;
        parenthesized!(inner in input);
        match string(ctxt, inner.parse()?, "an SQL expression") {
            Some(sql) => key.on = KeyPart::Expression(sql),
            None => return Ok(None),
        }
    }
    while !input.is_empty() {
        let word = Ident::parse_any(input)?;
        match word.to_string().as_str() {
            "asc" => key.descending = false,
            "desc" => key.descending = true,
            "nulls" => {
                let place = Ident::parse_any(input)?;
                key.nulls_first = match place.to_string().as_str() {
                    "first" => Some(true),
                    "last" => Some(false),
                    _ => {
                        return Err(syn::Error::new(place.span(), "expected `nulls first` or `nulls last`"));
                    }
                };
            }
            "opclass" => key.opclass = Some(assigned(input)?),
            "collation" => key.collation = Some(assigned(input)?),
            _ => {
                return Err(syn::Error::new(
                    word.span(),
                    format!(
                        "`{word}` is not known here; after a column may follow: asc, desc, nulls first, nulls last, \
                         opclass = \"...\", collation = \"...\""
                    ),
                ));
            }
        }
    }
    Ok(Some(key))
}

fn assigned(input: ParseStream<'_>) -> syn::Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse()
}
