//! The same work for many: databases or tenants. A few alone first, then several at once, until one fails. Knows neither
//! migrations nor servers.

use crate::engine::error::Error;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many at once, and what a failure means for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetOptions {
    /// How many at once.
    pub jobs: usize,
    /// How many are done alone, one after the other, before the rest begins; if one of them fails, nothing else begins.
    pub canaries: usize,
    /// Whether the others go on when one failed.
    pub keep_going: bool,
}

/// How it ended for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended<T> {
    /// It is done.
    Done(T, Duration),
    /// It failed.
    Failed(Error),
    /// It was not begun, because another failed.
    NotTried,
}

/// Works for each name, and says how each ended, in the order of the names. `open` gives each of the parallel workers what
/// it needs for one name after the other; `tell` hears of each end when it comes.
pub fn each<S, T: Send>(
    names: &[String],
    options: FleetOptions,
    open: &(dyn Fn() -> Result<S, Error> + Sync),
    work: &(dyn Fn(&mut S, &str) -> Result<T, Error> + Sync),
    tell: &(dyn Fn(&str, &Ended<T>) + Sync),
) -> Vec<Ended<T>> {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let ended: Mutex<BTreeMap<usize, Ended<T>>> = Mutex::default();
    let worker = |end: usize| {
        let mut state: Option<S> = None;
        while !stopped.load(Ordering::SeqCst) {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let Some(name) = names.get(index).filter(|_| index < end) else { break };
            let begun = Instant::now();
            let result = match state.as_mut() {
                Some(state) => work(state, name),
                None => open().and_then(|opened| work(state.insert(opened), name)),
            };
            let how = match result {
                Ok(done) => Ended::Done(done, begun.elapsed()),
                Err(error) => {
                    // A session that failed may be lost: the next name gets a new one.
                    state = None;
                    if !options.keep_going || index < options.canaries {
                        stopped.store(true, Ordering::SeqCst);
                    }
                    Ended::Failed(error)
                }
            };
            tell(name, &how);
            ended.lock().unwrap_or_else(PoisonError::into_inner).insert(index, how);
        }
    };
    let canaries = options.canaries.min(names.len());
    worker(canaries);
    next.store(canaries, Ordering::SeqCst);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.clamp(1, names.len().max(1)) {
            scope.spawn(|| worker(names.len()));
        }
    });
    let mut ended = ended.into_inner().unwrap_or_else(PoisonError::into_inner);
    (0..names.len()).map(|index| ended.remove(&index).unwrap_or(Ended::NotTried)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(jobs: usize, canaries: usize, keep_going: bool, bad: &[&str]) -> (String, usize, usize) {
        let names: Vec<String> = (0..20).map(|n| format!("n{n:02}")).collect();
        let (at_once, most, opened) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let ended = each(
            &names,
            FleetOptions { jobs, canaries, keep_going },
            &|| {
                opened.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
            &|(), name| {
                most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(5));
                at_once.fetch_sub(1, Ordering::SeqCst);
                if bad.contains(&name) { Err(Error::failed("no")) } else { Ok(()) }
            },
            &|_, _| {},
        );
        let letters = ended.iter().map(|ended| match ended {
            Ended::Done((), _) => 'd',
            Ended::Failed(_) => 'f',
            Ended::NotTried => '-',
        });
        (letters.collect(), most.into_inner(), opened.into_inner())
    }

    #[test]
    fn limits_canaries_and_stops() {
        let (all, most, opened) = run(4, 1, false, &[]);
        assert_eq!(all, "d".repeat(20));
        assert!((2..=4).contains(&most) && opened <= 5, "{most} {opened}");
        assert_eq!(run(1, 1, false, &["n03"]).0, format!("dddf{}", "-".repeat(16)));
        assert_eq!(run(4, 2, true, &["n01"]).0, format!("df{}", "-".repeat(18)), "a canary stops all");
        assert_eq!(run(4, 1, true, &["n05"]).0, format!("dddddf{}", "d".repeat(14)));
        let (some, ..) = run(4, 1, false, &["n05"]);
        assert!(some.starts_with("ddddd") && some.contains('f') && some.ends_with("------"), "{some}");
    }
}
