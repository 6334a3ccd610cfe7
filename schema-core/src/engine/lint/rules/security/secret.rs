//! `password-or-secret-literal`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const SECRET: Rule = Rule {
    name: "password-or-secret-literal",
    group: Group::Security,
    levels: Levels::ALWAYS,
    summary: "A password or a key is written in a migration.",
    why: "Migrations are in version control, in logs, and in everybody's checkout.",
    recipe: "Create the role without, and set the password where it is used, from a secret:\n\
             CREATE ROLE app LOGIN;",
    checks: &[Check::Unit(check)],
};

fn check(site: &UnitSite<'_>, found: &mut Found) {
    for (_, statement) in site.unit.statements() {
        if let Some(what) = secret(&statement.sql) {
            found.line(site.unit, statement, statement.line, format!("{what} is written here"));
        }
    }
}

/// What sort of secret a statement holds; never the secret.
fn secret(sql: &str) -> Option<&'static str> {
    let mut words = Words::of(sql);
    let defines = ["create", "alter"].iter().any(|verb| words.next_are(verb));
    if words.literals().iter().any(|text| text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----")) {
        return Some("a private key");
    }
    if !defines {
        return None;
    }
    let conninfo = |text: &String| {
        let value = text.split("password=").nth(1).or_else(|| text.split("password =").nth(1));
        let url = text.split_once("://").and_then(|(_, rest)| rest.split_once('@'));
        value.is_some_and(|value| !value.is_empty()) || url.is_some_and(|(user, _)| user.contains(':'))
    };
    let connects = words.next_are("create subscription") || words.next_are("alter subscription");
    if connects && words.literals().iter().any(conninfo) {
        return Some("a connection string with a password");
    }
    // Passwords stand bare, and in the parentheses of OPTIONS.
    while !words.at_end() {
        if words.take("password") {
            let text = words.rest();
            if text.starts_with(['\'', 'E', '$', 'U'])
                && Words::of(text).literals().first().is_some_and(|p| !p.is_empty())
            {
                return Some("a password");
            }
        } else if let Some(inside) = words.group() {
            if secret_option(inside) {
                return Some("a password");
            }
        } else {
            words.step();
        }
    }
    None
}

/// `password 'x'`, `sslpassword 'x'`, `secret 'x'` in the options of something foreign.
fn secret_option(inside: &str) -> bool {
    let mut words = Words::of(inside);
    while !words.at_end() {
        words.take_one_of(&["add", "set"]);
        let name = words.ident().map(|name| name.as_str().to_owned()).unwrap_or_default();
        let secret = ["password", "sslpassword", "secret_key", "aws_secret_access_key", "token"]
            .contains(&name.as_str());
        let is_text = words.rest().starts_with(['\'', '$']);
        if secret && is_text {
            return true;
        }
        words.until(&[","]);
        words.take(",");
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_secret() {
        for sql in [
            "ALTER ROLE app PASSWORD 'x'",
            "CREATE ROLE app WITH LOGIN ENCRYPTED PASSWORD 'x'",
            "CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'u', password 'x')",
            "CREATE SUBSCRIPTION s CONNECTION 'host=h password=x' PUBLICATION p",
            "CREATE SUBSCRIPTION s CONNECTION 'postgres://u:x@h/d' PUBLICATION p",
            "SELECT '-----BEGIN RSA PRIVATE KEY-----'",
        ] {
            assert!(secret(sql).is_some(), "{sql}");
        }
        for sql in [
            "ALTER ROLE app PASSWORD NULL",
            "CREATE TABLE t (password text DEFAULT '')",
            "INSERT INTO help VALUES ('the password is kept elsewhere')",
            "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p",
            "COMMENT ON COLUMN t.password IS 'a hash'",
        ] {
            assert_eq!(secret(sql), None, "{sql}");
        }
    }
}
