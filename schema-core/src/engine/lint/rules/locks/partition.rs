//! `attach-partition`, `detach-partition`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::world::Table;

pub(in crate::engine::lint) const ATTACH: Rule = Rule {
    name: "attach-partition",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "A table with rows becomes a partition without a check that proves its bound.",
    why: "ATTACH reads all its rows under ACCESS EXCLUSIVE, and those of the default partition too, where there is one.",
    recipe: "Prove the bound with a validated check first, the opposite on the default partition, then attach; it takes a \
             moment:\nALTER TABLE public.t_2 ADD CONSTRAINT bound CHECK (at >= '2027-01-01' AND at < '2028-01-01') NOT VALID;\n\
             -- schema:section\nALTER TABLE public.t_2 VALIDATE CONSTRAINT bound;\n\
             -- schema:section\nALTER TABLE public.t ATTACH PARTITION public.t_2 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');\n\
             ALTER TABLE public.t_2 DROP CONSTRAINT bound;",
    checks: &[Check::Action(attach)],
};

pub(in crate::engine::lint) const DETACH: Rule = Rule {
    name: "detach-partition",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A partition is detached while readers and writers of the whole table wait.",
    why: "DETACH needs ACCESS EXCLUSIVE on the parent: it waits for all who use any partition, and all others wait behind it.",
    recipe: "Detach it beside them, in a section of its own (not where there is a default partition):\n\
             -- schema:section no-transaction\nALTER TABLE public.t DETACH PARTITION public.t_1 CONCURRENTLY;",
    checks: &[Check::Unit(detach)],
};

fn attach(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::Attach { partition, default } } = &site.placed.action else {
        return;
    };
    let parent = site.world.table(table);
    let has_default = parent.is_some_and(|parent| parent.default_partition);
    if site.is_old(partition)
        && !site.world.table(partition).is_some_and(|table| table.foreign || table.is_checked())
    {
        found.at(site, format!("reads all rows of {partition} while nobody can use it")).of(partition);
    } else if has_default
        && !default
        && site.is_old(table)
        && !site.world.default_of(&table.full()).is_some_and(Table::is_checked)
    {
        found.at(site, format!("reads all rows of the default partition of {table}")).of(table);
    }
}

fn detach(site: &UnitSite<'_>, found: &mut Found) {
    for step in site.walked.iter().filter(|step| !step.fresh) {
        let Action::Alter { table, change: Change::Detach { partition, concurrently: false } } =
            &step.placed.action
        else {
            continue;
        };
        // Beside a default partition PostgreSQL has no other form; and who gives a partition another bound wants its rows
        // to be away for a moment only.
        let has_default = site.before.table(table).is_some_and(|parent| parent.default_partition);
        if !has_default && !site.attaches(partition) {
            let message = format!("nobody can use {table} until everybody has let go of it");
            found.step(site.unit, step, message).of(partition);
        }
    }
}
