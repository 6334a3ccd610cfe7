//! ALTER TABLE: each of its actions by itself. Columns and constraints that are added go through sqlparser.

use super::words::Words;
use super::{Read, canonical, column, parsed};
use crate::engine::lint::action::{Action, Change, Constraint, Form, Name, Placed};
use crate::engine::name::Ident;
use sqlparser::ast::{AlterTableOperation, Statement};

pub(super) fn read(mut words: Words<'_>, line: u32) -> Read {
    let foreign = words.take("alter foreign table");
    if !foreign {
        words.take("alter table");
    }
    words.take("if exists");
    words.take("only");
    let mut read = Read::default();
    let Some(table) = words.name() else {
        read.unread = Some("the table's name is missing".to_owned());
        return read;
    };
    words.take("*");
    for (below, text) in words.pieces() {
        match action(&table, text).map(|action| if foreign { elsewhere(action) } else { action }) {
            Ok(action) => read.actions.push(Placed { line: line + below, action }),
            Err(why) => read.unread = Some(format!("{}: {why}", Words::of(text).plain())),
        }
    }
    read
}

/// The rows of a foreign table are somewhere else: nothing here reads or writes them.
fn elsewhere(action: Action) -> Action {
    if let Action::Alter { table, change: Change::SetType { .. } | Change::SetNotNull(_) } = action {
        return Action::Alter { table, change: Change::Brief };
    }
    action
}

fn action(table: &Name, text: &str) -> Result<Action, String> {
    let mut words = Words::of(text);
    if words.take("owner to") {
        let to = words.literal().unwrap_or_default();
        return Ok(Action::Owner { of: format!("table {table}"), to });
    }
    if words.take("add") {
        let change = added(table, text, words)?;
        return Ok(Action::Alter { table: table.clone(), change });
    }
    let change = change(words).ok_or("no action that is known")?;
    Ok(Action::Alter { table: table.clone(), change })
}

/// `ADD`: a NOT NULL constraint has a form of its own, all else is sqlparser's.
fn added(table: &Name, text: &str, mut words: Words<'_>) -> Result<Change, String> {
    let name = if words.take("constraint") { words.ident() } else { None };
    if words.take("not null") {
        let column = words.ident().ok_or("the column is missing")?;
        return Ok(Change::AddConstraint(Constraint {
            columns: vec![column],
            not_valid: words.has("not valid"),
            ..Constraint::new(name, Form::NotNull)
        }));
    }
    let not_valid = words.has("not valid");
    let is_exclude = words.next_are("exclude");
    let statement = match parsed::statement(&format!("ALTER TABLE {table} {text}")) {
        Ok(statement) => statement,
        // Its operators may be any; all that matters is that it is one.
        Err(_) if is_exclude => {
            let exclude = Constraint { not_valid, ..Constraint::new(name, Form::Exclude) };
            return Ok(Change::AddConstraint(exclude));
        }
        Err(why) => return Err(why),
    };
    let Statement::AlterTable(mut parsed) = statement else { return Err("no ALTER TABLE".to_owned()) };
    let one = if parsed.operations.len() == 1 { parsed.operations.pop() } else { None };
    let change = if let Some(AlterTableOperation::AddColumn { column_def, if_not_exists, .. }) = one {
        column::read(&column_def).map(|(column, constraints)| Change::AddColumn {
            column,
            constraints,
            if_not_exists,
        })
    } else if let Some(AlterTableOperation::AddConstraint { constraint, .. }) = one {
        column::constraint(&constraint)
            .map(|constraint| Change::AddConstraint(Constraint { not_valid, ..constraint }))
    } else {
        None
    };
    change.ok_or_else(|| "it adds what PostgreSQL does not have".to_owned())
}

fn change(mut words: Words<'_>) -> Option<Change> {
    if words.take("rename") {
        return rename(words);
    }
    if words.take("drop constraint") {
        let if_exists = words.take("if exists");
        return Some(Change::DropConstraint {
            name: words.ident()?,
            cascade: words.has("cascade"),
            if_exists,
        });
    }
    if words.take("drop") {
        words.take("column");
        let if_exists = words.take("if exists");
        return Some(Change::DropColumn { column: words.ident()?, cascade: words.has("cascade"), if_exists });
    }
    if words.take("alter constraint") {
        return Some(Change::Brief);
    }
    if words.take("alter") {
        words.take("column");
        let column = words.ident()?;
        return of_column(column, words);
    }
    if words.take("validate constraint") {
        return Some(Change::Validate(words.ident()?));
    }
    if words.take("attach partition") {
        let partition = words.name()?;
        return Some(Change::Attach { partition, default: words.take("default") });
    }
    if words.take("detach partition") {
        let partition = words.name()?;
        let concurrently = words.take_one_of(&["concurrently", "finalize"]).is_some();
        return Some(Change::Detach { partition, concurrently });
    }
    if words.take("set") {
        return set(words);
    }
    of_table(words)
}

fn rename(mut words: Words<'_>) -> Option<Change> {
    if words.take("to") {
        return Some(Change::RenameTable { to: words.ident()? });
    }
    let constraint = words.take("constraint");
    words.take("column");
    let name = words.ident()?;
    if !words.take("to") {
        return None;
    }
    let to = words.ident()?;
    Some(if constraint {
        Change::RenameConstraint { name, to }
    } else {
        Change::RenameColumn { column: name, to }
    })
}

fn of_column(column: Ident, mut words: Words<'_>) -> Option<Change> {
    if words.take("set not null") {
        return Some(Change::SetNotNull(column));
    }
    if words.take("drop not null") {
        return Some(Change::DropNotNull(column));
    }
    if words.take("set default") {
        return Some(Change::SetDefault { column, value: words.rest().to_owned() });
    }
    if words.take("drop default") {
        return Some(Change::DropDefault(column));
    }
    if words.take("type") || words.take("set data type") {
        let to = canonical(words.until(&["using", "collate"]));
        words.until(&["using"]);
        let using = words.take("using").then(|| words.rest().to_owned());
        return Some(Change::SetType { column, to, using });
    }
    if words.take("add generated") {
        return Some(Change::AddIdentity(column));
    }
    if words.has("restart") {
        return Some(Change::RestartIdentity(column));
    }
    if words.take("set expression") {
        return Some(Change::Expression { column, set: true });
    }
    if words.take("drop expression") {
        return Some(Change::Expression { column, set: false });
    }
    let light = ["set statistics", "set (", "reset ("].iter().any(|start| words.next_are(start));
    let brief = ["set storage", "set compression", "set generated", "drop identity", "options"];
    match (light, brief.iter().any(|start| words.next_are(start))) {
        (true, _) => Some(Change::Light),
        (false, true) => Some(Change::Brief),
        (false, false) => None,
    }
}

fn set(mut words: Words<'_>) -> Option<Change> {
    match words.take_one_of(&["logged", "unlogged", "tablespace", "access method", "schema"]) {
        Some("logged") => return Some(Change::SetLogged(true)),
        Some("unlogged") => return Some(Change::SetLogged(false)),
        Some("tablespace") => return Some(Change::SetTablespace(words.ident()?)),
        Some("access method") => return Some(Change::SetAccessMethod),
        Some("schema") => return Some(Change::SetSchema { schema: words.ident()? }),
        Some(_) | None => {}
    }
    words.take_one_of(&["without cluster", "("]).map(|_| Change::Light)
}

fn of_table(mut words: Words<'_>) -> Option<Change> {
    for (start, change) in [
        ("enable row level security", Change::RowSecurity(true)),
        ("disable row level security", Change::RowSecurity(false)),
        ("force row level security", Change::ForceRowSecurity(true)),
        ("no force row level security", Change::ForceRowSecurity(false)),
        ("enable trigger", Change::ToggleTrigger),
        ("enable replica trigger", Change::ToggleTrigger),
        ("enable always trigger", Change::ToggleTrigger),
        ("disable trigger", Change::ToggleTrigger),
        ("enable rule", Change::Brief),
        ("enable replica rule", Change::Brief),
        ("enable always rule", Change::Brief),
        ("disable rule", Change::Brief),
        ("inherit", Change::Inherit),
        ("no inherit", Change::Inherit),
        ("reset (", Change::Light),
        ("cluster on", Change::Light),
        ("replica identity", Change::Brief),
        ("of", Change::Brief),
        ("not of", Change::Brief),
        ("options", Change::Brief),
    ] {
        if words.take(start) {
            return Some(change);
        }
    }
    None
}
