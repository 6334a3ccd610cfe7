//! Folding: Steps that a person would write as one statement become one, where no edge crosses. Parts go into their
//! `CREATE TABLE`, implied drops into the drop that implies them, neighbours into one `ALTER TABLE`.

use super::graph::{Edge, cycles};
use crate::engine::edges::at;
use crate::engine::id::ObjectId;
use crate::engine::step::{Line, Sql, Step, Transaction};
use std::collections::{BTreeSet, HashMap, HashSet};

/// For each Step the Step it is a part of: itself where it stands alone.
pub(super) fn hosts(steps: &[Step], chain: &[usize], edges: &[Edge]) -> Vec<usize> {
    let mut host = direct_hosts(steps, chain);
    loop {
        let unit: Vec<usize> = (0..steps.len()).map(|i| root(&host, i)).collect();
        let between = between(edges, &unit);
        let group = cycles(steps.len(), &between);
        let on_cycle = |edge: &&Edge| {
            let (a, b, dependent) = (unit[at(edge.before)], unit[at(edge.after)], at(edge.dependent));
            a != b && group[a].is_some() && group[a] == group[b] && host[dependent] != dependent
        };
        let leaving: BTreeSet<usize> = edges.iter().filter(on_cycle).map(|edge| at(edge.dependent)).collect();
        if leaving.is_empty() {
            return unit;
        }
        for step in leaving {
            host[step] = step;
        }
    }
}

/// The edges between units, in order.
pub(super) fn between(edges: &[Edge], unit: &[usize]) -> Vec<(usize, usize)> {
    let pairs = edges.iter().map(|e| (unit[at(e.before)], unit[at(e.after)]));
    let mut between: Vec<(usize, usize)> = pairs.filter(|(a, b)| a != b).collect();
    between.sort_unstable();
    between.dedup();
    between
}

fn root(host: &[usize], mut step: usize) -> usize {
    while host[step] != step {
        step = host[step];
    }
    step
}

fn direct_hosts(steps: &[Step], chain: &[usize]) -> Vec<usize> {
    // Only a chain that builds nothing is a drop: others give what they destroy a new form or name.
    let building: HashSet<usize> = steps
        .iter()
        .zip(chain)
        .filter(|(step, _)| !step.builds.is_empty())
        .map(|(_, chain)| *chain)
        .collect();
    let mut containers: HashMap<&ObjectId, usize> = HashMap::new();
    let mut droppers: HashMap<&ObjectId, usize> = HashMap::new();
    for (i, step) in steps.iter().enumerate() {
        if matches!(step.sql, Sql::Container(_) | Sql::Clauses(_)) {
            containers.extend(step.builds.iter().map(|id| (id, i)));
        }
        if !building.contains(&chain[i]) {
            droppers.extend(step.destroys.iter().map(|id| (id, i)));
        }
    }
    let find = |i: usize, step: &Step| {
        let among = if step.inline.is_some() { &containers } else { &droppers };
        let drops = !step.destroys.is_empty() && step.builds.is_empty();
        if step.inline.is_none() && !drops {
            return i;
        }
        step.hosts.iter().find_map(|id| among.get(id).copied()).unwrap_or(i)
    };
    steps.iter().enumerate().map(|(i, step)| find(i, step)).collect()
}

/// One Step of a host and its parts. The parts stand in the order of their kinds and positions.
pub(super) fn join(mut whole: Step, mut parts: Vec<Step>) -> Step {
    let mut lines: Vec<Line> = parts.iter().filter_map(Step::line).collect();
    match &mut whole.sql {
        Sql::Container(container) => {
            container.lines.append(&mut lines);
            container.lines.sort_unstable();
            whole.sql = Sql::Statement(container.text());
        }
        Sql::Clauses(head) => {
            lines.sort_unstable();
            let clauses: String = lines.iter().map(|line| format!("\n    {}", line.sql)).collect();
            whole.sql = Sql::Statement(format!("{head}{clauses}"));
            // What is new with its clauses has no rows anywhere yet.
            parts.iter_mut().for_each(|part| part.locks.clear());
        }
        Sql::Statement(_) | Sql::AlterTable { .. } => {}
    }
    parts.into_iter().for_each(|part| take_in(&mut whole, part));
    whole
}

/// What a Step says of itself, said by the one that it is a part of.
fn take_in(whole: &mut Step, part: Step) {
    for (mode, table) in &part.locks {
        whole.lock(*mode, table);
    }
    whole.builds.extend(part.builds);
    whole.needs.extend(part.needs);
    whole.destroys.extend(part.destroys);
    whole.releases.extend(part.releases);
    whole.settings.extend(part.settings);
}

/// Folds a part into its container before there is an order, if it is sure that no edge crosses: it needs nothing but
/// what the container builds or needs, and what `rests`, as no Step that could wait for the container builds that. A
/// large schema has ten such parts for each table; as Steps they would take most of the memory and the time. Gives the
/// part back if it is none.
pub(super) fn settle(whole: &mut Step, part: Step, rests: impl Fn(&ObjectId) -> bool) -> Option<Step> {
    let Sql::Container(container) = &mut whole.sql else {
        return Some(part);
    };
    let sure = part.hosts.iter().any(|host| whole.builds.contains(host))
        && part.destroys.is_empty()
        && part.releases.is_empty()
        && part.mentions.is_empty()
        && part.needs.iter().all(|id| whole.builds.contains(id) || whole.needs.contains(id) || rests(id));
    match sure.then(|| part.line()).flatten() {
        Some(line) => {
            container.lines.push(line);
            take_in(whole, part);
            None
        }
        None => Some(part),
    }
}

/// Gives back the room that a container of settled parts does not need.
pub(super) fn trim(whole: &mut Step) {
    if let Sql::Container(container) = &mut whole.sql {
        container.lines.shrink_to_fit();
    }
    whole.builds.shrink_to_fit();
    whole.needs.shrink_to_fit();
}

/// Neighbours that alter the same table under the same lock become one statement: what rewrites it, does so once.
pub(super) fn merge_neighbours(steps: Vec<Step>) -> Vec<Step> {
    let mut merged: Vec<(Step, Vec<String>)> = Vec::new();
    for step in steps {
        let action = match &step.sql {
            Sql::AlterTable { action, .. } => vec![action.clone()],
            Sql::Statement(_) | Sql::Container(_) | Sql::Clauses(_) => Vec::new(),
        };
        match merged.last_mut() {
            Some((last, actions)) if joinable(last, &step) => {
                actions.extend(action);
                for cause in step.causes {
                    if !last.causes.contains(&cause) {
                        last.causes.push(cause);
                    }
                }
                for (mode, table) in &step.locks {
                    last.lock(*mode, table);
                }
                for hazard in step.hazards {
                    if !last.hazards.contains(&hazard) {
                        last.hazards.push(hazard);
                    }
                }
                last.builds.extend(step.builds);
                last.needs.extend(step.needs);
                last.destroys.extend(step.destroys);
                last.releases.extend(step.releases);
                last.settings.extend(step.settings);
            }
            Some(_) | None => merged.push((step, action)),
        }
    }
    let finish = |(mut step, actions): (Step, Vec<String>)| {
        if let Sql::AlterTable { action, .. } = &mut step.sql
            && actions.len() > 1
        {
            *action = format!("\n    {}", actions.join(",\n    "));
        }
        step
    };
    merged.into_iter().map(finish).collect()
}

fn joinable(a: &Step, b: &Step) -> bool {
    match (&a.sql, &b.sql) {
        (Sql::AlterTable { table, .. }, Sql::AlterTable { table: other, .. }) => {
            table == other
                && a.lock_on(table) == b.lock_on(table)
                && a.transaction == b.transaction
                && matches!(a.transaction, Transaction::Inside | Transaction::Later)
                // One ALTER TABLE runs its drops first: the same thing must not be built and destroyed by both.
                && a.builds.is_disjoint(&b.destroys)
        }
        (Sql::AlterTable { .. } | Sql::Statement(_) | Sql::Container(_) | Sql::Clauses(_), _) => false,
    }
}
