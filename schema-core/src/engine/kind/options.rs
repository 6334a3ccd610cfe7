//! Options of relations as `reloptions` has them: `fillfactor=70`, `security_barrier=true`.

use crate::engine::name::{literal, quoted};

/// ` WITH (fillfactor=70)`; nothing without options.
pub(super) fn with(options: &[String]) -> String {
    if options.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", list(&options.iter().collect::<Vec<_>>()))
    }
}

/// Whether they are the same; their order counts for nothing.
fn equal(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|option| b.contains(option))
}

/// The actions of `ALTER` that lead from the ones to the others.
pub(super) fn changes(old: &[String], new: &[String]) -> Vec<String> {
    if equal(old, new) {
        return Vec::new();
    }
    let has = |options: &[&String], name: &str| options.iter().any(|option| split(option).0 == name);
    let all: Vec<&String> = new.iter().collect();
    let mut set: Vec<&String> = new.iter().filter(|option| !old.contains(option)).collect();
    let gone: Vec<String> =
        old.iter().map(|option| split(option).0).filter(|name| !has(&all, name)).map(quoted_name).collect();
    // PostgreSQL puts what is set behind what stays, and pg_dump shows the order.
    let stays = new.iter().filter(|option| !has(&set, split(option).0));
    let stayed = old.iter().filter(|option| new.contains(option));
    if !stays.clone().eq(stayed) || !stays.chain(set.iter().copied()).eq(new) {
        set = all;
    }
    let mut actions = Vec::new();
    if !gone.is_empty() {
        actions.push(format!("RESET ({})", gone.join(", ")));
    }
    if !set.is_empty() {
        actions.push(format!("SET ({})", list(&set)));
    }
    actions
}

fn list(options: &[&String]) -> String {
    let one = |option: &&String| {
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
        let turned = ["c=4", "b=2"].map(str::to_owned);
        assert!(changes(&new, &turned).is_empty());
        assert_eq!(changes(&["b=2".to_owned()], &turned), ["SET (c=4, b=2)"]);
    }
}
