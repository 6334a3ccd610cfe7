//! `tighten-check-or-unique-breaks-writers`.

use super::super::locks::set_not_null::implies;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const TIGHTEN: Rule = Rule {
    name: "tighten-check-or-unique-breaks-writers",
    group: Group::Code,
    levels: Levels::WARN_PROD,
    summary: "A table in use gets a rule that rows must obey.",
    why: "A program that runs may not know the rule: its writes fail from now on, with NOT VALID too.",
    recipe: "Release programs that obey it first, and look for rows that do not:\n\
             SELECT c, count(*) FROM public.t GROUP BY c HAVING count(*) > 1;",
    checks: &[Check::Up(check)],
};

fn check(site: &Site<'_>, found: &mut Found) {
    let (table, what) = match &site.placed.action {
        Action::Alter { table, change: Change::AddConstraint(constraint) } => {
            // What makes a unique index a constraint adds nothing; NOT NULL has a rule of its own.
            let silent = constraint.using_index.is_some()
                || constraint.not_enforced
                || matches!(constraint.form, Form::ForeignKey | Form::NotNull)
                || is_not_null(site, table, constraint);
            if silent {
                return;
            }
            (table, constraint.form.word())
        }
        Action::CreateIndex(index) if index.unique => (&index.table, "unique index"),
        _other => return,
    };
    if site.is_old(table) {
        found.at(site, format!("programs that write {table} must obey a new {what}")).of(table);
    }
}

/// The check that `set-not-null` wants.
fn is_not_null(site: &Site<'_>, table: &Name, constraint: &Constraint) -> bool {
    let text = constraint.expression.as_deref().unwrap_or_default();
    let columns = site.world.table(table).into_iter().flat_map(|table| table.columns.keys());
    columns.into_iter().any(|column| implies(text, column))
}
