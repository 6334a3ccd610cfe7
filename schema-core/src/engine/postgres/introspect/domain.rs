//! Reads domains and their constraints.

use super::draft::{Address, CONSTRAINT, Draft, TYPE};
use super::stable::stable;
use crate::engine::kind::Object;
use crate::engine::kind::domain::Domain;
use crate::engine::kind::domain_constraint::DomainConstraint;
use crate::engine::name::{Ident, QName};
use postgres::Row;

pub(super) fn read(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let domain = Domain {
            name,
            base: row.get(4),
            collation: row.get::<_, Option<&str>>(5).map(|schema| QName::new(schema, row.get::<_, &str>(6))),
            default: row.get::<_, Option<&str>>(7).map(stable),
            not_null: row.get(8),
            checks: row.get::<_, Vec<&str>>(9).into_iter().map(stable).collect(),
        };
        if let Some(place) = draft.add(Address::new(TYPE, row.get(0)), Object::Domain(domain)) {
            draft.add_inside(Address::new(TYPE, row.get(3)), place);
        }
    }
}

pub(super) fn read_constraints(rows: &[Row], draft: &mut Draft) {
    for row in rows {
        let Some(domain) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let printed: &str = row.get(4);
        let (definition, validated) = match printed.strip_suffix(" NOT VALID") {
            Some(definition) => (definition, false),
            None => (printed, true),
        };
        let constraint = DomainConstraint {
            domain,
            name: Ident::from(row.get::<_, &str>(3)),
            definition: stable(definition),
            validated,
        };
        draft.add(Address::new(CONSTRAINT, row.get(0)), Object::DomainConstraint(constraint));
    }
}
