//! A diagram in the language of Graphviz: `dot -Tsvg` draws it.

use super::diagram::{Diagram, Entity};
use super::name::{Ident, QName};
use std::collections::BTreeMap;

/// The text.
pub fn dot(diagram: &Diagram) -> String {
    let mut text =
        "digraph schema {\n    rankdir=LR;\n    node [shape=plain, fontname=\"sans-serif\"];\n".to_owned();
    let ids: BTreeMap<&QName, usize> =
        diagram.tables.iter().enumerate().map(|(n, table)| (&table.name, n)).collect();
    for (n, table) in diagram.tables.iter().enumerate() {
        text += &format!("    t{n} [label=<{}>];\n", label(table));
    }
    for relation in &diagram.relations {
        let (Some(from), Some(to)) = (ids.get(&relation.from), ids.get(&relation.to)) else { continue };
        let place = |column: &Ident| diagram.tables[*from].columns.iter().position(|one| one.name == *column);
        let port = relation.columns.first().and_then(place).map_or_else(String::new, |n| format!(":c{n}"));
        let tail = if relation.single { "teeodot" } else { "crowodot" };
        let head = if relation.optional { "teeodot" } else { "teetee" };
        text += &format!(
            "    t{from}{port} -> t{to} [tooltip={}, dir=both, arrowtail={tail}, arrowhead={head}];\n",
            quoted(relation.name.as_str())
        );
    }
    text + "}\n"
}

/// A table as Graphviz's own HTML.
fn label(table: &Entity) -> String {
    let mut text = format!(
        "<table border=\"0\" cellborder=\"1\" cellspacing=\"0\"><tr><td colspan=\"3\"><b>{}</b></td></tr>",
        escaped(&table.name.short())
    );
    for (n, column) in table.columns.iter().enumerate() {
        let null = if column.nullable { " null" } else { "" };
        text += &format!(
            "<tr><td port=\"c{n}\" align=\"left\">{}</td><td align=\"left\">{}{null}</td><td>{}</td></tr>",
            escaped(column.name.as_str()),
            escaped(&column.data_type),
            column.marks.join(" ")
        );
    }
    text + "</table>"
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    // Graphviz takes an empty element for a mistake.
    if escaped.is_empty() { " ".to_owned() } else { escaped }
}

fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", plain.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::diagram::tests::hostile;

    #[test]
    fn names_cannot_break_it() {
        insta::assert_snapshot!(dot(&hostile()));
    }
}
