//! Reads text search parsers, templates, dictionaries and configurations.

use super::draft::{Address, Draft, TS_CONFIG, TS_DICT, TS_PARSER, TS_TEMPLATE};
use super::rows::{Row, Rows};
use crate::engine::kind::Object;
use crate::engine::kind::text_search::{TextSearchParser, TextSearchTemplate};
use crate::engine::kind::text_search_configuration::TextSearchConfiguration;
use crate::engine::kind::text_search_dictionary::TextSearchDictionary;
use crate::engine::name::{Ident, QName};
use std::collections::BTreeMap;

/// The functions of these columns by their roles; one can be missing.
fn functions(row: Row<'_>, roles: &[(&str, usize)]) -> Vec<(String, String)> {
    let function = |(role, column): &(&str, usize)| {
        row.get::<Option<String>>(*column).map(|function| ((*role).to_owned(), function))
    };
    roles.iter().filter_map(function).collect()
}

pub(super) fn read_parsers(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let roles = [("START", 3), ("GETTOKEN", 4), ("END", 5), ("LEXTYPES", 6), ("HEADLINE", 7)];
        let parser = TextSearchParser { name, functions: functions(row, &roles) };
        draft.add(Address::new(TS_PARSER, row.get(0)), Object::TextSearchParser(parser));
    }
}

pub(super) fn read_templates(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let template = TextSearchTemplate { name, functions: functions(row, &[("INIT", 3), ("LEXIZE", 4)]) };
        draft.add(Address::new(TS_TEMPLATE, row.get(0)), Object::TextSearchTemplate(template));
    }
}

pub(super) fn read_dictionaries(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let template = QName::new(row.get::<&str>(3), row.get::<&str>(4));
        let dictionary = TextSearchDictionary { name, template, options: row.get(5) };
        draft.add(Address::new(TS_DICT, row.get(0)), Object::TextSearchDictionary(dictionary));
    }
}

pub(super) fn read_configurations(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let parser = QName::new(row.get::<&str>(3), row.get::<&str>(4));
        let tokens: Vec<&str> = row.get(5);
        let dictionaries = row.get::<Vec<&str>>(6).into_iter().zip(row.get::<Vec<&str>>(7));
        let mut mappings: BTreeMap<Ident, Vec<QName>> = BTreeMap::new();
        for (token, (schema, dictionary)) in tokens.into_iter().zip(dictionaries) {
            mappings.entry(Ident::from(token)).or_default().push(QName::new(schema, dictionary));
        }
        let configuration = TextSearchConfiguration { name, parser, mappings };
        draft.add(Address::new(TS_CONFIG, row.get(0)), Object::TextSearchConfiguration(configuration));
    }
}
