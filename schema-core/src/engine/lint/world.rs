//! What is there, as far as the statements read so far tell: tables with their columns and constraints, indexes, enums.
//! A hint for rules, nothing more: what is not known here may exist all the same.

use super::action::{Action, Change, Column, Constraint, CreateTable, Drop, Form, Kind, Name};
use super::read::words::Words;
use crate::engine::default_name::{joined, object_name};
use crate::engine::name::{Ident, QName};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Everything that is known. Copies share what they do not change: there is one for each moment that a rule asks about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct World {
    /// Tables.
    pub tables: Rc<BTreeMap<QName, Rc<Table>>>,
    /// Indexes: their tables, and what they are on.
    pub indexes: Rc<BTreeMap<QName, Rc<Index>>>,
    /// Enums with their labels.
    pub enums: Rc<BTreeMap<QName, Vec<String>>>,
    /// Domains: whether they are constrained.
    pub domains: Rc<BTreeMap<QName, bool>>,
    /// Views: the names of their columns, where they are known.
    pub views: Rc<BTreeMap<QName, Option<Vec<String>>>>,
    /// Routines: arguments and volatility of each that shares the name.
    pub routines: Rc<BTreeMap<QName, Vec<Routine>>>,
    /// What the migration at hand has made: nobody uses it yet, and it has no rows.
    pub fresh: BTreeSet<QName>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its columns by name.
    pub columns: BTreeMap<Ident, Column>,
    /// Its constraints by name.
    pub constraints: BTreeMap<Ident, Constraint>,
    /// Row security is on.
    pub row_security: bool,
    /// Its policies.
    pub policies: BTreeSet<Ident>,
    /// It has partitions.
    pub partitioned: bool,
    /// Its partitions.
    pub partitions: BTreeSet<QName>,
    /// It has a default partition.
    pub default_partition: bool,
    /// It is the default partition of this table.
    pub default_of: Option<QName>,
    /// Its rows are somewhere else: nothing here reads them.
    pub foreign: bool,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its table.
    pub table: QName,
    /// What is indexed.
    pub on: String,
    /// `UNIQUE`.
    pub unique: bool,
}

/// A function or procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    /// Its arguments.
    pub arguments: String,
    /// What it returns.
    pub returns: String,
    /// `VOLATILE`, `STABLE` or `IMMUTABLE`.
    pub volatility: &'static str,
}

impl Table {
    /// Whether it has a check that all its rows are known to pass.
    pub fn is_checked(&self) -> bool {
        self.constraints.values().any(|constraint| constraint.form == Form::Check && !constraint.not_valid)
    }
}

impl World {
    /// Another migration begins: what is there may have rows and readers.
    pub fn settle(&mut self) {
        self.fresh.clear();
    }

    /// Whether the migration at hand has made it.
    pub fn is_fresh(&self, name: &Name) -> bool {
        self.fresh.contains(&name.full())
    }

    /// The table, where it is known.
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.tables.get(&name.full()).map(Rc::as_ref)
    }

    /// The column, where it is known.
    pub fn column(&self, table: &Name, column: &Ident) -> Option<&Column> {
        self.table(table)?.columns.get(column)
    }

    /// The table of an index, where it is known.
    pub fn index(&self, name: &Name) -> Option<&Index> {
        self.indexes.get(&name.full()).map(Rc::as_ref)
    }

    /// The labels of a type, where it is an enum that is known.
    pub fn labels(&self, data_type: &str) -> Option<&Vec<String>> {
        self.enums.iter().find(|(name, _)| name.to_string() == data_type).map(|(_, labels)| labels)
    }

    /// The default partition of a table, where it is known.
    pub fn default_of(&self, parent: &QName) -> Option<&Table> {
        self.tables.values().find(|table| table.default_of.as_ref() == Some(parent)).map(Rc::as_ref)
    }

    /// Takes in what an action did.
    pub fn apply(&mut self, action: &Action) {
        match action {
            Action::CreateTable(table) => self.create_table(table),
            Action::Alter { table, change } => self.alter(table, change),
            Action::Drop(drop) => self.drop(drop),
            Action::Rename { kind, name, to } => self.rename(*kind, name, to),
            Action::CreateIndex(index) => {
                let table = index.table.full();
                let name = index.name.clone().unwrap_or_else(|| usual_name(&table, &index.on));
                let full = table.sibling(&name);
                let index = Index { table, on: index.on.clone(), unique: index.unique };
                Rc::make_mut(&mut self.indexes).insert(full, Rc::new(index));
            }
            Action::CreateEnum { name, labels } => {
                self.fresh.insert(name.full());
                Rc::make_mut(&mut self.enums).insert(name.full(), labels.clone());
            }
            Action::AddLabel { name, label, .. } => {
                if let Some(labels) = Rc::make_mut(&mut self.enums).get_mut(&name.full()) {
                    labels.push(label.clone());
                }
            }
            Action::RenameLabel { name, from, to } => {
                let labels = Rc::make_mut(&mut self.enums).get_mut(&name.full()).into_iter().flatten();
                labels.filter(|label| *label == from).for_each(|label| label.clone_from(to));
            }
            Action::CreateDomain { name, constrained } => {
                Rc::make_mut(&mut self.domains).insert(name.full(), *constrained);
            }
            Action::CreateView(view) => {
                Rc::make_mut(&mut self.views).insert(view.name.full(), view.columns.clone());
                if !view.or_replace {
                    self.fresh.insert(view.name.full());
                }
            }
            Action::Policy(policy) if policy.create => {
                let table = Rc::make_mut(&mut self.tables).entry(policy.table.full()).or_default();
                Rc::make_mut(table).policies.insert(policy.name.clone());
            }
            Action::Routine(routine) => {
                let new = Routine {
                    arguments: routine.arguments.clone(),
                    returns: routine.returns.clone(),
                    volatility: routine.volatility,
                };
                let named = Rc::make_mut(&mut self.routines).entry(routine.name.full()).or_default();
                named.retain(|old| old.arguments != new.arguments);
                named.push(new);
            }
            Action::Reindex { .. }
            | Action::Rebuild { .. }
            | Action::Refresh { .. }
            | Action::CreateTrigger { .. }
            | Action::Policy(_)
            | Action::ViewOption { .. }
            | Action::AlterRoutine { .. }
            | Action::Privileges(_)
            | Action::Owner { .. }
            | Action::Role { .. }
            | Action::CreateExtension { .. }
            | Action::CreateSchema { .. }
            | Action::CreateSequence { .. }
            | Action::RestartSequence { .. }
            | Action::Truncate { .. }
            | Action::Write { .. }
            | Action::Set { .. }
            | Action::Lock { .. }
            | Action::Do { .. }
            | Action::Transaction(_)
            | Action::Query
            | Action::Other => {}
        }
    }

    fn table_mut(&mut self, name: &QName) -> Option<&mut Table> {
        // What is not there is not copied.
        self.tables
            .contains_key(name)
            .then(|| Rc::make_mut(&mut self.tables))?
            .get_mut(name)
            .map(Rc::make_mut)
    }

    fn create_table(&mut self, create: &CreateTable) {
        let name = create.name.full();
        if create.if_not_exists && self.tables.contains_key(&name) {
            return;
        }
        let mut table =
            Table { partitioned: create.partitioned, foreign: create.foreign, ..Table::default() };
        table.columns = create.columns.iter().map(|column| (column.name.clone(), column.clone())).collect();
        for constraint in &create.constraints {
            table.constraints.insert(name_of(&name, constraint), constraint.clone());
        }
        if let Some(parent) = &create.partition_of {
            self.adopt(&parent.full(), &name, create.default);
            table.default_of = create.default.then(|| parent.full());
        }
        self.fresh.insert(name.clone());
        Rc::make_mut(&mut self.tables).insert(name, Rc::new(table));
    }

    fn alter(&mut self, name: &Name, change: &Change) {
        let full = name.full();
        if let Change::RenameTable { to } = change {
            return self.move_table(&full, full.sibling(to));
        }
        if let Change::SetSchema { schema } = change {
            return self.move_table(&full, QName::new(schema.as_str(), full.name.as_str()));
        }
        // Only tables whose making was read are known whole.
        let Some(table) = self.table_mut(&full) else { return };
        match change {
            Change::AddColumn { column, constraints, .. } => {
                table.columns.entry(column.name.clone()).or_insert_with(|| column.clone());
                for constraint in constraints {
                    table.constraints.insert(name_of(&full, constraint), constraint.clone());
                }
            }
            Change::DropColumn { column, .. } => {
                table.columns.remove(column);
                table.constraints.retain(|_, constraint| !constraint.columns.contains(column));
            }
            Change::RenameColumn { column, to } => {
                if let Some(mut old) = table.columns.remove(column) {
                    old.name = to.clone();
                    table.columns.insert(to.clone(), old);
                }
                let named = table.constraints.values_mut().flat_map(|constraint| &mut constraint.columns);
                named.filter(|name| *name == column).for_each(|name| *name = to.clone());
            }
            Change::AddConstraint(constraint) => {
                if constraint.form == Form::PrimaryKey
                    || (constraint.form == Form::NotNull && !constraint.not_valid)
                {
                    let required = |column: &&mut Column| constraint.columns.contains(&column.name);
                    table.columns.values_mut().filter(required).for_each(|column| column.not_null = true);
                }
                table.constraints.insert(name_of(&full, constraint), constraint.clone());
            }
            Change::DropConstraint { name, .. } => {
                table.constraints.remove(name);
            }
            Change::Validate(name) => {
                if let Some(constraint) = table.constraints.get_mut(name) {
                    constraint.not_valid = false;
                }
            }
            Change::RenameConstraint { name, to } => {
                if let Some(constraint) = table.constraints.remove(name) {
                    table.constraints.insert(to.clone(), constraint);
                }
            }
            Change::RowSecurity(on) => table.row_security = *on,
            Change::Attach { partition, default } => {
                self.adopt(&full, &partition.full(), *default);
                if let Some(partition) = self.table_mut(&partition.full()).filter(|_| *default) {
                    partition.default_of = Some(full);
                }
            }
            Change::Detach { partition, .. } => {
                table.partitions.remove(&partition.full());
            }
            Change::SetType { column, .. }
            | Change::SetNotNull(column)
            | Change::DropNotNull(column)
            | Change::SetDefault { column, .. }
            | Change::DropDefault(column)
            | Change::AddIdentity(column) => {
                if let Some(column) = table.columns.get_mut(column) {
                    alter_column(column, change);
                }
            }
            Change::RenameTable { .. }
            | Change::SetSchema { .. }
            | Change::RestartIdentity(_)
            | Change::Expression { .. }
            | Change::SetLogged(_)
            | Change::SetTablespace(_)
            | Change::SetAccessMethod
            | Change::ToggleTrigger
            | Change::ForceRowSecurity(_)
            | Change::Inherit
            | Change::Light
            | Change::Brief => {}
        }
    }

    /// A table becomes a partition of another.
    fn adopt(&mut self, parent: &QName, partition: &QName, default: bool) {
        if let Some(parent) = self.table_mut(parent) {
            parent.partitions.insert(partition.clone());
            parent.default_partition |= default;
        }
    }

    fn move_table(&mut self, from: &QName, to: QName) {
        if self.fresh.remove(from) {
            self.fresh.insert(to.clone());
        }
        if self.indexes.values().any(|index| index.table == *from) {
            let indexes = Rc::make_mut(&mut self.indexes).values_mut();
            for index in indexes.filter(|index| index.table == *from) {
                Rc::make_mut(index).table = to.clone();
            }
        }
        move_key(&mut self.tables, from, to);
    }

    fn rename(&mut self, kind: Kind, name: &Name, to: &Ident) {
        let (from, to) = (name.full(), name.full().sibling(to));
        match kind {
            Kind::Index => move_key(&mut self.indexes, &from, to),
            Kind::Type => {
                let (old, new) = (from.to_string(), to.to_string());
                let of_type = |column: &Column| column.data_type == old;
                if self.tables.values().any(|table| table.columns.values().any(of_type)) {
                    for table in Rc::make_mut(&mut self.tables).values_mut() {
                        let columns = Rc::make_mut(table).columns.values_mut();
                        let columns = columns.filter(|column| of_type(column));
                        columns.for_each(|column| column.data_type.clone_from(&new));
                    }
                }
                move_key(&mut self.enums, &from, to);
            }
            Kind::View => move_key(&mut self.views, &from, to),
            Kind::Table
            | Kind::MaterializedView
            | Kind::Sequence
            | Kind::Schema
            | Kind::Database
            | Kind::Domain
            | Kind::Extension
            | Kind::Routine
            | Kind::Trigger
            | Kind::Policy
            | Kind::Other => {}
        }
    }

    fn drop(&mut self, drop: &Drop) {
        for name in drop.names.iter().map(Name::full) {
            match drop.kind {
                Kind::Table => {
                    drop_key(&mut self.tables, &name);
                    Rc::make_mut(&mut self.indexes).retain(|_, index| index.table != name);
                }
                Kind::Index => drop_key(&mut self.indexes, &name),
                Kind::Type => drop_key(&mut self.enums, &name),
                Kind::View | Kind::MaterializedView => drop_key(&mut self.views, &name),
                Kind::Routine => drop_key(&mut self.routines, &name),
                Kind::Policy => {
                    if let Some(table) = drop.on.as_ref().and_then(|on| self.table_mut(&on.full())) {
                        table.policies.remove(&name.name);
                    }
                }
                Kind::Schema => {
                    let gone = |other: &QName| other.schema == name.name;
                    Rc::make_mut(&mut self.tables).retain(|other, _| !gone(other));
                    Rc::make_mut(&mut self.indexes).retain(|other, _| !gone(other));
                }
                Kind::Sequence
                | Kind::Database
                | Kind::Domain
                | Kind::Extension
                | Kind::Trigger
                | Kind::Other => {}
            }
        }
    }
}

fn drop_key<T: Clone>(map: &mut Rc<BTreeMap<QName, T>>, name: &QName) {
    if map.contains_key(name) {
        Rc::make_mut(map).remove(name);
    }
}

fn move_key<T: Clone>(map: &mut Rc<BTreeMap<QName, T>>, from: &QName, to: QName) {
    if map.contains_key(from)
        && let Some(value) = Rc::make_mut(map).remove(from)
    {
        Rc::make_mut(map).insert(to, value);
    }
}

/// What a change does to a column that stays.
fn alter_column(column: &mut Column, change: &Change) {
    if let Change::SetType { to, .. } = change {
        column.data_type.clone_from(to);
    } else if let Change::SetDefault { value, .. } = change {
        column.default = Some(value.clone());
    } else if let Change::DropDefault(_) = change {
        column.default = None;
    } else if let Change::AddIdentity(_) = change {
        column.identity = true;
    } else {
        column.not_null = matches!(change, Change::SetNotNull(_));
    }
}

/// The name that PostgreSQL gives an index on columns.
fn usual_name(table: &QName, on: &str) -> Ident {
    let mut words = Words::of(on);
    words.until(&["("]);
    let parts = Words::of(words.group().unwrap_or_default()).pieces();
    let columns: Vec<String> = parts
        .into_iter()
        .filter_map(|(_, part)| Words::of(part).ident())
        .map(|column| column.as_str().to_owned())
        .collect();
    Ident::from(object_name(table.name.as_str(), Some(&joined(&columns)), "idx").as_str())
}

/// The name of a constraint: its own, or the one that PostgreSQL gives.
pub fn name_of(table: &QName, constraint: &Constraint) -> Ident {
    if let Some(name) = &constraint.name {
        return name.clone();
    }
    let columns: Vec<&str> = constraint.columns.iter().map(Ident::as_str).collect();
    let columns = joined(&columns);
    let middle = Some(columns.as_str()).filter(|columns| !columns.is_empty());
    let (middle, label) = match constraint.form {
        Form::PrimaryKey => (None, "pkey"),
        Form::Unique => (middle, "key"),
        Form::ForeignKey => (middle, "fkey"),
        Form::Check => (middle, "check"),
        Form::Exclude => (middle, "excl"),
        Form::NotNull => (middle, "not_null"),
    };
    Ident::from(object_name(table.name.as_str(), middle, label).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::lint::read::read;

    fn world(sql: &str) -> World {
        let mut world = World::default();
        for statement in sql.split(';') {
            read(statement.trim(), 1).actions.iter().for_each(|placed| world.apply(&placed.action));
        }
        world
    }

    #[test]
    fn statements_add_up() {
        let world = world(
            "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE); ALTER TABLE t ADD COLUMN b text NOT NULL;
             ALTER TABLE t DROP COLUMN a; ALTER TABLE t ALTER b TYPE varchar(3); ALTER TABLE t RENAME b TO c;
             CREATE INDEX i ON t (c); ALTER TABLE t RENAME TO u; CREATE TYPE e AS ENUM ('x'); ALTER TYPE e ADD VALUE 'y'",
        );
        let table = &world.tables[&QName::new("public", "u")];
        let columns: Vec<_> =
            table.columns.values().map(|c| (c.name.as_str(), c.data_type.as_str())).collect();
        assert_eq!(columns, [("c", "character varying(3)"), ("id", "integer")]);
        let constraints: Vec<&str> = table.constraints.keys().map(Ident::as_str).collect();
        assert_eq!(constraints, ["t_pkey"]);
        assert_eq!(world.indexes[&QName::new("public", "i")].table, QName::new("public", "u"));
        assert_eq!(world.enums[&QName::new("public", "e")], ["x", "y"]);
        assert!(world.fresh.contains(&QName::new("public", "u")));
    }
}
