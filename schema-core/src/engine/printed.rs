//! SQL that PostgreSQL printed: as a value, and what stands where in it. Not a parser.

mod array;

pub(crate) use array::stable;

use arcstr::ArcStr;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;

/// An expression, or what is made of some, in words that PostgreSQL prints again as it has printed them. Two are equal too
/// if they only differ in what PostgreSQL itself changes when it reads its own text.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Printed(ArcStr);

impl Printed {
    /// Takes what was printed.
    pub fn of(text: impl Into<ArcStr>) -> Self {
        let text = text.into();
        Self(array::lasting(&text).map_or(text, ArcStr::from))
    }
}

impl PartialEq for Printed {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || (self.contains("ARRAY[") && stable(self) == stable(other))
    }
}

impl Eq for Printed {}

impl Deref for Printed {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// As the text alone.
impl fmt::Debug for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

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
