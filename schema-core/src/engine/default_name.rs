//! The names that PostgreSQL gives to constraints and indexes that have none: its rules, pure. Which names are
//! already taken is the caller's to say.

mod expression;

pub use expression::{Guess, checked_column, element_names, expression_name};
pub(crate) use expression::{is_call, is_simple};

/// The longest identifier, in bytes (`NAMEDATALEN - 1`).
pub const MAX_BYTES: usize = 63;

/// `name1_name2_label`, cut to 63 bytes: the longer name loses first, and no character is split.
pub fn object_name(name1: &str, name2: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(name2.is_some());
    let available = MAX_BYTES.saturating_sub(overhead);
    let mut len1 = name1.len();
    let mut len2 = name2.map_or(0, str::len);
    while len1 + len2 > available {
        if len1 > len2 {
            len1 -= 1;
        } else {
            len2 -= 1;
        }
    }
    let mut name = clipped(name1, len1).to_owned();
    if let Some(name2) = name2 {
        name.push('_');
        name.push_str(clipped(name2, len2));
    }
    name.push('_');
    name.push_str(label);
    name
}

/// The first of `object_name` with `label`, `label1`, `label2`, ... that is not taken.
pub fn free_name(name1: &str, name2: Option<&str>, label: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = object_name(name1, name2, label);
    let mut pass = 0_u32;
    while taken(&name) {
        pass += 1;
        name = object_name(name1, name2, &format!("{label}{pass}"));
    }
    name
}

/// The middle part of a name: the columns, joined; PostgreSQL stops once 64 bytes are reached.
pub fn joined<S: AsRef<str>>(columns: &[S]) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column.as_ref());
        if joined.len() > MAX_BYTES {
            break;
        }
    }
    joined
}

/// The column names inside an index, key and INCLUDE: `None` (an expression without a name) becomes `expr`, and what
/// is already there gets a number.
pub fn index_columns(parts: &[Option<&str>]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        let wanted = part.unwrap_or("expr");
        let mut column = wanted.to_owned();
        let mut pass = 0_u32;
        while columns.contains(&column) {
            pass += 1;
            let number = pass.to_string();
            column = clipped(wanted, wanted.len().min(MAX_BYTES - number.len())).to_owned() + &number;
        }
        columns.push(column);
    }
    columns
}

/// At most so many bytes of the text, in whole characters.
fn clipped(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_is_cut_first() {
        let (a40, b10) = ("a".repeat(40), "b".repeat(10));
        assert_eq!(object_name("t", Some("c"), "key"), "t_c_key");
        assert_eq!(object_name("t", None, "pkey"), "t_pkey");
        let name = object_name(&a40, Some(&"b".repeat(40)), "fkey");
        assert_eq!(name, format!("{}_{}_fkey", "a".repeat(29), "b".repeat(28)));
        assert_eq!(name.len(), MAX_BYTES);
        let name = object_name(&"a".repeat(63), Some(&b10), "idx");
        assert_eq!(name, format!("{}_{b10}_idx", "a".repeat(48)));
        assert_eq!(object_name(&"a".repeat(63), None, "pkey"), format!("{}_pkey", "a".repeat(58)));
    }

    #[test]
    fn characters_are_not_split() {
        let name = object_name(&"é".repeat(31), None, "pkey");
        assert_eq!(name, format!("{}_pkey", "é".repeat(29)));
    }

    #[test]
    fn duplicates_are_numbered() {
        assert_eq!(index_columns(&[Some("a"), None, None, Some("a")]), ["a", "expr", "expr1", "a1"]);
        let taken = ["t_a_key", "t_a_key1"];
        assert_eq!(free_name("t", Some("a"), "key", |name| taken.contains(&name)), "t_a_key2");
    }
}
