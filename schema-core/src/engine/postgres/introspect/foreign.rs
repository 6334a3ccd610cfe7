//! Reads foreign data wrappers, servers, user mappings and foreign tables.

use super::draft::{Address, CLASS, Draft, FOREIGN_DATA_WRAPPER, FOREIGN_SERVER, TYPE, USER_MAPPING};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::foreign::Options;
use crate::engine::kind::foreign_data_wrapper::ForeignDataWrapper;
use crate::engine::kind::foreign_table::ForeignTable;
use crate::engine::kind::server::{Server, UserMapping};
use crate::engine::name::Ident;
use std::collections::BTreeMap;

/// Options as PostgreSQL keeps them: `host=a`.
fn options(texts: Vec<&str>) -> Options {
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

pub(super) fn read_tables(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        if row.get(9) {
            draft.unmodeled("inheritance of a foreign table", &name.to_string());
        }
        let mut columns: BTreeMap<Ident, Options> = BTreeMap::new();
        for (column, option) in row.get::<Vec<&str>>(7).into_iter().zip(row.get::<Vec<&str>>(8)) {
            columns.entry(Ident::from(column)).or_default().0.append(&mut options(vec![option]).0);
        }
        let server = Ident::from(row.get::<&str>(5));
        let table = ForeignTable { name, server, options: options(row.get(6)), columns };
        if let Some(place) = draft.add(Address::new(CLASS, row.get(0)), Object::ForeignTable(table)) {
            // The row type and its array type.
            draft.add_inside(Address::new(TYPE, row.get(3)), place);
            draft.add_inside(Address::new(TYPE, row.get(4)), place);
        }
    }
}
