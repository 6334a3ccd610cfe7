//! The user's editor: `$VISUAL`, else `$EDITOR`; only where somebody sits at a terminal.

use crate::prompt::Prompt;
use schema_core::engine::error::Error;
use std::path::PathBuf;
use std::process::Command;

/// A program and its first arguments.
pub(crate) struct Editor(Vec<String>);

/// The editor; an error where it could not be used or none is named.
pub(crate) fn find(prompt: &Prompt) -> Result<Editor, Error> {
    if !prompt.asks() {
        return Err(Error::refused("--edit opens an editor, and there is no terminal for it here")
            .next("run it without --edit, then write the files"));
    }
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| words(std::env::var(name).ok()?.as_str()));
    named.ok_or_else(|| {
        Error::usage("--edit: neither VISUAL nor EDITOR names an editor")
            .next("set one of them, as EDITOR=vim or VISUAL='code --wait'")
    })
}

fn words(text: &str) -> Option<Editor> {
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    (!words.is_empty()).then_some(Editor(words))
}

impl Editor {
    /// Opens the files and waits until it is closed.
    pub(crate) fn open(&self, files: &[PathBuf]) -> Result<(), Error> {
        let Self(words) = self;
        let failed = |what: String| {
            Err(Error::failed(format!("the editor {} {what}", words.join(" ")))
                .next("the files are written; open them yourself"))
        };
        match Command::new(&words[0]).args(&words[1..]).args(files).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => failed(format!("ended with {status}")),
            Err(error) => failed(format!("cannot be started: {error}")),
        }
    }
}
