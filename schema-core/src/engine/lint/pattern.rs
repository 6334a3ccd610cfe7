//! How names are written: `snake_case`, text in which `*` stands for anything, or `/a regular expression/`.

use regex_lite::{Regex, escape};

/// How names of one sort are written.
#[derive(Debug, Clone)]
pub struct Pattern(Form);

#[derive(Debug, Clone)]
enum Form {
    /// `snake_case`.
    Snake,
    /// The whole name, with `*` and maybe `{table}` and `{columns}`.
    Text(String),
    /// Is to be found in the name.
    Regex(Regex),
    /// The same with `{table}` or `{columns}`, which every name has others of.
    Filled(String),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it is no regular expression, with the reason.
    pub fn parse(written: &str) -> Result<Self, String> {
        if written == "snake_case" {
            return Ok(Self(Form::Snake));
        }
        let inside = written.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        let Some(inside) = inside else { return Ok(Self(Form::Text(written.to_owned()))) };
        let regex = Regex::new(&filled(inside, "t", "c")).map_err(|error| error.to_string())?;
        let own = inside.contains("{table}") || inside.contains("{columns}");
        Ok(Self(if own { Form::Filled(inside.to_owned()) } else { Form::Regex(regex) }))
    }

    /// Whether a name is written so; `table` and `columns` are those that it is about.
    pub fn matches(&self, name: &str, table: &str, columns: &str) -> bool {
        match &self.0 {
            Form::Snake => is_snake_case(name),
            Form::Text(text) => is_like(&filled(text, table, columns), name),
            Form::Regex(regex) => regex.is_match(name),
            Form::Filled(text) => Regex::new(&filled(text, &escape(table), &escape(columns)))
                .is_ok_and(|regex| regex.is_match(name)),
        }
    }
}

fn filled(text: &str, table: &str, columns: &str) -> String {
    text.replace("{table}", table).replace("{columns}", columns)
}

fn is_snake_case(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letters)
}

/// Text in which `*` stands for anything.
fn is_like(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Pattern::parse(pattern).expect("a pattern").matches(name, "a.b", "c_d")
    }

    #[test]
    fn patterns() {
        assert!(matches("snake_case", "user_id2") && !matches("snake_case", "userId"));
        assert!(matches("*_idx", "a_idx") && !matches("*_idx", "a_key") && matches("a*b*c", "aXbYc"));
        assert!(matches("users", "users") && !matches("users", "users2") && !matches("a*a", "a"));
        assert!(matches("{table}_{columns}_idx", "a.b_c_d_idx") && !matches("{table}_idx", "a_idx"));
    }

    #[test]
    fn regular_expressions() {
        assert!(matches("/^[a-z]{2,4}s$/", "cats") && !matches("/^[a-z]{2,4}s$/", "cat"));
        assert!(matches("/at/", "cats"), "it is looked for, not compared");
        // A name is text, not an expression.
        assert!(matches("/^{table}_{columns}(_idx)?$/", "a.b_c_d") && !matches("/^{table}/", "aXb_c_d"));
        assert!(Pattern::parse("/(/").is_err() && Pattern::parse("/").is_ok());
    }
}
