//! `policy-always-true-write`.

use crate::engine::kind::Object;
use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const ALWAYS_TRUE: Rule = Rule {
    name: "policy-always-true-write",
    group: Group::Security,
    levels: Levels::ERROR,
    summary: "A policy lets everybody write every row.",
    why: "Row security is on, and for writes it is as if it were off.",
    recipe: "Say which rows; and who, where it is a role that may write all:\n\
             CREATE POLICY p ON public.t FOR UPDATE USING (owner_id = current_setting('app.user')::bigint);",
    checks: &[Check::Up(check), Check::Catalog(declared)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Policy(policy) = &site.placed.action else { return };
    let (using, check) = (policy.using.as_deref(), policy.check.as_deref());
    if policy.permissive && lets_all_write(policy.command.unwrap_or("UPDATE"), using, check) {
        let message =
            format!("the policy {} lets everybody write every row of {}", policy.name, policy.table);
        found.at(site, message).of(&policy.table);
    }
}

fn declared(site: &CatalogSite<'_>, found: &mut Found) {
    for (id, object) in &site.catalog.objects {
        let Object::Policy(policy) = object else { continue };
        // To a role by name it may well be meant.
        let everybody = policy.roles.is_empty() || policy.roles.iter().any(|role| role.as_str() == "public");
        let command = policy.command.to_ascii_uppercase();
        let lets = lets_all_write(&command, policy.using.as_deref(), policy.check.as_deref());
        if policy.permissive && everybody && lets {
            let table = policy.table.short();
            found.object(
                site,
                id,
                format!("the policy {} lets everybody write every row of {table}", policy.name),
            );
        }
    }
}

fn lets_all_write(command: &str, using: Option<&str>, check: Option<&str>) -> bool {
    let always = |text: Option<&str>| text.is_some_and(is_true);
    match command {
        "SELECT" => false,
        "INSERT" => always(check),
        "DELETE" => always(using),
        // What stands in the way may be either of them.
        _all_or_update => always(using) && check.is_none_or(is_true),
    }
}

/// `true`, `(true)`, `1 = 1`.
fn is_true(text: &str) -> bool {
    let plain = Words::of(text).plain().to_ascii_lowercase();
    let plain = plain.trim_matches(['(', ')', ' ']);
    plain == "true" || plain == "1 = 1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lets_all_write() {
        assert!(lets_all_write("ALL", Some("true"), None));
        assert!(lets_all_write("INSERT", None, Some("(1 = 1)")));
        assert!(!lets_all_write("ALL", Some("true"), Some("owner = 1")));
        assert!(!lets_all_write("SELECT", Some("true"), None));
        assert!(!lets_all_write("UPDATE", Some("owner = 1"), None));
    }
}
