//! String literals and attributes: what fits stands on one line, the rest is broken as rustfmt breaks it.

/// rustfmt's own.
const WIDTH: usize = 100;

/// A string literal; a raw one where it reads better.
pub(super) fn text(value: &str) -> String {
    let odd = value.chars().any(|c| c.is_control() && c != '\n') || value.contains('\u{feff}');
    if odd || !(value.contains('"') || value.contains('\\') || value.contains('\n')) {
        return format!("{value:?}");
    }
    let mut hashes = String::new();
    while value.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{value}\"{hashes}")
}

/// `word(a, b)`.
pub(super) fn call(word: &str, args: &[String]) -> String {
    format!("{word}({})", args.join(", "))
}

/// `#[word(a, b)]` with its line end; nothing without arguments.
pub(super) fn attribute(word: &str, args: &[String], indent: usize) -> String {
    if args.is_empty() {
        return String::new();
    }
    let pad = " ".repeat(indent);
    let line = format!("{pad}#[{}]\n", call(word, args));
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    let inner = " ".repeat(indent + 4);
    format!("{pad}#[{word}(\n{inner}{}\n{pad})]\n", args.join(&format!(",\n{inner}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        assert_eq!(text("it's"), "\"it's\"");
        assert_eq!(text("a \"b\""), "r#\"a \"b\"\"#");
        assert_eq!(text("a \"# b"), "r##\"a \"# b\"##");
        assert_eq!(text("a\\b"), "r\"a\\b\"");
        assert_eq!(text("a\nb"), "r\"a\nb\"");
        assert_eq!(text("a\r\nb"), "\"a\\r\\nb\"");
        assert_eq!(text("🦀\u{7}"), "\"🦀\\u{7}\"");
    }

    #[test]
    fn attributes() {
        assert_eq!(attribute("column", &[], 4), "");
        assert_eq!(attribute("column", &["unique".to_owned()], 4), "    #[column(unique)]\n");
        let long = "x".repeat(60);
        assert_eq!(
            attribute("table", &[long.clone(), long.clone()], 0),
            format!("#[table(\n    {long},\n    {long}\n)]\n")
        );
    }
}
