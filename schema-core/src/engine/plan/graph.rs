//! The order of Steps: what must come before what, from the sets of the Steps alone. A cycle is an error that names
//! its path; nothing is repaired here.

use crate::engine::edges::{at, place};
use crate::engine::id::ObjectId;
use crate::engine::step::Step;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One reason for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// Comes before...
    pub(super) before: u32,
    /// ...this one.
    pub(super) after: u32,
    /// The one of the two that depends on something outside itself: it can leave the Step that it is folded into.
    pub(super) dependent: u32,
}

/// What a Step does with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Builds,
    Needs,
    Destroys,
    Releases,
}

/// The edges between Steps, in order; `chain[i]` tells which change Step i belongs to. The Steps of a chain keep their order.
pub(super) fn edges(steps: &[Step], chain: &[usize]) -> Vec<Edge> {
    // Asked, never listed: its order is nobody's.
    let mut numbers: HashMap<&ObjectId, u32> = HashMap::with_capacity(steps.len());
    let mut uses: Vec<(u32, Use, u32)> = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        let sets = [
            (Use::Builds, &step.builds),
            (Use::Needs, &step.needs),
            (Use::Destroys, &step.destroys),
            (Use::Releases, &step.releases),
        ];
        for (of, ids) in sets {
            for id in ids {
                let next = place(numbers.len());
                uses.push((*numbers.entry(id).or_insert(next), of, place(i)));
            }
        }
    }
    drop(numbers);
    uses.sort_unstable();
    let mut edges = Vec::new();
    let mut add = |before: &(u32, Use, u32), after: &(u32, Use, u32), dependent: u32| {
        let (before, after) = (before.2, after.2);
        if before != after && chain[at(before)] != chain[at(after)] {
            edges.push(Edge { before, after, dependent });
        }
    };
    for users in uses.chunk_by(|a, b| a.0 == b.0) {
        let all = |of: Use| {
            let from = users.partition_point(|user| user.1 < of);
            &users[from..users.partition_point(|user| user.1 <= of)]
        };
        for destroyer in all(Use::Destroys) {
            all(Use::Releases).iter().for_each(|releaser| add(releaser, destroyer, releaser.2));
            all(Use::Builds).iter().for_each(|builder| add(destroyer, builder, builder.2));
        }
        for builder in all(Use::Builds) {
            all(Use::Needs).iter().for_each(|needer| add(builder, needer, needer.2));
        }
    }
    for i in 1..steps.len() {
        if chain[i - 1] == chain[i] {
            edges.push(Edge { before: place(i - 1), after: place(i), dependent: place(i) });
        }
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The edges with those of the wishes that close no circle: pairs of units, the earlier first. `edges` have none.
pub(super) fn with_wishes(
    nodes: usize,
    edges: Vec<(usize, usize)>,
    wishes: BTreeSet<(usize, usize)>,
) -> Vec<(usize, usize)> {
    if wishes.is_empty() {
        return edges;
    }
    let mut all: Vec<(usize, usize)> = edges.iter().chain(&wishes).copied().collect();
    all.sort_unstable();
    all.dedup();
    let group = cycles(nodes, &all);
    let inside = |&(a, b): &(usize, usize)| group[a].is_some() && group[a] == group[b];
    let mut result = edges.clone();
    result.extend(all.iter().filter(|edge| !inside(edge)));
    let mut followers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (a, b) in edges.iter().filter(|edge| inside(edge)) {
        followers.entry(*a).or_default().push(*b);
    }
    // Among those that cannot all be granted, what comes last in the order of ids first: routines rather than tables.
    for &(a, b) in wishes.iter().rev().filter(|edge| inside(edge)) {
        if !reaches(&followers, b, a) {
            followers.entry(a).or_default().push(b);
            result.push((a, b));
        }
    }
    result.sort_unstable();
    result.dedup();
    result
}

fn reaches(followers: &BTreeMap<usize, Vec<usize>>, from: usize, to: usize) -> bool {
    let (mut seen, mut stack) = (BTreeSet::from([from]), vec![from]);
    while let Some(node) = stack.pop() {
        if node == to {
            return true;
        }
        stack.extend(followers.get(&node).into_iter().flatten().filter(|next| seen.insert(**next)));
    }
    false
}

/// What should come before the Steps because they mention its name: pairs of Steps, the earlier first. Where something is
/// both destroyed and built anew, the new form is meant.
pub(super) fn wishes(steps: &[Step]) -> BTreeSet<(usize, usize)> {
    if steps.iter().all(|step| step.mentions.is_empty()) {
        return BTreeSet::new();
    }
    let built: BTreeSet<&ObjectId> = steps.iter().flat_map(|step| &step.builds).collect();
    let mut named: BTreeMap<&str, BTreeSet<(usize, Option<&str>)>> = BTreeMap::new();
    for (i, step) in steps.iter().enumerate() {
        let gone = step.destroys.iter().filter(|id| !built.contains(id));
        for id in step.builds.iter().chain(gone) {
            let of = id.table().map(|table| table.name.as_str());
            if let Some(name) = id.name() {
                named.entry(name).or_default().insert((i, of));
            }
        }
    }
    let mut wishes = BTreeSet::new();
    for (i, step) in steps.iter().enumerate() {
        // A column is meant only where its table is mentioned too.
        let meant = |of: &Option<&str>| of.is_none_or(|table| step.mentions.contains(table));
        for name in &step.mentions {
            let earlier = named.get(name.as_str()).into_iter().flatten();
            wishes.extend(earlier.filter(|(_, of)| meant(of)).map(|(before, _)| (*before, i)));
        }
    }
    wishes
}

/// Orders the nodes: a node comes after its predecessors; among the ones that can come, those of the group of the last
/// one do, and of these the one with the smallest key. A key is a group and a place in it. `Err` holds the nodes of one
/// cycle, in order.
pub(super) fn order<G: Ord + Clone, K: Ord + Clone>(
    keys: &[(G, K)],
    edges: &[(usize, usize)],
) -> Result<Vec<usize>, Vec<usize>> {
    let mut waiting = vec![0_usize; keys.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); keys.len()];
    for (before, after) in edges {
        waiting[*after] += 1;
        followers[*before].push(*after);
    }
    let mut ready: BTreeMap<&G, BTreeSet<(&K, usize)>> = BTreeMap::new();
    for i in (0..keys.len()).filter(|i| waiting[*i] == 0) {
        ready.entry(&keys[i].0).or_default().insert((&keys[i].1, i));
    }
    let mut ordered = Vec::with_capacity(keys.len());
    let mut last: Option<&G> = None;
    while let Some(group) =
        last.filter(|group| ready.contains_key(group)).or_else(|| ready.keys().next().copied())
    {
        last = Some(group);
        let Some((_, node)) = ready.get_mut(group).and_then(BTreeSet::pop_first) else {
            ready.remove(group);
            continue;
        };
        ordered.push(node);
        for follower in &followers[node] {
            waiting[*follower] -= 1;
            if waiting[*follower] == 0 {
                ready.entry(&keys[*follower].0).or_default().insert((&keys[*follower].1, *follower));
            }
        }
    }
    if ordered.len() == keys.len() { Ok(ordered) } else { Err(cycle(&waiting, edges)) }
}

/// One cycle among the nodes that still wait: going back from any of them must come round.
fn cycle(waiting: &[usize], edges: &[(usize, usize)]) -> Vec<usize> {
    let Some(mut node) = waiting.iter().position(|n| *n > 0) else {
        return Vec::new();
    };
    let mut path: Vec<usize> = Vec::new();
    loop {
        if let Some(start) = path.iter().position(|seen| *seen == node) {
            let mut found = path.split_off(start);
            found.reverse();
            return found;
        }
        path.push(node);
        match edges.iter().find(|(before, after)| *after == node && waiting[*before] > 0) {
            Some((before, _)) => node = *before,
            None => return path,
        }
    }
}

/// The nodes that lie on cycles, as groups (strongly connected components of more than one node); `group[i]` is
/// `None` for all others. Tarjan's algorithm, without recursion: schemas can be deep.
pub(super) fn cycles(nodes: usize, edges: &[(usize, usize)]) -> Vec<Option<usize>> {
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (before, after) in edges {
        followers[*before].push(*after);
    }
    let (mut index, mut low) = (vec![usize::MAX; nodes], vec![0; nodes]);
    let mut on_stack = vec![false; nodes];
    let (mut stack, mut next, mut groups) = (Vec::new(), 0, 0);
    let mut group = vec![None; nodes];
    for root in 0..nodes {
        if index[root] != usize::MAX {
            continue;
        }
        let mut visits = vec![(root, 0)];
        while let Some((node, child)) = visits.pop() {
            if child == 0 {
                index[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&follower) = followers[node].get(child) {
                visits.push((node, child + 1));
                if index[follower] == usize::MAX {
                    visits.push((follower, 0));
                } else if on_stack[follower] {
                    low[node] = low[node].min(index[follower]);
                }
                continue;
            }
            if let Some((parent, _)) = visits.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == index[node] {
                let start = stack.iter().rposition(|n| *n == node).unwrap_or(0);
                let members = stack.split_off(start);
                for member in &members {
                    on_stack[*member] = false;
                    if members.len() > 1 {
                        group[*member] = Some(groups);
                    }
                }
                groups += 1;
            }
        }
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_stays_together_within_the_order() {
        let edges = Vec::from([(2, 0), (0, 1)]);
        assert_eq!(order(&[("x", 2), ("x", 1), ("x", 3), ("x", 4)], &edges), Ok(vec![2, 0, 1, 3]));
        let edges = Vec::from([(1, 0), (1, 2)]);
        assert_eq!(order(&[("a", 0), ("b", 0), ("b", 1), ("c", 0)], &edges), Ok(vec![1, 2, 0, 3]));
    }

    #[test]
    fn wishes_close_no_circle() {
        let edges = Vec::from([(0, 1)]);
        let wishes = BTreeSet::from([(1, 0), (1, 2), (2, 1), (3, 0)]);
        let all = with_wishes(4, edges.clone(), wishes);
        assert_eq!(all, [(0, 1), (2, 1), (3, 0)]);
        assert_eq!(with_wishes(4, edges.clone(), BTreeSet::new()), edges);
    }

    #[test]
    fn a_cycle_is_named() {
        let edges = Vec::from([(0, 1), (1, 2), (2, 1), (2, 3)]);
        let found = order(&[((), 0), ((), 1), ((), 2), ((), 3)], &edges).map_err(|mut cycle| {
            cycle.sort_unstable();
            cycle
        });
        assert_eq!(found, Err(vec![1, 2]));
        let group = cycles(4, &edges);
        assert_eq!((group[0], group[3]), (None, None));
        assert!(group[1].is_some() && group[1] == group[2]);
    }
}
