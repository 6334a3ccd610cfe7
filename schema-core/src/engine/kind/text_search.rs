//! Text search parsers and templates: what dictionaries and configurations are made of.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A text search parser: its functions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchParser {
    /// Its name.
    pub name: QName,
    /// `START`, `GETTOKEN`, `END`, `LEXTYPES` and, if it has one, `HEADLINE`.
    pub functions: Vec<(String, String)>,
}

/// A text search template: its functions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchTemplate {
    /// Its name.
    pub name: QName,
    /// `LEXIZE` and, if it has one, `INIT`.
    pub functions: Vec<(String, String)>,
}

fn create(id: ObjectId, kind: &str, name: &QName, functions: &[(String, String)]) -> Vec<Step> {
    let list: Vec<String> = functions.iter().map(|(role, function)| format!("{role} = {function}")).collect();
    let sql = format!("CREATE {kind} {name} ({})", list.join(", "));
    vec![Step::statement(id.clone(), sql).builds(id)]
}

fn drop(id: ObjectId, kind: &str, name: &QName) -> Vec<Step> {
    vec![Step::statement(id.clone(), format!("DROP {kind} {name}")).destroys(id)]
}

impl Rules for TextSearchParser {
    fn id(&self) -> ObjectId {
        ObjectId::TextSearchParser(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        create(self.id(), "TEXT SEARCH PARSER", &self.name, &self.functions)
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        drop(self.id(), "TEXT SEARCH PARSER", &self.name)
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, functions }, Object::TextSearchParser(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *functions == new.functions { Alteration::Same } else { Alteration::Recreate }
    }
}

impl Rules for TextSearchTemplate {
    fn id(&self) -> ObjectId {
        ObjectId::TextSearchTemplate(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        create(self.id(), "TEXT SEARCH TEMPLATE", &self.name, &self.functions)
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        drop(self.id(), "TEXT SEARCH TEMPLATE", &self.name)
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, functions }, Object::TextSearchTemplate(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *functions == new.functions { Alteration::Same } else { Alteration::Recreate }
    }
}
