//! `feature-needs-newer-pg`.

use crate::engine::kind::Object;
use crate::engine::kind::column::Generated;
use crate::engine::lint::prelude::*;
use crate::engine::lint::read::words::Words;

pub(in crate::engine::lint) const FEATURE: Rule = Rule {
    name: "feature-needs-newer-pg",
    group: Group::Design,
    levels: Levels::ALWAYS,
    summary: "Something is used that the oldest PostgreSQL of the project does not have.",
    why: "`[lint] postgres` of schema.toml says on which major it must run; there it fails.",
    recipe: "Leave it out, or raise the number once no older server is left.",
    checks: &[Check::Catalog(declared), Check::Unit(written)],
};

/// What came with which major, as SQL writes it.
const FEATURES: &[(&str, u32, &str)] = &[
    ("nulls not distinct", 15, "NULLS NOT DISTINCT"),
    ("security_invoker", 15, "security_invoker"),
    ("merge into", 15, "MERGE"),
    ("set access method", 15, "SET ACCESS METHOD"),
    ("without overlaps", 18, "WITHOUT OVERLAPS"),
    ("not enforced", 18, "NOT ENFORCED"),
    ("virtual", 18, "a VIRTUAL generated column"),
];

/// The first feature in a text that is newer.
fn newer(text: &str, oldest: u32) -> Option<(u32, &'static str)> {
    let plain = format!(" {} ", Words::of(text).plain().to_ascii_lowercase());
    let uses = |words: &str| {
        let generated = words != "virtual" || plain.contains(" generated always as ");
        generated && plain.contains(&format!(" {words} "))
    };
    FEATURES
        .iter()
        .find(|(words, major, _)| *major > oldest && uses(words))
        .map(|(_, major, name)| (*major, *name))
}

fn written(site: &UnitSite<'_>, found: &mut Found) {
    let Some(oldest) = site.config.postgres else { return };
    for (_, statement) in site.unit.statements() {
        let constraint = statement.actions().any(|action| match action {
            Action::Alter { change: Change::AddConstraint(constraint), .. } => {
                constraint.form == Form::NotNull
            }
            _other => false,
        });
        let not_null = (constraint && oldest < 18).then_some((18, "a NOT NULL constraint with a name"));
        if let Some((major, name)) = newer(&statement.sql, oldest).or(not_null) {
            let message = format!("{name} needs PostgreSQL {major}, and this must run on {oldest}");
            found.line(site.unit, statement, statement.line, message);
        }
    }
}

fn declared(site: &CatalogSite<'_>, found: &mut Found) {
    let Some(oldest) = site.config.postgres else { return };
    for (id, object) in &site.catalog.objects {
        let text = match object {
            Object::Constraint(constraint) => constraint.definition.to_string(),
            Object::Index(index) => index.on.to_string(),
            Object::View(view) => view.options.join(" ").replace('=', " "),
            Object::Column(column) if column.generated == Some(Generated::Virtual) => {
                "generated always as virtual".to_owned()
            }
            _other => continue,
        };
        if let Some((major, name)) = newer(&text, oldest) {
            found.object(site, id, format!("{name} needs PostgreSQL {major}, and this must run on {oldest}"));
        }
    }
}
