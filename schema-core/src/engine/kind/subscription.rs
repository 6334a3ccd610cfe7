//! Subscriptions. They are made without a connection to the publisher, as `pg_dump` writes them: whether one is enabled
//! is not compared.

use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, literal};
use crate::engine::step::Step;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its name.
    pub name: Ident,
    /// `CONNECTION`.
    pub connection: Secret,
    /// The names of the publications.
    pub publications: Vec<Ident>,
    /// `slot_name`.
    pub slot: Option<String>,
    /// The other parameters by name, where they differ from their defaults.
    pub parameters: BTreeMap<String, String>,
}

/// A text that may hold a password: shown only in SQL that is to be executed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

/// What is shown instead.
const HIDDEN: &str = "...";

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// The cache needs the text to compare; formats that people read do without.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let shown = if to.is_human_readable() { HIDDEN } else { &self.0 };
        to.serialize_str(shown)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self)
    }
}

/// Parameters that only a new subscription takes, or only with a connection to the publisher.
const FIXED: [&str; 2] = ["two_phase", "failover"];

impl Subscription {
    fn alter_subscription(&self, action: &str) -> Step {
        Step::statement(self.id(), format!("ALTER SUBSCRIPTION {} {action}", self.name))
    }

    fn publications(&self) -> String {
        self.publications.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    fn slot(&self) -> String {
        let name = self.slot.as_deref().map_or_else(|| "NONE".to_owned(), literal);
        format!("slot_name = {name}")
    }

    /// The parameters that lead from the others to these.
    fn changed(&self, old: &BTreeMap<String, String>) -> Vec<String> {
        let names =
            old.keys().filter(|name| !self.parameters.contains_key(*name)).chain(self.parameters.keys());
        names
            .filter(|name| old.get(*name) != self.parameters.get(*name))
            .map(|name| format!("{name} = {}", self.parameters.get(name).map_or(usual(name), String::as_str)))
            .collect()
    }

    /// `DROP SUBSCRIPTION` asks the publisher to drop the slot, unless there is none.
    fn without_slot(&self) -> Vec<Step> {
        if self.slot.is_none() {
            return Vec::new();
        }
        vec![self.alter_subscription("DISABLE"), self.alter_subscription("SET (slot_name = NONE)")]
    }
}

/// What holds if a parameter is not given, as far as it can be changed.
fn usual(name: &str) -> &'static str {
    match name {
        "synchronous_commit" => "off",
        "origin" => "any",
        "password_required" => "true",
        _switched_off => "false",
    }
}

impl Rules for Subscription {
    fn id(&self) -> ObjectId {
        ObjectId::Subscription(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let Self { name, connection, publications: _, slot: _, parameters } = self;
        let mut with = vec!["connect = false".to_owned(), self.slot()];
        with.extend(parameters.iter().map(|(name, value)| format!("{name} = {value}")));
        let sql = format!(
            "CREATE SUBSCRIPTION {name} CONNECTION {} PUBLICATION {} WITH ({})",
            literal(&connection.0),
            self.publications(),
            with.join(", ")
        );
        vec![Step::statement(self.id(), sql).builds(self.id()).secret(literal(&connection.0))]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut steps = self.without_slot();
        let mut step =
            Step::statement(self.id(), format!("DROP SUBSCRIPTION {}", self.name)).destroys(self.id());
        if let Some(slot) = &self.slot {
            let why =
                format!("the slot {slot} stays on the publisher and keeps its WAL until it is dropped there");
            step = step.hazard(HazardKind::BreaksRunningCode, why);
        }
        steps.push(step);
        steps
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::Subscription(new) = new else {
            return Alteration::Recreate;
        };
        let Self { name: _, connection, publications, slot, parameters } = self;
        if FIXED.iter().any(|name| parameters.get(*name) != new.parameters.get(*name)) {
            return Alteration::Recreate;
        }
        let mut steps = Vec::new();
        if *connection != new.connection {
            let connection = literal(&new.connection.0);
            steps.push(self.alter_subscription(&format!("CONNECTION {connection}")).secret(connection));
        }
        if *publications != new.publications {
            let why =
                "tables that come with it are copied only after ALTER SUBSCRIPTION ... REFRESH PUBLICATION";
            let action = format!("SET PUBLICATION {} WITH (refresh = false)", new.publications());
            steps.push(self.alter_subscription(&action).hazard(HazardKind::BreaksRunningCode, why));
        }
        if *slot != new.slot {
            if new.slot.is_none() {
                steps.extend(self.without_slot());
            } else {
                steps.push(self.alter_subscription(&format!("SET ({})", new.slot())));
            }
        }
        let changed = new.changed(parameters);
        if !changed.is_empty() {
            steps.push(self.alter_subscription(&format!("SET ({})", changed.join(", "))));
        }
        Alteration::in_place(steps)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rules, Secret, Subscription};
    use crate::engine::catalog::Catalog;
    use crate::engine::kind::Context;

    #[test]
    fn a_password_is_not_shown() {
        let secret = Secret("host=a password=hunter2".to_owned());
        let json = serde_json::to_string(&secret).expect("a text is JSON");
        assert!(!json.contains("hunter2") && !format!("{secret:?}").contains("hunter2"));
        let bytes = postcard::to_allocvec(&secret).expect("a text is bytes");
        assert_eq!(postcard::from_bytes::<Secret>(&bytes).map(|back| back.0), Ok(secret.0));
    }

    #[test]
    fn a_report_of_a_step_is_without_it() {
        let subscription = Subscription {
            name: "s".into(),
            connection: Secret("password='it''s hunter2'".to_owned()),
            publications: vec!["p".into()],
            slot: None,
            parameters: std::collections::BTreeMap::new(),
        };
        let catalog = Catalog::default();
        let steps = subscription.create(&Context::new(&catalog, &catalog));
        assert!(steps.iter().any(|step| step.text().contains("hunter2")));
        assert!(!steps.iter().any(|step| step.shown().contains("hunter2")));
    }
}
