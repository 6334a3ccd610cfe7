//! Lint over a history that makes a table and changes an old one in each migration: what one migration costs must hardly grow
//! with their number. `cargo bench -p schema-tests --bench lint`.
#![allow(missing_docs, reason = "a benchmark is no library")]

use divan::{Bencher, counter::ItemsCount};
use schema_core::engine::files::Texts;
use schema_core::engine::lint::config::Config;
use schema_core::engine::lint::unit::Unit;
use schema_core::engine::lint::{Input, doubtful, lint};

const SIZES: [usize; 3] = [100, 300, 1_000];

fn main() {
    divan::main();
}

fn texts(count: usize) -> Vec<Texts> {
    let columns: String = (0..15).map(|at| format!(", c{at} text NOT NULL DEFAULT 'x'")).collect();
    let one = |at: usize| Texts {
        id: format!("{at:05}_m"),
        folder: format!("{at:05}_m"),
        up: format!(
            "CREATE TABLE public.t{at} (id bigint PRIMARY KEY{columns}, u bigint REFERENCES public.t0 (id));\n\
             CREATE INDEX t{at}_u_idx ON public.t{at} (u);\nALTER TABLE public.t0 ADD COLUMN x{at} integer;\n"
        ),
        down: Some(format!("ALTER TABLE public.t0 DROP COLUMN x{at};\nDROP TABLE public.t{at};\n")),
    };
    (0..count).map(one).collect()
}

#[divan::bench(args = SIZES)]
fn read(bencher: Bencher<'_, '_>, count: usize) {
    let texts = texts(count);
    bencher.counter(ItemsCount::new(count)).bench(|| Unit::of_migrations(&texts));
}

#[divan::bench(args = SIZES)]
fn all_rules(bencher: Bencher<'_, '_>, count: usize) {
    let units = Unit::of_migrations(&texts(count)).unwrap_or_default();
    let (selected, config) = (vec![true; units.len()], Config::default());
    bencher.counter(ItemsCount::new(count)).bench(|| {
        let input = Input {
            units: &units,
            selected: &selected,
            history: true,
            status: None,
            usage: None,
            catalog: None,
            allowed: &[],
            config: &config,
        };
        (doubtful(&units, &selected), lint(&input))
    });
}
