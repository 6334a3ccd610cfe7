//! Where a history was written by several people at once: migrations that did not know of each other, from the parents
//! in their headers. Pure; what their orders lead to is for `postgres::check`.

use crate::engine::history::History;
use std::collections::BTreeSet;

/// A stretch of the history in which branches were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// How many migrations all of them knew: the stretch begins after these.
    pub start: usize,
    /// Where it ends: the first migration that is not in it.
    pub end: usize,
    /// The branches: migrations by their places in the history, each line of one that knew the one before.
    pub lines: Vec<Vec<usize>>,
}

/// The stretches in which some migration did not know another that stands before it.
pub fn forks(history: &History) -> Vec<Fork> {
    let known: Vec<usize> = (0..history.0.len()).map(|at| known(history, at)).collect();
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for (at, known) in known.iter().enumerate().filter(|(at, known)| *known < at) {
        let mut start = *known;
        while let Some((earlier, _)) = stretches.pop_if(|(_, end)| *end > start) {
            start = start.min(earlier);
        }
        stretches.push((start, at + 1));
    }
    stretches.into_iter().map(|(start, end)| fork(&known, start, end)).collect()
}

fn fork(known: &[usize], start: usize, end: usize) -> Fork {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for (at, known) in known.iter().enumerate().take(end).skip(start) {
        match lines.iter_mut().find(|line| line.last().is_some_and(|last| last + 1 == *known)) {
            Some(line) if *known > start => line.push(at),
            Some(_) | None => lines.push(vec![at]),
        }
    }
    Fork { start, end, lines }
}

/// How much of the history the author of a migration had: all up to its parent. Where the header does not say it, or names
/// what is not there, all that stands before.
fn known(history: &History, at: usize) -> usize {
    let migration = &history.0[at];
    match &migration.parent {
        Some(parent) => {
            let place = history.0[..at].iter().position(|other| other.id == *parent);
            place.map_or(at, |place| place + 1)
        }
        // `none` in a header that the tool wrote.
        None if migration.tool.is_some() => 0,
        None => at,
    }
}

impl Fork {
    /// The orders, beside that of the ids, in which somebody may have run these migrations: each branch before the others.
    pub fn orders(&self, history: &History) -> Vec<Vec<usize>> {
        let by_id: Vec<usize> = (self.start..self.end).collect();
        let mut orders: Vec<Vec<usize>> = Vec::new();
        for line in &self.lines {
            let mut first = line.clone();
            // What the branch grew from, as far as it is in this stretch.
            let mut before = known(history, line[0]);
            while before > self.start {
                first.insert(0, before - 1);
                before = known(history, before - 1);
            }
            let rest = by_id.iter().filter(|at| !first.contains(at)).copied();
            let order: Vec<usize> = first.iter().copied().chain(rest).collect();
            if order != by_id && !orders.contains(&order) {
                orders.push(order);
            }
        }
        orders
    }
}

/// Parents that the headers name and that are not there: the migration, and the parent.
pub fn unknown_parents(history: &History) -> Vec<(usize, &str)> {
    let ids: BTreeSet<&str> = history.0.iter().map(|migration| migration.id.as_str()).collect();
    let named = history.0.iter().enumerate().filter_map(|(at, m)| Some((at, m.parent.as_deref()?)));
    named.filter(|(_, parent)| !ids.contains(parent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::history::Migration;

    /// `1<` has none before it, `3<1` has 1 as its parent.
    fn history(text: &str) -> History {
        let read = |word: &str| {
            let (id, parent) = word.split_once('<').expect("id<parent");
            let parent = if parent.is_empty() { "none" } else { parent };
            let up = format!("-- schema:parent {parent}\n-- schema:tool 0.1.0\n");
            Migration::read(id, id, &up, None).expect("valid")
        };
        History::new(text.split(' ').map(read).collect()).expect("valid")
    }

    /// Where a fork begins and ends, its lines, its orders.
    type Shape = (usize, usize, Vec<Vec<usize>>, Vec<Vec<usize>>);

    fn shape(text: &str) -> Vec<Shape> {
        let history = history(text);
        let all = forks(&history).into_iter();
        all.map(|fork| (fork.start, fork.end, fork.lines.clone(), fork.orders(&history))).collect()
    }

    #[test]
    fn a_line_has_no_fork() {
        assert_eq!(shape("1< 2<1 3<2"), []);
        let bare = Migration::read("2", "2", "select 1", None).expect("valid");
        let mut history = history("1<");
        history.0.push(bare);
        assert_eq!(forks(&history), []);
    }

    #[test]
    fn two_branches() {
        // What came after the merge looks like one of the branches: it stands after all of both.
        let expected = (1, 3, vec![vec![1], vec![2]], vec![vec![2, 1]]);
        assert_eq!(shape("1< 2<1 3<1 4<3"), [expected]);
        let interleaved = (1, 5, vec![vec![1, 3], vec![2, 4]], vec![vec![1, 3, 2, 4], vec![2, 4, 1, 3]]);
        assert_eq!(shape("1< 2<1 3<1 4<2 5<3 6<5"), [interleaved]);
    }

    #[test]
    fn several_forks() {
        let one = (0, 2, vec![vec![0], vec![1]], vec![vec![1, 0]]);
        let two = (2, 5, vec![vec![2], vec![3], vec![4]], vec![vec![3, 2, 4], vec![4, 2, 3]]);
        assert_eq!(shape("1< 2< 3<2 4<2 5<2"), [one, two]);
        // A branch of a branch takes along what it grew from.
        let nested = (1, 5, vec![vec![1, 2], vec![3], vec![4]], vec![vec![1, 3, 2, 4], vec![4, 1, 2, 3]]);
        assert_eq!(shape("1< 2<1 3<2 4<2 5<1"), [nested]);
        // After a merge somebody branches again.
        let first = (1, 3, vec![vec![1], vec![2]], vec![vec![2, 1]]);
        let second = (3, 5, vec![vec![3], vec![4]], vec![vec![4, 3]]);
        assert_eq!(shape("1< 2<1 3<1 4<3 5<3"), [first, second]);
    }

    #[test]
    fn parents_that_are_not_there() {
        let history = history("1< 3<2");
        assert_eq!(unknown_parents(&history), [(1, "2")]);
        assert_eq!(forks(&history), []);
    }
}
