//! `#[column(...)]`.

use super::{Arg, allow, args, args_of, constraint, index, string};
use crate::ast::{ColumnAttrs, ConstraintKind, Identity, Spanned};
use crate::ctxt::Ctxt;
use proc_macro2::{Ident, TokenStream};
use syn::spanned::Spanned as _;
use syn::{Attribute, Lit, LitInt};

const WORDS: &[&str] = &[
    "name",
    "sql_type",
    "default",
    "primary_key",
    "unique",
    "index",
    "check",
    "references",
    "on_delete",
    "on_update",
    "deferrable",
    "identity",
    "generated",
    "storage",
    "compression",
    "statistics",
    "collation",
    "comment",
    "renamed_from",
    "allow",
    "skip",
];

/// What a column belongs to: not all have all words.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    Table,
    View,
    Composite,
}

impl Of {
    fn words(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Table => ("a column", WORDS),
            Self::View => ("a view's column", &["name", "sql_type", "index", "comment", "allow", "skip"]),
            Self::Composite => {
                ("an attribute of a composite type", &["name", "sql_type", "collation", "comment", "skip"])
            }
        }
    }
}

/// Reads the attributes of a field.
pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute], field: &Ident, of: Of) -> ColumnAttrs {
    let (what, words) = of.words();
    let mut out = ColumnAttrs::default();
    // `references = User::id, on_delete = cascade`: the actions stand beside, in any order.
    let mut of_reference = Vec::new();
    for arg in args_of(ctxt, attributes, "column") {
        let key = match arg.key() {
            Some(key) if words.iter().any(|word| key == word) => key,
            Some(_) | None => {
                arg.unknown(ctxt, what, words);
                continue;
            }
        };
        match key.to_string().as_str() {
            "on_delete" | "on_update" | "deferrable" => of_reference.push(arg),
            _ => one(ctxt, &arg, key, field, &mut out),
        }
    }
    for arg in of_reference {
        let mut references =
            out.constraints.iter_mut().filter(|c| matches!(c.kind, ConstraintKind::ForeignKey { .. }));
        match references.next() {
            Some(reference) => constraint::reference_option(ctxt, &arg, reference),
            None => ctxt.error(arg.span(), "this belongs to a reference: `references = Table::field`"),
        }
    }
    out
}

fn one(ctxt: &Ctxt, arg: &Arg, key: &Ident, field: &Ident, out: &mut ColumnAttrs) {
    match key.to_string().as_str() {
        "name" => arg.text(ctxt, &mut out.name),
        "sql_type" => arg.text(ctxt, &mut out.sql_type),
        "default" => default(ctxt, arg, &mut out.default),
        "primary_key" | "unique" => out.constraints.extend(constraint::key(ctxt, arg, key, Some(field))),
        "check" => out.constraints.extend(constraint::check(ctxt, arg, key, Some(field))),
        "references" => out.constraints.extend(constraint::references(ctxt, arg, key, field)),
        "index" => out.indexes.extend(index::parse(ctxt, arg, key, Some(field))),
        "identity" => identity(ctxt, arg, key, &mut out.identity),
        "generated" => generated(ctxt, arg, key, out),
        "storage" => arg.one_of(ctxt, &["plain", "external", "extended", "main"], &mut out.storage),
        "compression" => arg.one_of(ctxt, &["pglz", "lz4"], &mut out.compression),
        "statistics" => statistics(ctxt, arg, &mut out.statistics),
        "collation" => arg.text(ctxt, &mut out.collation),
        "comment" => arg.text(ctxt, &mut out.comment),
        "renamed_from" => arg.text(ctxt, &mut out.renamed_from),
        "allow" => out.allow.extend(allow::parse(ctxt, arg, key)),
        "skip" => arg.flag(ctxt, &mut out.skip),
        _ => arg.unknown(ctxt, "a column", WORDS),
    }
}

pub(super) fn default(ctxt: &Ctxt, arg: &Arg, place: &mut Option<Spanned<String>>) {
    const EXAMPLE: &str = "write `default = \"now()\"` (SQL in a string), or a number, `true` or `false`";
    let Arg::Pair(_, value) = arg else {
        return ctxt.error(arg.span(), EXAMPLE);
    };
    let span = value.span();
    match sql_literal(value.clone()) {
        Some(sql) if sql.trim().is_empty() => {
            ctxt.error(span, "`default` is empty; an empty text is `default = \"''\"`");
        }
        Some(sql) => arg.set(ctxt, place, Spanned { value: sql, span }),
        None => ctxt.error(span, EXAMPLE),
    }
}

/// A Rust literal as SQL; a string is SQL already.
pub(super) fn sql_literal(value: TokenStream) -> Option<String> {
    let mut tokens = value.clone().into_iter();
    if let Some(proc_macro2::TokenTree::Punct(minus)) = tokens.next()
        && minus.as_char() == '-'
    {
        return number(&syn::parse2(tokens.collect()).ok()?).map(|n| format!("-{n}"));
    }
    let lit: Lit = syn::parse2(value).ok()?;
    if let Lit::Str(sql) = lit {
        Some(sql.value())
    } else if let Lit::Bool(bool) = lit {
        Some(bool.value.to_string())
    } else {
        number(&lit)
    }
}

fn number(lit: &Lit) -> Option<String> {
    if let Lit::Int(int) = lit {
        Some(int.base10_digits().to_owned())
    } else if let Lit::Float(float) = lit {
        Some(float.base10_digits().to_owned())
    } else {
        None
    }
}

fn statistics(ctxt: &Ctxt, arg: &Arg, place: &mut Option<u32>) {
    let mut number: Option<LitInt> = None;
    arg.value(ctxt, "statistics = 500", &mut number);
    if let Some(number) = number {
        match number.base10_parse() {
            Ok(value) if value <= 10_000 => arg.set(ctxt, place, value),
            Ok(_) | Err(_) => ctxt.error(number.span(), "PostgreSQL takes a statistics target of 0 to 10000"),
        }
    }
}

/// `generated = "a + b"` and `generated("a + b", virtual)`.
fn generated(ctxt: &Ctxt, arg: &Arg, key: &Ident, out: &mut ColumnAttrs) {
    let Arg::List(_, list) = arg else {
        return arg.text(ctxt, &mut out.generated);
    };
    for option in args(list.clone()) {
        match (option.key().map(Ident::to_string).as_deref(), &option) {
            (None, Arg::Other(tokens)) => {
                if let Some(text) = string(ctxt, tokens.clone(), "an SQL expression") {
                    arg.set(ctxt, &mut out.generated, text);
                }
            }
            (Some("virtual"), Arg::Word(_)) => out.is_virtual = true,
            (Some("stored"), Arg::Word(_)) => out.is_virtual = false,
            _ => option.unknown(ctxt, "`generated`", &["virtual", "stored"]),
        }
    }
    if out.generated.is_none() {
        ctxt.error(key.span(), "write `generated = \"a + b\"` or `generated(\"a + b\", virtual)`");
    }
}

fn identity(ctxt: &Ctxt, arg: &Arg, key: &Ident, place: &mut Option<Spanned<Identity>>) {
    let value = match arg {
        Arg::Word(_) => Some(Identity::ByDefault),
        Arg::Pair(_, value) => match value.to_string().as_str() {
            "always" | "\"always\"" => Some(Identity::Always),
            "by_default" | "\"by default\"" => Some(Identity::ByDefault),
            _ => None,
        },
        Arg::List(..) | Arg::Other(_) => None,
    };
    match value {
        Some(value) => arg.set(ctxt, place, Spanned { value, span: key.span() }),
        None => ctxt.error(key.span(), "write `identity` (by default) or `identity = always`"),
    }
}
