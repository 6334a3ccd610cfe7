//! Extensions. What belongs to them is never read.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, literal};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// An extension. `plpgsql`, which every database has, is left out by the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Its name.
    pub name: Ident,
    /// The schema that its objects live in.
    pub schema: Ident,
    /// The installed version.
    pub version: String,
    /// Whether the server that was read would install another one by itself.
    pub pinned: bool,
    /// The comment that `CREATE EXTENSION` gives it. Read as no comment.
    pub comment: Option<String>,
}

/// What a version compares by.
fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

impl Rules for Extension {
    fn id(&self) -> ObjectId {
        ObjectId::Extension(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        // The usual version is not named: another server may offer another one.
        let version =
            if self.pinned { format!(" VERSION {}", literal(&self.version)) } else { String::new() };
        let sql = format!("CREATE EXTENSION {} WITH SCHEMA {}{version}", self.name, self.schema);
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP EXTENSION {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, schema, version, pinned: _, comment: _ }, Object::Extension(new)) = (self, new)
        else {
            return Alteration::Recreate;
        };
        // There are no ways back, as a rule.
        if numbers(version) > numbers(&new.version) {
            return Alteration::Recreate;
        }
        let mut steps = Vec::new();
        if *version != new.version {
            let to = literal(&new.version);
            steps.push(Step::statement(self.id(), format!("ALTER EXTENSION {} UPDATE TO {to}", self.name)));
        }
        if *schema != new.schema {
            let sql = format!("ALTER EXTENSION {} SET SCHEMA {}", self.name, new.schema);
            steps.push(Step::statement(self.id(), sql));
        }
        Alteration::in_place(steps)
    }
}
