//! Operator families and classes: how an access method works with a type.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An operator family, with those of its members that belong to none of its classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorFamily {
    /// Its name.
    pub name: QName,
    /// The access method.
    pub method: Ident,
    /// By what `DROP` says: `OPERATOR 1 (integer, bigint)`; what `ADD` says: `OPERATOR 1 pg_catalog.<(integer,bigint)`.
    pub members: BTreeMap<String, String>,
}

/// An operator class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorClass {
    /// Its name.
    pub name: QName,
    /// The access method.
    pub method: Ident,
    /// What follows the name: `DEFAULT FOR TYPE ... USING btree FAMILY ...`.
    pub head: String,
    /// After `AS`: `OPERATOR 1 ...`, `FUNCTION 1 ...`, `STORAGE ...`.
    pub members: Vec<String>,
}

impl OperatorFamily {
    fn change<'a>(&self, verb: &str, members: impl Iterator<Item = &'a String>) -> Option<Step> {
        let members: Vec<&str> = members.map(String::as_str).collect();
        let members = members.join(",\n    ");
        let sql = format!("ALTER OPERATOR FAMILY {} USING {} {verb}\n    {members}", self.name, self.method);
        (!members.is_empty()).then(|| Step::statement(self.id(), sql))
    }
}

impl Rules for OperatorFamily {
    fn id(&self) -> ObjectId {
        ObjectId::OperatorFamily(self.name.clone(), self.method.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("CREATE OPERATOR FAMILY {} USING {}", self.name, self.method);
        let mut steps = vec![Step::statement(self.id(), sql).builds(self.id())];
        steps.extend(self.change("ADD", self.members.values()));
        steps
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("DROP OPERATOR FAMILY {} USING {}", self.name, self.method);
        vec![Step::statement(self.id(), sql).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, method: _, members }, Object::OperatorFamily(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        let gone =
            members.iter().filter(|(key, text)| new.members.get(*key) != Some(text)).map(|(key, _)| key);
        let come =
            new.members.iter().filter(|(key, text)| members.get(*key) != Some(text)).map(|(_, text)| text);
        Alteration::in_place(self.change("DROP", gone).into_iter().chain(self.change("ADD", come)).collect())
    }
}

impl Rules for OperatorClass {
    fn id(&self) -> ObjectId {
        ObjectId::OperatorClass(self.name.clone(), self.method.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let members = self.members.join(",\n    ");
        let sql = format!("CREATE OPERATOR CLASS {} {} AS\n    {members}", self.name, self.head);
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("DROP OPERATOR CLASS {} USING {}", self.name, self.method);
        vec![Step::statement(self.id(), sql).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, method: _, head, members }, Object::OperatorClass(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if (head, members) == (&new.head, &new.members) { Alteration::Same } else { Alteration::Recreate }
    }
}
