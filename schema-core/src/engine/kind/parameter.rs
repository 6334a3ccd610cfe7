//! Storage parameters, as PostgreSQL keeps them: `fillfactor=70`.

/// `fillfactor=70, autovacuum_enabled=off`.
pub(super) fn list(parameters: &[String]) -> String {
    let part = |parameter: &String| {
        let (name, value) = split(parameter);
        let number = value.bytes().all(|c| c.is_ascii_digit() || c == b'.' || c == b'-');
        let plain = !value.is_empty() && (number || ["on", "off", "true", "false", "auto"].contains(&value));
        let name = name.split('.').map(crate::engine::name::quoted).collect::<Vec<_>>().join(".");
        if plain {
            format!("{name}={value}")
        } else {
            format!("{name}={}", crate::engine::name::literal(value))
        }
    };
    parameters.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// ` WITH (...)`, or nothing.
pub(super) fn with(parameters: &[String]) -> String {
    if parameters.is_empty() { String::new() } else { format!(" WITH ({})", list(parameters)) }
}

/// `SET (...)` and `RESET (...)`, as far as there is something to do. Their order alone counts for nothing.
pub(super) fn changes(old: &[String], new: &[String]) -> Vec<String> {
    let mut changes = Vec::new();
    let has = |list: &[String], name: &str| list.iter().any(|parameter| split(parameter).0 == name);
    let gone: Vec<String> = old
        .iter()
        .map(|parameter| split(parameter).0)
        .filter(|name| !has(new, name))
        .map(|name| name.split('.').map(crate::engine::name::quoted).collect::<Vec<_>>().join("."))
        .collect();
    if !gone.is_empty() {
        changes.push(format!("RESET ({})", gone.join(", ")));
    }
    let mut set: Vec<String> = new.iter().filter(|parameter| !old.contains(parameter)).cloned().collect();
    if !set.is_empty() {
        // PostgreSQL puts what is set behind what stays, and pg_dump shows the order.
        let stays = old.iter().filter(|parameter| new.contains(parameter));
        if !stays.chain(&set).eq(new) {
            set = new.to_vec();
        }
        changes.push(format!("SET ({})", list(&set)));
    }
    changes
}

fn split(parameter: &str) -> (&str, &str) {
    parameter.split_once('=').unwrap_or((parameter, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_set() {
        let old = ["autovacuum_enabled=off".to_owned(), "fillfactor=70".to_owned()];
        let new = ["fillfactor=80".to_owned(), "toast.autovacuum_enabled=off".to_owned()];
        assert_eq!(
            changes(&old, &new),
            ["RESET (autovacuum_enabled)", "SET (fillfactor=80, toast.autovacuum_enabled=off)"]
        );
        assert!(changes(&old, &old).is_empty());
        let (turned, one) = ([old[1].clone(), old[0].clone()], [old[0].clone()]);
        assert!(changes(&old, &turned).is_empty());
        assert_eq!(changes(&one, &turned), ["SET (fillfactor=70, autovacuum_enabled=off)"]);
        assert_eq!(with(&old), " WITH (autovacuum_enabled=off, fillfactor=70)");
    }
}
