//! Whether a statement waits for a lock for a bounded time: our runner sees to it, other programs must say so.

use crate::engine::lint::prelude::*;
use crate::engine::lint::unit::Unit;

/// The value that a file has set for this before a line, without quotes.
pub(super) fn set_before(unit: &Unit, setting: &str, line: u32) -> Option<String> {
    let sets =
        unit.actions().filter(|(_, placed)| placed.line < line).filter_map(|(_, placed)| {
            match &placed.action {
                Action::Set { name, value, .. } if name == setting => {
                    Some(value.trim_matches('\'').to_owned())
                }
                _other => None,
            }
        });
    sets.last()
}

/// Whether a value means no limit.
pub(super) fn is_unlimited(value: &str) -> bool {
    value.trim_start_matches('0').chars().all(char::is_alphabetic) || value.eq_ignore_ascii_case("default")
}

/// Whether a statement on this line may wait for a lock without end.
pub(super) fn waits_without_end(unit: &Unit, line: u32) -> bool {
    match set_before(unit, "lock_timeout", line) {
        Some(value) => is_unlimited(&value),
        None => unit.part == Part::Loose,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_limit() {
        assert!(is_unlimited("0") && is_unlimited("0ms") && is_unlimited("DEFAULT"));
        assert!(!is_unlimited("5s") && !is_unlimited("100"));
    }
}
