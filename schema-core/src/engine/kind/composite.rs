//! Composite types that stand on their own: attributes added, dropped, retyped.

use super::domain::rename_type;
use super::inherit::{change_of_type, type_that_changes};
use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composite {
    /// Its name.
    pub name: QName,
    /// Its attributes, in their order: what builds a value by place depends on it.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: Ident,
    /// `format_type`.
    pub data_type: String,
    /// `COLLATE`, where it differs from the type's own.
    pub collation: Option<QName>,
}

impl Attribute {
    fn definition(&self) -> String {
        format!("{} {}", self.name, self.typed())
    }

    fn typed(&self) -> String {
        let collate =
            self.collation.as_ref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default();
        format!("{}{collate}", self.data_type)
    }
}

impl Composite {
    fn find(&self, name: &Ident) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == *name)
    }

    /// Whether dropping some attributes and adding others at the end gives the order of `new`.
    fn order_allows(&self, new: &Self) -> bool {
        let kept = self.attributes.iter().filter(|attribute| new.find(&attribute.name).is_some());
        let firsts: Vec<&Ident> = kept.map(|attribute| &attribute.name).collect();
        new.attributes.iter().zip(&firsts).all(|(attribute, first)| attribute.name == **first)
    }

    /// Whether a column of a table has this type inside.
    fn is_stored(&self, cx: &Context<'_>) -> bool {
        let mut types = vec![self.id()];
        let mut seen = 0;
        while let Some(on) = types.get(seen).cloned() {
            seen += 1;
            for user in cx.old.edges.users(&on) {
                match cx.old.get(user) {
                    Some(Object::Column(_)) => return true,
                    Some(Object::Composite(_) | Object::Domain(_) | Object::Range(_))
                        if !types.contains(user) =>
                    {
                        types.push(user.clone());
                    }
                    Some(_) | None => {}
                }
            }
        }
        false
    }

    /// The tables `OF` this type, which are of none while it changes: their columns change as those of others do.
    fn typed_tables(&self, cx: &Context<'_>) -> (Vec<Step>, Vec<Step>) {
        let id = self.id();
        let users = cx.old.edges.users(&id).filter_map(ObjectId::as_table);
        let stay = users.filter(|table| type_that_changes(cx, table).as_ref() == Some(&id));
        let name = self.name.to_string();
        let step = |table: &QName, of: Option<&str>| {
            let step = change_of_type(id.clone(), table, of, cx);
            Step { afterthought: true, ..step }
        };
        let pair = |table: &QName| (step(table, None), step(table, Some(&name)));
        stay.map(pair).unzip()
    }

    /// What can name the attributes, as a view does.
    fn readers(&self, cx: &Context<'_>) -> Vec<ObjectId> {
        let id = self.id();
        let reads = |user: &&ObjectId| {
            let by_kind = matches!(
                user,
                ObjectId::View(_)
                    | ObjectId::MaterializedView(_)
                    | ObjectId::Rule(..)
                    | ObjectId::Policy(..)
                    | ObjectId::Constraint(..)
                    | ObjectId::DomainConstraint(..)
                    | ObjectId::Index(_)
                    | ObjectId::Statistics(_)
            );
            by_kind || matches!(cx.old.get(user), Some(Object::Column(column)) if column.generated.is_some())
        };
        let users = cx.old.edges.users(&id);
        users.filter(reads).cloned().collect()
    }
}

impl Rules for Composite {
    fn id(&self) -> ObjectId {
        ObjectId::Composite(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let attributes: Vec<String> = self.attributes.iter().map(Attribute::definition).collect();
        let list = if attributes.is_empty() {
            "()".to_owned()
        } else {
            format!("(\n    {}\n)", attributes.join(",\n    "))
        };
        vec![
            Step::statement(self.id(), format!("CREATE TYPE {} AS {list}", self.name))
                .builds(self.id())
                .builds(ObjectId::RelationName(self.name.clone()))
                .builds(ObjectId::TypeName(self.name.clone())),
        ]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP TYPE {}", self.name))
                .destroys(self.id())
                .destroys(ObjectId::RelationName(self.name.clone()))
                .destroys(ObjectId::TypeName(self.name.clone())),
        ]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { name, attributes }, Object::Composite(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        let (mut drops, mut actions) = (Vec::new(), Vec::new());
        let mut retyped = false;
        for attribute in attributes {
            match new.find(&attribute.name) {
                None => drops.push(format!("DROP ATTRIBUTE {}", attribute.name)),
                Some(now) if now != attribute => {
                    retyped = true;
                    actions.push(format!("ALTER ATTRIBUTE {} TYPE {}", now.name, now.typed()));
                }
                Some(_) => {}
            }
        }
        let loses = !drops.is_empty();
        for attribute in &new.attributes {
            if self.find(&attribute.name).is_none() {
                actions.push(format!("ADD ATTRIBUTE {}", attribute.definition()));
            }
        }
        drops.append(&mut actions);
        if drops.is_empty() && self.order_allows(new) {
            return Alteration::Same;
        }
        let stored = self.is_stored(cx);
        if !self.order_allows(new) || (retyped && stored) {
            return Alteration::Recreate;
        }
        let mut step =
            Step::statement(self.id(), format!("ALTER TYPE {name}\n    {}", drops.join(",\n    ")));
        if loses && stored {
            let why = format!("the values of the dropped attributes of {} are gone", name.short());
            step = step.hazard(HazardKind::DataLoss, why);
        }
        let rebuild = if loses || retyped { self.readers(cx) } else { Vec::new() };
        let (mut steps, last) = self.typed_tables(cx);
        steps.push(step);
        steps.extend(last);
        Alteration::InPlace { steps, rebuild, touches: Vec::new() }
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Composite(to) = new else {
            return Vec::new();
        };
        rename_type(new, "TYPE", &self.name, to)
    }
}
