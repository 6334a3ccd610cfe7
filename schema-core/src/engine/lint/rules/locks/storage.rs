//! `set-storage-or-access-method`, `set-logged`, `set-tablespace`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const ACCESS_METHOD: Rule = Rule {
    name: "set-storage-or-access-method",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A table gets another access method.",
    why: "It is written anew with all its indexes, under ACCESS EXCLUSIVE.",
    recipe: "Make a new table with it, copy the rows in batches, and exchange the names:\n\
             CREATE TABLE public.t_new (LIKE public.t INCLUDING ALL) USING heap;",
    checks: &[Check::Action(access_method)],
};

pub(in crate::engine::lint) const LOGGED: Rule = Rule {
    name: "set-logged",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A table becomes logged or unlogged.",
    why: "It is written anew with all its indexes, under ACCESS EXCLUSIVE; SET LOGGED also sends all of it to the replicas.",
    recipe: "Decide it when the table is made; later, make a new table and copy the rows in batches:\n\
             CREATE TABLE public.t_new (LIKE public.t INCLUDING ALL);",
    checks: &[Check::Action(logged)],
};

pub(in crate::engine::lint) const TABLESPACE: Rule = Rule {
    name: "set-tablespace",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A table moves to another tablespace.",
    why: "Its file is copied under ACCESS EXCLUSIVE.",
    recipe: "Move its indexes concurrently, and the table in a quiet hour or by a tool that copies beside the writers:\n\
             -- schema:section no-transaction\nREINDEX (TABLESPACE fast) INDEX CONCURRENTLY public.t_c_idx;",
    checks: &[Check::Action(tablespace)],
};

fn access_method(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::SetAccessMethod } = &site.placed.action else { return };
    let partitioned = site.world.table(table).is_some_and(|table| table.partitioned);
    if site.is_old(table) && !partitioned {
        found.at(site, format!("writes {table} anew")).of(table);
    }
}

fn logged(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::SetLogged(_) } = &site.placed.action else { return };
    if site.is_old(table) {
        found.at(site, format!("writes {table} anew")).of(table);
    }
}

fn tablespace(site: &Site<'_>, found: &mut Found) {
    let Action::Alter { table, change: Change::SetTablespace(to) } = &site.placed.action else { return };
    let partitioned = site.world.table(table).is_some_and(|table| table.partitioned);
    if site.is_old(table) && !partitioned {
        found.at(site, format!("copies {table} to the tablespace {to}")).of(table);
    }
}
