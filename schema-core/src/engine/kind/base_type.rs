//! Base types, and shells: names of types that are not defined yet. A base type is made of functions that take or
//! return it: the shell comes before them, the type after.

use super::domain::rename_type;
use super::routine::Routine;
use super::{Alteration, Context, Object, Rules};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A base type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseType {
    /// Its name.
    pub name: QName,
    /// What `CREATE TYPE` takes: `INPUT = public.point_in`; nothing for a shell.
    pub parts: Vec<String>,
}

/// The shell that functions of a type are made with, and then the type.
pub(super) fn after_shell(name: &QName, mut whole: Step, id: &ObjectId, cx: &Context<'_>) -> Vec<Step> {
    let is_routine = |on: &&ObjectId| matches!(on, ObjectId::Routine(..));
    let routines: Vec<ObjectId> = cx.new.needs(id).filter(is_routine).cloned().collect();
    let mut shell =
        Step::statement(id.clone(), format!("CREATE TYPE {name}")).builds(ObjectId::TypeName(name.clone()));
    // So it comes before they are made.
    shell.destroys.extend(routines.iter().cloned());
    whole.needs.extend(routines);
    vec![shell, whole]
}

/// The types that are made of this function: they take it along when they go.
pub(in crate::engine) fn made_of(routine: &Routine, catalog: &Catalog) -> Vec<ObjectId> {
    let first = ObjectId::Range(QName::new("", ""));
    let types = catalog.objects.range(first..).map(|(id, _)| id);
    types
        .map_while(|id| {
            let (ObjectId::Range(name) | ObjectId::BaseType(name)) = id else { return None };
            Some((id, name.to_string()))
        })
        .filter(|(_, name)| routine.arguments.contains(name) || routine.returns.contains(name))
        .filter(|(id, _)| catalog.edges.contains(id, &routine.id()))
        .map(|(id, _)| id.clone())
        .collect()
}

impl Rules for BaseType {
    fn id(&self) -> ObjectId {
        ObjectId::BaseType(self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        if self.parts.is_empty() {
            return vec![
                Step::statement(self.id(), format!("CREATE TYPE {}", self.name))
                    .builds(self.id())
                    .builds(ObjectId::TypeName(self.name.clone())),
            ];
        }
        let sql = format!("CREATE TYPE {} (\n    {}\n)", self.name, self.parts.join(",\n    "));
        let id = self.id();
        after_shell(&self.name, Step::statement(id.clone(), sql).builds(id.clone()), &id, cx)
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        // With the functions that it is made of.
        let cascade = if self.parts.is_empty() { "" } else { " CASCADE" };
        vec![
            Step::statement(self.id(), format!("DROP TYPE {}{cascade}", self.name))
                .destroys(self.id())
                .destroys(ObjectId::TypeName(self.name.clone())),
        ]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, parts }, Object::BaseType(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *parts == new.parts { Alteration::Same } else { Alteration::Recreate }
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::BaseType(to) = new else {
            return Vec::new();
        };
        rename_type(new, "TYPE", &self.name, to)
    }
}
