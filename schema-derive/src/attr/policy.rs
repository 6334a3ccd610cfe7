//! `policy(...)`, in `#[table(...)]`.

use super::{Arg, args, string};
use crate::ast::{Policy, PolicyCommand, Spanned};
use crate::case::did_you_mean;
use crate::ctxt::Ctxt;
use proc_macro2::Ident;
use syn::spanned::Spanned as _;

const WORDS: &[&str] = &["name", "for", "to", "using", "with_check", "restrictive"];

const COMMANDS: [(&str, PolicyCommand); 5] = [
    ("all", PolicyCommand::All),
    ("select", PolicyCommand::Select),
    ("insert", PolicyCommand::Insert),
    ("update", PolicyCommand::Update),
    ("delete", PolicyCommand::Delete),
];

/// Reads `policy(name = "own_rows", for = select, to = "app", using = "owner = current_user")`.
pub(super) fn parse(ctxt: &Ctxt, arg: &Arg, word: &Ident) -> Option<Policy> {
    const EXAMPLE: &str =
        "write `policy(name = \"own_rows\", for = select, using = \"owner = current_user\")`";
    let Arg::List(_, list) = arg else {
        ctxt.error(word.span(), EXAMPLE);
        return None;
    };
    let errors = ctxt.count();
    let mut name = None;
    let mut command = None;
    let mut to = Vec::new();
    let mut restrictive = None;
    let mut using = None;
    let mut with_check = None;
    for option in args(list.clone()) {
        match (option.key().map(Ident::to_string).as_deref(), &option) {
            (Some("name"), _) => option.text(ctxt, &mut name),
            (Some("for"), _) => command_of(ctxt, &option, &mut command),
            (Some("to"), Arg::Pair(_, role)) => to.extend(string(ctxt, role.clone(), "a role")),
            (Some("to"), Arg::List(_, roles)) => {
                for role in args(roles.clone()) {
                    to.extend(string(ctxt, role.tokens(), "a role"));
                }
            }
            (Some("to"), _) => {
                ctxt.error(option.span(), "write `to = \"role\"` or `to(\"role\", \"other\")`")
            }
            (Some("using"), _) => option.text(ctxt, &mut using),
            (Some("with_check"), _) => option.text(ctxt, &mut with_check),
            (Some("restrictive"), _) => option.flag(ctxt, &mut restrictive),
            _ => option.unknown(ctxt, "`policy`", WORDS),
        }
    }
    if ctxt.count() > errors {
        return None;
    }
    let Some(name) = name else {
        ctxt.error(word.span(), EXAMPLE);
        return None;
    };
    let command = command.unwrap_or(Spanned { value: PolicyCommand::All, span: word.span() });
    Some(Policy {
        word: word.clone(),
        name,
        restrictive: restrictive.is_some(),
        command,
        to,
        using,
        with_check,
    })
}

fn command_of(ctxt: &Ctxt, option: &Arg, place: &mut Option<Spanned<PolicyCommand>>) {
    let names = COMMANDS.map(|(name, _)| name);
    let Arg::Pair(_, value) = option else {
        return ctxt.error(option.span(), format!("write `for = select`; there are: {}", names.join(", ")));
    };
    let word = value.to_string().trim_matches('"').to_owned();
    match COMMANDS.iter().find(|(name, _)| *name == word) {
        Some((_, command)) => option.set(ctxt, place, Spanned { value: *command, span: value.span() }),
        None => {
            let help = match did_you_mean(&word, names) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("there are: {}", names.join(", ")),
            };
            ctxt.error(value.span(), format!("a policy is not for `{word}`; {help}"));
        }
    }
}
