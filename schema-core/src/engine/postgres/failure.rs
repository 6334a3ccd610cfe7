//! The driver's errors in words for people: message, SQLSTATE, detail, hint, and the line of the file at fault.

use crate::engine::error::Error;
use crate::engine::script::Statement;
use postgres::error::{DbError, ErrorPosition, SqlState};
use std::error::Error as _;

const RECONNECT: &str = "connect and run again: where a section was through after all, the ledger knows it";

/// What the server or the driver says, with SQLSTATE, DETAIL, HINT and CONTEXT.
pub fn explain(error: &postgres::Error) -> String {
    let Some(db) = error.as_db_error() else {
        if error.is_closed() {
            return "the connection to the server is lost".to_owned();
        }
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        return format!("{error}{}", if error.to_string().contains(&cause) { String::new() } else { cause });
    };
    let mut text = headline(db);
    for (label, part) in [("DETAIL", db.detail()), ("HINT", db.hint()), ("CONTEXT", db.where_())] {
        if let Some(part) = part {
            text.push_str(&format!("\n  {label}: {}", part.replace('\n', "\n  ")));
        }
    }
    if let Some(ErrorPosition::Internal { query, .. }) = db.position() {
        text.push_str(&format!("\n  in: {}", excerpt(query)));
    }
    text
}

/// The message and its SQLSTATE, one line; holds no data of rows.
pub fn headline(db: &DbError) -> String {
    format!("{} (SQLSTATE {})", db.message(), db.code().code())
}

/// Has the server ended the session, or the network?
pub fn is_lost(error: &postgres::Error) -> bool {
    let code = error.code();
    error.is_closed()
        || [&SqlState::ADMIN_SHUTDOWN, &SqlState::CRASH_SHUTDOWN, &SqlState::CANNOT_CONNECT_NOW]
            .into_iter()
            .any(|lost| code == Some(lost))
        || (code.is_none() && error.source().is_some_and(|cause| cause.is::<std::io::Error>()))
}

/// Did another session stand in the way, so that a later try may succeed?
pub fn is_contention(error: &postgres::Error) -> bool {
    let contended = [
        &SqlState::LOCK_NOT_AVAILABLE,
        &SqlState::T_R_DEADLOCK_DETECTED,
        &SqlState::T_R_SERIALIZATION_FAILURE,
    ];
    contended.into_iter().any(|code| error.code() == Some(code))
}

/// A statement of a file failed.
pub fn statement(file: &str, statement: &Statement, error: &postgres::Error) -> Error {
    let line = statement.line + position(error).map_or(0, |position| lines_before(&statement.sql, position));
    let what = format!("{}\n  in: {}", explain(error), excerpt(&statement.sql));
    let located = Error::failed(what).at(file, line);
    if error.code() == Some(&SqlState::ACTIVE_SQL_TRANSACTION) {
        return located.next(
            "this statement cannot run in a transaction: put `-- schema:section no-transaction` before it",
        );
    }
    match remedy(error) {
        Some(remedy) => located.next(remedy),
        None => located,
    }
}

/// What helps, where that does not depend on what was tried.
fn remedy(error: &postgres::Error) -> Option<&'static str> {
    let known = [
        (
            &SqlState::READ_ONLY_SQL_TRANSACTION,
            "the server or the session is read-only: connect to the primary server",
        ),
        (
            &SqlState::INSUFFICIENT_PRIVILEGE,
            "grant the missing privilege to this role, or connect as one that has it (ALTER and DROP need the owner)",
        ),
        (&SqlState::DISK_FULL, "make room on the server's disk; what this section had done is rolled back"),
        (&SqlState::OUT_OF_MEMORY, "give the server more memory, or let the section do less at once"),
        (&SqlState::TOO_MANY_CONNECTIONS, "end other sessions, or raise max_connections"),
    ];
    let found = known.into_iter().find(|(code, _)| error.code() == Some(code)).map(|(_, remedy)| remedy);
    found.or_else(|| is_lost(error).then_some(RECONNECT))
}

/// Something beside the user's statements failed.
pub fn doing(what: &str, error: &postgres::Error) -> Error {
    let failed = Error::failed(format!("{what}: {}", explain(error)));
    match remedy(error) {
        Some(remedy) => failed.next(remedy),
        None => failed,
    }
}

fn position(error: &postgres::Error) -> Option<u32> {
    match error.as_db_error()?.position()? {
        ErrorPosition::Original(position) => Some(*position),
        ErrorPosition::Internal { .. } => None,
    }
}

/// Line ends before a character, counted from 1.
fn lines_before(sql: &str, position: u32) -> u32 {
    let before = sql.chars().take(position.saturating_sub(1) as usize);
    u32::try_from(before.filter(|c| *c == '\n').count()).unwrap_or(u32::MAX)
}

/// The beginning of a statement on one line.
pub fn excerpt(sql: &str) -> String {
    let mut words = sql.split_whitespace();
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        if text.chars().count() + word.chars().count() > 160 {
            return text + " ...";
        }
        text.push(' ');
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        assert_eq!(lines_before("é\nb", 2), 0);
        assert_eq!(lines_before("é\nb", 3), 1);
        assert_eq!(lines_before("", 0), 0);
        assert_eq!(lines_before("a\n", 99), 1);
    }

    #[test]
    fn excerpts_are_short_and_on_one_line() {
        assert_eq!(excerpt(" select\n  1 "), "select 1");
        let long = excerpt(&"word ".repeat(100));
        assert!(long.len() < 170 && long.ends_with("word ..."));
    }
}
