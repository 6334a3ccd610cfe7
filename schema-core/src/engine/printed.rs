//! What stands where in SQL that PostgreSQL printed. Not a parser.

/// Where `what` begins, outside of quotes and of brackets that open after the start.
pub(crate) fn find(text: &str, what: &str) -> Option<usize> {
    if !text.contains(what) {
        return None;
    }
    let opens = what.starts_with('(');
    let mut depth = 0_i32;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        if let Some(open) = quote {
            if c == open {
                quote = None;
            }
            continue;
        }
        if (opens || depth == 0) && text[at..].starts_with(what) {
            return Some(at);
        }
        match c {
            '\'' | '"' => quote = Some(c),
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _other => {}
        }
    }
    None
}
