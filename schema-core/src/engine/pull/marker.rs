//! The first line of a pulled file: it tells the next pull whether somebody has edited the file since.

use crate::engine::script::sha;

const START: &str = "schema pull ";
const END: &str = ": the next pull overwrites this file, unless somebody edits it";

/// The text below a line that signs it; `comment` is what a comment begins with in this language.
pub fn signed(text: &str, comment: &str) -> String {
    format!("{comment} {START}{}{END}\n{text}", digest(text))
}

/// The text without its signature.
pub fn unsigned(text: &str) -> &str {
    match split(text) {
        Some((_, rest)) => rest,
        None => text,
    }
}

/// Whether the text is as it was signed.
pub fn is_untouched(text: &str) -> bool {
    split(text).is_some_and(|(said, rest)| said == digest(rest))
}

fn split(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let (_, said) = line.trim_end_matches('\r').split_once(START)?;
    Some((said.strip_suffix(END)?, rest))
}

fn digest(text: &str) -> String {
    // An editor on another system may have changed the line ends and nothing else.
    let text = text.replace("\r\n", "\n");
    sha([text.as_bytes()]).chars().take(16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_noticed() {
        let text = signed("struct A;\n", "//");
        assert!(text.starts_with("// schema pull ") && text.ends_with("\nstruct A;\n"), "{text}");
        assert!(is_untouched(&text));
        assert!(is_untouched(&text.replace('\n', "\r\n")));
        assert!(!is_untouched(&text.replace("struct A", "struct B")));
        assert!(!is_untouched("struct A;\n"));
        assert_eq!(unsigned(&text), "struct A;\n");
        assert_eq!(unsigned("struct A;\n"), "struct A;\n");
    }
}
