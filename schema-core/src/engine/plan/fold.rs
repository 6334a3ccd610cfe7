//! Folding: Steps that a person would write as one statement become one, where no edge crosses. Parts go into their
//! `CREATE TABLE`, implied drops into the drop that implies them, neighbours into one `ALTER TABLE`.

use super::graph::{Edge, cycles};
use crate::engine::id::ObjectId;
use crate::engine::ids::Ids;
use crate::engine::step::{Sql, Step, Transaction};
use std::collections::{BTreeSet, HashMap, HashSet};

/// For each Step the Step it is a part of: itself where it stands alone.
pub(super) fn hosts(steps: &[Step], chain: &[usize], edges: &[Edge]) -> Vec<usize> {
    let mut host = direct_hosts(steps, chain);
    loop {
        let unit: Vec<usize> = (0..steps.len()).map(|i| root(&host, i)).collect();
        let between = between(edges, &unit);
        let group = cycles(steps.len(), &between);
        let on_cycle = |edge: &&Edge| {
            let (a, b) = (unit[edge.before], unit[edge.after]);
            a != b && group[a].is_some() && group[a] == group[b] && host[edge.dependent] != edge.dependent
        };
        let leaving: BTreeSet<usize> = edges.iter().filter(on_cycle).map(|edge| edge.dependent).collect();
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
    let pairs = edges.iter().map(|e| (unit[e.before], unit[e.after]));
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
        if matches!(step.sql, Sql::Container { .. } | Sql::Clauses(_)) {
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
    let place = |part: &Step| (part.causes.first().map_or(0, ObjectId::rank), part.position);
    parts.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.causes.first().cmp(&b.causes.first())));
    // What is new with its clauses has no rows anywhere yet.
    let locks = !matches!(whole.sql, Sql::Clauses(_));
    for (mode, table) in parts.iter().flat_map(|part| &part.locks).filter(|_| locks) {
        whole.lock(*mode, table);
    }
    let lines: Vec<&str> = parts.iter().filter_map(Step::line).collect();
    match &whole.sql {
        Sql::Container { head, tail } if lines.is_empty() => {
            whole.sql = Sql::Statement(format!("{head} (){tail}"));
        }
        Sql::Container { head, tail } => {
            whole.sql = Sql::Statement(format!("{head} (\n    {}\n){tail}", lines.join(",\n    ")));
        }
        Sql::Clauses(head) => {
            let clauses: String = lines.iter().map(|line| format!("\n    {line}")).collect();
            whole.sql = Sql::Statement(format!("{head}{clauses}"));
        }
        Sql::Statement(_) | Sql::AlterTable { .. } => {}
    }
    let all = |of: fn(&mut Step) -> &mut Ids, whole: &mut Step, parts: &mut [Step]| {
        let more = parts.iter_mut().flat_map(|part| std::mem::take(of(part)));
        of(whole).extend(more);
    };
    all(|step| &mut step.builds, &mut whole, &mut parts);
    all(|step| &mut step.needs, &mut whole, &mut parts);
    all(|step| &mut step.destroys, &mut whole, &mut parts);
    all(|step| &mut step.releases, &mut whole, &mut parts);
    whole.settings.extend(parts.iter().flat_map(|part| &part.settings).copied());
    whole
}

/// Neighbours that alter the same table under the same lock become one statement: what rewrites it, does so once.
pub(super) fn merge_neighbours(steps: Vec<Step>) -> Vec<Step> {
    let mut merged: Vec<(Step, Vec<String>)> = Vec::new();
    for step in steps {
        let action = match &step.sql {
            Sql::AlterTable { action, .. } => vec![action.clone()],
            Sql::Statement(_) | Sql::Container { .. } | Sql::Clauses(_) => Vec::new(),
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
        (Sql::AlterTable { .. } | Sql::Statement(_) | Sql::Container { .. } | Sql::Clauses(_), _) => false,
    }
}
