//! Roles, where they are managed. They belong to the server, not to the database; their passwords are never read.

use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, literal};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its name.
    pub name: Ident,
    /// `SUPERUSER`.
    pub superuser: bool,
    /// `INHERIT`.
    pub inherit: bool,
    /// `CREATEROLE`.
    pub create_role: bool,
    /// `CREATEDB`.
    pub create_db: bool,
    /// `LOGIN`.
    pub login: bool,
    /// `REPLICATION`.
    pub replication: bool,
    /// `BYPASSRLS`.
    pub bypass_rls: bool,
    /// `CONNECTION LIMIT`; -1 is none.
    pub connection_limit: i32,
    /// `VALID UNTIL`.
    pub valid_until: Option<String>,
    /// `SET`: name and value, for all databases.
    pub settings: BTreeMap<String, String>,
    /// The roles that it is a member of.
    pub member_of: BTreeMap<Ident, Membership>,
    /// The comment on it.
    pub comment: Option<String>,
}

/// How a role is a member of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// `ADMIN`.
    pub admin: bool,
    /// `INHERIT` (PostgreSQL 16); `None` on older servers.
    pub inherit: Option<bool>,
    /// `SET` (PostgreSQL 16).
    pub set: Option<bool>,
}

impl Membership {
    fn sql(self) -> String {
        let word = |name: &str, holds: bool| format!("{name} {}", if holds { "TRUE" } else { "FALSE" });
        match (self.inherit, self.set) {
            (Some(inherit), Some(set)) => {
                let words = [word("ADMIN", self.admin), word("INHERIT", inherit), word("SET", set)];
                format!(" WITH {}", words.join(", "))
            }
            (None, _) | (_, None) if self.admin => " WITH ADMIN OPTION".to_owned(),
            (None, _) | (_, None) => String::new(),
        }
    }
}

impl Role {
    fn new(name: Ident) -> Self {
        Self {
            name,
            superuser: false,
            inherit: true,
            create_role: false,
            create_db: false,
            login: false,
            replication: false,
            bypass_rls: false,
            connection_limit: -1,
            valid_until: None,
            settings: BTreeMap::new(),
            member_of: BTreeMap::new(),
            comment: None,
        }
    }

    /// What differs, as `CREATE ROLE` and `ALTER ROLE` take it; each part with a leading space.
    fn options(&self, new: &Self) -> String {
        let mut sql = String::new();
        for (old, new, word) in [
            (self.superuser, new.superuser, "SUPERUSER"),
            (self.inherit, new.inherit, "INHERIT"),
            (self.create_role, new.create_role, "CREATEROLE"),
            (self.create_db, new.create_db, "CREATEDB"),
            (self.login, new.login, "LOGIN"),
            (self.replication, new.replication, "REPLICATION"),
            (self.bypass_rls, new.bypass_rls, "BYPASSRLS"),
        ] {
            if old != new {
                sql.push_str(&format!(" {}{word}", if new { "" } else { "NO" }));
            }
        }
        if self.connection_limit != new.connection_limit {
            sql.push_str(&format!(" CONNECTION LIMIT {}", new.connection_limit));
        }
        if self.valid_until != new.valid_until {
            let until = new.valid_until.as_deref().unwrap_or("infinity");
            sql.push_str(&format!(" VALID UNTIL {}", literal(until)));
        }
        sql
    }

    /// All that `CREATE ROLE` itself does not take.
    fn rest(&self, new: &Self) -> Vec<Step> {
        let (id, name) = (self.id(), &self.name);
        let mut steps = Vec::new();
        let mut add = |sql: String| steps.push(Step::statement(id.clone(), sql));
        for setting in self.settings.keys().filter(|setting| !new.settings.contains_key(*setting)) {
            add(format!("ALTER ROLE {name} RESET {setting}"));
        }
        for (setting, value) in &new.settings {
            if self.settings.get(setting) != Some(value) {
                add(format!("ALTER ROLE {name} SET {setting} TO {}", setting_value(setting, value)));
            }
        }
        if self.comment != new.comment {
            let text = new.comment.as_deref().map_or("NULL".to_owned(), literal);
            add(format!("COMMENT ON ROLE {name} IS {text}"));
        }
        for (group, old) in &self.member_of {
            let gone = match new.member_of.get(group) {
                None => true,
                // Without PostgreSQL 16 a membership is only taken back with its admin option.
                Some(new) => new.inherit.is_none() && old.admin && !new.admin,
            };
            if gone {
                add(format!("REVOKE {group} FROM {name}"));
            }
        }
        for (group, membership) in &new.member_of {
            if self.member_of.get(group) != Some(membership) {
                add(format!("GRANT {group} TO {name}{}", membership.sql()));
            }
        }
        steps
    }
}

/// Settings that are lists hold them as SQL already; others are one value.
fn setting_value(setting: &str, value: &str) -> String {
    const LISTS: [&str; 9] = [
        "search_path",
        "temp_tablespaces",
        "local_preload_libraries",
        "session_preload_libraries",
        "shared_preload_libraries",
        "unix_socket_directories",
        "log_destination",
        "listen_addresses",
        "DateStyle",
    ];
    let is_list = LISTS.iter().any(|list| list.eq_ignore_ascii_case(setting));
    match value {
        // PostgreSQL's own form of an empty list, which it does not read.
        "\"\"" if is_list => "''".to_owned(),
        list if is_list && !list.is_empty() => list.to_owned(),
        value => literal(value),
    }
}

impl Rules for Role {
    fn id(&self) -> ObjectId {
        ObjectId::Role(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let plain = Self::new(self.name.clone());
        let sql = format!("CREATE ROLE {}{}", self.name, plain.options(self));
        let mut steps = vec![Step::statement(self.id(), sql)];
        steps.extend(plain.rest(self));
        if let Some(last) = steps.last_mut() {
            last.builds.insert(self.id());
        }
        steps
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let step = Step::statement(self.id(), format!("DROP ROLE {}", self.name)).destroys(self.id());
        vec![step.hazard(HazardKind::BreaksRunningCode, "nobody can connect as this role any more")]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (
            Self {
                name,
                superuser: _,
                inherit: _,
                create_role: _,
                create_db: _,
                login: _,
                replication: _,
                bypass_rls: _,
                connection_limit: _,
                valid_until: _,
                settings: _,
                member_of: _,
                comment: _,
            },
            Object::Role(new),
        ) = (self, new)
        else {
            return Alteration::Recreate;
        };
        let options = self.options(new);
        let mut steps = Vec::new();
        if !options.is_empty() {
            steps.push(Step::statement(self.id(), format!("ALTER ROLE {name}{options}")));
        }
        steps.extend(self.rest(new));
        Alteration::in_place(steps)
    }
}
