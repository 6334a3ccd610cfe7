//! The one place that prints: results on stdout, everything else on stderr, errors with where and what next.

use crate::args::{Color, Format, Global};
use crate::secret;
use anstyle::{AnsiColor, Style};
use schema_core::engine::error::{Class, Error};
use serde_json::{Value, json};
use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Write as _;
use std::io::{ErrorKind, IsTerminal, Write};
use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Something could not be written to stdout, and not because nobody reads it.
static LOST: AtomicBool = AtomicBool::new(false);

/// What is bad.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What needs a look.
pub(crate) const LOOK: Style = AnsiColor::Yellow.on_default().bold();
/// What is as it should be.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What to do next, where things are.
pub(crate) const NOTE: Style = AnsiColor::Cyan.on_default().bold();
/// What matters less.
pub(crate) const DIM: Style = Style::new().dimmed();

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// There are differences or findings.
    Findings,
    /// Of many some were refused; it has been said which.
    Refused,
    /// Of many some failed; it has been said which.
    Failed,
}

impl Outcome {
    /// The program's exit code.
    pub(crate) fn code(self) -> ExitCode {
        match self {
            Self::Fine => ExitCode::SUCCESS,
            Self::Findings => exit_code(Class::Findings),
            Self::Refused => exit_code(Class::Refused),
            Self::Failed => exit_code(Class::Failed),
        }
    }
}

pub(crate) fn exit_code(class: Class) -> ExitCode {
    ExitCode::from(match class {
        Class::Findings => 1,
        Class::Usage => 2,
        Class::Refused => 3,
        Class::Failed => 4,
    })
}

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    format: Format,
    verbose: bool,
    quiet: bool,
}

impl Report {
    /// As the arguments want it. Sets the colours of the whole process.
    pub(crate) fn new(global: &Global) -> Self {
        match global.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        Self { format: global.format, verbose: global.verbose, quiet: global.quiet }
    }

    /// Whether stdout is for a program.
    pub(crate) fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// What is printed on stdout.
    pub(crate) fn format(self) -> Format {
        self.format
    }

    /// Whether stdout is for people.
    fn is_text(self) -> bool {
        !matches!(self.format, Format::Json | Format::Github | Format::Sarif)
    }

    /// Whether a line that moves may be shown on stderr.
    pub(crate) fn shows_progress(self) -> bool {
        self.is_text() && !self.quiet && std::io::stderr().is_terminal()
    }

    /// What was asked for, for people. Holds its own line ends.
    pub(crate) fn result(self, text: &str) {
        if self.is_text() {
            out(text);
        }
    }

    /// SQL that was asked for. For whatever reads it without colours, to the byte: escapes in it are its own.
    pub(crate) fn sql(self, text: &str) {
        if self.is_json() {
            return;
        }
        match anstream::AutoStream::choice(&std::io::stdout()) {
            anstream::ColorChoice::Never => written(std::io::stdout().lock(), text),
            anstream::ColorChoice::Auto
            | anstream::ColorChoice::AlwaysAnsi
            | anstream::ColorChoice::Always => out(&highlighted(text)),
        }
    }

    /// What was asked for, as the one object.
    pub(crate) fn object(self, value: &Value) {
        if self.is_json() {
            out(&format!("{value:#}\n"));
        }
    }

    /// What was asked for, as a program reads it: to the byte.
    pub(crate) fn raw(self, text: &str) {
        written(std::io::stdout().lock(), text);
    }

    /// The one object, where it is text already.
    pub(crate) fn object_text(self, text: &str) {
        if self.is_json() {
            out(&format!("{text}\n"));
        }
    }

    /// What was done, for people, a line.
    pub(crate) fn say(self, line: &str) {
        if self.is_text() && !self.quiet {
            out(&format!("{line}\n"));
        }
    }

    /// A line on stderr.
    pub(crate) fn note(self, line: &str) {
        if !self.quiet {
            err(&format!("{NOTE}note{NOTE:#}: {line}\n"));
        }
    }

    /// A line on stderr that should not be missed.
    pub(crate) fn warn(self, line: &str) {
        err(&format!("{LOOK}warning{LOOK:#}: {line}\n"));
    }

    /// A line on stderr that only `--verbose` shows.
    pub(crate) fn detail(self, line: &str) {
        if self.verbose {
            err(&format!("{DIM}{line}{DIM:#}\n"));
        }
    }

    /// Why the program ends, and its exit code.
    pub(crate) fn error(self, error: &Error) -> ExitCode {
        if self.is_json() {
            out(&format!("{:#}\n", error_object(error)));
        } else {
            err(&error_text(error));
        }
        exit_code(error.class)
    }
}

/// Comments are dim, so that the statements stand out.
pub(crate) fn highlighted(sql: &str) -> String {
    let line = |line: &str| match line.strip_suffix('\n') {
        Some(comment) if line.starts_with("--") => format!("{DIM}{comment}{DIM:#}\n"),
        Some(_) | None => line.to_owned(),
    };
    sql.split_inclusive('\n').map(line).collect()
}

fn error_object(error: &Error) -> Value {
    let at: Vec<Value> = error.at.iter().map(|at| json!({"file": at.file, "line": at.line})).collect();
    json!({"error": {"class": class(error.class), "what": error.what, "at": at, "next": error.next,
        "answers": error.answers}})
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Findings => "findings",
        Class::Usage => "usage",
        Class::Refused => "refused",
        Class::Failed => "failed",
    }
}

fn error_text(error: &Error) -> String {
    let label = match error.class {
        Class::Findings => "found",
        Class::Refused => "refused",
        Class::Usage | Class::Failed => "error",
    };
    let mut text = format!("{BAD}{label}{BAD:#}: {}\n", indented(&error.what));
    // Writing to a String cannot fail.
    for at in &error.at {
        let _ = writeln!(text, "  {NOTE}-->{NOTE:#} {at}");
    }
    if let Some(next) = &error.next {
        let _ = writeln!(text, "  {NOTE}= next:{NOTE:#} {}", indented(next));
    }
    text
}

/// Further lines of a text stand below its first.
fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}

/// The arguments could not be read, or ask for help.
pub(crate) fn arguments(error: &clap::Error, json: bool) -> ExitCode {
    if json && error.use_stderr() {
        let text = error.to_string();
        // What follows is for people.
        let what = text.split("\n\nUsage:").next().unwrap_or(&text);
        let what = what.split("\n\nFor more").next().unwrap_or(what).trim_start_matches("error: ").trim();
        out(&format!("{:#}\n", error_object(&Error::usage(what).next("see schema --help"))));
    } else {
        // Nobody reads it.
        let _ = error.print();
    }
    if error.use_stderr() { exit_code(Class::Usage) } else { ExitCode::SUCCESS }
}

/// Tells of a panic, in the place of Rust's own words.
pub(crate) fn bug(info: &PanicHookInfo<'_>) {
    let what = secret::hidden(info.payload_as_str().unwrap_or("no message"));
    let place = info.location().map_or_else(String::new, |at| format!("  {NOTE}-->{NOTE:#} {at}\n"));
    err(&format!(
        "{BAD}error{BAD:#}: this is a bug in schema: {what}\n{place}  {NOTE}= next:{NOTE:#} please report it, with \
         these lines, the command, and the output of `schema --version`\n"
    ));
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        err(&format!("{backtrace}\n"));
    }
}

/// Prints on stdout; colours only where they are wanted.
fn out(text: &str) {
    written(anstream::stdout().lock(), text);
}

/// Whoever reads may stop reading; what is being done goes on, and its exit code counts.
fn written(mut stdout: impl Write, text: &str) {
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    if written.is_err_and(|error| error.kind() != ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether all that was to be printed on stdout is there (a full disk, for one, is not).
pub(crate) fn complete() -> Result<(), Error> {
    if LOST.load(Ordering::Relaxed) {
        return Err(Error::failed("the output could not be written").next("make room where stdout leads"));
    }
    Ok(())
}

fn err(text: &str) {
    let _ = write!(anstream::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> Error {
        Error::refused("a\nb").at("x.sql", 3).at("y.sql", 4).next("do this")
    }

    #[test]
    fn errors_read_like_the_compilers() {
        let text = anstream::adapter::strip_str(&error_text(&error())).to_string();
        assert_eq!(text, "refused: a\n  b\n  --> x.sql:3\n  --> y.sql:4\n  = next: do this\n");
    }

    #[test]
    fn errors_as_objects() {
        let expected = json!({"error": {
            "class": "refused",
            "what": "a\nb",
            "at": [{"file": "x.sql", "line": 3}, {"file": "y.sql", "line": 4}],
            "next": "do this",
            "answers": [["--rename a=b", "--drop a"]],
        }});
        let mut error = error();
        error.answers = vec![vec!["--rename a=b".to_owned(), "--drop a".to_owned()]];
        assert_eq!(error_object(&error), expected);
    }
}
