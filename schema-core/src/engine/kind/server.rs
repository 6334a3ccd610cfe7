//! Foreign servers, and who one is on them.

use super::foreign::Options;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, literal};
use crate::engine::step::Step;
use serde::{Deserialize, Serialize, Serializer};

/// A foreign server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// Its name.
    pub name: Ident,
    /// The foreign data wrapper.
    pub wrapper: Ident,
    /// `TYPE`.
    pub server_type: Option<String>,
    /// `VERSION`.
    pub version: Option<String>,
    /// Its options.
    pub options: Options,
}

impl Rules for Server {
    fn id(&self) -> ObjectId {
        ObjectId::Server(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let mut sql = format!("CREATE SERVER {}", self.name);
        if let Some(server_type) = &self.server_type {
            sql.push_str(&format!(" TYPE {}", literal(server_type)));
        }
        if let Some(version) = &self.version {
            sql.push_str(&format!(" VERSION {}", literal(version)));
        }
        sql.push_str(&format!(" FOREIGN DATA WRAPPER {}{}", self.wrapper, self.options.create_sql()));
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP SERVER {}", self.name)).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { name, wrapper, server_type, version, options }, Object::Server(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *wrapper != new.wrapper || *server_type != new.server_type {
            return Alteration::Recreate;
        }
        let mut actions = String::new();
        if *version != new.version {
            // Without one PostgreSQL would have to be told NULL, which this statement takes.
            let to = new.version.as_ref().map_or("NULL".to_owned(), |version| literal(version));
            actions.push_str(&format!(" VERSION {to}"));
        }
        actions.push_str(&options.alter_sql(&new.options));
        if actions.is_empty() {
            return Alteration::Same;
        }
        Alteration::in_place(vec![Step::statement(self.id(), format!("ALTER SERVER {name}{actions}"))])
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Server(to) = new else {
            return Vec::new();
        };
        vec![Step::statement(new.clone(), format!("ALTER SERVER {} RENAME TO {to}", self.name))]
    }
}

/// Who a user is on a foreign server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserMapping {
    /// The server.
    pub server: Ident,
    /// The user; `public` is everybody.
    pub user: Ident,
    /// Its options, a password perhaps: people do not get to see the values.
    #[serde(serialize_with = "hidden")]
    pub options: Options,
}

/// The values are for programs and the cache, not for a format that people read.
fn hidden<S: Serializer>(options: &Options, to: S) -> Result<S::Ok, S::Error> {
    if !to.is_human_readable() {
        return options.serialize(to);
    }
    Options(options.0.keys().map(|name| (name.clone(), "***".to_owned())).collect()).serialize(to)
}

impl UserMapping {
    fn target(&self) -> String {
        let user = if self.user.as_str() == "public" { "PUBLIC".to_owned() } else { self.user.to_string() };
        format!("USER MAPPING FOR {user} SERVER {}", self.server)
    }
}

impl Rules for UserMapping {
    fn id(&self) -> ObjectId {
        ObjectId::UserMapping(self.server.clone(), self.user.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("CREATE {}{}", self.target(), self.options.create_sql());
        vec![Step::statement(self.id(), sql).builds(self.id())]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![Step::statement(self.id(), format!("DROP {}", self.target())).destroys(self.id())]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let (Self { server: _, user: _, options }, Object::UserMapping(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        let changes = options.alter_sql(&new.options);
        if changes.is_empty() {
            return Alteration::Same;
        }
        Alteration::in_place(vec![Step::statement(self.id(), format!("ALTER {}{changes}", self.target()))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_tells_no_password() {
        let options = Options([("password".to_owned(), "secret".to_owned())].into());
        let mapping = UserMapping { server: "s".into(), user: "public".into(), options };
        let json = serde_json::to_string(&mapping).expect("it is JSON");
        assert!(json.contains("password") && !json.contains("secret"), "{json}");
        let bytes = postcard::to_allocvec(&mapping).expect("it has bytes");
        assert_eq!(postcard::from_bytes::<UserMapping>(&bytes).expect("they are its own"), mapping);
    }
}
