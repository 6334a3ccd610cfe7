//! `fk-not-valid`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::world::World;
use crate::engine::name::QName;

pub(in crate::engine::lint) const FK_NOT_VALID: Rule = Rule {
    name: "fk-not-valid",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A foreign key reads all rows while nobody can write to either table.",
    why: "ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables until every row has been looked up.",
    recipe: "Add it without looking, and look in another transaction, which lets writers in:\n\
             ALTER TABLE public.t ADD CONSTRAINT t_u_fkey FOREIGN KEY (u) REFERENCES public.u (id) NOT VALID;\n\
             -- schema:section\nALTER TABLE public.t VALIDATE CONSTRAINT t_u_fkey;",
    checks: &[Check::Action(check)],
};

const PARTITIONED: &str = "Before PostgreSQL 18 a partitioned table takes no NOT VALID: add the foreign key to each partition \
                           so, validate it there, then add it to the parent, which adopts them:\n\
                           ALTER TABLE public.t_1 ADD CONSTRAINT t_1_u_fkey FOREIGN KEY (u) REFERENCES public.u (id) NOT VALID;";

fn check(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::AddConstraint(constraint) } = &site.placed.action else {
        return;
    };
    if constraint.form != Form::ForeignKey
        || !constraint.looks()
        || !site.is_old(table)
        || is_adopted(site.world, &table.full(), constraint)
    {
        return;
    }
    let other =
        constraint.references.as_ref().map_or_else(|| "the other table".to_owned(), ToString::to_string);
    let hit = found
        .at(site, format!("nobody can write to {table} and {other} until all rows are looked up"))
        .of(table);
    if site.world.table(table).is_some_and(|table| table.partitioned) && !site.has_postgres(18) {
        hit.instead(PARTITIONED);
    }
}

/// Whether every partition has it already, validated: then nothing is left to look up.
fn is_adopted(world: &World, table: &QName, wanted: &Constraint) -> bool {
    let Some(known) = world.tables.get(table) else { return false };
    let has = |partition: &QName| {
        let constraints =
            world.tables.get(partition).into_iter().flat_map(|table| table.constraints.values());
        let same = |one: &Constraint| {
            one.form == Form::ForeignKey
                && !one.not_valid
                && one.columns == wanted.columns
                && one.references.as_ref().map(Name::full) == wanted.references.as_ref().map(Name::full)
        };
        constraints.into_iter().any(same) || is_adopted(world, partition, wanted)
    };
    known.partitioned && !known.partitions.is_empty() && known.partitions.iter().all(has)
}
