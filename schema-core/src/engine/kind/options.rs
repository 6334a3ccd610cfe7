//! Options of relations as `reloptions` has them: `fillfactor=70`, `security_barrier=true`.

use crate::engine::name::{literal, quoted};

/// ` WITH (fillfactor=70)`; nothing without options.
pub(super) fn with(options: &[String]) -> String {
    if options.is_empty() { String::new() } else { format!(" WITH ({})", list(options)) }
}

/// The actions of `ALTER` that lead from the ones to the others.
pub(super) fn changes(old: &[String], new: &[String]) -> Vec<String> {
    let name = |option: &String| split(option).0.to_owned();
    let gone: Vec<String> = old
        .iter()
        .map(name)
        .filter(|old| !new.iter().any(|new| name(new) == *old))
        .map(|name| quoted_name(&name))
        .collect();
    let set: Vec<String> = new.iter().filter(|option| !old.contains(option)).cloned().collect();
    let mut actions = Vec::new();
    if !gone.is_empty() {
        actions.push(format!("RESET ({})", gone.join(", ")));
    }
    if !set.is_empty() {
        actions.push(format!("SET ({})", list(&set)));
    }
    actions
}

fn list(options: &[String]) -> String {
    let one = |option: &String| {
        let (name, value) = split(option);
        let plain = value.parse::<f64>().is_ok()
            || quoted(value) == value
            || matches!(value, "true" | "false" | "on");
        let value = if plain { value.to_owned() } else { literal(value) };
        format!("{}={value}", quoted_name(name))
    };
    options.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn split(option: &str) -> (&str, &str) {
    option.split_once('=').unwrap_or((option, "true"))
}

/// What belongs to the table of long values has a prefix.
fn quoted_name(name: &str) -> String {
    match name.strip_prefix("toast.") {
        Some(name) => format!("toast.{}", quoted(name)),
        None => quoted(name),
    }
}

#[cfg(test)]
mod tests {
    use super::{changes, with};

    #[test]
    fn values_are_quoted_where_they_must_be() {
        let options =
            ["security_barrier=true", "toast.fillfactor=70", "n=0.5", "buffering=AUTO"].map(str::to_owned);
        assert_eq!(
            with(&options),
            " WITH (security_barrier=true, toast.fillfactor=70, n=0.5, buffering='AUTO')"
        );
        assert_eq!(with(&[]), "");
    }

    #[test]
    fn what_is_gone_is_reset() {
        let (old, new) = (["a=1", "b=2", "c=3"].map(str::to_owned), ["b=2", "c=4"].map(str::to_owned));
        assert_eq!(changes(&old, &new), ["RESET (a)", "SET (c=4)"]);
        assert!(changes(&new, &new).is_empty());
    }
}
