//! Grants: what an object allows a role, where that differs from what its kind allows by default.

use super::default_privileges::initial;
use super::privilege::{ITSELF, PUBLIC, Privilege, Privileges, Statement, Transfer, all, role_sql};
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};
use thin_vec::thin_vec;

/// What an object allows a role. Who has granted it is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The object.
    pub on: ObjectId,
    /// The role; `public` for all, without a name the owner, if that is the role that reads and runs all this.
    pub to: Ident,
    /// All that it may do, nothing if all was revoked.
    pub privileges: Privileges,
    /// What it might do if nothing had been granted or revoked. Not part of the definition.
    pub usual: Privileges,
}

/// The object as `GRANT` addresses it; of a column, its relation.
pub(super) fn target(on: &ObjectId) -> Option<String> {
    Some(match on {
        ObjectId::Table(name)
        | ObjectId::View(name)
        | ObjectId::MaterializedView(name)
        | ObjectId::Column(name, _) => format!("TABLE {name}"),
        ObjectId::Sequence(name) => format!("SEQUENCE {name}"),
        ObjectId::Schema(name) => format!("SCHEMA {name}"),
        ObjectId::Routine(name, arguments) => format!("ROUTINE {name}({arguments})"),
        ObjectId::Domain(name) => format!("DOMAIN {name}"),
        ObjectId::Enum(name)
        | ObjectId::Composite(name)
        | ObjectId::Range(name)
        | ObjectId::BaseType(name) => format!("TYPE {name}"),
        ObjectId::Language(name) => format!("LANGUAGE {name}"),
        ObjectId::ForeignDataWrapper(name) => format!("FOREIGN DATA WRAPPER {name}"),
        ObjectId::Server(name) => format!("FOREIGN SERVER {name}"),
        ObjectId::Role(_)
        | ObjectId::Extension(_)
        | ObjectId::AccessMethod(_)
        | ObjectId::UserMapping(..)
        | ObjectId::Collation(_)
        | ObjectId::Conversion(_)
        | ObjectId::DomainConstraint(..)
        | ObjectId::TextSearchParser(_)
        | ObjectId::TextSearchTemplate(_)
        | ObjectId::TextSearchDictionary(_)
        | ObjectId::TextSearchConfiguration(_)
        | ObjectId::Constraint(..)
        | ObjectId::Index(_)
        | ObjectId::Statistics(_)
        | ObjectId::Operator(..)
        | ObjectId::OperatorFamily(..)
        | ObjectId::OperatorClass(..)
        | ObjectId::Cast(..)
        | ObjectId::Transform(..)
        | ObjectId::Rule(..)
        | ObjectId::Policy(..)
        | ObjectId::Trigger(..)
        | ObjectId::Publication(_)
        | ObjectId::Subscription(_)
        | ObjectId::EventTrigger(_)
        | ObjectId::DefaultPrivileges(..)
        | ObjectId::Owner(_)
        | ObjectId::Grant(..)
        | ObjectId::Comment(_)
        | ObjectId::Bounds(_)
        | ObjectId::Attached(_)
        | ObjectId::NotNull(..)
        | ObjectId::PrimaryKey(_)
        | ObjectId::RelationName(_)
        | ObjectId::ConstraintName(_)
        | ObjectId::TypeName(_) => return None,
    })
}

/// The Steps from some privileges to others. `held`: programs may rely on what is taken.
pub(super) fn transfer(
    on: &ObjectId,
    to: &Ident,
    from: &Privileges,
    into: &Privileges,
    server_version: u32,
    held: bool,
) -> Vec<Step> {
    let Some(target) = target(on) else {
        return Vec::new();
    };
    let words = |list: &str| {
        let ObjectId::Column(_, column) = on else { return format!("{list} ON {target}") };
        let each: Vec<String> = list.split(", ").map(|word| format!("{word} ({column})")).collect();
        format!("{} ON {target}", each.join(", "))
    };
    let id = ObjectId::Grant(Box::new(on.clone()), to.clone());
    let transfer = Transfer { from, to: into, all: &all(on, server_version) };
    let statements = transfer.statements(words, &role_sql(to, "CURRENT_USER"));
    let step = |statement: Statement| {
        let step = Step::statement(id.clone(), statement.sql);
        if held && !statement.takes.is_empty() {
            step.hazard(HazardKind::BreaksRunningCode, "what uses the privilege fails")
        } else {
            step
        }
    };
    statements.into_iter().map(step).collect()
}

impl Grant {
    fn steps(&self, from: &Privileges, to: &Privileges, catalog: &Catalog, held: bool) -> Vec<Step> {
        let mut steps = transfer(&self.on, &self.to, from, to, catalog.server_version, held);
        // What a role is granted on columns comes after what is revoked from it on the whole.
        if let (ObjectId::Column(..), Some(last)) = (&self.on, steps.last_mut()) {
            last.builds.extend(self.on_relation());
        }
        steps
    }

    /// The grants to the same role on the relation of a column.
    fn on_relation(&self) -> Vec<ObjectId> {
        let ObjectId::Column(relation, _) = &self.on else {
            return Vec::new();
        };
        let relations = [ObjectId::Table, ObjectId::View, ObjectId::MaterializedView];
        relations.map(|make| ObjectId::Grant(Box::new(make(relation.clone())), self.to.clone())).to_vec()
    }

    /// Revoking on a relation takes the same from its columns: what the role keeps there is granted again.
    fn columns_again(&self, to: &Privileges, cx: &Context<'_>) -> Vec<Step> {
        let lost = |privilege: &Privilege, option: &bool| match to.get(privilege) {
            None => true,
            Some(kept) => *option && !kept,
        };
        let whole = !matches!(self.on, ObjectId::Column(..));
        let Some(relation) = self.on.table().filter(|_| whole) else {
            return Vec::new();
        };
        let from =
            ObjectId::Grant(Box::new(ObjectId::Column(relation.clone(), Ident::from(""))), Ident::from(""));
        let on_columns = cx.new.objects.range(from..).map(|(_, object)| object).map_while(|object| {
            let Object::Grant(grant) = object else {
                return None;
            };
            matches!(&grant.on, ObjectId::Column(of, _) if of == relation).then_some(grant)
        });
        let stays = |grant: &&Self| grant.to == self.to && cx.old.get(&grant.id()).is_some();
        let hit = |grant: &&Self| {
            let takes =
                |privilege| self.privileges.get(privilege).is_some_and(|option| lost(privilege, option));
            grant.privileges.keys().any(takes)
        };
        on_columns
            .filter(stays)
            .filter(hit)
            .flat_map(|grant| {
                let nothing = Privileges::new();
                transfer(&grant.on, &grant.to, &nothing, &grant.privileges, cx.new.server_version, false)
            })
            .map(|mut step| {
                step.causes = thin_vec![self.id()];
                step
            })
            .collect()
    }

    /// The object's owner changes: who it was and who it will be.
    fn owners(&self, cx: &Context<'_>) -> Option<(Ident, Ident)> {
        let id = ObjectId::Owner(Box::new(self.on.clone()));
        let owner = |catalog: &Catalog| match catalog.get(&id) {
            Some(Object::Owner(owner)) => owner.role.clone(),
            _none => Ident::from(ITSELF),
        };
        let (old, new) = (owner(cx.old), owner(cx.new));
        (old != new).then_some((old, new))
    }

    /// With its owner the object's privileges change: what the old one had, the new one has.
    fn after_owner(&self, from: Privileges, cx: &Context<'_>) -> Privileges {
        match self.owners(cx) {
            Some((_, new)) if new == self.to => {
                all(&self.on, cx.new.server_version).into_iter().map(|privilege| (privilege, false)).collect()
            }
            Some((old, _)) if old == self.to => Privileges::new(),
            Some(_) | None => from,
        }
    }

    /// What the role has where nothing was said about it, at most and at least: that is not the same where the object may
    /// be new or not, or where nobody knows whether the role is its owner.
    fn beginning(&self, cx: &Context<'_>) -> (Privileges, Privileges) {
        let of_new = initial(&self.on, cx.old).remove(&self.to).unwrap_or_else(|| self.usual.clone());
        let (mut most, mut least) = (of_new.clone(), of_new);
        if cx.old.get(&self.on).is_some() {
            least.retain(|privilege, option| {
                let usual = self.usual.get(privilege);
                *option = *option && usual == Some(&true);
                usual.is_some()
            });
            for (privilege, option) in &self.usual {
                *most.entry(*privilege).or_default() |= option;
            }
        }
        let (most, mut least) = (self.after_owner(most, cx), self.after_owner(least, cx));
        if ![PUBLIC, ITSELF].contains(&self.to.as_str()) && !self.usual.is_empty() {
            least.clear();
        }
        (most, least)
    }
}

impl Rules for Grant {
    fn id(&self) -> ObjectId {
        ObjectId::Grant(Box::new(self.on.clone()), self.to.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let (most, least) = self.beginning(cx);
        let kept = |(privilege, option): (&Privilege, &bool)| {
            self.privileges.get(privilege).map(|wanted| (*privilege, *option && *wanted))
        };
        let mut steps = self.steps(&most, &most.iter().filter_map(kept).collect(), cx.new, false);
        steps.extend(self.steps(&least.iter().filter_map(kept).collect(), &self.privileges, cx.new, false));
        if let Some(first) = steps.first_mut() {
            first.needs.insert(ObjectId::Owner(Box::new(self.on.clone())));
        }
        if let Some(last) = steps.last_mut() {
            last.builds.insert(self.id());
        }
        steps
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let mut steps = self.steps(&self.privileges, &self.usual, cx.old, true);
        steps.extend(self.columns_again(&self.usual, cx));
        if let Some(last) = steps.last_mut() {
            last.releases.insert(ObjectId::Owner(Box::new(self.on.clone())));
        }
        let inside: Vec<ObjectId> =
            cx.old.needs(&self.id()).filter(|on| !matches!(on, ObjectId::Role(_))).cloned().collect();
        for step in &mut steps {
            step.builds.clear();
            step.destroys.insert(self.id());
            step.hosts = inside.iter().cloned().collect();
            step.hosts.push(self.on.clone());
        }
        steps
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { on: _, to: _, privileges, usual: _ }, Object::Grant(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *privileges == new.privileges {
            return Alteration::Same;
        }
        let from = self.after_owner(privileges.clone(), cx);
        let mut steps = self.steps(&from, &new.privileges, cx.new, true);
        steps.extend(self.columns_again(&new.privileges, cx));
        if let Some(first) = steps.first_mut() {
            first.needs.insert(ObjectId::Owner(Box::new(self.on.clone())));
        }
        Alteration::in_place(steps)
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        matches!(new, Object::Grant(new) if new.to == self.to && new.privileges == self.privileges)
    }
}
