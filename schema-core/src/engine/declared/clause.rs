//! The SQL of single parts: constraints, index keys, column types. Decides no name and no place.

use super::mention::Mentions;
use super::{location, qname, written};
use crate::engine::default_name::{is_call, is_simple};
use crate::engine::error::Error;
use crate::engine::lex::{self, LexError, TokenKind};
use crate::engine::name::quoted;
use crate::engine::record::{
    Action, Base, Constraint, ConstraintKind, Deferrable, Index, IndexKey, KeyPart, Origin, RawSql, Type,
    View,
};

/// `bigint`, `billing.status[]`.
pub(super) fn column_type(ty: &Type) -> String {
    let base = match &ty.base {
        Base::Sql(sql) => sql.clone(),
        Base::Enum(name) | Base::Composite(name) | Base::Domain(name) => written(&qname(name)),
    };
    base + &"[]".repeat(usize::from(ty.dimensions))
}

/// The constraint without its name. `inline` leaves out the columns, as a column constraint does.
pub(super) fn constraint(constraint: &Constraint, inline: bool) -> Result<String, Error> {
    let at = &constraint.origin;
    let list = |names: &[String]| {
        if inline { String::new() } else { format!(" ({})", columns(names)) }
    };
    let mut sql = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, include } => {
            format!("PRIMARY KEY{}{}", list(columns), including(include))
        }
        ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
            format!("UNIQUE{nulls}{}{}", list(columns), including(include))
        }
        ConstraintKind::Check { expression, no_inherit, column: _ } => {
            format!(
                "CHECK {}{}",
                parenthesised(expression, at)?,
                if *no_inherit { " NO INHERIT" } else { "" }
            )
        }
        ConstraintKind::ForeignKey {
            columns: own,
            target,
            target_columns,
            match_full,
            on_delete,
            on_update,
        } => {
            let own = if inline { String::new() } else { format!("FOREIGN KEY{} ", list(own)) };
            format!(
                "{own}REFERENCES {} ({}){}{}{}",
                written(&qname(target)),
                columns(target_columns),
                if *match_full { " MATCH FULL" } else { "" },
                action(" ON DELETE", *on_delete),
                action(" ON UPDATE", *on_update),
            )
        }
        ConstraintKind::Exclude { method, elements, predicate } => {
            let filter = match predicate {
                Some(predicate) => format!(" WHERE {}", parenthesised(predicate, at)?),
                None => String::new(),
            };
            format!("EXCLUDE USING {} {}{filter}", quoted(method), parenthesised(elements, at)?)
        }
    };
    sql.push_str(match constraint.deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    Ok(sql)
}

/// What follows the table's name in CREATE INDEX.
pub(super) fn index(index: &Index) -> Result<String, Error> {
    let mut sql = match &index.method {
        Some(method) => format!("USING {} ", quoted(method)),
        None => String::new(),
    };
    let keys: Vec<String> =
        index.keys.iter().map(|key| index_key(key, &index.origin)).collect::<Result<_, _>>()?;
    sql.push_str(&format!("({}){}", keys.join(", "), including(&index.include)));
    if index.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(with) = &index.with {
        sql.push_str(&format!(" WITH {}", parenthesised(with, &index.origin)?));
    }
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {}", fragment(predicate, &index.origin)?));
    }
    Ok(sql)
}

pub(super) fn index_key(key: &IndexKey, at: &Origin) -> Result<String, Error> {
    let mut sql = match &key.on {
        KeyPart::Column(name) => quoted(name),
        KeyPart::Expression(sql) if is_call(sql).map_err(|error| unreadable(sql, &error, at))? => {
            fragment(sql, at)?
        }
        KeyPart::Expression(sql) => parenthesised(sql, at)?,
    };
    if let Some(collation) = &key.collation {
        sql.push_str(&format!(" COLLATE {}", fragment(collation, at)?));
    }
    if let Some(opclass) = &key.opclass {
        sql.push_str(&format!(" {}", fragment(opclass, at)?));
    }
    if key.descending {
        sql.push_str(" DESC");
    }
    match key.nulls_first {
        Some(true) => sql.push_str(" NULLS FIRST"),
        Some(false) => sql.push_str(" NULLS LAST"),
        None => {}
    }
    Ok(sql)
}

/// An expression as DEFAULT takes it.
pub(super) fn default(sql: &str, at: &Origin) -> Result<String, Error> {
    if is_simple(sql).map_err(|error| unreadable(sql, &error, at))? {
        fragment(sql, at)
    } else {
        parenthesised(sql, at)
    }
}

/// `a, "B"`.
pub(super) fn columns(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn including(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" INCLUDE ({})", columns(names)) }
}

fn action(on: &str, action: Action) -> String {
    let action = match action {
        Action::NoAction => return String::new(),
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    };
    format!("{on} {action}")
}

pub(super) fn parenthesised(sql: &str, at: &Origin) -> Result<String, Error> {
    Ok(format!("({})", fragment(sql, at)?))
}

/// A part of a statement that the user wrote: it must not reach beyond its own end.
pub(super) fn fragment(sql: &str, at: &Origin) -> Result<String, Error> {
    let tokens = lex::tokens(sql).map_err(|error| unreadable(sql, &error, at))?;
    let mut open = 0_i32;
    for token in tokens.iter().filter(|token| token.kind == TokenKind::Char) {
        match &sql[token.range.clone()] {
            "(" => open += 1,
            ")" => open -= 1,
            ";" => return Err(broken("a `;` does not belong into it", sql, at)),
            _ => {}
        }
        if open < 0 {
            return Err(broken("it closes a parenthesis that it does not open", sql, at));
        }
    }
    if open > 0 {
        return Err(broken("it opens a parenthesis that it does not close", sql, at));
    }
    match tokens.last() {
        None => Err(broken("it is empty", sql, at)),
        // A comment to the end of the line would swallow what comes after.
        Some(last) if last.kind == TokenKind::Comment && sql[last.range.clone()].starts_with("--") => {
            Ok(format!("{}\n", sql.trim()))
        }
        Some(_) => Ok(sql.trim().to_owned()),
    }
}

/// Raw SQL as statements: the last one gets its `;` if it has none.
pub(super) fn statements(raw: &RawSql) -> Result<String, Error> {
    let sql = raw.sql.trim_end().trim_start_matches(['\n', '\r']);
    let tokens = lex::tokens(sql).map_err(|error| {
        let line = raw.origin.line;
        let (file, line) = match &raw.file {
            Some(file) => (file.clone(), error.line),
            None => (raw.origin.file.clone(), line),
        };
        Error::usage(format!("the SQL of {} can't be read: {}", raw.origin.path, error.what)).at(file, line)
    })?;
    let last = tokens.iter().rev().find(|token| token.kind != TokenKind::Comment);
    let ended = last.is_none_or(|last| &sql[last.range.clone()] == ";");
    let comment_last = tokens.last().is_some_and(|token| token.kind == TokenKind::Comment);
    Ok(match (ended, comment_last) {
        (true, _) => sql.to_owned(),
        (false, true) => format!("{sql}\n;"),
        (false, false) => format!("{sql};"),
    })
}

/// What a view's query names.
pub(super) fn mentions(view: &View) -> Result<Mentions, Error> {
    let query = query(view)?;
    Mentions::of(query).map_err(|error| unreadable(query, &error, &view.origin))
}

/// A view's query: one statement, without its `;`.
pub(super) fn query(view: &View) -> Result<&str, Error> {
    let fail = |what: &str, line: u32| {
        let what = format!("the query of {} can't be used: {what}", view.origin.path);
        match &view.file {
            Some(file) => Error::usage(what).at(file.clone(), line),
            None => Error::usage(what).at(view.origin.file.clone(), view.origin.line),
        }
    };
    let lexed = lex::tokens(&view.sql).and_then(|tokens| lex::statements(&view.sql, &tokens));
    match lexed.map_err(|error| fail(&error.what, error.line))?.as_slice() {
        [] => Err(fail("it is empty", 1)),
        [one] => Ok(view.sql[..one.range.end].trim_start_matches(['\n', '\r']).trim_start()),
        [_, second, ..] => Err(fail("it is more than one statement", second.line)),
    }
}

pub(super) fn unreadable(sql: &str, error: &LexError, at: &Origin) -> Error {
    broken(&error.what, sql, at)
}

fn broken(why: &str, sql: &str, at: &Origin) -> Error {
    let at_line = location(at);
    Error::usage(format!("the SQL `{sql}` of {} can't be used: {why}", at.path))
        .at(at_line.file, at_line.line)
}
