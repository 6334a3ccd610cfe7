//! CSV as RFC 4180 has it: read with line numbers, written so that no spreadsheet takes a value for a formula.

/// One line, or several where a value has line ends in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Where it begins, counted from 1.
    pub(super) line: u32,
    /// `None` is nothing between the commas; `""` is an empty text.
    pub(super) fields: Vec<Option<String>>,
}

/// All records of a text, or the line at which it is no CSV, and why.
pub(super) fn read(text: &str) -> Result<Vec<Record>, (u32, &'static str)> {
    let mut chars = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
    let mut records = Vec::new();
    let mut line = 1;
    while chars.peek().is_some() {
        let begun = line;
        let mut fields = Vec::new();
        loop {
            let mut field = String::new();
            let quoted = chars.next_if_eq(&'"').is_some();
            if quoted {
                loop {
                    match chars.next() {
                        Some('"') if chars.next_if_eq(&'"').is_some() => field.push('"'),
                        Some('"') => break,
                        Some(c) => {
                            line += u32::from(c == '\n');
                            field.push(c);
                        }
                        None => return Err((begun, "a quote is never closed")),
                    }
                }
            } else {
                while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '\n' | '\r')) {
                    if c == '"' {
                        return Err((line, "a quote inside of a value without quotes"));
                    }
                    field.push(c);
                }
            }
            fields.push((quoted || !field.is_empty()).then_some(field));
            match chars.next() {
                Some(',') => {}
                Some('\r') if chars.next_if_eq(&'\n').is_some() => break,
                Some('\n' | '\r') | None => break,
                Some(_) => return Err((line, "something follows a closing quote")),
            }
        }
        line += 1;
        // A blank line is nothing.
        if fields.len() > 1 || fields.iter().any(Option::is_some) {
            records.push(Record { line: begun, fields });
        }
    }
    Ok(records)
}

/// A line with its end.
pub(super) fn write<'a>(fields: impl Iterator<Item = Option<&'a str>>) -> String {
    let mut line = String::new();
    for (index, field) in fields.enumerate() {
        if index > 0 {
            line.push(',');
        }
        if let Some(field) = field {
            let guard = if is_formula(field) { "'" } else { "" };
            let special = |c| matches!(c, '"' | ',' | '\n' | '\r');
            if field.is_empty() || field.contains(special) || field.starts_with(' ') || field.ends_with(' ') {
                line.push_str(&format!("\"{guard}{}\"", field.replace('"', "\"\"")));
            } else {
                line.push_str(guard);
                line.push_str(field);
            }
        }
    }
    line.push_str("\r\n");
    line
}

/// A spreadsheet would compute it. A plain number is none.
fn is_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
        && (field.parse::<f64>().is_err() || !field.ends_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<Vec<Option<String>>> {
        read(text).unwrap().into_iter().map(|record| record.fields).collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let rows = [
            vec![Some("a"), None, Some("")],
            vec![Some("it's, \"x\"\r\ny"), Some(" z "), Some("é")],
            vec![None, None, Some("-1.5e3")],
        ];
        let text: String = rows.iter().map(|row| write(row.iter().copied())).collect();
        let expected: Vec<Vec<Option<String>>> =
            rows.iter().map(|row| row.iter().map(|field| field.map(ToOwned::to_owned)).collect()).collect();
        assert_eq!(fields(&text), expected);
    }

    #[test]
    fn formulas_are_guarded() {
        for formula in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "-inf", "=cmd()"] {
            assert!(
                write([Some(formula)].into_iter()).trim_start_matches('"').starts_with('\''),
                "{formula}"
            );
        }
        for plain in ["-1", "+1.5", "-1e5", "a=1", "1-2", ""] {
            assert!(!write([Some(plain)].into_iter()).contains('\''), "{plain}");
        }
    }

    #[test]
    fn lines_and_mistakes() {
        let records = read("\u{feff}a,b\n\n1,\"x\ny\"\r\n2,z").unwrap();
        let lines: Vec<u32> = records.iter().map(|record| record.line).collect();
        assert_eq!(lines, [1, 3, 5]);
        assert_eq!(read("a\n\"b"), Err((2, "a quote is never closed")));
        assert_eq!(read("a\nb\"c"), Err((2, "a quote inside of a value without quotes")));
        assert_eq!(read("\"a\"b"), Err((1, "something follows a closing quote")));
        assert_eq!(read(""), Ok(Vec::new()));
    }
}
