//! Which lock an action takes on a relation that is there. `tests/lint/observed.rs` compares it with real servers.

use super::action::{Action, Change, Constraint, Drop, Form, Kind, Name};
use super::read::words::Words;
use super::world::World;
use crate::engine::name::QName;
use crate::engine::step::LockMode;

/// The locks of an action on relations that the migration at hand has not made itself.
pub fn locks(action: &Action, world: &World) -> Vec<(LockMode, QName)> {
    let mut locks = taken(action, world);
    locks.retain(|(_, on)| !world.fresh.contains(on));
    locks
}

fn taken(action: &Action, world: &World) -> Vec<(LockMode, QName)> {
    let one = |mode: LockMode, table: &Name| vec![(mode, table.full())];
    match action {
        Action::CreateTable(table) => {
            let referenced = table.constraints.iter().filter_map(|constraint| constraint.references.as_ref());
            let mut locks: Vec<_> =
                referenced.map(|name| (LockMode::ShareRowExclusive, name.full())).collect();
            locks.extend(table.partition_of.iter().map(|parent| (LockMode::AccessExclusive, parent.full())));
            locks
        }
        Action::Alter { table, change } => alter(table, change, world),
        Action::Drop(drop) => dropped(drop, world),
        Action::Rename { kind, name, .. } => match kind {
            Kind::Table | Kind::View | Kind::MaterializedView => one(LockMode::AccessExclusive, name),
            Kind::Index
            | Kind::Sequence
            | Kind::Schema
            | Kind::Database
            | Kind::Type
            | Kind::Domain
            | Kind::Extension
            | Kind::Routine
            | Kind::Trigger
            | Kind::Policy
            | Kind::Other => Vec::new(),
        },
        Action::CreateIndex(index) => {
            let mode = if index.concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
            one(mode, &index.table)
        }
        Action::Reindex { what, name: Some(name), concurrently } => {
            let mode = if *concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
            match what.as_str() {
                "TABLE" => one(mode, name),
                "INDEX" => world.index(name).map(|index| (mode, index.table.clone())).into_iter().collect(),
                _other => Vec::new(),
            }
        }
        Action::Rebuild { verb, table: Some(table) } => {
            let mode =
                if *verb == "VACUUM" { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
            one(mode, table)
        }
        Action::Refresh { view, concurrently } => {
            // `EXCLUSIVE` lets readers in; of the modes that are told apart here SHARE ROW EXCLUSIVE does the same.
            let mode = if *concurrently { LockMode::ShareRowExclusive } else { LockMode::AccessExclusive };
            one(mode, view)
        }
        Action::CreateTrigger { table, .. } => one(LockMode::ShareRowExclusive, table),
        Action::Policy(policy) => one(LockMode::AccessExclusive, &policy.table),
        Action::Truncate { tables, .. } => {
            tables.iter().map(|table| (LockMode::AccessExclusive, table.full())).collect()
        }
        Action::Lock { tables, mode } => {
            let mode = match mode.as_str() {
                "ACCESS EXCLUSIVE" => LockMode::AccessExclusive,
                "SHARE ROW EXCLUSIVE" | "EXCLUSIVE" => LockMode::ShareRowExclusive,
                "SHARE" => LockMode::Share,
                "SHARE UPDATE EXCLUSIVE" => LockMode::ShareUpdateExclusive,
                _reading => LockMode::AccessShare,
            };
            tables.iter().map(|table| (mode, table.full())).collect()
        }
        Action::Owner { of, .. } => {
            let name = of.strip_prefix("table ").and_then(|name| Words::of(name).name());
            name.map(|name| one(LockMode::AccessExclusive, &name)).unwrap_or_default()
        }
        Action::ViewOption { view, .. } => one(LockMode::AccessExclusive, view),
        Action::CreateView(view) if view.or_replace && !view.materialized => {
            one(LockMode::AccessExclusive, &view.name)
        }
        Action::Reindex { .. }
        | Action::Rebuild { .. }
        | Action::CreateView(_)
        | Action::Routine(_)
        | Action::AlterRoutine { .. }
        | Action::Privileges(_)
        | Action::Role { .. }
        | Action::CreateExtension { .. }
        | Action::CreateSchema { .. }
        | Action::CreateEnum { .. }
        | Action::CreateDomain { .. }
        | Action::CreateSequence { .. }
        | Action::AddLabel { .. }
        | Action::RenameLabel { .. }
        | Action::RestartSequence { .. }
        | Action::Write { .. }
        | Action::Set { .. }
        | Action::Do { .. }
        | Action::Transaction(_)
        | Action::Query
        | Action::Other => Vec::new(),
    }
}

fn alter(table: &Name, change: &Change, world: &World) -> Vec<(LockMode, QName)> {
    let own = |mode: LockMode| vec![(mode, table.full())];
    match change {
        Change::AddConstraint(constraint) => constraint_locks(table, constraint),
        Change::AddColumn { constraints, .. } => {
            let mut locks = own(LockMode::AccessExclusive);
            let referenced = constraints.iter().filter_map(|constraint| constraint.references.as_ref());
            locks.extend(referenced.map(|name| (LockMode::ShareRowExclusive, name.full())));
            locks
        }
        Change::Validate(_) | Change::Light => own(LockMode::ShareUpdateExclusive),
        Change::Attach { partition, .. } => {
            vec![
                (LockMode::ShareUpdateExclusive, table.full()),
                (LockMode::AccessExclusive, partition.full()),
            ]
        }
        Change::Detach { partition, concurrently } => {
            let mode = if *concurrently { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
            vec![(mode, table.full()), (LockMode::AccessExclusive, partition.full())]
        }
        Change::ToggleTrigger => own(LockMode::ShareRowExclusive),
        Change::DropConstraint { name, .. } => {
            // The triggers of a foreign key go on both sides.
            let known = world.table(table).and_then(|table| table.constraints.get(name));
            let other = known.and_then(|constraint| constraint.references.as_ref());
            let mut locks = own(LockMode::AccessExclusive);
            locks.extend(other.map(|other| (LockMode::AccessExclusive, other.full())));
            locks
        }
        Change::DropColumn { .. }
        | Change::RenameColumn { .. }
        | Change::RenameTable { .. }
        | Change::SetSchema { .. }
        | Change::SetType { .. }
        | Change::SetNotNull(_)
        | Change::DropNotNull(_)
        | Change::SetDefault { .. }
        | Change::DropDefault(_)
        | Change::AddIdentity(_)
        | Change::RestartIdentity(_)
        | Change::Expression { .. }
        | Change::RenameConstraint { .. }
        | Change::SetLogged(_)
        | Change::SetTablespace(_)
        | Change::SetAccessMethod
        | Change::RowSecurity(_)
        | Change::ForceRowSecurity(_)
        | Change::Inherit
        | Change::Brief => own(LockMode::AccessExclusive),
    }
}

fn constraint_locks(table: &Name, constraint: &Constraint) -> Vec<(LockMode, QName)> {
    match (constraint.form, &constraint.references) {
        (Form::ForeignKey, Some(referenced)) => {
            let mode = LockMode::ShareRowExclusive;
            vec![(mode, table.full()), (mode, referenced.full())]
        }
        _others => vec![(LockMode::AccessExclusive, table.full())],
    }
}

fn dropped(drop: &Drop, world: &World) -> Vec<(LockMode, QName)> {
    let strong = |name: &QName| (LockMode::AccessExclusive, name.clone());
    match drop.kind {
        Kind::Table | Kind::View | Kind::MaterializedView => {
            let known = drop.names.iter().filter_map(|name| world.table(name));
            let referenced = known.flat_map(|table| table.constraints.values());
            let others = referenced.filter_map(|constraint| constraint.references.as_ref());
            drop.names.iter().chain(others).map(|name| strong(&name.full())).collect()
        }
        Kind::Index => {
            let mode =
                if drop.concurrently { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
            let tables = drop.names.iter().filter_map(|name| world.index(name));
            tables.map(|index| (mode, index.table.clone())).collect()
        }
        Kind::Trigger | Kind::Policy => drop.on.iter().map(|table| strong(&table.full())).collect(),
        Kind::Sequence
        | Kind::Schema
        | Kind::Database
        | Kind::Type
        | Kind::Domain
        | Kind::Extension
        | Kind::Routine
        | Kind::Other => Vec::new(),
    }
}
