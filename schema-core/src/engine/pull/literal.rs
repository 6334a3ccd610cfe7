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

/// One argument of an attribute.
#[derive(Debug, Clone)]
pub(super) enum Arg {
    /// As it is.
    Text(String),
    /// A word with arguments of its own.
    Call(&'static str, Vec<String>),
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Arg {
    fn line(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Call(word, args) => call(word, args),
        }
    }

    /// On one line below so many spaces, or on several.
    fn laid_out(&self, indent: usize) -> String {
        let line = self.line();
        match self {
            Self::Call(word, args) if indent + width(&line) >= WIDTH => {
                let inner = " ".repeat(indent + 4);
                let args = args.join(&format!(",\n{inner}"));
                format!("{word}(\n{inner}{args}\n{})", " ".repeat(indent))
            }
            Self::Text(_) | Self::Call(..) => line,
        }
    }
}

fn width(line: &str) -> usize {
    line.chars().count()
}

/// `word(a, b)`.
pub(super) fn call(word: &str, args: &[String]) -> String {
    format!("{word}({})", args.join(", "))
}

/// `#[word(a, b)]` with its line end; nothing without arguments.
pub(super) fn attribute(word: &str, args: &[Arg], indent: usize) -> String {
    if args.is_empty() {
        return String::new();
    }
    let pad = " ".repeat(indent);
    let lines: Vec<String> = args.iter().map(Arg::line).collect();
    let line = format!("{pad}#[{}]\n", call(word, &lines));
    if width(line.trim_end()) <= WIDTH {
        return line;
    }
    let inner = " ".repeat(indent + 4);
    let args: Vec<String> = args.iter().map(|arg| arg.laid_out(indent + 4)).collect();
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
        assert_eq!(attribute("column", &["unique".to_owned().into()], 4), "    #[column(unique)]\n");
        let long = "x".repeat(60);
        assert_eq!(
            attribute(
                "table",
                &[long.clone().into(), Arg::Call("index", vec![long.clone(), long.clone()])],
                0
            ),
            format!("#[table(\n    {long},\n    index(\n        {long},\n        {long}\n    )\n)]\n")
        );
    }
}
