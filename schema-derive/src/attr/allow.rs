//! `allow(...)`, on a struct and on a field.

use super::{Arg, args, string};
use crate::ast::Allow;
use crate::ctxt::Ctxt;
use proc_macro2::Ident;

/// Reads `allow("fk-missing-index", reason = "users are never deleted", until = "2027-06-30")`.
pub(super) fn parse(ctxt: &Ctxt, arg: &Arg, word: &Ident) -> Option<Allow> {
    const EXAMPLE: &str =
        "write `allow(\"rule\", reason = \"...\")`: a rule of `schema lint`, and why it does not count here";
    let Arg::List(_, list) = arg else {
        ctxt.error(word.span(), EXAMPLE);
        return None;
    };
    let errors = ctxt.count();
    let (mut rule, mut reason, mut until) = (None, None, None);
    for option in args(list.clone()) {
        match (option.key().map(Ident::to_string).as_deref(), &option) {
            (None, Arg::Other(tokens)) => {
                if let Some(text) = string(ctxt, tokens.clone(), "a rule") {
                    option.set(ctxt, &mut rule, text);
                }
            }
            (Some(_), Arg::Word(word)) => ctxt.error(word.span(), EXAMPLE),
            (Some("reason"), _) => option.text(ctxt, &mut reason),
            (Some("until"), _) => option.text(ctxt, &mut until),
            _ => option.unknown(ctxt, "`allow`", &["reason", "until"]),
        }
    }
    if let Some(day) = until.as_ref().filter(|day| !is_day(&day.value())) {
        ctxt.error(day.span(), "no day: write `until = \"2027-01-31\"`, the last one on which it holds");
    }
    let said = match (rule, reason) {
        (Some(rule), Some(reason)) => Some((rule, reason)),
        (Some(rule), None) if ctxt.count() == errors => {
            ctxt.error(rule.span(), "say why: `reason = \"...\"`");
            None
        }
        (None, _) if ctxt.count() == errors => {
            ctxt.error(word.span(), EXAMPLE);
            None
        }
        (_, _) => None,
    };
    let (rule, reason) = said.filter(|_| ctxt.count() == errors)?;
    Some(Allow { word: word.clone(), rule, reason, until })
}

/// `2027-01-31`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize, most: u32| {
        part.len() == digits && part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    matches!(parts.as_slice(), [year, month, day] if number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31))
}
