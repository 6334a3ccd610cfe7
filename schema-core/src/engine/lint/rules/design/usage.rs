//! `unused-index`, `table-bloat`: what the statistics of a database say.

use crate::engine::id::ObjectId;
use crate::engine::lint::prelude::*;
use crate::engine::lint::usage::size;

pub(in crate::engine::lint) const UNUSED: Rule = Rule {
    name: "unused-index",
    group: Group::Design,
    levels: Levels::INFO,
    summary: "No query of the database has used an index.",
    why: "Each write keeps it up to date and each backup carries it, for nobody. Said of indexes over 1 MB whose tables are read, \
          where the server has counted for a week; with `--env` or `--database-url` only.",
    recipe: "See on the replicas too, and think of what runs once a year; then delete it, or say why it stays:\n\
             SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelid = 'public.t_c_idx'::regclass;",
    checks: &[Check::Usage(unused)],
};

pub(in crate::engine::lint) const BLOAT: Rule = Rule {
    name: "table-bloat",
    group: Group::Design,
    levels: Levels::INFO,
    summary: "A table takes more than twice what its rows need.",
    why: "Every read of the whole table goes through the empty pages, and caches are filled with them. Said of tables with over \
          16 MB of them, by the estimates of ANALYZE; with `--env` or `--database-url` only.",
    recipe: "Let autovacuum come sooner, end transactions that stay open for hours, and write the table anew beside its users \
             (pg_repack):\nALTER TABLE public.t SET (autovacuum_vacuum_scale_factor = 0.02);",
    checks: &[Check::Usage(bloat)],
};

/// Before that a report of the week has not run yet.
const DAYS: u32 = 7;
/// A table that nobody reads says nothing about its indexes.
const READS: u64 = 100;
/// What a smaller index costs nobody notices.
const INDEX_BYTES: u64 = 1 << 20;
/// The same of empty pages.
const EMPTY_BYTES: u64 = 16 << 20;

fn unused(site: &UsageSite<'_>, found: &mut Found) {
    if site.usage.days < DAYS {
        return;
    }
    for index in &site.usage.indexes {
        if index.scans == 0 && index.reads >= READS && index.bytes >= INDEX_BYTES {
            let message = format!(
                "{} of {} was not used in {} days, and takes {}",
                index.index.name,
                index.table.short(),
                site.usage.days,
                size(index.bytes)
            );
            found.used(site, &ObjectId::Index(index.index.clone()), message);
        }
    }
}

fn bloat(site: &UsageSite<'_>, found: &mut Found) {
    for table in &site.usage.tables {
        let empty = table.bytes.saturating_sub(table.rows);
        if empty >= EMPTY_BYTES && empty > table.rows {
            let (name, takes, rows) = (table.table.short(), size(table.bytes), size(table.rows));
            let message = format!("{name} takes {takes}, and its rows need some {rows}");
            found.used(site, &ObjectId::Table(table.table.clone()), message);
        }
    }
}
