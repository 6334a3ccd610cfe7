//! Text search configurations with their mappings.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text search configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchConfiguration {
    /// Its name.
    pub name: QName,
    /// The parser.
    pub parser: QName,
    /// The dictionaries that each type of token is looked up in, in this order.
    pub mappings: BTreeMap<Ident, Vec<QName>>,
}

impl TextSearchConfiguration {
    /// `ADD MAPPING` or `ALTER MAPPING` for these types of tokens, together where the dictionaries are the same.
    fn map(&self, how: &str, mappings: Vec<(&Ident, &Vec<QName>)>) -> Vec<Step> {
        let mut groups: Vec<(Vec<&Ident>, &Vec<QName>)> = Vec::new();
        for (token, dictionaries) in mappings {
            match groups.iter_mut().find(|(_, same)| *same == dictionaries) {
                Some((tokens, _)) => tokens.push(token),
                None => groups.push((vec![token], dictionaries)),
            }
        }
        let step = |(tokens, dictionaries): (Vec<&Ident>, &Vec<QName>)| {
            let tokens: Vec<String> = tokens.iter().map(ToString::to_string).collect();
            let dictionaries: Vec<String> = dictionaries.iter().map(ToString::to_string).collect();
            self.alter_configuration(&format!(
                "{how} MAPPING FOR {} WITH {}",
                tokens.join(", "),
                dictionaries.join(", ")
            ))
        };
        groups.into_iter().map(step).collect()
    }

    fn alter_configuration(&self, action: &str) -> Step {
        Step::statement(self.id(), format!("ALTER TEXT SEARCH CONFIGURATION {} {action}", self.name))
    }
}

impl Rules for TextSearchConfiguration {
    fn id(&self) -> ObjectId {
        ObjectId::TextSearchConfiguration(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {})", self.name, self.parser);
        let mut steps = vec![Step::statement(self.id(), sql)];
        steps.extend(self.map("ADD", self.mappings.iter().collect()));
        if let Some(last) = steps.last_mut() {
            last.builds.insert(self.id());
        }
        steps
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("DROP TEXT SEARCH CONFIGURATION {}", self.name);
        vec![Step::statement(self.id(), sql).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, parser, mappings }, Object::TextSearchConfiguration(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *parser != new.parser {
            return Alteration::Recreate;
        }
        let gone: Vec<String> = mappings
            .keys()
            .filter(|token| !new.mappings.contains_key(token))
            .map(ToString::to_string)
            .collect();
        let mut steps = Vec::new();
        if !gone.is_empty() {
            steps.push(self.alter_configuration(&format!("DROP MAPPING FOR {}", gone.join(", "))));
        }
        let (added, kept): (Vec<_>, Vec<_>) =
            new.mappings.iter().partition(|(token, _)| !mappings.contains_key(token));
        let changed = kept.into_iter().filter(|(token, list)| mappings.get(token) != Some(list)).collect();
        steps.extend(self.map("ALTER", changed));
        steps.extend(self.map("ADD", added));
        Alteration::in_place(steps)
    }
}
