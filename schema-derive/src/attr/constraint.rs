//! The constraints, in `#[table(...)]` and `#[column(...)]`.

use super::{Arg, args, fields, string};
use crate::ast::{Action, Constraint, ConstraintKind, Deferrable, Spanned, Target};
use crate::case::did_you_mean;
use crate::ctxt::Ctxt;
use proc_macro2::{Ident, TokenStream};
use syn::spanned::Spanned as _;
use syn::{LitStr, Path};

const ACTIONS: [(&str, Action); 5] = [
    ("no_action", Action::NoAction),
    ("restrict", Action::Restrict),
    ("cascade", Action::Cascade),
    ("set_null", Action::SetNull),
    ("set_default", Action::SetDefault),
];

/// `primary_key` and `unique`, on a field or a table.
pub(crate) fn key(ctxt: &Ctxt, arg: &Arg, word: &Ident, field: Option<&Ident>) -> Option<Constraint> {
    const WORDS: &[&str] = &["columns", "name", "include", "nulls_not_distinct", "deferrable"];
    let is_primary = word == "primary_key";
    let words = match (is_primary, field) {
        (false, None) => WORDS,
        (true, None) => &["columns", "name", "include", "deferrable"],
        (false, Some(_)) => &["name", "include", "nulls_not_distinct", "deferrable"],
        (true, Some(_)) => &["name", "include", "deferrable"],
    };
    let options = match (arg, field) {
        (Arg::Word(_), Some(_)) => Vec::new(),
        (Arg::List(_, list), _) => args(list.clone()),
        (_, Some(_)) => {
            ctxt.error(word.span(), format!("write `{word}` or `{word}(name = \"...\")`"));
            return None;
        }
        (_, None) => {
            ctxt.error(word.span(), format!("write `{word}(field, ...)`"));
            return None;
        }
    };
    let mut name = None;
    let mut columns: Vec<Ident> = field.cloned().into_iter().collect();
    let mut include = Vec::new();
    let mut nulls_not_distinct = None;
    let mut when = None;
    let errors = ctxt.count();
    for option in &options {
        let Some(key) = option.key() else {
            option.unknown(ctxt, &format!("`{word}`"), words);
            continue;
        };
        match (key.to_string().as_str(), option) {
            ("columns", Arg::List(_, list)) if field.is_none() => columns.extend(fields(ctxt, list.clone())),
            ("include", Arg::List(_, list)) => include.extend(fields(ctxt, list.clone())),
            ("name", Arg::Pair(..)) => option.text(ctxt, &mut name),
            ("deferrable", _) => deferrable(ctxt, option, &mut when),
            ("nulls_not_distinct", _) if !is_primary => option.flag(ctxt, &mut nulls_not_distinct),
            (_, Arg::Word(column)) if field.is_none() => columns.push(column.clone()),
            _ => option.unknown(ctxt, &format!("`{word}`"), words),
        }
    }
    if columns.is_empty() && ctxt.count() == errors {
        ctxt.error(word.span(), format!("`{word}` needs columns: `{word}(field, ...)`"));
    }
    Some(Constraint {
        word: word.clone(),
        field: field.cloned(),
        name,
        kind: if is_primary {
            ConstraintKind::PrimaryKey { columns, include }
        } else {
            ConstraintKind::Unique { columns, include, nulls_not_distinct: nulls_not_distinct.is_some() }
        },
        deferrable: when.unwrap_or(Deferrable::No),
    })
}

/// `check = "..."` and `check(name = "...", "...")`, on a field or a table.
pub(crate) fn check(ctxt: &Ctxt, arg: &Arg, word: &Ident, field: Option<&Ident>) -> Option<Constraint> {
    let mut name = None;
    let mut no_inherit = None;
    let mut expression = None;
    match arg {
        Arg::Pair(_, value) => expression = Some(string(ctxt, value.clone(), "an SQL condition")?),
        Arg::List(_, list) => {
            for option in args(list.clone()) {
                match (option.key().map(Ident::to_string).as_deref(), &option) {
                    (Some("name"), _) => option.text(ctxt, &mut name),
                    (Some("no_inherit"), _) => option.flag(ctxt, &mut no_inherit),
                    (None, Arg::Other(tokens)) => {
                        let text = string(ctxt, tokens.clone(), "an SQL condition")?;
                        option.set(ctxt, &mut expression, text);
                    }
                    _ => option.unknown(ctxt, "`check`", &["name", "no_inherit"]),
                }
            }
        }
        Arg::Word(_) | Arg::Other(_) => {}
    }
    let Some(expression) = expression else {
        ctxt.error(word.span(), "write `check(\"amount > 0\")`");
        return None;
    };
    Some(Constraint {
        word: word.clone(),
        field: field.cloned(),
        name,
        kind: ConstraintKind::Check { expression, no_inherit: no_inherit.is_some() },
        deferrable: Deferrable::No,
    })
}

/// `references = User::id` and `references(User::id, ...)`, on a field.
pub(crate) fn references(ctxt: &Ctxt, arg: &Arg, word: &Ident, field: &Ident) -> Option<Constraint> {
    let mut constraint = Constraint {
        word: word.clone(),
        field: Some(field.clone()),
        name: None,
        kind: ConstraintKind::ForeignKey {
            columns: vec![field.clone()],
            targets: Vec::new(),
            match_full: false,
            on_delete: None,
            on_update: None,
        },
        deferrable: Deferrable::No,
    };
    let mut found = Vec::new();
    match arg {
        Arg::Pair(_, value) => found.push(target(ctxt, value.clone())?),
        Arg::List(_, list) => {
            for option in args(list.clone()) {
                match &option {
                    Arg::Other(tokens) => found.push(target(ctxt, tokens.clone())?),
                    Arg::Word(_) | Arg::Pair(..) | Arg::List(..) => {
                        reference_option(ctxt, &option, &mut constraint);
                    }
                }
            }
        }
        Arg::Word(_) | Arg::Other(_) => {}
    }
    if found.len() != 1 {
        ctxt.error(word.span(), "write `references = Table::field`");
        return None;
    }
    if let ConstraintKind::ForeignKey { targets, .. } = &mut constraint.kind {
        *targets = found;
    }
    Some(constraint)
}

/// `foreign_key(columns(a, b), references(Other::x, Other::y), ...)`, on a table.
pub(crate) fn foreign_key(ctxt: &Ctxt, arg: &Arg, word: &Ident) -> Option<Constraint> {
    const EXAMPLE: &str = "write `foreign_key(columns(a, b), references(Other::x, Other::y))`";
    let Arg::List(_, list) = arg else {
        ctxt.error(word.span(), EXAMPLE);
        return None;
    };
    let mut constraint = Constraint {
        word: word.clone(),
        field: None,
        name: None,
        kind: ConstraintKind::ForeignKey {
            columns: Vec::new(),
            targets: Vec::new(),
            match_full: false,
            on_delete: None,
            on_update: None,
        },
        deferrable: Deferrable::No,
    };
    let mut from = Vec::new();
    let mut to = Vec::new();
    for option in args(list.clone()) {
        match (option.key().map(Ident::to_string).as_deref(), &option) {
            (Some("columns"), Arg::List(_, list)) => from.extend(fields(ctxt, list.clone())),
            (Some("references"), Arg::List(_, list)) => {
                for path in args(list.clone()) {
                    to.push(target(ctxt, path.tokens())?);
                }
            }
            _ => reference_option(ctxt, &option, &mut constraint),
        }
    }
    if from.is_empty() || from.len() != to.len() {
        ctxt.error(
            word.span(),
            if from.is_empty() || to.is_empty() {
                EXAMPLE.to_owned()
            } else {
                format!("{} columns reference {}: name as many on both sides", from.len(), to.len())
            },
        );
        return None;
    }
    if let ConstraintKind::ForeignKey { columns, targets, .. } = &mut constraint.kind {
        *columns = from;
        *targets = to;
    }
    Some(constraint)
}

/// What foreign keys take beside their columns.
pub(crate) fn reference_option(ctxt: &Ctxt, option: &Arg, constraint: &mut Constraint) {
    let ConstraintKind::ForeignKey { match_full, on_delete, on_update, .. } = &mut constraint.kind else {
        return;
    };
    match option.key().map(Ident::to_string).as_deref() {
        Some("on_delete") => action(ctxt, option, on_delete),
        Some("on_update") => action(ctxt, option, on_update),
        Some("match_full") => {
            let mut place = None;
            option.flag(ctxt, &mut place);
            *match_full |= place.is_some();
        }
        Some("name") => option.text(ctxt, &mut constraint.name),
        Some("deferrable") => {
            let mut when = None;
            deferrable(ctxt, option, &mut when);
            constraint.deferrable = when.unwrap_or(constraint.deferrable);
        }
        _ => option.unknown(
            ctxt,
            "a foreign key",
            &["name", "on_delete", "on_update", "match_full", "deferrable", "columns", "references"],
        ),
    }
}

/// `exclude(method = "gist", "room WITH =", ...)`, on a table.
pub(crate) fn exclude(ctxt: &Ctxt, arg: &Arg, word: &Ident) -> Option<Constraint> {
    const EXAMPLE: &str = "write `exclude(method = \"gist\", \"room WITH =, during WITH &&\")`";
    let Arg::List(_, list) = arg else {
        ctxt.error(word.span(), EXAMPLE);
        return None;
    };
    let mut name = None;
    let mut method = None;
    let mut elements: Option<LitStr> = None;
    let mut predicate = None;
    let mut when = None;
    for option in args(list.clone()) {
        match (option.key().map(Ident::to_string).as_deref(), &option) {
            (Some("name"), _) => option.text(ctxt, &mut name),
            (Some("method"), _) => option.text(ctxt, &mut method),
            (Some("where"), _) => option.text(ctxt, &mut predicate),
            (Some("deferrable"), _) => deferrable(ctxt, &option, &mut when),
            (None, Arg::Other(tokens)) => {
                let text = string(ctxt, tokens.clone(), "columns with operators")?;
                option.set(ctxt, &mut elements, text);
            }
            _ => option.unknown(ctxt, "`exclude`", &["name", "method", "where", "deferrable"]),
        }
    }
    let Some(elements) = elements else {
        ctxt.error(word.span(), EXAMPLE);
        return None;
    };
    Some(Constraint {
        word: word.clone(),
        field: None,
        name,
        kind: ConstraintKind::Exclude { method, elements, predicate },
        deferrable: when.unwrap_or(Deferrable::No),
    })
}

fn target(ctxt: &Ctxt, tokens: TokenStream) -> Option<Target> {
    let span = tokens.span();
    if let Ok(mut path) = syn::parse2::<Path>(tokens)
        && path.segments.len() > 1
        && let Some(last) = path.segments.pop()
    {
        // The path of the table must not end in `::`.
        path.segments.pop_punct();
        return Some(Target { table: path, field: last.into_value().ident });
    }
    ctxt.error(span, "a reference names a table and its field: `User::id`");
    None
}

fn deferrable(ctxt: &Ctxt, option: &Arg, place: &mut Option<Deferrable>) {
    let when = match option {
        Arg::Word(_) => Some(Deferrable::Immediate),
        Arg::Pair(_, value) => match value.to_string().trim_matches('"') {
            "immediate" => Some(Deferrable::Immediate),
            "deferred" => Some(Deferrable::Deferred),
            _ => None,
        },
        Arg::List(..) | Arg::Other(_) => None,
    };
    match when {
        Some(when) => option.set(ctxt, place, when),
        None => ctxt.error(option.span(), "write `deferrable` or `deferrable = \"deferred\"`"),
    }
}

fn action(ctxt: &Ctxt, option: &Arg, place: &mut Option<Spanned<Action>>) {
    let names = ACTIONS.map(|(name, _)| name);
    let Arg::Pair(_, value) = option else {
        return ctxt.error(option.span(), format!("expected one of: {}", names.join(", ")));
    };
    let span = value.span();
    let word = value.to_string().trim_matches('"').to_owned();
    match ACTIONS.iter().find(|(name, _)| *name == word) {
        Some((_, action)) => option.set(ctxt, place, Spanned { value: *action, span }),
        None => {
            let help = match did_you_mean(&word, names) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("there are: {}", names.join(", ")),
            };
            ctxt.error(span, format!("no action `{word}`; {help}"));
        }
    }
}
