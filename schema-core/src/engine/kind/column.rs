//! Columns: type, nullability, default, identity, generation.

mod identity;
mod inherit;
mod not_null;
mod storage;

use super::constraint::Form;
use super::detach::{detach, is_of_type};
use super::foreign_table::is_foreign;
use super::inherit::{By, lasting, leaves, table};
use super::part::{Part, parts};
use super::sequence::SequenceOptions;
use super::types::{Conversion, conversion, short};
use super::{Alteration, Context, Detachment, Object, Rules, facet, row_type};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Sql, Step};
use arcstr::ArcStr;
use inherit::column;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
pub use storage::{Compression, Storage};
use thin_vec::ThinVec;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The table.
    pub table: QName,
    /// Its name.
    pub name: Ident,
    /// `attnum`: the order in the table. Not part of the definition: a new column always comes last.
    pub position: i16,
    /// `format_type` with an empty search_path: `bigint`, `numeric(12,2)`, `public.status[]`.
    pub data_type: ArcStr,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `DEFAULT` or the generation expression, as `pg_get_expr` prints it.
    pub default: Option<Printed>,
    /// `GENERATED ALWAYS AS (default) STORED` or `VIRTUAL`; then `default` is the expression.
    pub generated: Option<Generated>,
    /// `GENERATED ... AS IDENTITY`.
    pub identity: Option<Box<Identity>>,
    /// `COLLATE`, where it differs from the type's own.
    pub collation: Option<Box<QName>>,
    /// Whether the table has it on its own account (`attislocal`).
    pub local: bool,
    /// Whether it comes from a parent (`attinhcount`).
    pub inherited: bool,
    /// `STORAGE`, where it differs from the type's own.
    pub storage: Option<Storage>,
    /// `COMPRESSION`, where it is set.
    pub compression: Option<Compression>,
    /// `SET STATISTICS`, where it is set.
    pub statistics: Option<i32>,
    /// `SET (...)`: `n_distinct=5`. Their order is no difference.
    pub parameters: ThinVec<String>,
    /// The NOT NULL constraint, where it is not what `NOT NULL` makes (PostgreSQL 18).
    pub not_null_constraint: Option<Box<NotNull>>,
}

/// A NOT NULL constraint as one with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotNull {
    /// Its name.
    pub name: Ident,
    /// `convalidated`.
    pub validated: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Whether it comes from a parent only; then its name does too.
    pub inherited: bool,
}

/// When a generated column is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Generated {
    /// When the row is written.
    Stored,
    /// When it is read (PostgreSQL 18).
    Virtual,
}

/// The identity of a column, and the sequence inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `ALWAYS`, else `BY DEFAULT`.
    pub always: bool,
    /// The name of the sequence inside.
    pub sequence: QName,
    /// Its numbers.
    pub options: SequenceOptions,
}

impl Column {
    pub(super) fn alter_column(&self, action: &str) -> Step {
        Step::alter_table(self.id(), &self.table, format!("ALTER COLUMN {} {action}", self.name))
    }

    /// `DROP EXPRESSION` or `DROP IDENTITY`. Beside a change of type PostgreSQL would still see what is dropped: then it
    /// is a statement of its own.
    fn become_plain(&self, what: &str, new: &Self) -> Step {
        if self.data_type == new.data_type && self.collation == new.collation {
            return self.alter_column(what);
        }
        let sql = format!("ALTER TABLE {} ALTER COLUMN {} {what}", self.table, self.name);
        Step::statement(self.id(), sql).locks(LockMode::AccessExclusive, &self.table)
    }

    pub(super) fn collate(&self) -> String {
        self.collation.as_ref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default()
    }

    /// The tables whose rows it holds, with their columns that are computed: once it is there, PostgreSQL refuses to
    /// add those.
    fn computed_of_rows(&self, cx: &Context<'_>) -> Vec<String> {
        // PostgreSQL's own types have no schema.
        if !self.data_type.contains('.') {
            return Vec::new();
        }
        let id = self.id();
        let tables = cx.new.needs(&id).filter_map(ObjectId::as_table).filter(|table| **table != self.table);
        let names = tables.flat_map(|table| {
            let computed = parts(cx.new, table).filter_map(|part| match part {
                Part::Column(column) => column.default.is_some().then_some(&column.name),
                Part::Constraint(_) => None,
            });
            computed.chain([&table.name])
        });
        names.map(|name| name.as_str().to_owned()).collect()
    }

    /// As it stands in `CREATE TABLE`.
    fn definition(&self) -> String {
        let mut sql = format!("{} {}", self.name, short(&self.data_type));
        if let Some(method) = &self.compression {
            sql.push_str(&format!(" COMPRESSION {}", method.as_str()));
        }
        sql.push_str(&self.collate());
        match &self.not_null_constraint {
            Some(constraint) if constraint.validated => sql.push_str(&format!(" {}", constraint.inline())),
            Some(_not_valid) => {}
            None if self.not_null && self.identity.is_none() => sql.push_str(" NOT NULL"),
            None => {}
        }
        match (&self.default, self.generated) {
            (Some(expression), Some(Generated::Stored)) => {
                sql.push_str(&format!(" GENERATED ALWAYS AS ({}) STORED", bare(expression)));
            }
            (Some(expression), Some(Generated::Virtual)) => {
                sql.push_str(&format!(" GENERATED ALWAYS AS ({}) VIRTUAL", bare(expression)));
            }
            (Some(default), None) => sql.push_str(&format!(" DEFAULT {default}")),
            (None, _) => {}
        }
        if let Some(identity) = &self.identity {
            sql.push(' ');
            sql.push_str(&identity.sql(&self.table, &self.name));
        }
        sql
    }

    fn in_place(&self, new: &Self, cx: &Context<'_>, first: Vec<Step>) -> Alteration {
        let mut steps = first;
        if let (Some(old), Some(identity)) = (&self.identity, &new.identity)
            && old.options.exceeds(&identity.options.data_type)
        {
            // The bounds come before the type that they must fit.
            let data_type = old.options.data_type.clone();
            let options = SequenceOptions { data_type, ..identity.options.clone() };
            let bounded =
                Self { identity: Some(Box::new(Identity { options, ..(**old).clone() })), ..self.clone() };
            // In a statement of their own: beside others, a change of type comes first.
            steps.extend(
                self.change_identity(&bounded)
                    .into_iter()
                    .map(|step| Step { sql: Sql::Statement(step.text()), ..step }),
            );
            return bounded.in_place(new, cx, steps);
        }
        let (mut rebuild, mut touches) = (Vec::new(), Vec::new());
        let retyped = self.data_type != new.data_type || self.collation != new.collation;
        if self.identity.is_some() && new.identity.is_none() {
            steps.extend(self.change_identity(new));
        }
        // A column with an identity can have no default, and the other way round.
        let plain = self.generated.is_none();
        let default_goes = plain && self.default.is_some() && new.default.is_none();
        if default_goes && !retyped {
            steps.extend(self.change_default(new, cx));
        }
        if retyped {
            let (changes, dependents) = self.change_type(new, cx);
            steps.extend(changes);
            rebuild = dependents;
            touches = self.heirs(cx).into_iter().map(Rules::id).collect();
        }
        if plain && !default_goes && !(retyped && self.default.is_some()) {
            steps.extend(self.change_default(new, cx));
        }
        steps.extend(self.change_not_null(new, cx));
        if new.identity.is_some() {
            steps.extend(self.change_identity(new));
        }
        // A change of type takes both back to the type's own.
        let stored = if self.data_type == new.data_type {
            self.clone()
        } else {
            Self { storage: None, compression: None, ..self.clone() }
        };
        steps.extend(facet::changes(&stored, new, cx));
        if steps.is_empty() {
            Alteration::Same
        } else {
            let steps = steps.into_iter().map(|step| self.reach(step, cx)).collect();
            Alteration::InPlace { steps, rebuild, touches }
        }
    }

    fn change_type(&self, new: &Self, cx: &Context<'_>) -> (Vec<Step>, Vec<ObjectId>) {
        let mut change = conversion(&self.name.to_string(), &self.data_type, &new.data_type);
        if is_foreign(&self.table, cx.old) {
            // Without rows of its own there is nothing to convert.
            change = Conversion { using: None, rewrite: false, loses: None, may_fail: None, ..change };
        }
        let using = change.using.map(|expression| format!(" USING {expression}")).unwrap_or_default();
        let mut step = self.alter_column(&format!("TYPE {}{}{using}", short(&new.data_type), new.collate()));
        if change.rewrite || (self.collation != new.collation && !is_foreign(&self.table, cx.old)) {
            step = step.hazard(HazardKind::Rewrite, "the table or its indexes are written anew");
        }
        if let Some(why) = change.loses {
            step = step.hazard(HazardKind::DataLoss, format!("{}: {why}", self.id().short()));
        }
        if let Some(why) = change.may_fail {
            step = step.hazard(HazardKind::MayFail, why);
        }
        step = row_type::between(step, &self.table, cx);
        // PostgreSQL converts a default by itself only where the cast is implicit.
        let mut steps = Vec::new();
        if self.default.is_some() && self.generated.is_none() {
            steps.push(self.change_of_default("DROP DEFAULT", cx));
        }
        steps.push(step);
        if new.generated.is_none()
            && let Some(default) = &new.default
            && self.default.is_some()
        {
            steps.push(self.alter_column(&format!("SET DEFAULT {default}")));
        }
        let rebuild = self.dependents_of_type(cx, change.same_operators);
        let locked = self.tables_of_foreign_keys(cx, &rebuild);
        let lock =
            |step: Step| locked.iter().fold(step, |step, table| step.locks(LockMode::AccessExclusive, table));
        (steps.into_iter().map(lock).collect(), rebuild)
    }

    /// The other tables of the foreign keys that stay: PostgreSQL makes these keys again.
    fn tables_of_foreign_keys(&self, cx: &Context<'_>, rebuild: &[ObjectId]) -> BTreeSet<QName> {
        let id = self.id();
        let users = cx.old.edges.users(&id).filter(|user| !rebuild.contains(user));
        users
            .filter_map(|user| match (cx.old.get(user), cx.new.get(user)) {
                (Some(Object::Constraint(key)), Some(new)) if new == &Object::Constraint(key.clone()) => {
                    Some(key)
                }
                _other_kind_or_not_in_both => None,
            })
            .filter(|key| key.references.is_some())
            .flat_map(|key| std::iter::once(&key.table).chain(&key.references))
            .filter(|table| **table != self.table)
            .cloned()
            .collect()
    }

    /// What PostgreSQL does not carry through a change of this column's type.
    pub(super) fn dependents_of_type(&self, cx: &Context<'_>, same_operators: bool) -> Vec<ObjectId> {
        let mut ids: BTreeSet<ObjectId> = self.heirs(cx).into_iter().map(Rules::id).collect();
        ids.insert(self.id());
        let suffers = |user: &&ObjectId| match cx.old.get(user) {
            Some(Object::Column(other)) => other.generated.is_some(),
            Some(Object::Constraint(c)) => match c.form {
                Form::ForeignKey | Form::Check | Form::Exclude => !same_operators,
                Form::PrimaryKey | Form::Unique => false,
            },
            Some(Object::Index(index)) => !same_operators && !index.plain(),
            Some(other) => holds_types(&other.id()),
            None => false,
        };
        let users = ids.iter().flat_map(|on| cx.old.edges.users(on)).filter(suffers);
        users.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// `ADD COLUMN`, or a line of `CREATE TABLE`.
    fn add(&self, cx: &Context<'_>) -> Step {
        let definition = self.definition();
        let mut step = Step::alter_table(self.id(), &self.table, format!("ADD COLUMN {definition}"))
            .builds(self.id())
            .line_of(ObjectId::Table(self.table.clone()), &definition);
        step.position = self.position;
        if let Some(identity) = &self.identity {
            step = step.builds(ObjectId::RelationName(identity.sequence.clone()));
        }
        step.builds.extend(facet::chosen_not_null_name(self, cx.new));
        step.needs.extend(row_type::of_column(self, cx));
        step = self.reach(step, cx);
        for table in lasting(cx, &self.table) {
            if let Some(heir) = column(cx.new, &table.name, &self.name) {
                // One that the table has on its own account comes first, and they become one.
                step = if heir.local { step.needs(heir.id()) } else { step.builds(heir.id()) };
            }
        }
        if self.not_null && self.default.is_none() && self.identity.is_none() {
            let why = "fails if the table has rows: give the column a default, or make it an Option first";
            step = step.hazard(HazardKind::MayFail, why);
        }
        if self.not_null && self.generated.is_some() {
            step = step.hazard(HazardKind::MayFail, "rows for which the expression is NULL stand in the way");
        }
        let volatile = |default: &Printed| VOLATILE.iter().any(|function| default.contains(function));
        if self.generated.is_none() && self.default.as_ref().is_some_and(volatile) {
            let why = "the whole table is written anew: the default is computed for each row";
            step = step.hazard(HazardKind::Rewrite, why);
        }
        if self.generated == Some(Generated::Stored) || self.identity.is_some() {
            step = step.hazard(HazardKind::Rewrite, "the whole table is written anew");
        }
        // Only of some defaults it is known that they write nothing.
        if self.default.is_some() || self.identity.is_some() {
            step = row_type::between(step, &self.table, cx);
        }
        step
    }

    fn set_expression(&self, expression: &str) -> Step {
        self.alter_column(&format!("SET EXPRESSION AS ({})", bare(expression)))
            .hazard(HazardKind::Rewrite, "the whole table is written anew")
    }

    fn change_default(&self, new: &Self, cx: &Context<'_>) -> Option<Step> {
        match (&self.default, &new.default) {
            (before, Some(default)) if before.as_ref() != Some(default) => {
                Some(self.change_of_default(&format!("SET DEFAULT {default}"), cx))
            }
            (Some(_), None) => Some(self.change_of_default("DROP DEFAULT", cx)),
            (_, _) => None,
        }
    }

    /// The old default's sequence is free from here on, the new one's must be there from here on: the other Steps of
    /// the column come before and after.
    fn change_of_default(&self, action: &str, cx: &Context<'_>) -> Step {
        let mut step = self.alter_column(action);
        let id = self.id();
        let sequences = |catalog: &Catalog| -> BTreeSet<ObjectId> {
            catalog.needs(&id).filter(|on| matches!(on, ObjectId::Sequence(_))).cloned().collect()
        };
        let (old, new) = (sequences(cx.old), sequences(cx.new));
        step.releases.extend(old.difference(&new).cloned());
        if action.starts_with("SET") {
            step.needs.extend(new);
        }
        step
    }
}

/// Whether PostgreSQL refuses to change the type of a column that this names.
pub(super) fn holds_types(id: &ObjectId) -> bool {
    matches!(
        id,
        ObjectId::View(_)
            | ObjectId::MaterializedView(_)
            | ObjectId::Rule(..)
            | ObjectId::Policy(..)
            | ObjectId::Trigger(..)
            | ObjectId::Routine(..)
            | ObjectId::Publication(_)
    )
}

/// The first major that knows `SET EXPRESSION`.
const SET_EXPRESSION: u32 = 170_000;

/// Functions that give another value for each row, so that a new column with such a default is no quick change.
const VOLATILE: [&str; 6] =
    ["nextval(", "random(", "gen_random_uuid(", "uuid_generate_", "clock_timestamp(", "timeofday("];

/// `pg_get_expr` puts most expressions into parentheses already; one pair is enough.
fn bare(expression: &str) -> &str {
    let Some(inside) = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        return expression;
    };
    let mut depth = 0_i32;
    let mut quoted = None;
    for c in inside.chars() {
        match (quoted, c) {
            (Some(quote), c) if c == quote => quoted = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quoted = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        if depth < 0 {
            return expression;
        }
    }
    inside
}

impl Rules for Column {
    fn id(&self) -> ObjectId {
        ObjectId::Column(self.table.clone(), self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let by = self.arrives(cx);
        if by != By::Itself {
            return self.adjust(&by, cx);
        }
        let mut steps = vec![facet::with_said_name(self, cx).add(cx).mentions(self.computed_of_rows(cx))];
        let none = Self { storage: None, statistics: None, parameters: ThinVec::new(), ..self.clone() };
        steps.extend(facet::changes(&none, self, cx).into_iter().map(|step| step.builds(self.id())));
        if let Some(constraint) = self.not_null_constraint.as_ref().filter(|constraint| !constraint.validated)
        {
            steps.push(Step::alter_table(self.id(), &self.table, constraint.add(&self.name)));
        }
        steps
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let kept_below = self.is_kept_below(cx);
        let drop = if kept_below {
            let sql = format!("ALTER TABLE ONLY {} DROP COLUMN {}", self.table, self.name);
            Step::statement(self.id(), sql).locks(LockMode::AccessExclusive, &self.table)
        } else {
            Step::alter_table(self.id(), &self.table, format!("DROP COLUMN {}", self.name))
        };
        let mut step = drop.destroys(self.id()).hosted_by(ObjectId::Table(self.table.clone()));
        if self.inherited {
            let of = |parent: &QName| ObjectId::Column(parent.clone(), self.name.clone());
            match leaves(cx, &self.table, |parent| column(cx.old, parent, &self.name).is_some()) {
                // Only once the parent has let go.
                By::Parent(_) if self.local => {}
                By::Parent(parent)
                    if column(cx.old, &parent, &self.name).is_some_and(|column| column.is_kept_below(cx)) => {
                }
                By::Parent(parent) => step = step.hosted_by(of(&parent)),
                // Once the table is detached, which waits for nothing.
                By::Table | By::Itself => {}
            }
        }
        for heir in self.heirs(cx) {
            let stays = heir.local || kept_below;
            step = if stays { step.releases(heir.id()) } else { step.destroys(heir.id()) };
        }
        step = self.reach(step, cx);
        if let Some(identity) = &self.identity {
            step = step.destroys(ObjectId::RelationName(identity.sequence.clone()));
        }
        step.destroys.extend(facet::not_null_name(self, cx.old));
        if self.generated.is_none() && !is_foreign(&self.table, cx.old) {
            step = step.hazard(HazardKind::DataLoss, format!("the values of {} are gone", self.id().short()));
        }
        vec![step]
    }

    fn beyond(&self, new: &Object) -> Option<&'static str> {
        let Object::Column(new) = new else { return None };
        // PostgreSQL sets `attislocal` with a column, and only ever adds to it.
        (self.local && !new.local)
            .then_some("stays the table's own beside what it inherits; only a new column is not")
    }

    fn beyond_creation(&self, cx: &Context<'_>) -> Option<&'static str> {
        let comes_first = self.inherited
            && !self.local
            && table(cx.old, &self.table).is_some_and(|table| table.bound.is_none())
            && self.arrives(cx) == By::Itself;
        comes_first.then_some("is the table's own beside what it inherits: it has to be there first")
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::Column(new) = new else {
            return Alteration::Recreate;
        };
        // A new column always comes last, so the position is no difference.
        let Self {
            table: _,
            name: _,
            position: _,
            data_type,
            not_null: _,
            default,
            generated,
            identity: _,
            collation,
            local: _,
            inherited: _,
            storage: _,
            compression: _,
            statistics: _,
            parameters: _,
            not_null_constraint: _,
        } = self;
        let retyped = *data_type != new.data_type || *collation != new.collation;
        let brought = self.after_parent(new, cx);
        if *generated != new.generated || (generated.is_some() && *default != new.default) {
            match (generated, new.generated, &new.default) {
                (Some(Generated::Stored), None, _) => {
                    let plain = Self { generated: None, default: None, ..self.clone() };
                    return match brought {
                        Some((parent, base)) => base.in_place(new, cx, Vec::new()).after(&parent, &self.name),
                        None => plain.in_place(new, cx, vec![self.become_plain("DROP EXPRESSION", new)]),
                    };
                }
                (Some(Generated::Stored), Some(Generated::Stored), Some(expression))
                    if cx.old.server_version >= SET_EXPRESSION && !retyped =>
                {
                    let other = Self { default: new.default.clone(), ..self.clone() };
                    return match brought {
                        Some((parent, base)) => base.in_place(new, cx, Vec::new()).after(&parent, &self.name),
                        None => other.in_place(
                            new,
                            cx,
                            vec![row_type::between(self.set_expression(expression), &self.table, cx)],
                        ),
                    };
                }
                (_, _, _) => return Alteration::Recreate,
            }
        }
        if generated.is_some() && retyped {
            return Alteration::Recreate;
        }
        match brought {
            Some((parent, base)) => base.in_place(new, cx, Vec::new()).after(&parent, &self.name),
            None => self.in_place(new, cx, Vec::new()),
        }
    }

    fn detach(&self, new: &Object, on: &ObjectId, cx: &Context<'_>) -> Option<Detachment> {
        let Object::Column(new) = new else { return None };
        if is_of_type(self, on, cx.old) && self.after_parent(new, cx).is_some() {
            // With the parent's.
            return Some(Detachment::default());
        }
        detach(self, new, on, cx)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Column(table, to) = new else {
            return Vec::new();
        };
        let sql = format!("ALTER TABLE {table} RENAME COLUMN {} TO {to}", self.name);
        vec![Step::statement(new.clone(), sql).locks(LockMode::AccessExclusive, table).hazard(
            HazardKind::BreaksRunningCode,
            format!("programs that know the column as {} stop working", self.name.as_str()),
        )]
    }

    /// A column of the same table with the same type.
    fn resembles(&self, new: &Object, _cx: &Context<'_>) -> bool {
        matches!(new, Object::Column(new) if new.table == self.table && new.data_type == self.data_type)
    }
}
