//! Reads roles, where they are asked for. Must come before all that names one.

use super::draft::{AUTHID, Address, Draft};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::role::{Membership, Role};
use crate::engine::name::Ident;

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let settings: Vec<&str> = row.get(11);
        let settings = settings.iter().filter_map(|setting| setting.split_once('='));
        let (groups, names): (Vec<u32>, Vec<&str>) = (row.get(13), row.get(14));
        let admin: Vec<bool> = row.get(15);
        let (inherit, set): (Vec<Option<bool>>, Vec<Option<bool>>) = (row.get(16), row.get(17));
        let memberships = names.iter().enumerate().map(|(i, name)| {
            let membership = Membership { admin: admin[i], inherit: inherit[i], set: set[i] };
            (Ident::from(*name), membership)
        });
        let role = Role {
            name: Ident::from(row.get::<&str>(1)),
            superuser: row.get(2),
            inherit: row.get(3),
            create_role: row.get(4),
            create_db: row.get(5),
            login: row.get(6),
            replication: row.get(7),
            bypass_rls: row.get(8),
            connection_limit: row.get(9),
            valid_until: row.get(10),
            settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            member_of: memberships.collect(),
            comment: row.get(12),
        };
        let Some(place) = draft.add(Address::new(AUTHID, row.get(0)), Object::Role(Box::new(role))) else {
            continue;
        };
        for group in groups {
            draft.add_edge(place, Address::new(AUTHID, group));
        }
    }
}
