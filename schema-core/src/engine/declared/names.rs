//! Which names are taken, in the order in which PostgreSQL runs `schema.sql`: foresees the names it will choose, and
//! two objects of one name.

use super::location;
use crate::engine::default_name::free_name;
use crate::engine::error::{Error, Location};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::record::Origin;
use std::collections::BTreeMap;

/// The names so far.
#[derive(Default)]
pub(super) struct Names {
    /// Tables, indexes, sequences: what shares one name space in each schema.
    relations: BTreeMap<QName, (ObjectId, Location)>,
    /// By table: explicit names may repeat on another table.
    constraints: BTreeMap<(QName, Ident), Location>,
    /// Of any table of the schema: names that PostgreSQL chooses may not.
    constraint_names: BTreeMap<QName, Location>,
    /// By table.
    unique_indexes: BTreeMap<QName, Vec<QName>>,
    /// Indexes and constraints, in order.
    pub(super) parts: Vec<Part>,
}

/// An index or a constraint.
pub(super) struct Part {
    /// Its table.
    pub(super) of: QName,
    pub(super) id: ObjectId,
    /// What in the code says it: `Transaction`, `Transaction.status`.
    pub(super) path: String,
}

/// How a constraint or an index gets its default name.
pub(super) struct Default<'a> {
    /// The middle part.
    pub(super) middle: Option<&'a str>,
    /// `key`, `pkey`, `fkey`, `check`, `excl`, `idx`.
    pub(super) label: &'a str,
}

impl Names {
    pub(super) fn relation(&mut self, name: QName, id: ObjectId, origin: &Origin) -> Result<(), Error> {
        let at = location(origin);
        if let Some((other, place)) = self.relations.insert(name, (id.clone(), at.clone())) {
            return Err(twice(&id, &other, &at, &place));
        }
        Ok(())
    }

    /// The sequence inside an identity column: PostgreSQL finds a free name for it.
    pub(super) fn sequence(&mut self, table: &QName, column: &str, origin: &Origin) {
        let taken = |name: &str| self.relations.contains_key(&table.sibling(&Ident::from(name)));
        let name = table.sibling(&Ident::new(free_name(table.name.as_str(), Some(column), "seq", taken)));
        self.relations.insert(name.clone(), (ObjectId::Sequence(name), location(origin)));
    }

    /// An index: the name it is given, or PostgreSQL's choice.
    pub(super) fn index(
        &mut self,
        table: &QName,
        given: Option<&str>,
        default: &Default<'_>,
        origin: &Origin,
    ) -> Result<QName, Error> {
        let name = match given {
            Some(name) => name.to_owned(),
            None => free_name(table.name.as_str(), default.middle, default.label, |name| {
                self.relations.contains_key(&table.sibling(&Ident::from(name)))
            }),
        };
        let name = table.sibling(&Ident::new(name));
        let id = ObjectId::Index(name.clone());
        self.relation(name.clone(), id.clone(), origin)?;
        self.parts.push(Part { of: table.clone(), id, path: origin.path.clone() });
        Ok(name)
    }

    /// Remembers that the index makes its columns a key.
    pub(super) fn add_unique_index(&mut self, table: &QName, index: &QName) {
        self.unique_indexes.entry(table.clone()).or_default().push(index.clone());
    }

    /// The unique indexes of a table so far.
    pub(super) fn unique_indexes(&self, table: &QName) -> impl Iterator<Item = &QName> {
        self.unique_indexes.get(table).into_iter().flatten()
    }

    /// A constraint; `indexed` if an index of the same name comes with it.
    pub(super) fn constraint(
        &mut self,
        table: &QName,
        given: Option<&str>,
        default: &Default<'_>,
        indexed: bool,
        origin: &Origin,
    ) -> Result<Ident, Error> {
        let name = Ident::new(match given {
            Some(name) => name.to_owned(),
            None => free_name(table.name.as_str(), default.middle, default.label, |name| {
                let name = table.sibling(&Ident::from(name));
                self.constraint_names.contains_key(&name) || (indexed && self.relations.contains_key(&name))
            }),
        });
        let id = ObjectId::Constraint(table.clone(), name.clone());
        let at = location(origin);
        if let Some(place) = self.constraints.insert((table.clone(), name.clone()), at.clone()) {
            return Err(twice(&id, &id, &at, &place));
        }
        self.parts.push(Part { of: table.clone(), id: id.clone(), path: origin.path.clone() });
        if indexed {
            self.relation(table.sibling(&name), id, origin)?;
        }
        self.constraint_names.insert(table.sibling(&name), at);
        Ok(name)
    }
}

impl Names {
    /// A condition of a domain: it shares the names that PostgreSQL chooses with those of tables.
    pub(super) fn domain_check(
        &mut self,
        domain: &QName,
        given: Option<&str>,
        origin: &Origin,
    ) -> Result<Ident, Error> {
        let name = Ident::new(match given {
            Some(name) => name.to_owned(),
            None => free_name(domain.name.as_str(), None, "check", |name| {
                self.constraint_names.contains_key(&domain.sibling(&Ident::from(name)))
            }),
        });
        let id = ObjectId::DomainConstraint(domain.clone(), name.clone());
        let at = location(origin);
        if let Some(place) = self.constraints.insert((domain.clone(), name.clone()), at.clone()) {
            return Err(twice(&id, &id, &at, &place));
        }
        self.constraint_names.insert(domain.sibling(&name), at);
        Ok(name)
    }
}

/// Two objects of one name, first the earlier one.
pub(super) fn twice(id: &ObjectId, other: &ObjectId, at: &Location, place: &Location) -> Error {
    let what = if id == other {
        format!("{id} is declared twice")
    } else {
        format!("{other} and {id} have the same name")
    };
    Error::usage(what)
        .at(place.file.clone(), place.line)
        .at(at.file.clone(), at.line)
        .next("give one of them another name")
}
