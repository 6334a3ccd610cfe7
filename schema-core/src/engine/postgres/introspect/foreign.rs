//! Reads foreign data wrappers, servers and user mappings; foreign tables are read with all tables.

use super::draft::{Address, Draft, FOREIGN_DATA_WRAPPER, FOREIGN_SERVER, USER_MAPPING};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::foreign::Options;
use crate::engine::kind::foreign_data_wrapper::ForeignDataWrapper;
use crate::engine::kind::server::{Server, UserMapping};
use crate::engine::name::Ident;

/// Options as PostgreSQL keeps them: `host=a`.
pub(super) fn options(texts: Vec<&str>) -> Options {
    let option = |text: &&str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    Options(texts.iter().filter_map(option).collect())
}

pub(super) fn read_wrappers(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let wrapper = ForeignDataWrapper {
            name: Ident::from(row.get::<&str>(1)),
            handler: row.get(2),
            validator: row.get(3),
            options: options(row.get(4)),
        };
        draft.add(Address::new(FOREIGN_DATA_WRAPPER, row.get(0)), Object::ForeignDataWrapper(wrapper));
    }
}

pub(super) fn read_servers(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let server = Server {
            name: Ident::from(row.get::<&str>(1)),
            wrapper: Ident::from(row.get::<&str>(2)),
            server_type: row.get(3),
            version: row.get(4),
            options: options(row.get(5)),
        };
        draft.add(Address::new(FOREIGN_SERVER, row.get(0)), Object::Server(server));
    }
}

pub(super) fn read_mappings(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let mapping = UserMapping {
            server: Ident::from(row.get::<&str>(1)),
            user: Ident::from(row.get::<&str>(2)),
            options: options(row.get(3)),
        };
        draft.add(Address::new(USER_MAPPING, row.get(0)), Object::UserMapping(mapping));
    }
}
