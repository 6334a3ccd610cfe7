//! Sequences, standing alone or owned by a column (`serial`). Those inside identity columns belong to the column.

use super::domain::base_type;
use super::inherit::made_again;
use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName, literal};
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its name.
    pub name: QName,
    /// Its numbers.
    pub options: SequenceOptions,
    /// `OWNED BY`: table and column.
    pub owned_by: Option<(QName, Ident)>,
    /// `UNLOGGED` (PostgreSQL 15).
    pub unlogged: bool,
}

/// `pg_sequence`, also used by identity columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `AS`: `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub min: i64,
    /// `MAXVALUE`.
    pub max: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    pub cycle: bool,
}

impl SequenceOptions {
    /// What differs from the defaults of its type, as `CREATE SEQUENCE` takes it; each part with a leading space.
    pub fn sql(&self) -> String {
        let Self { data_type: _, start, increment, min, max, cache, cycle } = self;
        let default = self.defaults();
        let mut sql = String::new();
        let mut add = |differs: bool, part: String| {
            if differs {
                sql.push(' ');
                sql.push_str(&part);
            }
        };
        add(*increment != 1, format!("INCREMENT BY {increment}"));
        add(*min != default.0, format!("MINVALUE {min}"));
        add(*max != default.1, format!("MAXVALUE {max}"));
        add(*start != if *increment > 0 { *min } else { *max }, format!("START WITH {start}"));
        add(*cache != 1, format!("CACHE {cache}"));
        add(*cycle, "CYCLE".to_owned());
        sql
    }

    /// What makes it `new`, as `ALTER SEQUENCE` takes it; each part with a leading space, after `prefix`.
    pub fn alter_sql(&self, new: &Self, prefix: &str) -> String {
        let Self { data_type: _, start, increment, min, max, cache, cycle } = self;
        let mut sql = String::new();
        let mut add = |differs: bool, part: String| {
            if differs {
                sql.push_str(&format!(" {prefix}{part}"));
            }
        };
        add(*increment != new.increment, format!("INCREMENT BY {}", new.increment));
        add(*min != new.min, format!("MINVALUE {}", new.min));
        add(*max != new.max, format!("MAXVALUE {}", new.max));
        add(*start != new.start, format!("START WITH {}", new.start));
        // Counting the other way, or where no number is within both bounds, the current value is outside.
        let apart = *max < new.min || *min > new.max;
        add(*cache != new.cache, format!("CACHE {}", new.cache));
        add(*cycle != new.cycle, if new.cycle { "CYCLE".to_owned() } else { "NO CYCLE".to_owned() });
        if apart || (*increment > 0) != (new.increment > 0) {
            // The one that ALTER COLUMN takes without SET.
            sql.push_str(&format!(" RESTART WITH {}", new.start));
        }
        sql
    }

    /// Those of a sequence of this type of which nothing is said.
    pub fn usual(data_type: &str) -> Self {
        let mut usual = Self {
            data_type: data_type.to_owned(),
            start: 1,
            increment: 1,
            min: 1,
            max: i64::MAX,
            cache: 1,
            cycle: false,
        };
        (usual.min, usual.max) = usual.defaults();
        usual
    }

    /// Brings the current value into the bounds of `new`, where a sequence that was never used is outside of them.
    pub(super) fn move_into_bounds(&self, new: &Self, cause: ObjectId, sequence: &QName) -> Option<Step> {
        let (value, edge) = if self.start < new.min {
            (format!("greatest(last_value, {})", new.min), format!("last_value >= {}", new.min))
        } else if self.start > new.max {
            (format!("least(last_value, {})", new.max), format!("last_value <= {}", new.max))
        } else {
            return None;
        };
        let within = (self.min..=self.max).contains(&if self.start < new.min { new.min } else { new.max });
        let name = literal(&sequence.to_string());
        let sql = format!("SELECT setval({name}, {value}, is_called AND {edge}) FROM {sequence}");
        (within && (self.increment > 0) == (new.increment > 0)).then(|| Step::statement(cause, sql))
    }

    /// Whether a bound that was set is beyond what the other type can count.
    pub(super) fn exceeds(&self, data_type: &str) -> bool {
        let retyped = self.retyped(data_type);
        let (lowest, highest) = bounds(data_type);
        retyped.min < lowest || retyped.max > highest
    }

    /// After `ALTER SEQUENCE ... AS data_type`: bounds that were the old type's own become the new type's.
    pub(super) fn retyped(&self, data_type: &str) -> Self {
        let mut new = self.clone();
        data_type.clone_into(&mut new.data_type);
        let (old_bounds, new_bounds) = (self.defaults(), new.defaults());
        if self.min == old_bounds.0 {
            new.min = new_bounds.0;
        }
        if self.max == old_bounds.1 {
            new.max = new_bounds.1;
        }
        new
    }

    /// `MINVALUE` and `MAXVALUE` when none is given (sequence.c, init_params).
    fn defaults(&self) -> (i64, i64) {
        let (lowest, highest) = bounds(&self.data_type);
        if self.increment > 0 { (1, highest) } else { (lowest, -1) }
    }
}

/// The least and the greatest number of a type.
fn bounds(data_type: &str) -> (i64, i64) {
    match data_type {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _bigint => (i64::MIN, i64::MAX),
    }
}

/// A column as the numbers of a sequence; what is no number has none.
fn as_number(column: &Ident, base: &str) -> Option<String> {
    match base.split('(').next().unwrap_or_default() {
        "smallint" | "integer" | "bigint" => Some(column.to_string()),
        "numeric" | "real" | "double precision" => Some(format!("{column}::bigint")),
        _no_number => None,
    }
}

/// Sets the sequence past the rows that are there, so that its next value is free.
pub(super) fn past_rows(
    cause: ObjectId,
    sequence: &QName,
    options: &SequenceOptions,
    table: &QName,
    column: impl Display,
) -> Step {
    let (extreme, next) = if options.increment > 0 { ("max", "+ 1") } else { ("min", "- 1") };
    let sql = format!(
        "SELECT setval({}, (SELECT coalesce({extreme}({column}) {next}, {}) FROM {table}), false)",
        literal(&sequence.to_string()),
        options.start
    );
    Step::statement(cause, sql)
        .locks(LockMode::AccessShare, table)
        .hazard(HazardKind::BreaksRunningCode, "rows that are written meanwhile may take the same number")
}

impl Sequence {
    fn own(&self) -> Step {
        let owner = match &self.owned_by {
            Some((table, column)) => format!("{table}.{column}"),
            None => "NONE".to_owned(),
        };
        let mut step = Step::statement(self.id(), format!("ALTER SEQUENCE {} OWNED BY {owner}", self.name));
        step.afterthought = true;
        match &self.owned_by {
            // Both must have the same owner still; from then on they have.
            Some((table, column)) => step
                .needs(ObjectId::Column(table.clone(), column.clone()))
                .releases(ObjectId::Owner(Box::new(ObjectId::Table(table.clone())))),
            None => step,
        }
    }
}

impl Rules for Sequence {
    fn id(&self) -> ObjectId {
        ObjectId::Sequence(self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let unlogged = if self.unlogged { "UNLOGGED " } else { "" };
        let data_type = match self.options.data_type.as_str() {
            "bigint" => String::new(),
            other => format!(" AS {other}"),
        };
        let sql = format!("CREATE {unlogged}SEQUENCE {}{data_type}{}", self.name, self.options.sql());
        let create = Step::statement(self.id(), sql)
            .builds(self.id())
            .builds(ObjectId::RelationName(self.name.clone()));
        let mut steps = vec![create];
        if let Some((table, column)) = &self.owned_by {
            steps.push(self.own());
            // A column that had rows before it had this sequence.
            let owner = ObjectId::Column(table.clone(), column.clone());
            if cx.old.get(&owner).is_some()
                && !made_again(cx, table)
                && let Some(Object::Column(now)) = cx.new.get(&owner)
                && let Some(number) = as_number(column, &base_type(now, cx.new))
            {
                steps.push(past_rows(self.id(), &self.name, &self.options, table, number));
            }
        }
        steps
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let step = Step::statement(self.id(), format!("DROP SEQUENCE {}", self.name))
            .destroys(self.id())
            .destroys(ObjectId::RelationName(self.name.clone()));
        vec![match &self.owned_by {
            Some((table, column)) => step
                .hosted_by(ObjectId::Column(table.clone(), column.clone()))
                .hosted_by(ObjectId::Table(table.clone())),
            None => step.hazard(HazardKind::DataLoss, "the sequence's current value is gone"),
        }]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { name, options, owned_by, unlogged }, Object::Sequence(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        let mut steps = Vec::new();
        let data_type = if options.data_type == new.options.data_type {
            String::new()
        } else {
            format!(" AS {}", new.options.data_type)
        };
        let changed =
            format!("{data_type}{}", options.retyped(&new.options.data_type).alter_sql(&new.options, ""));
        if !changed.is_empty() {
            steps.extend(options.move_into_bounds(&new.options, self.id(), name));
            steps.push(Step::statement(self.id(), format!("ALTER SEQUENCE {name}{changed}")));
        }
        if *unlogged != new.unlogged {
            let to = if new.unlogged { "UNLOGGED" } else { "LOGGED" };
            steps.push(Step::statement(self.id(), format!("ALTER SEQUENCE {name} SET {to}")));
        }
        if *owned_by != new.owned_by {
            let mut own = new.own();
            // The column must not take the sequence along.
            if let Some((table, column)) = owned_by {
                let column = ObjectId::Column(table.clone(), column.clone());
                if cx.new.get(&column).is_none() {
                    own = own.releases(column);
                }
            }
            steps.push(own);
        }
        // Nobody waits for a sequence's numbers, or its owner.
        steps.iter_mut().for_each(|step| step.afterthought = true);
        Alteration::in_place(steps)
    }

    fn goes_with(&self) -> Option<ObjectId> {
        let (table, column) = self.owned_by.as_ref()?;
        Some(ObjectId::Column(table.clone(), column.clone()))
    }

    fn nameless(&self) -> bool {
        self.owned_by.is_some()
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Sequence(new) if self.owned_by.is_some() && self.owned_by == new.owned_by
            && self.options == new.options && self.unlogged == new.unlogged && self.name.schema == new.name.schema)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Sequence(to) = new else {
            return Vec::new();
        };
        vec![
            Step::statement(new.clone(), format!("ALTER SEQUENCE {} RENAME TO {}", self.name, to.name))
                // Nothing must let go of it before: a default that names it goes along.
                .destroys(ObjectId::RelationName(self.name.clone()))
                .builds(new.clone())
                .builds(ObjectId::RelationName(to.clone())),
        ]
    }
}
