//! Reads domains and their constraints.

use super::draft::{Address, CONSTRAINT, Draft, TYPE};
use super::rows::Rows;
use crate::engine::kind::Object;
use crate::engine::kind::domain::{Domain, usual_not_null_name};
use crate::engine::kind::domain_constraint::DomainConstraint;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::{Printed, stable};

pub(super) fn read(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
        let Some(name) = draft.qname(row.get(1), row.get(2)) else {
            continue;
        };
        let usual = usual_not_null_name(&name);
        let domain = Domain {
            name,
            base: row.get(4),
            collation: row.get::<Option<&str>>(5).map(|schema| QName::new(schema, row.get::<&str>(6))),
            default: row.get::<Option<&str>>(7).map(Printed::of),
            not_null: row.get(8),
            not_null_name: row.get::<Option<&str>>(10).map(Ident::from).filter(|name| *name != usual),
            checks: row.get::<Vec<&str>>(9).into_iter().map(stable).collect(),
        };
        if let Some(place) = draft.add(Address::new(TYPE, row.get(0)), Object::Domain(Box::new(domain))) {
            draft.add_inside(Address::new(TYPE, row.get(3)), place);
        }
    }
}

pub(super) fn read_constraints(rows: &Rows, draft: &mut Draft) {
    for row in rows.iter() {
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
            name: Ident::from(row.get::<&str>(3)),
            definition: Printed::of(definition),
            validated,
        };
        draft.add(Address::new(CONSTRAINT, row.get(0)), Object::DomainConstraint(constraint));
    }
}
