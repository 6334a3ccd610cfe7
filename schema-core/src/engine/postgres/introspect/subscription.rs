//! Reads the subscriptions of this database.

use super::draft::{Address, Draft, SUBSCRIPTION};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::subscription::{Secret, Subscription};
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let name = Ident::from(row.get::<&str>(1));
        let Some(connection) = row.get::<Option<String>>(2) else {
            draft.unmodeled("subscription", &name.to_string());
            continue;
        };
        let parameter =
            |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        let subscription = Subscription {
            name,
            connection: Secret(connection),
            publications: row.get::<Vec<&str>>(3).into_iter().map(Ident::from).collect(),
            slot: row.get(4),
            parameters: row.get::<Vec<&str>>(5).into_iter().filter_map(parameter).collect(),
        };
        draft.add(Address::new(SUBSCRIPTION, row.get(0)), Object::Subscription(Box::new(subscription)));
    }
}
