//! Collations. Their versions are the operating system's and no difference.

use super::domain::rename_type;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{QName, literal};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A collation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collation {
    /// Its name.
    pub name: QName,
    /// `libc`, `icu` or `builtin`.
    pub provider: String,
    /// `LOCALE`, where one says it all.
    pub locale: Option<String>,
    /// `LC_COLLATE` and `LC_CTYPE`, where they differ.
    pub categories: Option<(String, String)>,
    /// `RULES` (PostgreSQL 16).
    pub rules: Option<String>,
    /// Texts that are equal are so byte by byte.
    pub deterministic: bool,
}

impl Rules for Collation {
    fn id(&self) -> ObjectId {
        ObjectId::Collation(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut parts = vec![format!("PROVIDER = {}", self.provider)];
        if let Some(locale) = &self.locale {
            parts.push(format!("LOCALE = {}", literal(locale)));
        }
        if let Some((collate, ctype)) = &self.categories {
            parts.push(format!("LC_COLLATE = {}, LC_CTYPE = {}", literal(collate), literal(ctype)));
        }
        if let Some(rules) = &self.rules {
            parts.push(format!("RULES = {}", literal(rules)));
        }
        if !self.deterministic {
            parts.push("DETERMINISTIC = false".to_owned());
        }
        let sql = format!("CREATE COLLATION {} ({})", self.name, parts.join(", "));
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP COLLATION {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name: _, provider, locale, categories, rules, deterministic }, Object::Collation(new)) =
            (self, new)
        else {
            return Alteration::Recreate;
        };
        let same = *provider == new.provider
            && *locale == new.locale
            && *categories == new.categories
            && *rules == new.rules
            && *deterministic == new.deterministic;
        if same { Alteration::Same } else { Alteration::Recreate }
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Collation(to) = new else {
            return Vec::new();
        };
        rename_type(new, "COLLATION", &self.name, to)
    }
}
