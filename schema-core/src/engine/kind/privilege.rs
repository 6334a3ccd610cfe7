//! Privileges: which there are, who holds them by default, and the statements that give and take them. Not an object.

use crate::engine::id::ObjectId;
use crate::engine::name::Ident;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a role may do with an object, in the order in which PostgreSQL lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "PostgreSQL's own words")]
pub enum Privilege {
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
    References,
    Trigger,
    Maintain,
    Usage,
    Create,
    Execute,
}

impl Privilege {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Select, "SELECT"),
        (Self::Insert, "INSERT"),
        (Self::Update, "UPDATE"),
        (Self::Delete, "DELETE"),
        (Self::Truncate, "TRUNCATE"),
        (Self::References, "REFERENCES"),
        (Self::Trigger, "TRIGGER"),
        (Self::Maintain, "MAINTAIN"),
        (Self::Usage, "USAGE"),
        (Self::Create, "CREATE"),
        (Self::Execute, "EXECUTE"),
    ];

    /// By the word that SQL has for it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name)| *name == word).map(|(privilege, _)| privilege)
    }

    fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(privilege, _)| *privilege == self).map_or("", |(_, name)| name)
    }
}

/// The privileges of one role on one object; `true` where it may grant them to others.
pub type Privileges = BTreeMap<Privilege, bool>;

/// The role that stands for all.
pub const PUBLIC: &str = "public";

/// The role that something is about anyway, for which PostgreSQL has no name: the one that runs the statements, or the
/// one whose default privileges they are. No role can be named so.
pub const ITSELF: &str = "";

/// A role as `GRANT` takes it; `itself` for the one without a name.
pub(super) fn role_sql(role: &Ident, itself: &str) -> String {
    match role.as_str() {
        PUBLIC => "PUBLIC".to_owned(),
        ITSELF => itself.to_owned(),
        _name => role.to_string(),
    }
}

/// Every privilege that exists for an object.
pub(super) fn all(on: &ObjectId, server_version: u32) -> Vec<Privilege> {
    use Privilege::{
        Create, Delete, Execute, Insert, Maintain, References, Select, Trigger, Truncate, Update, Usage,
    };
    if matches!(on, ObjectId::Table(_) | ObjectId::View(_) | ObjectId::MaterializedView(_)) {
        let mut all = vec![Select, Insert, Update, Delete, Truncate, References, Trigger];
        if server_version >= 170_000 {
            all.push(Maintain);
        }
        return all;
    }
    let of_others = [
        (matches!(on, ObjectId::Column(..)), vec![Select, Insert, Update, References]),
        (matches!(on, ObjectId::Sequence(_)), vec![Select, Update, Usage]),
        (matches!(on, ObjectId::Schema(_)), vec![Usage, Create]),
        (matches!(on, ObjectId::Routine(..)), vec![Execute]),
    ];
    of_others.into_iter().find(|(is, _)| *is).map_or(vec![Usage], |(_, all)| all)
}

/// What PUBLIC may do with an object that nobody has granted or revoked anything on.
pub(super) fn of_public(on: &ObjectId, server_version: u32) -> Privileges {
    // As initdb makes it.
    if let ObjectId::Schema(name) = on
        && name.as_str() == PUBLIC
    {
        let create = (server_version < 150_000).then_some(Privilege::Create);
        return create.into_iter().chain([Privilege::Usage]).map(|privilege| (privilege, false)).collect();
    }
    let for_all = matches!(
        on,
        ObjectId::Enum(_)
            | ObjectId::Composite(_)
            | ObjectId::Domain(_)
            | ObjectId::Range(_)
            | ObjectId::BaseType(_)
            | ObjectId::Language(_)
    );
    let usage = for_all.then_some(Privilege::Usage);
    let execute = matches!(on, ObjectId::Routine(..)).then_some(Privilege::Execute);
    usage.or(execute).into_iter().map(|privilege| (privilege, false)).collect()
}

/// How privileges become others.
pub(super) struct Transfer<'a> {
    /// Before.
    pub(super) from: &'a Privileges,
    /// After.
    pub(super) to: &'a Privileges,
    /// All that there are for the object.
    pub(super) all: &'a [Privilege],
}

impl Transfer<'_> {
    /// The statements: first what goes, then what comes. `words` puts a list of privileges into what stands for the
    /// object: `(words)(list) = "SELECT ON TABLE public.users"`.
    pub(super) fn statements(&self, words: impl Fn(&str) -> String, role: &str) -> Vec<Statement> {
        let Self { from, to, .. } = self;
        let some = |holds: &dyn Fn(Privilege) -> bool| -> Vec<Privilege> {
            Privilege::ALL.into_iter().map(|(p, _)| p).filter(|p| holds(*p)).collect()
        };
        let gone = some(&|p| from.contains_key(&p) && !to.contains_key(&p));
        let lowered = some(&|p| from.get(&p) == Some(&true) && to.get(&p) == Some(&false));
        let given = some(&|p| !from.contains_key(&p) && to.get(&p) == Some(&false));
        let raised = some(&|p| from.get(&p) != Some(&true) && to.get(&p) == Some(&true));
        let mut statements = Vec::new();
        for (list, head, joint, tail) in [
            (&gone, "REVOKE ", "FROM", ""),
            (&lowered, "REVOKE GRANT OPTION FOR ", "FROM", ""),
            (&given, "GRANT ", "TO", ""),
            (&raised, "GRANT ", "TO", " WITH GRANT OPTION"),
        ] {
            if !list.is_empty() {
                let sql = format!("{head}{} {joint} {role}{tail}", words(&self.list(list)));
                let takes = if joint == "FROM" { list.clone() } else { Vec::new() };
                statements.push(Statement { sql, takes });
            }
        }
        statements
    }

    /// `ALL` where it is more than one and all of them.
    fn list(&self, privileges: &[Privilege]) -> String {
        if self.all.len() > 1 && self.all.iter().all(|privilege| privileges.contains(privilege)) {
            return "ALL".to_owned();
        }
        privileges.iter().map(|privilege| privilege.word()).collect::<Vec<_>>().join(", ")
    }
}

/// A `GRANT` or a `REVOKE`.
pub(super) struct Statement {
    /// Its text.
    pub(super) sql: String,
    /// What it takes away.
    pub(super) takes: Vec<Privilege>,
}
