//! What a person sees while migrations run: one line that moves, on a terminal only, and notes of what holds it up.

use crate::report::{GOOD, Report};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use schema_core::engine::postgres::run::Event;
use std::time::Duration;

/// The line, and where notes go.
pub(crate) struct Progress {
    bar: ProgressBar,
    report: Report,
}

impl Progress {
    /// Shows nothing yet; never anything where stderr is no terminal.
    pub(crate) fn new(report: Report) -> Self {
        let bar = if report.shows_progress() {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            // The template is fixed; a plain line does as well.
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar
        } else {
            ProgressBar::hidden()
        };
        Self { bar, report }
    }

    /// The same for many, of which some are done.
    pub(crate) fn many(report: Report, number: usize) -> Self {
        let progress = Self::new(report);
        progress.bar.set_length(u64::try_from(number).unwrap_or(u64::MAX));
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {pos} of {len}  {msg}  {elapsed}, {eta} left")
        {
            progress.bar.set_style(style);
        }
        progress.bar.enable_steady_tick(Duration::from_millis(100));
        progress
    }

    /// One more of many has ended.
    pub(crate) fn advance(&self, name: &str) {
        self.bar.inc(1);
        self.bar.set_message(name.to_owned());
    }

    /// Lets something else be printed.
    pub(crate) fn aside(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Shows what holds up one of many.
    pub(crate) fn tell_of(&self, name: &str, event: &Event<'_>) {
        if let Some(line) = held_up(event) {
            self.note(&format!("{name}: {line}"));
        }
    }

    /// Shows what a run tells.
    pub(crate) fn tell(&mut self, event: &Event<'_>) {
        match event {
            Event::Started { id, section, sections } => {
                self.bar.set_message(format!("{id}, section {section} of {sections}"));
                self.bar.reset_elapsed();
                self.bar.enable_steady_tick(Duration::from_millis(100));
            }
            Event::Finished { .. } => {}
            Event::Applied { id, elapsed } => {
                let line = format!("{GOOD}applied{GOOD:#}  {id}  {} ms", elapsed.as_millis());
                self.bar.suspend(|| self.report.say(&line));
            }
            Event::RolledBack { id, elapsed } => {
                let line = format!("{GOOD}rolled back{GOOD:#}  {id}  {} ms", elapsed.as_millis());
                self.bar.suspend(|| self.report.say(&line));
            }
            Event::Recognized { id } => {
                let line = format!("{GOOD}recognized{GOOD:#}  {id}: all that it replaces has run here");
                self.bar.suspend(|| self.report.say(&line));
            }
            Event::Waiting { .. } | Event::Retrying { .. } | Event::DroppedInvalid { .. } => {
                if let Some(line) = held_up(event) {
                    self.note(&line);
                }
            }
        }
    }

    /// Shows what goes on.
    pub(crate) fn busy(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        self.bar.reset();
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Shows notes of another thread.
    pub(crate) fn noter(&self) -> impl Fn(&str) + Send + 'static {
        let (bar, report) = (self.bar.clone(), self.report);
        move |line| bar.suspend(|| report.note(line))
    }

    fn note(&self, line: &str) {
        self.bar.suspend(|| self.report.note(line));
    }
}

/// What holds a run up, in words.
fn held_up(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Started { .. }
        | Event::Finished { .. }
        | Event::Applied { .. }
        | Event::RolledBack { .. }
        | Event::Recognized { .. } => None,
        Event::Waiting { holder, waited } => Some(format!(
            "another migration run holds the lock of this database: {holder}; waiting ({} s)",
            waited.as_secs()
        )),
        Event::Retrying { id, section, reason, blockers, pause } => {
            let mut line =
                format!("{id}, section {section}: {reason}; trying again in {} ms", pause.as_millis());
            for blocker in *blockers {
                line += &format!("\n  in the way: {blocker}");
            }
            Some(line)
        }
        Event::DroppedInvalid { id, index } => Some(format!(
            "{id}: the index {index} is INVALID after a run that was broken off; it is dropped and built again"
        )),
    }
}
