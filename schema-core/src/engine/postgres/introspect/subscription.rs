//! Reads the subscriptions of this database.

use super::draft::{Address, Draft, SUBSCRIPTION};
use crate::engine::kind::Object;
use crate::engine::kind::subscription::{Secret, Subscription};
use crate::engine::name::Ident;
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let name = Ident::from(row.get::<_, &str>(1));
        let Some(connection) = row.get::<_, Option<String>>(2) else {
            draft.unmodeled("subscription", &name.to_string());
            continue;
        };
        let parameter =
            |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        let subscription = Subscription {
            name,
            connection: Secret(connection),
            publications: row.get::<_, Vec<&str>>(3).into_iter().map(Ident::from).collect(),
            slot: row.get(4),
            parameters: row.get::<_, Vec<&str>>(5).into_iter().filter_map(parameter).collect(),
        };
        draft.add(Address::new(SUBSCRIPTION, row.get(0)), Object::Subscription(subscription));
    }
}
