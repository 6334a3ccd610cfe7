//! What is managed of grants, owners and roles: a pair of Catalogs loses or gains what the comparison shall not change.
//! Plain data; nothing is read here.

use super::catalog::Catalog;
use super::id::ObjectId;
use super::kind::{Object, privilege::PUBLIC};
use super::name::{Ident, QName};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What is compared of something that not everybody manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// Nothing: it stays as it is, and comes back where an object is created again.
    None,
    /// What the new side says something about.
    Claimed,
    /// All.
    All,
}

/// What is managed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Managed {
    /// Grants on objects, and default privileges.
    pub grants: Claim,
    /// Who owns an object.
    pub owners: Claim,
    /// Roles: created and altered.
    pub roles: bool,
    /// Roles that may be dropped: a drop is never meant unless it is named.
    pub drop_roles: BTreeSet<Ident>,
}

/// Of code and migrations.
impl Default for Managed {
    fn default() -> Self {
        Self { grants: Claim::Claimed, owners: Claim::None, roles: false, drop_roles: BTreeSet::new() }
    }
}

impl Managed {
    /// Of two databases: what is there is meant.
    pub fn of_databases() -> Self {
        Self { grants: Claim::All, ..Self::default() }
    }

    /// The pair as it is to be compared.
    pub fn pair(&self, mut old: Catalog, mut new: Catalog) -> (Catalog, Catalog) {
        // An object with a claim is compared wholly; a relation together with its columns.
        let said: BTreeSet<ObjectId> = new.objects.values().filter_map(granted).map(unit).collect();
        let claims = |claim: Claim, says: bool| match claim {
            Claim::None => false,
            Claim::Claimed => says,
            Claim::All => true,
        };
        let any_default = new.objects.values().any(|object| matches!(object, Object::DefaultPrivileges(_)));
        let owned: BTreeSet<ObjectId> =
            new.objects.keys().filter(|id| matches!(id, ObjectId::Owner(_))).cloned().collect();
        let compared = |object: &Object| {
            if let Object::Grant(grant) = object {
                return claims(self.grants, said.contains(&unit(&grant.on)));
            }
            if let Object::Role(role) = object {
                return self.roles
                    && (new.objects.contains_key(&object.id()) || self.drop_roles.contains(&role.name));
            }
            if matches!(object, Object::Owner(_)) {
                return claims(self.owners, owned.contains(&object.id()));
            }
            !matches!(object, Object::DefaultPrivileges(_)) || claims(self.grants, any_default)
        };
        let stays: Vec<ObjectId> =
            old.objects.values().filter(|object| !compared(object)).map(Object::id).collect();
        let goes: Vec<ObjectId> =
            new.objects.values().filter(|object| !compared(object)).map(Object::id).collect();
        if self.grants != Claim::All {
            let is_new = |id: &&ObjectId| !old.objects.contains_key(id);
            let unsaid = |id: &&ObjectId| !claims(self.grants, said.contains(&unit(id)));
            let made = new.objects.values().flat_map(with_privileges);
            new.unclaimed = made.filter(|id| is_new(&id) && unsaid(&id)).collect();
        }
        remove(&mut new, &goes);
        let (roles, stays): (Vec<_>, Vec<_>) =
            stays.into_iter().partition(|id| matches!(id, ObjectId::Role(_)));
        keep(&old, &mut new, &stays);
        remove(&mut old, &roles);
        (old, new)
    }
}

fn granted(object: &Object) -> Option<&ObjectId> {
    if let Object::Grant(grant) = object { Some(&grant.on) } else { None }
}

/// What is claimed at once.
fn unit(on: &ObjectId) -> ObjectId {
    let relation: Option<&QName> = on.table();
    relation.map_or_else(|| on.clone(), |relation| ObjectId::Table(relation.clone()))
}

/// The object, or what is inside of it, that has privileges.
fn with_privileges(object: &Object) -> Vec<ObjectId> {
    if let Object::Column(column) = object {
        return column
            .identity
            .iter()
            .map(|identity| ObjectId::Sequence(identity.sequence.clone()))
            .collect();
    }
    // What initdb makes of it is more than what it is created with.
    let is_public = matches!(object, Object::Schema(schema) if schema.name.as_str() == PUBLIC);
    if is_public { Vec::new() } else { vec![object.id()] }
}

fn remove(catalog: &mut Catalog, ids: &[ObjectId]) {
    let ids: BTreeSet<&ObjectId> = ids.iter().filter(|id| catalog.objects.contains_key(id)).collect();
    if !ids.is_empty() {
        catalog.objects.retain(|id, _| !ids.contains(id));
        catalog.edges.retain(|id| !ids.contains(id));
    }
}

/// Takes over what the old side has, if what it is about is on the new side too.
fn keep(old: &Catalog, new: &mut Catalog, ids: &[ObjectId]) {
    let mut edges = Vec::new();
    for id in ids {
        let is_there = |id: &ObjectId| matches!(id, ObjectId::Role(_)) || new.objects.contains_key(id);
        let Some(object) = old.get(id).filter(|_| old.needs(id).all(is_there)).cloned() else {
            continue;
        };
        let there = old.needs(id).filter(|on| new.objects.contains_key(on));
        edges.extend(there.map(|on| (id.clone(), on.clone())));
        new.insert(object);
    }
    new.edges.extend(edges);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::diff::diff;
    use crate::engine::kind::default_privileges::DefaultPrivileges;
    use crate::engine::kind::grant::Grant;
    use crate::engine::kind::owner::Owner;
    use crate::engine::kind::privilege::{Privilege, Privileges};
    use crate::engine::kind::schema::Schema;
    use crate::engine::plan::plan;
    use std::collections::BTreeMap;

    fn catalog(schemas: &[&str], grants: &[(&str, &str)]) -> Catalog {
        let mut catalog = Catalog { server_version: 150_000, ..Catalog::default() };
        for name in schemas {
            catalog.insert(Object::Schema(Schema { name: Ident::from(*name) }));
        }
        for (on, to) in grants {
            let on = ObjectId::Schema(Ident::from(*on));
            let grant = Object::Grant(Grant {
                on: on.clone(),
                to: Ident::from(*to),
                privileges: Privileges::from([(Privilege::Usage, false)]),
                usual: Privileges::new(),
            });
            catalog.edges.insert(grant.id(), on);
            catalog.insert(grant);
        }
        catalog
    }

    fn owned(mut catalog: Catalog, of: &str, role: &str) -> Catalog {
        let of = ObjectId::Schema(Ident::from(of));
        let owner = Object::Owner(Owner { of: of.clone(), role: Ident::from(role) });
        catalog.edges.insert(owner.id(), of);
        catalog.insert(owner);
        catalog
    }

    fn in_effect(mut catalog: Catalog) -> Catalog {
        let given = BTreeMap::from([(Ident::from("reader"), Privileges::from([(Privilege::Usage, false)]))]);
        catalog.insert(Object::DefaultPrivileges(DefaultPrivileges {
            role: Ident::from(""),
            schema: None,
            on: "SCHEMAS".to_owned(),
            privileges: given,
        }));
        catalog
    }

    fn steps(managed: &Managed, old: Catalog, new: Catalog) -> Vec<String> {
        let (old, new) = managed.pair(old, new);
        plan(&old, &new).expect("a plan").steps().map(crate::engine::step::Step::text).collect()
    }

    fn only(grants: Claim) -> Managed {
        Managed { grants, ..Managed::default() }
    }

    #[test]
    fn grants_are_compared_where_they_are_claimed() {
        let old = || catalog(&["a", "b"], &[("a", "x"), ("b", "x")]);
        let new = || catalog(&["a", "b"], &[("b", "y")]);
        let b = ["REVOKE USAGE ON SCHEMA b FROM x", "GRANT USAGE ON SCHEMA b TO y"];
        assert_eq!(steps(&only(Claim::Claimed), old(), new()), b);
        assert_eq!(steps(&only(Claim::None), old(), new()), [""; 0]);
        let all = ["REVOKE USAGE ON SCHEMA a FROM x", b[0], b[1]];
        assert_eq!(steps(&only(Claim::All), old(), new()), all);
    }

    #[test]
    fn what_is_not_claimed_goes_with_its_object() {
        let old = catalog(&["a"], &[("a", "x")]);
        assert_eq!(steps(&only(Claim::Claimed), old, catalog(&[], &[])), ["DROP SCHEMA a"]);
    }

    #[test]
    fn a_new_object_keeps_what_it_is_given_unless_it_is_claimed() {
        let new = || catalog(&["a", "b"], &[("b", "y")]);
        let old = || in_effect(catalog(&[], &[]));
        let claimed = steps(&only(Claim::Claimed), old(), new());
        let b = ["REVOKE USAGE ON SCHEMA b FROM reader", "GRANT USAGE ON SCHEMA b TO y"];
        assert_eq!(claimed, ["CREATE SCHEMA a", "CREATE SCHEMA b", b[0], b[1]]);
        let all = steps(&only(Claim::All), old(), in_effect(new()));
        assert!(all.contains(&"REVOKE USAGE ON SCHEMA a FROM reader".to_owned()), "{all:?}");
    }

    #[test]
    fn default_privileges_are_compared_where_the_new_side_has_any() {
        let plain = || catalog(&["a"], &[]);
        assert_eq!(steps(&only(Claim::Claimed), in_effect(plain()), plain()), [""; 0]);
        assert_eq!(steps(&only(Claim::Claimed), plain(), in_effect(plain())).len(), 1);
        assert_eq!(steps(&only(Claim::All), in_effect(plain()), plain()).len(), 1);
    }

    #[test]
    fn owners_are_compared_where_they_are_claimed() {
        let old = || owned(catalog(&["a"], &[]), "a", "x");
        let none = || catalog(&["a"], &[]);
        let owners = |owners| Managed { owners, ..Managed::default() };
        assert_eq!(steps(&owners(Claim::None), none(), old()), [""; 0]);
        assert_eq!(steps(&owners(Claim::Claimed), none(), old()), ["ALTER SCHEMA a OWNER TO x"]);
        assert_eq!(steps(&owners(Claim::Claimed), old(), none()), [""; 0]);
        assert_eq!(steps(&owners(Claim::All), old(), none()), ["ALTER SCHEMA a OWNER TO CURRENT_USER"]);
    }

    #[test]
    fn the_same_pair_again_is_the_same() {
        let pair = only(Claim::Claimed)
            .pair(catalog(&["a", "b"], &[("a", "x")]), in_effect(catalog(&["a", "b", "c"], &[("b", "y")])));
        let (old, new) = only(Claim::Claimed).pair(pair.0, pair.1.clone());
        assert_eq!(new.objects, pair.1.objects);
        assert!(!diff(&old, &new).is_empty());
    }
}
