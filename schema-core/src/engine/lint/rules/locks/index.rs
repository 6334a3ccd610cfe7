//! `index-not-concurrent`, `drop-index-not-concurrent`.

use crate::engine::lint::prelude::*;
use crate::engine::lint::world::World;
use crate::engine::step::LockMode;

pub(in crate::engine::lint) const CREATE: Rule = Rule {
    name: "index-not-concurrent",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "An index on a table that is in use is built while writers wait.",
    why: "CREATE INDEX holds SHARE on the table until the index is built: nobody can write meanwhile.",
    recipe: "Build it beside the writers, in a section of its own:\n\
             -- schema:section no-transaction\nCREATE INDEX CONCURRENTLY t_c_idx ON public.t (c);",
    checks: &[Check::Action(create)],
};

pub(in crate::engine::lint) const DROP: Rule = Rule {
    name: "drop-index-not-concurrent",
    group: Group::Locks,
    levels: Levels::WARN,
    summary: "An index of a table that is in use is dropped while readers and writers wait.",
    why: "DROP INDEX needs ACCESS EXCLUSIVE on the table: it waits for all who use it, and all others wait behind it.",
    recipe: "Drop it beside them, in a section of its own:\n\
             -- schema:section no-transaction\nDROP INDEX CONCURRENTLY public.t_c_idx;",
    checks: &[Check::Unit(drop)],
};

const PARTITIONED: &str = "A partitioned table cannot do it concurrently: make the index on the parent alone, build one on \
                           each partition concurrently, and attach them:\n\
                           CREATE INDEX t_c_idx ON ONLY public.t (c);\n\
                           -- schema:section no-transaction\n\
                           CREATE INDEX CONCURRENTLY t_1_c_idx ON public.t_1 (c);\n\
                           -- schema:section\n\
                           ALTER INDEX public.t_c_idx ATTACH PARTITION public.t_1_c_idx;";

fn create(site: &Site<'_>, found: &mut Found) {
    let Action::CreateIndex(index) = &site.placed.action else { return };
    // On the parent alone nothing is read.
    if index.concurrently || index.only || !site.is_old(&index.table) {
        return;
    }
    let name = index.name.as_ref().map_or_else(|| "an index".to_owned(), |name| format!("the index {name}"));
    let message = format!("builds {name} on {} while nobody can write to it", index.table);
    let hit = found.at(site, message).of(&index.table);
    if site.world.table(&index.table).is_some_and(|table| table.partitioned) {
        hit.instead(PARTITIONED);
    }
}

fn drop(site: &UnitSite<'_>, found: &mut Found) {
    if !site.any(|action| matches!(action, Action::Drop(drop) if drop.kind == Kind::Index)) {
        return;
    }
    site.replay(|world, _, step| {
        let Action::Drop(drop) = &step.placed.action else { return };
        if drop.kind != Kind::Index || drop.concurrently {
            return;
        }
        for name in drop.names.iter().filter(|name| is_avoidable(site, step, world, name)) {
            let message = match world.index(name) {
                Some(index) => {
                    format!("drops the index {name}, and all who use {} wait", index.table.short())
                }
                None => format!("drops the index {name} of a table that is not known here, whose users wait"),
            };
            found.step(site.unit, step, message).of(name);
        }
    });
}

/// Whether dropping it concurrently is possible, and would spare somebody the wait.
fn is_avoidable(site: &UnitSite<'_>, step: &Walked<'_>, world: &World, name: &Name) -> bool {
    let Some(table) = world.index(name).map(|index| &index.table) else { return true };
    // There is no other form for the index of a partitioned table.
    let partitioned = world.tables.get(table).is_some_and(|table| table.partitioned);
    // The same transaction locks the table as strongly for something else.
    let locked = site.walked.iter().any(|other| {
        let strong = other.locks.iter().any(|(mode, on)| *mode == LockMode::AccessExclusive && on == table);
        other.section == step.section && !std::ptr::eq(other.statement, step.statement) && strong
    });
    // It is made again in the same transaction: that is what takes long, and is said.
    let again = site.walked.iter().any(|other| match &other.placed.action {
        Action::CreateIndex(new) => other.section == step.section && new.name.as_ref() == Some(&name.name),
        _other => false,
    });
    !world.fresh.contains(table) && !partitioned && !locked && !again
}
