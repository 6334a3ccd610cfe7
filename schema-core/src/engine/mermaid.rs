//! A diagram in the words of Mermaid (`erDiagram`), which many viewers of Markdown draw.

use super::diagram::{Attribute, Diagram, Relation};
use super::name::QName;
use std::collections::BTreeMap;

/// The text.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut text = "erDiagram\n".to_owned();
    let ids: BTreeMap<&QName, String> =
        diagram.tables.iter().enumerate().map(|(n, table)| (&table.name, format!("t{}", n + 1))).collect();
    for table in &diagram.tables {
        text += &format!("    {}[{}] {{\n", ids[&table.name], quoted(&table.name.short()));
        for column in &table.columns {
            text += &format!("        {}\n", attribute(column));
        }
        text += "    }\n";
    }
    for relation in &diagram.relations {
        let (Some(from), Some(to)) = (ids.get(&relation.from), ids.get(&relation.to)) else { continue };
        text += &format!("    {from} {} {to} : {}\n", line(relation), quoted(relation.name.as_str()));
    }
    text
}

/// Type, name, marks, and in the comment what the first two cannot hold.
fn attribute(column: &Attribute) -> String {
    let (data_type, name) = (word(&column.data_type), word(column.name.as_str()));
    let mut text = format!("{data_type} {name}");
    if !column.marks.is_empty() {
        text += &format!(" {}", column.marks.join(", "));
    }
    let mut comment = Vec::new();
    if name != column.name.as_str() {
        comment.push(column.name.as_str());
    }
    if data_type != column.data_type {
        comment.push(&column.data_type);
    }
    if column.nullable {
        comment.push("null");
    }
    if !comment.is_empty() {
        text += &format!(" {}", quoted(&comment.join(", ")));
    }
    text
}

/// How many rows of the first point to how many of the second.
fn line(relation: &Relation) -> String {
    let from = if relation.single { "|o" } else { "}o" };
    let to = if relation.optional { "o|" } else { "||" };
    format!("{from}--{to}")
}

/// What stands for a text where only a word may stand.
fn word(text: &str) -> String {
    let mut word: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "_-()[]".contains(c) { c } else { '_' })
        .collect();
    if !word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        word.insert(0, '_');
    }
    word
}

/// A text in quotes; what may not stand there is written as its number.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        if c.is_control() {
            quoted.push(' ');
        } else if "\"%\\#".contains(c) {
            quoted += &format!("#{};", u32::from(c));
        } else {
            quoted.push(c);
        }
    }
    // Nothing at all may not stand there either.
    if text.is_empty() {
        quoted.push(' ');
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::diagram::tests::hostile;

    #[test]
    fn names_cannot_break_it() {
        insta::assert_snapshot!(mermaid(&hostile()));
    }

    #[test]
    fn nothing_to_draw() {
        assert_eq!(mermaid(&Diagram::default()), "erDiagram\n");
    }
}
