//! `unique-constraint-blocking`, `primary-key-blocking`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const UNIQUE: Rule = Rule {
    name: "unique-constraint-blocking",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A unique constraint builds its index while readers and writers wait.",
    why: "ADD CONSTRAINT holds ACCESS EXCLUSIVE until the index is built.",
    recipe: "Build the index concurrently, then make it a constraint; that takes a moment:\n\
             -- schema:section no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY t_c_key ON public.t (c);\n\
             -- schema:section\nALTER TABLE public.t ADD CONSTRAINT t_c_key UNIQUE USING INDEX t_c_key;",
    checks: &[Check::Action(unique)],
};

pub(in crate::engine::lint) const PRIMARY: Rule = Rule {
    name: "primary-key-blocking",
    group: Group::Locks,
    levels: Levels::ERROR,
    summary: "A primary key builds its index while readers and writers wait.",
    why: "ADD PRIMARY KEY holds ACCESS EXCLUSIVE until the index is built, and reads the table once more for NOT NULL.",
    recipe: "Prove NOT NULL (see set-not-null), build the index concurrently, then make it the key:\n\
             -- schema:section no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY t_pkey ON public.t (id);\n\
             -- schema:section\nALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;",
    checks: &[Check::Action(primary)],
};

const PARTITIONED: &str = "A partitioned table takes no index for this; do it on the partitions first, so that attaching is \
                           all that is left:\n\
                           ALTER TABLE public.t_1 ADD CONSTRAINT t_1_c_key UNIQUE USING INDEX t_1_c_key;\n\
                           ALTER TABLE ONLY public.t ADD CONSTRAINT t_c_key UNIQUE (c);\n\
                           ALTER INDEX public.t_c_key ATTACH PARTITION public.t_1_c_key;";

fn unique(site: &Site<'_>, found: &mut Found) {
    check(site, Form::Unique, found);
}

fn primary(site: &Site<'_>, found: &mut Found) {
    check(site, Form::PrimaryKey, found);
}

fn check(site: &Site<'_>, form: Form, found: &mut Found) {
    let Action::Alter { table, change: Change::AddConstraint(constraint) } = &site.placed.action else {
        return;
    };
    if constraint.form != form || constraint.using_index.is_some() || !site.is_old(table) {
        return;
    }
    // On the parent alone there is nothing to build.
    if site.statement.sql.to_ascii_lowercase().contains("table only ") {
        return;
    }
    let message =
        format!("builds the index of a {} on {table} while nobody can read or write it", form.word());
    let hit = found.at(site, message).of(table);
    if site.world.table(table).is_some_and(|table| table.partitioned) {
        hit.instead(PARTITIONED);
    }
}
