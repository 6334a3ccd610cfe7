//! Text search dictionaries.

use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};

/// A text search dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSearchDictionary {
    /// Its name.
    pub name: QName,
    /// The template.
    pub template: QName,
    /// The options as PostgreSQL keeps them: `stopwords = 'english', accept = 'false'`.
    pub options: String,
}

/// The options, each with its name: `(stopwords, stopwords = 'english')`.
fn options(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ',') => {
                found.push(text[start..at].trim());
                start = at + 1;
            }
            (_, _) => {}
        }
    }
    found.push(text[start..].trim());
    // The name can have a = in it only inside quotes, where no space follows one as it does between name and value.
    found.into_iter().filter_map(|option| Some((option.split_once(" = ")?.0, option))).collect()
}

impl Rules for TextSearchDictionary {
    fn id(&self) -> ObjectId {
        ObjectId::TextSearchDictionary(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let options = if self.options.is_empty() { String::new() } else { format!(", {}", self.options) };
        let sql =
            format!("CREATE TEXT SEARCH DICTIONARY {} (TEMPLATE = {}{options})", self.name, self.template);
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("DROP TEXT SEARCH DICTIONARY {}", self.name);
        vec![Step::statement(self.id(), sql).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name, template, options: before }, Object::TextSearchDictionary(new)) = (self, new)
        else {
            return Alteration::Recreate;
        };
        if *template != new.template {
            return Alteration::Recreate;
        }
        let (before, after) = (options(before), options(&new.options));
        let set = after.iter().filter(|option| !before.contains(option)).map(|(_, option)| *option);
        // An option without a value is removed.
        let gone =
            before.iter().map(|(name, _)| *name).filter(|name| !after.iter().any(|(kept, _)| kept == name));
        let changes: Vec<&str> = set.chain(gone).collect();
        if changes.is_empty() {
            return Alteration::Same;
        }
        let sql = format!("ALTER TEXT SEARCH DICTIONARY {name} ({})", changes.join(", "));
        Alteration::in_place(vec![Step::statement(self.id(), sql)])
    }
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn options_are_told_apart() {
        let text = "stopwords = 'a, b''c = d', \"Accept, it\" = 'false'";
        let found =
            [("stopwords", "stopwords = 'a, b''c = d'"), ("\"Accept, it\"", "\"Accept, it\" = 'false'")];
        assert_eq!(options(text), found);
        assert_eq!(options(""), []);
    }
}
