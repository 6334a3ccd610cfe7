//! From the text of a statement to its actions. What is PostgreSQL's own is read from tokens, all else by sqlparser;
//! no other module knows sqlparser.

mod alter;
mod column;
mod form;
mod object;
mod parsed;
mod table;
mod types;
pub(super) mod words;

pub use types::canonical;

use super::action::{Action, Placed};
use words::Words;

/// What a statement does, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Its actions, in order.
    pub actions: Vec<Placed>,
    /// Why it, or a part of it, could not be read.
    pub unread: Option<String>,
}

impl Read {
    fn one(line: u32, action: Action) -> Self {
        Self { actions: vec![Placed { line, action }], unread: None }
    }
}

/// Reads a statement that begins on this line of its file.
pub fn read(sql: &str, line: u32) -> Read {
    let words = Words::of(sql);
    if words.next_are("alter table") || words.next_are("alter foreign table") {
        return alter::read(words, line);
    }
    // Its columns matter to no rule: they are somewhere else.
    if words.next_are("create foreign table") {
        return table::name_only(words, line);
    }
    if let Some(action) = form::read(words.clone()).or_else(|| object::read(words.clone())) {
        return Read::one(line, action);
    }
    match parsed::read(sql) {
        Ok(action) => Read::one(line, action),
        // A new table counts as new, whatever is in it.
        Err(why) => Read { unread: Some(why), ..table::name_only(words, line) },
    }
}

#[cfg(test)]
#[allow(clippy::wildcard_enum_match_arm, reason = "what else it is is shown")]
mod tests {
    use super::*;
    use crate::engine::lint::action::{Change, Form, Kind, Verb};

    fn actions(sql: &str) -> Vec<Action> {
        let read = read(sql, 1);
        assert_eq!(read.unread, None, "{sql}");
        read.actions.into_iter().map(|placed| placed.action).collect()
    }

    fn change(sql: &str) -> Change {
        match actions(sql).remove(0) {
            Action::Alter { change, .. } => change,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tables() {
        let Action::CreateTable(table) = actions(
            "CREATE TABLE IF NOT EXISTS app.t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a varchar(10) NOT NULL
             DEFAULT 'x', b int REFERENCES u (id) ON DELETE CASCADE, CONSTRAINT c CHECK (b > 0), UNIQUE (a, b))",
        )
        .remove(0) else {
            panic!("no table")
        };
        assert_eq!(table.name.to_string(), "app.t");
        let columns: Vec<_> = table.columns.iter().map(|c| (c.data_type.as_str(), c.not_null)).collect();
        assert_eq!(columns, [("bigint", true), ("character varying(10)", true), ("integer", false)]);
        let forms: Vec<Form> = table.constraints.iter().map(|constraint| constraint.form).collect();
        assert_eq!(forms, [Form::PrimaryKey, Form::ForeignKey, Form::Check, Form::Unique]);
    }

    #[test]
    fn every_action_has_its_line() {
        let read = read(
            "ALTER TABLE t\n  DROP COLUMN a,\n  ATTACH PARTITION p FOR VALUES IN (1, 2),\n  ADD x int",
            4,
        );
        assert_eq!(read.unread, None);
        let lines: Vec<u32> = read.actions.iter().map(|placed| placed.line).collect();
        assert_eq!(lines, [5, 6, 7]);
    }

    #[test]
    fn what_sqlparser_does_not_know() {
        for sql in [
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            "ALTER TABLE t ALTER COLUMN a SET STORAGE external",
            "ALTER TABLE t SET ACCESS METHOD heap2",
            "ALTER TABLE t ALTER a DROP IDENTITY IF EXISTS",
            "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID",
            "ALTER TABLE t SET (fillfactor = 70)",
            "ALTER TABLE t ALTER CONSTRAINT c DEFERRABLE",
            "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
            "VACUUM (FULL, ANALYZE) t",
            "CREATE PUBLICATION p FOR TABLE t",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO r",
        ] {
            actions(sql);
        }
    }

    #[test]
    fn not_valid_is_seen() {
        let constraint = |sql: &str| match change(sql) {
            Change::AddConstraint(constraint) => constraint,
            other => panic!("{other:?}"),
        };
        assert!(constraint("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID").not_valid);
        assert!(!constraint("ALTER TABLE t ADD CHECK (a > 0)").not_valid);
        assert!(constraint("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u NOT VALID").not_valid);
        let added = constraint("ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID");
        assert_eq!((added.form, added.not_valid), (Form::NotNull, true));
        let using = constraint("ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i");
        assert_eq!(using.using_index.map(|name| name.to_string()).as_deref(), Some("i"));
        assert_eq!(constraint("ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&)").form, Form::Exclude);
    }

    #[test]
    fn writes() {
        let write = |sql: &str| match actions(sql).remove(0) {
            Action::Write { verb, filtered, batched, .. } => (verb, filtered, batched),
            other => panic!("{other:?}"),
        };
        assert_eq!(write("UPDATE t SET a = 1"), (Verb::Update, false, false));
        assert_eq!(write("UPDATE t SET a = 1 WHERE b IS NULL"), (Verb::Update, true, false));
        assert_eq!(
            write("DELETE FROM t WHERE id IN (SELECT id FROM t WHERE old LIMIT 1000)"),
            (Verb::Delete, true, true)
        );
        assert_eq!(write("WITH x AS (SELECT 1) DELETE FROM t USING x"), (Verb::Delete, false, false));
        assert_eq!(write("INSERT INTO t SELECT * FROM u").0, Verb::Insert);
    }

    #[test]
    fn drops() {
        let Action::Drop(drop) = actions("DROP MATERIALIZED VIEW IF EXISTS a.b, c CASCADE").remove(0) else {
            panic!("no drop")
        };
        assert_eq!((drop.kind, drop.names.len(), drop.cascade), (Kind::MaterializedView, 2, true));
        let Action::Drop(drop) = actions("DROP FUNCTION f(int, text), g").remove(0) else {
            panic!("no drop")
        };
        assert_eq!(drop.names.len(), 2);
    }

    #[test]
    fn what_nobody_can_read_is_said() {
        assert!(read("FROBNICATE t", 1).unread.is_some());
        let table = read("CREATE TABLE t (a int FROBNICATED)", 1);
        assert!(table.unread.is_some() && table.actions.len() == 1);
        let half = read("ALTER TABLE t DROP COLUMN a, FROBNICATE b", 1);
        assert!(half.unread.is_some() && half.actions.len() == 1);
    }
}
