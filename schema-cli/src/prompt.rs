//! Questions on a terminal. Plain lines, so that Ctrl-C, dumb terminals and screen readers work as ever; nobody is
//! asked where nobody sits, and no answer (end of input) is `None`.

use crate::args::Global;
use crate::report::{NOTE, Report};
use schema_core::engine::id::ObjectId;
use schema_core::engine::rename::Question;
use std::io::{BufRead, IsTerminal, Write};

/// Whether there is somebody to ask, and how.
pub(crate) struct Prompt {
    asks: bool,
}

impl Prompt {
    /// Somebody is there if stdin and stderr are terminals, and neither `--no-input`, `--format json` nor the variable
    /// `CI` says otherwise.
    pub(crate) fn new(global: &Global, report: Report) -> Self {
        let ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        let terminals = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self { asks: terminals && !ci && !global.no_input && !report.is_json() }
    }

    /// Whether questions are asked at all.
    pub(crate) fn asks(&self) -> bool {
        self.asks
    }

    /// Asks for a name; an empty answer is the default.
    pub(crate) fn ask_name(&self, default: &str) -> Option<String> {
        self.with(|input, output| name(input, output, default))
    }

    /// Lets choose one of some options; the answer is its index.
    pub(crate) fn choose(&self, question: &str, options: &[String]) -> Option<usize> {
        self.with(|input, output| choose(input, output, question, options))
    }

    /// Asks what became of an object that is gone: `Some(None)` if it was not renamed.
    pub(crate) fn rename(&self, question: &Question) -> Option<Option<ObjectId>> {
        let dropped = &question.dropped;
        let mut options: Vec<String> = question
            .could_be
            .iter()
            .map(|new| format!("it is {} now: the data stays", new.short()))
            .collect();
        options.push(format!("no: {} is dropped with its data", dropped.short()));
        let chosen = self.choose(&format!("{dropped} is gone. Was it renamed?"), &options)?;
        Some(question.could_be.get(chosen).cloned())
    }

    /// Asks yes or no; an empty answer is no.
    pub(crate) fn confirm(&self, question: &str) -> Option<bool> {
        self.with(|input, output| confirm(input, output, question))
    }

    fn with<T>(&self, ask: impl FnOnce(&mut dyn BufRead, &mut dyn Write) -> Option<T>) -> Option<T> {
        if !self.asks {
            return None;
        }
        ask(&mut std::io::stdin().lock(), &mut anstream::stderr())
    }
}

fn name(input: &mut dyn BufRead, output: &mut dyn Write, default: &str) -> Option<String> {
    let answer = line(input, output, &format!("{NOTE}?{NOTE:#} Name of the migration [{default}]: "))?;
    Some(if answer.is_empty() { default.to_owned() } else { answer })
}

fn choose(
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    question: &str,
    options: &[String],
) -> Option<usize> {
    let mut text = format!("{NOTE}?{NOTE:#} {question}\n");
    for (index, option) in options.iter().enumerate() {
        text += &format!("  {NOTE}{}{NOTE:#}  {option}\n", index + 1);
    }
    output.write_all(text.as_bytes()).ok()?;
    loop {
        let answer = line(input, output, &format!("  1 to {}: ", options.len()))?;
        if let Ok(number @ 1..) = answer.parse::<usize>()
            && number <= options.len()
        {
            return Some(number - 1);
        }
    }
}

fn confirm(input: &mut dyn BufRead, output: &mut dyn Write, question: &str) -> Option<bool> {
    loop {
        let answer = line(input, output, &format!("{NOTE}?{NOTE:#} {question} [y/N]: "))?;
        match answer.to_ascii_lowercase().as_str() {
            "y" | "yes" => return Some(true),
            "" | "n" | "no" => return Some(false),
            _ => {}
        }
    }
}

fn line(input: &mut dyn BufRead, output: &mut dyn Write, question: &str) -> Option<String> {
    output.write_all(question.as_bytes()).and_then(|()| output.flush()).ok()?;
    let mut answer = String::new();
    match input.read_line(&mut answer) {
        Ok(1..) => Some(answer.trim().to_owned()),
        Ok(0) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked<T>(input: &str, ask: impl FnOnce(&mut dyn BufRead, &mut dyn Write) -> T) -> (T, String) {
        let mut output = Vec::new();
        let answer = ask(&mut input.as_bytes(), &mut output);
        let text = String::from_utf8(output).expect("text");
        (answer, anstream::adapter::strip_str(&text).to_string())
    }

    #[test]
    fn names() {
        let (answer, text) = asked("\n", |i, o| name(i, o, "add_status"));
        assert_eq!(answer.as_deref(), Some("add_status"));
        assert_eq!(text, "? Name of the migration [add_status]: ");
        assert_eq!(asked("other \n", |i, o| name(i, o, "x")).0.as_deref(), Some("other"));
        assert_eq!(asked("", |i, o| name(i, o, "x")).0, None);
    }

    #[test]
    fn choices_are_asked_until_they_fit() {
        let options = ["a".to_owned(), "b".to_owned()];
        let (answer, text) = asked("0\n3\nx\n\n2\n", |i, o| choose(i, o, "Which?", &options));
        assert_eq!(answer, Some(1));
        assert!(text.starts_with("? Which?\n  1  a\n  2  b\n  1 to 2: "), "{text}");
        assert_eq!(asked("7\n", |i, o| choose(i, o, "Which?", &options)).0, None);
    }

    #[test]
    fn no_is_the_default() {
        assert_eq!(asked("\n", |i, o| confirm(i, o, "Drop?")).0, Some(false));
        assert_eq!(asked("maybe\nYES\n", |i, o| confirm(i, o, "Drop?")).0, Some(true));
        assert_eq!(asked("", |i, o| confirm(i, o, "Drop?")).0, None);
    }
}
