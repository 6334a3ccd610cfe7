//! Whether a statement waits for a lock for a bounded time: our runner sees to it, other programs must say so.

use crate::engine::lint::prelude::*;
use crate::engine::lint::unit::Unit;

/// Whether a statement on this line may wait for a lock without end.
pub(super) fn waits_without_end(unit: &Unit, line: u32) -> bool {
    is_without_limit(unit, "lock_timeout", line)
}

/// Whether nothing bounds a statement on this line by this setting. Migrations are run by our own program, which does;
/// there only who lifts the limit is meant.
pub(super) fn is_without_limit(unit: &Unit, setting: &str, line: u32) -> bool {
    let earlier = unit.actions().filter(|(_, placed)| placed.line < line);
    let sets = earlier.filter_map(|(_, placed)| match &placed.action {
        Action::Set { name, value, .. } if name == setting => Some(value.trim_matches('\'')),
        _other => None,
    });
    sets.last().map_or(unit.part == Part::Loose, is_unlimited)
}

/// Whether a value means no limit.
fn is_unlimited(value: &str) -> bool {
    value.trim_start_matches('0').chars().all(char::is_alphabetic) || value.eq_ignore_ascii_case("default")
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
