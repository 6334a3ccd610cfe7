//! Default privileges: what a role's new objects allow other roles, and what that means for objects that a plan creates.

use super::grant::transfer as transfer_grant;
use super::privilege::{ITSELF, PUBLIC, Privilege, Privileges, Transfer, all, of_public, role_sql};
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What new objects of one role and one kind allow, where that differs from what the kind allows by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// Whose objects; without a name the role that reads and runs all this, whatever it is called.
    pub role: Ident,
    /// Of objects in this PostgreSQL schema: then they are added to the others. Else of all objects.
    pub schema: Option<Ident>,
    /// `TABLES`, `SEQUENCES`, `FUNCTIONS`, `TYPES`, `SCHEMAS`, `LARGE OBJECTS` (PostgreSQL 18).
    pub on: String,
    /// By the role that may; without a name the owner itself.
    pub privileges: BTreeMap<Ident, Privileges>,
}

impl DefaultPrivileges {
    /// An object that these privileges are for, to ask what there is for its kind. Large objects are none.
    fn example(&self) -> Option<ObjectId> {
        let name = QName::new("", "");
        Some(match self.on.as_str() {
            "TABLES" => ObjectId::Table(name),
            "SEQUENCES" => ObjectId::Sequence(name),
            "FUNCTIONS" => ObjectId::Routine(name, "".into()),
            "SCHEMAS" => ObjectId::Schema(Ident::from("")),
            "LARGE OBJECTS" => return None,
            _types => ObjectId::Enum(name),
        })
    }

    /// Every privilege that there is for them.
    fn all(&self, server_version: u32) -> Vec<Privilege> {
        let of_large_objects = || vec![Privilege::Select, Privilege::Update];
        self.example().map_or_else(of_large_objects, |example| all(&example, server_version))
    }

    /// What a role may where nothing was said.
    fn usual(&self, to: &Ident, server_version: u32) -> Privileges {
        match (&self.schema, to.as_str()) {
            (None, PUBLIC) => self.example().map(|on| of_public(&on, server_version)).unwrap_or_default(),
            (None, ITSELF) => whole(self.all(server_version)),
            (Some(_), _) | (None, _) => Privileges::new(),
        }
    }

    fn change(&self, from: &Self, to: &Self, cx: &Context<'_>) -> Vec<Step> {
        let roles: BTreeSet<&Ident> = from.privileges.keys().chain(to.privileges.keys()).collect();
        let version = cx.new.server_version;
        let mut begin = "ALTER DEFAULT PRIVILEGES".to_owned();
        if self.role.as_str() != ITSELF {
            begin.push_str(&format!(" FOR ROLE {}", self.role));
        }
        if let Some(schema) = &self.schema {
            begin.push_str(&format!(" IN SCHEMA {schema}"));
        }
        let itself = if self.role.as_str() == ITSELF { "CURRENT_USER".into() } else { self.role.to_string() };
        let mut steps = Vec::new();
        for role in roles {
            let usual = self.usual(role, version);
            let (before, after) =
                (from.privileges.get(role).unwrap_or(&usual), to.privileges.get(role).unwrap_or(&usual));
            let transfer = Transfer { from: before, to: after, all: &self.all(version) };
            let words = |list: &str| format!("{list} ON {}", self.on);
            for statement in transfer.statements(words, &role_sql(role, &itself)) {
                steps.push(Step::statement(self.id(), format!("{begin} {}", statement.sql)));
            }
        }
        // Objects that are created in the same plan get the old ones; what they get too much is taken from them one by one.
        if let Some(first) = steps.first_mut() {
            first.needs.extend(self.concerned(cx.new));
        }
        steps
    }

    /// The objects of a Catalog that these privileges are for, if they are new.
    fn concerned(&self, catalog: &Catalog) -> Vec<ObjectId> {
        let is_in_schema = |id: &ObjectId| match (&self.schema, id.parent()) {
            (Some(schema), Some(ObjectId::Schema(of))) => *schema == of,
            (Some(_), _) => false,
            (None, _) => true,
        };
        let concerned = |object: &Object| {
            let mut ids = vec![object.id()];
            if let Object::Column(column) = object {
                ids = column.identity.iter().map(|i| ObjectId::Sequence(i.sequence.clone())).collect();
            }
            ids.iter().any(|id| kind(id) == Some(self.on.as_str()) && is_in_schema(id))
        };
        catalog.objects.values().filter(|object| concerned(object)).map(Object::id).collect()
    }
}

fn whole(all: Vec<Privilege>) -> Privileges {
    all.into_iter().map(|privilege| (privilege, false)).collect()
}

/// Which default privileges an object gets when it is created.
fn kind(id: &ObjectId) -> Option<&'static str> {
    let is_type = matches!(
        id,
        ObjectId::Enum(_)
            | ObjectId::Composite(_)
            | ObjectId::Domain(_)
            | ObjectId::Range(_)
            | ObjectId::BaseType(_)
    );
    let found = [
        (matches!(id, ObjectId::Table(_) | ObjectId::View(_) | ObjectId::MaterializedView(_)), "TABLES"),
        (matches!(id, ObjectId::Sequence(_)), "SEQUENCES"),
        (matches!(id, ObjectId::Routine(..)), "FUNCTIONS"),
        (is_type, "TYPES"),
        (matches!(id, ObjectId::Schema(_)), "SCHEMAS"),
    ];
    found.into_iter().find(|(is, _)| *is).map(|(_, kind)| kind)
}

/// What an object allows right after it is created on a database with the default privileges of the Catalog, where that
/// differs from what its kind allows by default.
pub(super) fn initial(on: &ObjectId, catalog: &Catalog) -> BTreeMap<Ident, Privileges> {
    let mut given = BTreeMap::new();
    // Whoever creates it, it is not the one that initdb makes.
    if let ObjectId::Schema(name) = on
        && name.as_str() == PUBLIC
    {
        given.insert(Ident::from(PUBLIC), Privileges::new());
    }
    let Some(kind) = kind(on) else {
        return given;
    };
    let of = |schema: Option<Ident>| match catalog.get(&ObjectId::DefaultPrivileges(
        Ident::from(ITSELF),
        schema,
        kind.into(),
    )) {
        Some(Object::DefaultPrivileges(found)) => found.privileges.clone(),
        _none => BTreeMap::new(),
    };
    given.extend(of(None));
    if let Some(ObjectId::Schema(schema)) = on.parent() {
        for (role, more) in of(Some(schema)) {
            let usual = || match role.as_str() {
                PUBLIC => of_public(on, catalog.server_version),
                ITSELF => whole(all(on, catalog.server_version)),
                _named => Privileges::new(),
            };
            let privileges = given.entry(role.clone()).or_insert_with(usual);
            for (privilege, option) in more {
                *privileges.entry(privilege).or_default() |= option;
            }
        }
    }
    given
}

/// The Steps after an object was created that leave no trace of default privileges on it where the new Catalog has none:
/// `old` is its form before, if it was only altered.
pub fn settle(old: Option<&Object>, new: &Object, cx: &Context<'_>) -> Vec<Step> {
    let Some(on) = made(old, new) else {
        return Vec::new();
    };
    if cx.new.unclaimed.contains(&on) {
        return Vec::new();
    }
    let version = cx.new.server_version;
    let mut steps = Vec::new();
    for (role, given) in initial(&on, cx.old) {
        let usual = match role.as_str() {
            PUBLIC => of_public(&on, version),
            ITSELF => whole(all(&on, version)),
            _named => Privileges::new(),
        };
        if cx.new.get(&ObjectId::Grant(Box::new(on.clone()), role.clone())).is_none() {
            steps.extend(transfer_grant(&on, &role, &given, &usual, version, false));
        }
    }
    if let Some(first) = steps.first_mut() {
        first.needs.insert(new.id());
    }
    steps
}

/// What is created with an object and has privileges: itself, or the sequence inside an identity column.
fn made(old: Option<&Object>, new: &Object) -> Option<ObjectId> {
    let sequence = |object: &Object| {
        let Object::Column(column) = object else { return None };
        column.identity.as_ref().map(|identity| identity.sequence.clone())
    };
    match (new, old) {
        (Object::Column(_), Some(old)) if sequence(old).is_some() => None,
        (Object::Column(_), _) => sequence(new).map(ObjectId::Sequence),
        (_, Some(_)) => None,
        (_, None) => Some(new.id()),
    }
}

impl Rules for DefaultPrivileges {
    fn id(&self) -> ObjectId {
        ObjectId::DefaultPrivileges(self.role.clone(), self.schema.clone(), self.on.clone().into())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let usual = Self { privileges: BTreeMap::new(), ..self.clone() };
        let mut steps = self.change(&usual, self, cx);
        if let Some(last) = steps.last_mut() {
            last.builds.insert(self.id());
        }
        steps
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let usual = Self { privileges: BTreeMap::new(), ..self.clone() };
        let mut steps = self.change(self, &usual, cx);
        for step in &mut steps {
            step.destroys.insert(self.id());
            step.hosts.extend(self.schema.clone().map(ObjectId::Schema));
        }
        steps
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { role: _, schema: _, on: _, privileges }, Object::DefaultPrivileges(new)) = (self, new)
        else {
            return Alteration::Recreate;
        };
        if *privileges == new.privileges {
            return Alteration::Same;
        }
        Alteration::in_place(self.change(self, new, cx))
    }
}
