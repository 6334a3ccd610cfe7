//! The bound of a partition as a check: PostgreSQL does not read a table that is attached, if a check of its own says
//! as much; and it leaves such a check on one that is detached while others write.

use super::foreign_table::is_foreign;
use super::inherit::table;
use super::online::{passing_check, validate};
use super::table::Table;
use super::{Context, Object, Rules};
use crate::engine::default_name::free_name;
use crate::engine::id::ObjectId;
use crate::engine::lex::{self, TokenKind};
use crate::engine::name::{Ident, QName};
use crate::engine::printed::find;
use crate::engine::step::{LockMode, Sql, Step, Transaction};

/// What can take the place of `step`, which attaches the table to `parent`: its rows are checked before.
pub(super) fn attach_online(of: &Table, parent: &QName, step: &Step, cx: &Context<'_>) -> Vec<Step> {
    // The rows of a foreign table are not read.
    let own = |old: &&Table| old.bound.is_none() && !is_foreign(&of.name, cx.new);
    let Some(old) = table(cx.old, &of.name).filter(own) else { return Vec::new() };
    let key = table(cx.new, parent).and_then(|parent| parent.partitioned_by.as_deref());
    let Some((column, check)) = key.zip(of.bound.as_deref()).and_then(|(key, bound)| as_check(key, bound))
    else {
        return Vec::new();
    };
    let name = passing_check(&of.name, of.name.name.as_str(), "bound_check", cx);
    let proof = ObjectId::Constraint(of.name.clone(), name.clone());
    let mut add =
        Step::alter_table(of.id(), &of.name, format!("ADD CONSTRAINT {name} CHECK ({check}) NOT VALID"))
            .needs(ObjectId::Column(of.name.clone(), column))
            .builds(proof.clone());
    let why = "rows that are outside of the bound stand in the way";
    let mut validate = validate(of.id(), &of.name, &name, &old.children, why);
    let mut attach = step.clone().with_sql(step.sql.clone());
    attach.hazards.retain(|hazard| hazard.why != CHECKED && hazard.why != why);
    let mut drop = Step::statement(of.id(), format!("ALTER TABLE {} DROP CONSTRAINT {name}", of.name))
        .locks(LockMode::AccessExclusive, &of.name)
        .destroys(proof);
    for below in &old.children {
        add = add.locks(LockMode::AccessExclusive, below);
        validate = validate.locks(LockMode::ShareUpdateExclusive, below);
        drop = drop.locks(LockMode::AccessExclusive, below);
    }
    vec![add, validate, attach, drop]
}

/// What attaching takes without a check of its own.
pub(super) const CHECKED: &str = "the table is locked until every row is checked";

/// What can take the place of `step`, which detaches the table from `parent`.
pub(super) fn detach_online(of: &Table, parent: &QName, step: &Step, cx: &Context<'_>) -> Vec<Step> {
    let Some(above) = table(cx.old, parent).filter(|above| above.bound.is_none()) else { return Vec::new() };
    let stays = table(cx.new, &of.name).is_some_and(|new| new.bound.is_none());
    let is_default =
        |child: &QName| table(cx.old, child).is_some_and(|child| child.bound.as_deref() == Some("DEFAULT"));
    if !stays || above.children.iter().any(is_default) {
        return Vec::new();
    }
    let Some(columns) = above.partitioned_by.as_deref().and_then(key_columns) else { return Vec::new() };
    let one = if let [column] = columns.as_slice() { Some(column.as_str()) } else { None };
    let in_schema = |object: &Object, name: &str| {
        matches!(object, Object::Constraint(other)
            if other.name.as_str() == name && other.table.schema == of.name.schema)
    };
    let taken = |name: &str| cx.old.objects.values().any(|object| in_schema(object, name));
    let left = Ident::from(free_name(of.name.name.as_str(), one, "check", taken).as_str());
    if cx.new.get(&ObjectId::Constraint(of.name.clone(), left.clone())).is_some() {
        return Vec::new();
    }
    let sql = format!("ALTER TABLE {parent} DETACH PARTITION {} CONCURRENTLY", of.name);
    let detach = step
        .clone()
        .with_sql(Sql::Statement(sql))
        .relocked(LockMode::ShareUpdateExclusive, parent)
        .in_transaction(Transaction::Outside);
    // It is not there if another one says as much.
    let drop = format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {left}", of.name);
    let drop = Step::statement(of.id(), drop).locks(LockMode::AccessExclusive, &of.name);
    vec![detach, drop]
}

/// The columns of a partition key, where all are columns: `RANGE (a, b)`.
fn key_columns(key: &str) -> Option<Vec<Ident>> {
    let inside = key.split_once(" (")?.1.strip_suffix(')')?;
    let tokens = lex::tokens(inside).ok()?;
    let mut columns = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match (i % 2, token.kind) {
            (0, TokenKind::Word | TokenKind::Quoted) => {
                columns.push(Ident::from(lex::name(inside, token)?.as_str()));
            }
            (1, _) if &inside[token.range.clone()] == "," => {}
            (_, _) => return None,
        }
    }
    Some(columns)
}

/// The bound as a condition on the one column of the key, with that column.
fn as_check(key: &str, bound: &str) -> Option<(Ident, String)> {
    let columns = key_columns(key)?;
    let [column] = columns.as_slice() else { return None };
    let mut parts = vec![format!("{column} IS NOT NULL")];
    if let Some(values) = bound.strip_prefix("FOR VALUES IN ").filter(|_| key.starts_with("LIST")) {
        if find(&values.replace(['(', ')'], " "), " NULL").is_some() {
            return None;
        }
        parts.push(format!("{column} IN {values}"));
    } else {
        let range = bound.strip_prefix("FOR VALUES FROM (").filter(|_| key.starts_with("RANGE"))?;
        let (from, to) = range.split_at(find(range, ") TO (")?);
        let to = to.strip_prefix(") TO (")?.strip_suffix(')')?;
        if from != "MINVALUE" {
            parts.push(format!("{column} >= {from}"));
        }
        if to != "MAXVALUE" {
            parts.push(format!("{column} < {to}"));
        }
    }
    Some((column.clone(), parts.join(" AND ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_as_checks() {
        let check = |key, bound| as_check(key, bound).map(|(_, check)| check);
        for (key, bound, expected) in [
            (
                "RANGE (at)",
                "FOR VALUES FROM ('2024-01-01') TO (MAXVALUE)",
                Some("at IS NOT NULL AND at >= '2024-01-01'"),
            ),
            ("RANGE (n)", "FOR VALUES FROM (MINVALUE) TO (5)", Some("n IS NOT NULL AND n < 5")),
            (
                "RANGE (n)",
                "FOR VALUES FROM (')') TO (') TO (')",
                Some("n IS NOT NULL AND n >= ')' AND n < ') TO ('"),
            ),
            (
                r#"LIST ("A b")"#,
                "FOR VALUES IN ('a', 'b')",
                Some(r#""A b" IS NOT NULL AND "A b" IN ('a', 'b')"#),
            ),
            ("LIST (a)", "FOR VALUES IN ('a', NULL)", None),
            ("LIST (a)", "FOR VALUES IN (NULL)", None),
            ("LIST (lower(a))", "FOR VALUES IN ('a')", None),
            ("RANGE (a, b)", "FOR VALUES FROM (1, 2) TO (3, 4)", None),
            ("HASH (a)", "FOR VALUES WITH (modulus 2, remainder 0)", None),
            ("LIST (a)", "DEFAULT", None),
        ] {
            assert_eq!(check(key, bound).as_deref(), expected, "{key} {bound}");
        }
        assert_eq!(key_columns("RANGE (a, \"B\")").map(|columns| columns.len()), Some(2));
        assert_eq!(key_columns("RANGE (a COLLATE \"C\")"), None);
    }
}
