//! What of a Catalog the derives say, what must be there before the tables, and what comes after: decided part by part.

use super::definition;
use super::home::home;
use super::parts::{self, Parts};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::column::Column;
use crate::engine::kind::view::ViewColumn;
use crate::engine::name::QName;
use std::collections::{BTreeMap, BTreeSet};

/// A Catalog, divided.
#[derive(Debug, Clone, Default)]
pub(super) struct Share {
    /// What the structs and enums alone make, as it will be read back.
    pub(super) said: BTreeMap<ObjectId, Object>,
    /// What the structs need and do not say themselves.
    pub(super) before: BTreeSet<ObjectId>,
    /// Constraints and indexes that are said, taken apart.
    pub(super) parts: Parts,
}

/// Divides it.
pub(super) fn share(live: &Catalog) -> Share {
    let parts = parts::read(live);
    let mut said: BTreeMap<ObjectId, Object> =
        live.objects.iter().filter_map(|(id, object)| Some((id.clone(), reduced(object, &parts)?))).collect();
    serial_sequences(live, &mut said);
    without_taken_identities(live, &mut said);
    settle(live, &mut said);
    let schemas = schemas(&said);
    said.extend(schemas.into_iter().map(|object| (object.id(), object)));
    let before = before(live, &said);
    let mut parts = parts;
    parts.constraints.retain(|id, _| said.contains_key(id));
    parts.indexes.retain(|id, _| said.contains_key(id));
    Share { said, before, parts }
}

/// As far as the derives can say it; without looking at anything else. All other kinds are for SQL.
fn reduced(object: &Object, parts: &Parts) -> Option<Object> {
    if let Object::Enum(o) = object {
        let good = !o.labels.is_empty() && o.labels.iter().all(|label| sayable(label));
        (good && sayable_name(&o.name)).then(|| object.clone())
    } else if let Object::Table(o) = object {
        super::table::plain(o).filter(|_| sayable_name(&o.name)).map(|table| Object::Table(Box::new(table)))
    } else if let Object::Column(o) = object {
        super::table::plain_column(o).filter(|_| sayable(o.name.as_str())).map(Object::Column)
    } else if let Object::Constraint(o) = object {
        super::table::plain_constraint(o)
            .filter(|_| parts.constraints.contains_key(&object.id()))
            .map(Object::Constraint)
    } else if let Object::Index(o) = object {
        super::table::plain_index(o).filter(|_| parts.indexes.contains_key(&object.id())).map(Object::Index)
    } else if let Object::View(o) = object {
        super::table::plain_view(o)
            .filter(|_| sayable_view(&o.name, &o.columns))
            .map(|view| Object::View(view.into()))
    } else if let Object::MaterializedView(o) = object {
        let plain = super::table::plain_materialized_view(o);
        plain.filter(|_| sayable_view(&o.name, &o.columns)).map(|view| Object::MaterializedView(view.into()))
    } else if let Object::Comment(o) = object {
        let on = matches!(
            o.on,
            ObjectId::Enum(_)
                | ObjectId::Table(_)
                | ObjectId::View(_)
                | ObjectId::MaterializedView(_)
                | ObjectId::Column(..)
        );
        (on && sayable(&o.text)).then(|| object.clone())
    } else {
        None
    }
}

/// The derives take no text of nothing but spaces.
fn sayable(text: &str) -> bool {
    !text.trim().is_empty()
}

fn sayable_view(name: &QName, columns: &[ViewColumn]) -> bool {
    sayable_name(name) && columns.iter().all(|column| sayable(column.name.as_str()))
}

fn sayable_name(name: &QName) -> bool {
    sayable(name.name.as_str()) && sayable(name.schema.as_str())
}

/// `serial` makes its sequence itself, under a name that is known.
fn serial_sequences(live: &Catalog, said: &mut BTreeMap<ObjectId, Object>) {
    for object in live.objects.values() {
        if let Object::Sequence(sequence) = object
            && let Some((table, column)) = &sequence.owned_by
            && let Some(Object::Column(column)) = said.get(&ObjectId::Column(table.clone(), column.clone()))
            && let Some(Object::Table(owner)) = said.get(&ObjectId::Table(table.clone()))
            && let unlogged = owner.unlogged
            && live.server_version >= 150_000
            && let Some(plain) = parts::serial(column, sequence, unlogged)
        {
            said.insert(object.id(), Object::Sequence(plain.into()));
        }
    }
}

/// An identity makes its sequence itself, under a name that is known; where something else has that name, the identity
/// comes later, with a name of its own.
fn without_taken_identities(live: &Catalog, said: &mut BTreeMap<ObjectId, Object>) {
    let mut taken: BTreeSet<QName> = BTreeSet::new();
    for (id, object) in &live.objects {
        if let ObjectId::Sequence(name) | ObjectId::Index(name) | ObjectId::Composite(name) = id {
            taken.insert(name.clone());
        } else if let Some(name) = id.as_relation() {
            taken.insert(name.clone());
        } else if let Object::Constraint(key) = object {
            taken.insert(key.table.sibling(&key.name));
        }
    }
    for object in said.values_mut() {
        if let Object::Column(column) = object
            && let Some(identity) = &column.identity
            && taken.contains(&identity.sequence)
        {
            column.identity = None;
        }
    }
}

/// Takes back what cannot stand, until all that is left can: what belongs to something that is not said, and what needs
/// something that in turn needs a table.
fn settle(live: &Catalog, said: &mut BTreeMap<ObjectId, Object>) {
    let mut plain_defaults = BTreeSet::new();
    loop {
        let mut known = BTreeMap::new();
        let mut weakened = Vec::new();
        for id in said.keys() {
            let homeless = home(live, id)
                .is_some_and(|home| !matches!(home, ObjectId::Schema(_)) && !said.contains_key(&home));
            let lonely = matches!(id, ObjectId::Sequence(_)) && !serial_is_said(said, id);
            if homeless || lonely {
                weakened.push((id.clone(), None));
            }
            for on in needs(live, said, id, &plain_defaults) {
                if !said.contains_key(on) && !can_come_before(live, said, on, &mut known) {
                    weakened.push((id.clone(), Some(on.clone())));
                }
            }
            if !references_are_said(live, said, id) {
                weakened.push((id.clone(), None));
            }
        }
        if weakened.is_empty() {
            return;
        }
        for (id, on) in weakened {
            let default_goes = match (said.get_mut(&id), on) {
                (Some(Object::Column(column)), Some(on)) => without_default(column, &on),
                (_, _) => false,
            };
            if default_goes {
                plain_defaults.insert(id);
            } else {
                said.remove(&id);
            }
        }
    }
}

/// A sequence is said by the default of its column.
fn serial_is_said(said: &BTreeMap<ObjectId, Object>, id: &ObjectId) -> bool {
    let Some(Object::Sequence(sequence)) = said.get(id) else {
        return false;
    };
    let Some((table, column)) = &sequence.owned_by else {
        return false;
    };
    matches!(said.get(&ObjectId::Column(table.clone(), column.clone())), Some(Object::Column(c)) if c.default.is_some())
}

/// The default can come later, if it is what needs this; a type cannot.
fn without_default(column: &mut Column, on: &ObjectId) -> bool {
    let is_type = matches!(
        on,
        ObjectId::Enum(_)
            | ObjectId::Composite(_)
            | ObjectId::Domain(_)
            | ObjectId::Range(_)
            | ObjectId::BaseType(_)
            | ObjectId::Collation(_)
            | ObjectId::Table(_)
            | ObjectId::View(_)
            | ObjectId::MaterializedView(_)
    );
    column.generated.is_none() && !is_type && column.default.take().is_some()
}

/// What the said form of an object needs.
fn needs<'a>(
    live: &'a Catalog,
    said: &'a BTreeMap<ObjectId, Object>,
    id: &'a ObjectId,
    plain_defaults: &'a BTreeSet<ObjectId>,
) -> impl Iterator<Item = &'a ObjectId> {
    let of_default =
        |on: &ObjectId| matches!(on, ObjectId::Sequence(_) | ObjectId::Routine(..) | ObjectId::Operator(..));
    // A sequence belongs to its column, which is not there before it.
    let is_sequence = matches!(said.get(id), Some(Object::Sequence(_)));
    live.needs(id)
        .filter(move |on| !is_sequence && !matches!(on, ObjectId::Schema(_)))
        .filter(move |on| !(plain_defaults.contains(id) && of_default(on)))
}

/// A foreign key is a path to a struct and its fields, of the same types.
fn references_are_said(live: &Catalog, said: &BTreeMap<ObjectId, Object>, id: &ObjectId) -> bool {
    let Some(Object::Constraint(constraint)) = live.get(id) else { return true };
    let Some(target) = &constraint.references else { return true };
    let Some(read) = definition::constraint(&constraint.definition) else { return false };
    parts::reference_is_sayable(said, &constraint.table, target, &read.kind)
}

/// Whether all of it can be there when no table is.
fn can_come_before<'a>(
    live: &'a Catalog,
    said: &BTreeMap<ObjectId, Object>,
    id: &'a ObjectId,
    known: &mut BTreeMap<&'a ObjectId, bool>,
) -> bool {
    if let Some(known) = known.get(id) {
        return *known;
    }
    let early = matches!(id, ObjectId::Schema(_) | ObjectId::Enum(_));
    if said.contains_key(id) {
        return early;
    }
    if id.table().is_some() || id.is_part() {
        return false;
    }
    // A circle holds if nothing else in it does not.
    known.insert(id, true);
    let can = live.needs(id).all(|on| can_come_before(live, said, on, known));
    known.insert(id, can);
    can
}

/// Every schema with a struct or an enum in it is made by itself, and `public` is always there.
fn schemas(said: &BTreeMap<ObjectId, Object>) -> Vec<Object> {
    let named = said.keys().filter_map(|id| {
        if let ObjectId::Enum(name) = id { Some(name) } else { id.as_relation() }
            .map(|name| name.schema.clone())
    });
    let names: BTreeSet<_> = named.chain(["public".into()]).collect();
    names.into_iter().map(|name| Object::Schema(crate::engine::kind::schema::Schema { name })).collect()
}

/// What the said objects need that is not said, with all that this needs, and with the comments on it.
fn before(live: &Catalog, said: &BTreeMap<ObjectId, Object>) -> BTreeSet<ObjectId> {
    let mut before = BTreeSet::new();
    let mut open: Vec<ObjectId> = Vec::new();
    for (id, object) in said {
        let lost_default = match (object, live.get(id)) {
            (Object::Column(said), Some(Object::Column(live))) => {
                said.default.is_none() && live.default.is_some()
            }
            (_, _) => false,
        };
        let dropped = if lost_default { BTreeSet::from([id.clone()]) } else { BTreeSet::new() };
        open.extend(needs(live, said, id, &dropped).cloned());
    }
    loop {
        while let Some(id) = open.pop() {
            if said.contains_key(&id) || !before.insert(id.clone()) {
                continue;
            }
            open.extend(live.needs(&id).cloned());
            open.extend(id.parent());
        }
        // What is inside of these or about them comes along, if it can; what is inside of a schema does not.
        let mut known = BTreeMap::new();
        let comes_along = |id: &ObjectId, parent: &ObjectId| {
            before.contains(parent)
                && (!matches!(parent, ObjectId::Schema(_)) || matches!(id, ObjectId::Comment(_)))
        };
        for id in live.objects.keys() {
            if !before.contains(id)
                && !said.contains_key(id)
                && id.parent().is_some_and(|parent| comes_along(id, &parent))
                && live.needs(id).all(|on| can_come_before(live, said, on, &mut known))
            {
                open.push(id.clone());
            }
        }
        if open.is_empty() {
            before.retain(|id| live.get(id).is_some());
            return before;
        }
    }
}
