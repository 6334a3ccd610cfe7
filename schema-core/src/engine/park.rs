//! Drops that come back: what a migration would drop is moved to a PostgreSQL schema of its own instead, a table as it is,
//! the values of a column with the primary key; the way back restores it with its rows. Pure: gives Steps.

use super::catalog::Catalog;
use super::diff::{Change, diff};
use super::draft::{Answers, Comparison, Draft};
use super::error::Error;
use super::hazard::HazardKind;
use super::id::ObjectId;
use super::kind::column::Column;
use super::kind::constraint::{Constraint, Form};
use super::kind::privilege::PUBLIC;
use super::kind::{Context, Object, target};
use super::name::{Ident, QName};
use super::step::{LockMode, Step};
use super::title::{items, title};
use std::collections::{BTreeMap, BTreeSet};
use thin_vec::{ThinVec, thin_vec};

/// What the names of PostgreSQL schemas begin with in which migrations keep what they dropped. The digits of the migration
/// follow, and a number where one is not enough. The reader never reads them.
pub const PARKING: &str = "parked_";

/// Whether migrations keep in this PostgreSQL schema what they dropped.
pub fn is_parking(schema: &Ident) -> bool {
    digits(schema).is_some()
}

/// The digits of the migration that made this PostgreSQL schema to keep what it dropped.
pub fn digits(schema: &Ident) -> Option<&str> {
    let rest = schema.as_str().strip_prefix(PARKING)?;
    let (digits, number) = rest.split_once('_').unwrap_or((rest, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits.len() >= 8 && all(digits) && all(number)).then_some(digits)
}

/// What is moved away, and how it comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parking {
    /// To be run before the plan, after the renames.
    pub first: Vec<Step>,
    /// On the way back, after the plan: puts values into their columns again.
    restore: Vec<Step>,
    /// On the way back, after the columns are as they were: puts whole objects back.
    back: Vec<Step>,
    /// What is parked: tables and columns.
    pub parked: BTreeSet<ObjectId>,
}

impl Parking {
    /// What of this comparison can be parked, in schemas of these digits.
    pub fn of(comparison: &Comparison, digits: &str) -> Self {
        let dropped: Vec<&Object> = comparison
            .changes()
            .into_iter()
            .filter_map(|change| if let Change::Drop(object) = change { Some(object) } else { None })
            .collect();
        let places = Places::of(&dropped, digits, comparison);
        let mut parking = Self::default();
        if places.tables.is_empty() && places.columns.is_empty() {
            return parking;
        }
        let schemas: Vec<&Ident> = places.schemas.values().collect();
        for schema in &schemas {
            parking.first.push(step(&places, format!("CREATE SCHEMA {schema}")));
        }
        parking.park_tables(&places, comparison);
        for (table, columns) in &places.columns {
            parking.park_columns(&places, table, columns, &comparison.old);
        }
        parking.back.extend(schemas.iter().map(|schema| step(&places, format!("DROP SCHEMA {schema}"))));
        parking
    }

    /// Whether nothing is parked.
    pub fn is_empty(&self) -> bool {
        self.parked.is_empty()
    }

    /// Parts that would reach out to others go, and come back; then the types move that go too, then the tables.
    fn park_tables(&mut self, places: &Places<'_>, comparison: &Comparison) {
        let old = &comparison.old;
        let cx = Context::new(old, old);
        let parts = old.objects.values().filter(|object| {
            let of = object.id();
            of.table().is_some_and(|table| places.tables.contains(table)) && reaches_out(object)
        });
        let (mut back, mut returned) = (Vec::new(), Vec::new());
        for object in parts {
            self.first.extend(taken_away(object));
            back.extend(object.rules().create(&cx).iter().map(Step::text));
        }
        let moved = places.moved(comparison);
        for id in &moved {
            let (Some(target), Some(schema)) = (target(id, old), schema_of(id)) else { continue };
            let Some(place) = places.schemas.get(&schema) else { continue };
            self.first.push(step(places, format!("ALTER {target} SET SCHEMA {place}")));
            returned.push(step(places, format!("ALTER {} SET SCHEMA {schema}", there(&target, id, place))));
            if let ObjectId::Table(table) = id {
                if let Some(last) = self.first.last_mut() {
                    last.locks.push((LockMode::AccessExclusive, table.clone()));
                    last.causes = thin_vec![id.clone()];
                }
                self.parked.insert(id.clone());
            }
        }
        // What was moved last comes back first.
        self.back.extend(returned.into_iter().rev());
        self.back.extend(back.into_iter().map(|sql| step(places, sql)));
    }

    fn park_columns(&mut self, places: &Places<'_>, table: &QName, columns: &[&Column], old: &Catalog) {
        let (Some(key), Some(place)) = (primary_key(table, old), places.schemas.get(&table.schema)) else {
            return;
        };
        let there = QName { schema: place.clone(), name: table.name.clone() };
        let names: Vec<&Ident> = columns.iter().map(|column| &column.name).collect();
        let list = |names: &[&Ident]| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let all: Vec<&Ident> = key.columns.iter().chain(names.iter().copied()).collect();
        let ids = || names.iter().map(|name| ObjectId::Column(table.clone(), (*name).clone()));
        let lock = format!("LOCK TABLE {table} IN SHARE MODE");
        let copy = format!("CREATE TABLE {there} AS SELECT {} FROM {table}", list(&all));
        let mut lock = step(places, lock).locks(LockMode::Share, table);
        let mut copy = step(places, copy);
        lock.causes = ids().collect();
        copy.causes = ids().collect();
        let why = format!("writes wait while the values of {} are copied", list(&names));
        self.first.extend([lock, copy.hazard(HazardKind::LongLock, why)]);
        let set = names.iter().map(|name| format!("{name} = p.{name}")).collect::<Vec<_>>().join(", ");
        let same = key.columns.iter().map(|name| format!("t.{name} = p.{name}")).collect::<Vec<_>>();
        let update = format!("UPDATE {table} AS t SET {set} FROM {there} AS p WHERE {}", same.join(" AND "));
        self.restore.push(step(places, update));
        self.restore.push(step(places, format!("DROP TABLE {there}")));
        self.parked.extend(ids());
    }

    /// The plans of the migration; `comparison` has as its old side what is there after the renames and `first`, and
    /// `whole` what is there after the renames alone.
    ///
    /// # Errors
    /// When no order can be found.
    pub fn draft(
        &self,
        comparison: &Comparison,
        whole: &Comparison,
        answers: &Answers,
        first: bool,
    ) -> Result<Draft, Error> {
        let Comparison { old, new, renames, .. } = comparison;
        let mut before = renames.steps.clone();
        before.extend(self.first.clone());
        let mut up = answers.plan(old, new)?.after(before);
        for step in up.sections.iter_mut().flatten() {
            let kept = |of: &ObjectId| self.parked.contains(of);
            step.hazards.retain(|hazard| hazard.kind != HazardKind::DataLoss || !kept(&hazard.of));
        }
        // Rows that came since have no value in a column that comes back, until their own are put in.
        let mut nullable = old.clone();
        let empty = self.columns_below(old);
        for object in nullable.objects.values_mut().filter(|object| empty.contains(&object.id())) {
            if let Object::Column(column) = object {
                column.not_null = false;
                column.not_null_constraint = None;
            }
        }
        let mut down = answers.plan(new, &nullable)?.before(self.restore.clone());
        down =
            down.then(answers.plan(&nullable, old)?).before(self.back.clone()).before(renames.undo.clone());
        let changes = diff(&whole.old, &whole.new);
        let steps = &whole.renames.steps;
        Ok(Draft { title: title(&changes, steps, first), changes: items(&changes, steps), up, down })
    }
}

impl Parking {
    /// The parked columns, with those that partitions and children have of them.
    fn columns_below(&self, old: &Catalog) -> BTreeSet<ObjectId> {
        let mut columns = self.parked.clone();
        let mut open: Vec<ObjectId> = self.parked.iter().cloned().collect();
        while let Some(id) = open.pop() {
            let ObjectId::Column(table, name) = &id else { continue };
            let Some(Object::Table(table)) = old.get(&ObjectId::Table(table.clone())) else { continue };
            for child in &table.children {
                let below = ObjectId::Column(child.clone(), name.clone());
                if columns.insert(below.clone()) {
                    open.push(below);
                }
            }
        }
        columns
    }
}

/// Where what goes to which schema.
struct Places<'a> {
    /// The schemas to park in, by those that things are from.
    schemas: BTreeMap<Ident, Ident>,
    tables: BTreeSet<QName>,
    columns: BTreeMap<QName, Vec<&'a Column>>,
    /// What goes with all of it, and stands in a schema.
    dropped: BTreeSet<ObjectId>,
}

impl<'a> Places<'a> {
    fn of(dropped: &[&'a Object], digits: &str, comparison: &Comparison) -> Self {
        let mut places = Self {
            schemas: BTreeMap::new(),
            tables: BTreeSet::new(),
            columns: BTreeMap::new(),
            dropped: dropped.iter().map(|object| object.id()).collect(),
        };
        for object in dropped {
            if let Object::Table(table) = object
                && target(&object.id(), &comparison.old).is_some_and(|target| target.starts_with("TABLE "))
            {
                places.tables.insert(table.name.clone());
            }
        }
        for object in dropped {
            if let Object::Column(column) = object
                && !places.tables.contains(&column.table)
                && can_be_parked(column, comparison)
            {
                places.columns.entry(column.table.clone()).or_default().push(column);
            }
        }
        let froms: BTreeSet<Ident> =
            places.tables.iter().chain(places.columns.keys()).map(|table| table.schema.clone()).collect();
        let types = places.types(comparison).into_iter().filter_map(|id| schema_of(&id));
        let froms: BTreeSet<Ident> = froms.into_iter().chain(types).collect();
        // What most have alone gets the plain name.
        let (public, others): (Vec<Ident>, Vec<Ident>) =
            froms.into_iter().partition(|from| from.as_str() == PUBLIC);
        for from in public.into_iter().chain(others) {
            let place = match places.schemas.len() {
                0 => format!("{PARKING}{digits}"),
                more => format!("{PARKING}{digits}_{}", more + 1),
            };
            places.schemas.insert(from, Ident::new(place));
        }
        places
    }

    /// What is dropped too and what is parked cannot do without, in the order in which it moves.
    fn types(&self, comparison: &Comparison) -> Vec<ObjectId> {
        let old = &comparison.old;
        let parked = |id: &ObjectId| {
            let whole = id.table().is_some_and(|table| self.tables.contains(table));
            let ObjectId::Column(table, name) = id else { return whole };
            let columns = self.columns.get(table);
            whole || columns.is_some_and(|columns| columns.iter().any(|column| column.name == *name))
        };
        let mut needed: BTreeSet<ObjectId> = BTreeSet::new();
        let mut open: Vec<ObjectId> = old
            .objects
            .values()
            .filter(|object| parked(&object.id()) && !reaches_out(object))
            .map(Object::id)
            .collect();
        while let Some(id) = open.pop() {
            for on in old.needs(&id) {
                let goes = self.dropped.contains(on) && moves_too(on, old);
                if goes && needed.insert(on.clone()) {
                    open.push(on.clone());
                }
            }
        }
        needed.into_iter().collect()
    }

    fn moved(&self, comparison: &Comparison) -> Vec<ObjectId> {
        let tables = self.tables.iter().cloned().map(ObjectId::Table);
        self.types(comparison).into_iter().chain(tables).collect()
    }

    /// The object that a Step is said to be for, where it is for no other.
    fn cause(&self) -> ObjectId {
        let table = self.tables.iter().chain(self.columns.keys()).next().cloned();
        table.map_or_else(|| ObjectId::Schema(Ident::new(PARKING)), ObjectId::Table)
    }
}

fn step(places: &Places<'_>, sql: String) -> Step {
    Step { causes: ThinVec::new(), ..Step::statement(places.cause(), sql) }
}

/// Whether the values of a column can be kept by a primary key that stays.
fn can_be_parked(column: &Column, comparison: &Comparison) -> bool {
    let stays = comparison.new.get(&ObjectId::Table(column.table.clone())).is_some();
    let own = column.local && !column.inherited && column.generated.is_none() && column.identity.is_none();
    let (before, after) =
        (primary_key(&column.table, &comparison.old), primary_key(&column.table, &comparison.new));
    let same = before.zip(after).is_some_and(|(before, after)| before.columns == after.columns);
    stays && own && same
}

fn primary_key<'a>(table: &QName, catalog: &'a Catalog) -> Option<&'a Constraint> {
    catalog.objects.values().find_map(|object| {
        let Object::Constraint(key) = object else { return None };
        (key.table == *table && key.form == Form::PrimaryKey).then_some(key)
    })
}

/// A part of a table that would go on to act on others: rows of others would wait for it, or it for them.
fn reaches_out(object: &Object) -> bool {
    if let Object::Constraint(constraint) = object {
        return constraint.form == Form::ForeignKey && constraint.local && !constraint.inherited;
    }
    matches!(object.id(), ObjectId::Trigger(..) | ObjectId::Policy(..) | ObjectId::Rule(..))
}

fn taken_away(object: &Object) -> Option<Step> {
    let id = object.id();
    let step = |table: &QName, sql: String| {
        Step::statement(object.id(), sql).locks(LockMode::AccessExclusive, table)
    };
    if let ObjectId::Constraint(table, name) = &id {
        return Some(step(table, format!("ALTER TABLE {table} DROP CONSTRAINT {name}")));
    }
    let (ObjectId::Trigger(table, _) | ObjectId::Policy(table, _) | ObjectId::Rule(table, _)) = &id else {
        return None;
    };
    // Which of them it is, the words for it say.
    target(&id, &Catalog::default()).map(|target| step(table, format!("DROP {target}")))
}

/// The name of what can move to another PostgreSQL schema by itself.
fn movable(id: &ObjectId) -> Option<&QName> {
    if let ObjectId::Enum(name)
    | ObjectId::Composite(name)
    | ObjectId::Domain(name)
    | ObjectId::Range(name)
    | ObjectId::Sequence(name)
    | ObjectId::Collation(name)
    | ObjectId::Table(name)
    | ObjectId::Routine(name, _) = id
    {
        Some(name)
    } else {
        None
    }
}

/// Whether it moves by itself where a table that needs it does; what a column owns goes with that.
fn moves_too(id: &ObjectId, old: &Catalog) -> bool {
    let owned =
        if let Some(Object::Sequence(sequence)) = old.get(id) { sequence.owned_by.is_some() } else { false };
    movable(id).is_some() && id.as_table().is_none() && !owned
}

fn schema_of(id: &ObjectId) -> Option<Ident> {
    if let Some(ObjectId::Schema(schema)) = id.parent() { Some(schema) } else { None }
}

/// The words for an object after it was moved: its name stands in them once, after its kind.
fn there(target: &str, id: &ObjectId, place: &Ident) -> String {
    let Some(name) = movable(id) else { return target.to_owned() };
    let moved = QName { schema: place.clone(), name: name.name.clone() };
    target.replacen(&name.to_string(), &moved.to_string(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parking_schemas() {
        let digits = |name: &str| digits(&Ident::new(name)).map(str::to_owned);
        assert_eq!(digits("parked_20261122093000").as_deref(), Some("20261122093000"));
        assert_eq!(digits("parked_20261122093000_2").as_deref(), Some("20261122093000"));
        for name in
            ["parked", "parked_", "parked_cars", "parked_123", "parked_20261122093000_", "parked_20261122_x"]
        {
            assert_eq!(digits(name), None, "{name}");
        }
    }
}
