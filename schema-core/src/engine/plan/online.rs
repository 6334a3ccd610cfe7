//! The way for a database in use: Steps on relations that stay give way to their online forms, and what takes long comes
//! together. Knows no kind: the forms are said by the kinds, their order by the graph.

use super::Chained;
use crate::engine::id::ObjectId;
use crate::engine::ids::Ids;
use crate::engine::name::QName;
use crate::engine::step::{Step, Transaction};
use std::collections::BTreeSet;
use thin_vec::ThinVec;

/// When a Step comes, as far as the graph lets it: so that there are few sections, and what runs between them lacks
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Short transactions.
    First,
    /// What is built outside of a transaction.
    Build,
    /// What reads whole tables under a weak lock.
    Check,
    /// Short transactions that stand on those.
    Switch,
    /// What is taken away outside of a transaction.
    Clear,
}

/// The Steps with their online forms in place, but for those whose number is in `plain`; and for each Step of a form the
/// number of the one whose place it took.
pub(super) fn replace(all: &Chained, plain: &BTreeSet<usize>) -> (Chained, Vec<Option<usize>>) {
    let built: BTreeSet<&QName> =
        all.steps.iter().flat_map(|step| &step.builds).filter_map(ObjectId::as_relation).collect();
    let (mut replaced, mut origin) = (Chained::default(), Vec::new());
    for (i, (step, chain)) in all.steps.iter().zip(&all.chain).enumerate() {
        let first = step.online.iter().find_map(|part| part.locks.first());
        let in_use = first.is_some_and(|(_, relation)| !built.contains(relation));
        let takes = in_use && !plain.contains(&i);
        let steps = if takes { form(step) } else { vec![Step { online: ThinVec::new(), ..step.clone() }] };
        origin.extend(std::iter::repeat_n(takes.then_some(i), steps.len()));
        replaced.chain.extend(std::iter::repeat_n(*chain, steps.len()));
        replaced.steps.extend(steps);
    }
    (replaced, origin)
}

/// The online form of a Step, with what the Step's sets say beyond the form's own: it begins with the first, and has let
/// go after the last.
fn form(step: &Step) -> Vec<Step> {
    let mut steps: Vec<Step> = step.online.iter().cloned().collect();
    let left = |of: fn(&Step) -> &Ids| -> Vec<ObjectId> {
        let said = |id: &&ObjectId| !step.online.iter().any(|own| of(own).contains(id));
        of(step).iter().filter(said).cloned().collect()
    };
    let (needs, builds) = (left(|step| &step.needs), left(|step| &step.builds));
    let (destroys, releases) = (left(|step| &step.destroys), left(|step| &step.releases));
    if let Some(first) = steps.first_mut() {
        first.needs.extend(needs);
        first.builds.extend(builds);
        first.destroys.extend(destroys);
        first.mentions.extend(step.mentions.iter().cloned());
        first.settings.extend(step.settings.iter().copied());
    }
    if let Some(last) = steps.last_mut() {
        last.releases.extend(releases);
    }
    steps
}

/// The phase of each Step; none if all of them run in one transaction. `order` is one that `edges` allow.
pub(super) fn phases(
    steps: &[Step],
    chain: &[usize],
    edges: &[(usize, usize)],
    order: &[usize],
) -> Option<Vec<Phase>> {
    let long = |step: &Step| matches!(step.transaction, Transaction::Later | Transaction::Outside);
    if !steps.iter().any(long) {
        return None;
    }
    let mut phases: Vec<Phase> = Vec::with_capacity(steps.len());
    for (i, step) in steps.iter().enumerate() {
        let follows = (0..i).rev().take_while(|before| chain[*before] == chain[i]).any(|b| long(&steps[b]));
        phases.push(match step.transaction {
            Transaction::Outside if step.only_drops() => Phase::Clear,
            Transaction::Outside => Phase::Build,
            Transaction::Later => Phase::Check,
            Transaction::Inside | Transaction::CommitBeforeUse if follows => Phase::Switch,
            Transaction::Inside | Transaction::CommitBeforeUse => Phase::First,
        });
    }
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for (a, b) in edges {
        before[*b].push(*a);
        after[*a].push(*b);
    }
    let waits = |phase: Phase| matches!(phase, Phase::Build | Phase::Check | Phase::Switch);
    for i in order {
        if phases[*i] == Phase::First && before[*i].iter().any(|b| waits(phases[*b])) {
            phases[*i] = Phase::Switch;
        }
    }
    let switched: BTreeSet<&QName> = steps
        .iter()
        .zip(&phases)
        .filter(|(_, phase)| **phase == Phase::Switch)
        .flat_map(|(step, _)| step.locks.iter().map(|(_, table)| table))
        .collect();
    // What only makes room is there as long as what comes in its place is not.
    for i in order.iter().rev().filter(|i| steps[**i].only_drops()) {
        let early = after[*i].iter().any(|a| phases[*a] < Phase::Switch);
        let table = steps[*i].locks.first().is_some_and(|(_, table)| switched.contains(table));
        let (phase, alone) = (phases[*i], after[*i].is_empty());
        phases[*i] = match phase {
            Phase::First | Phase::Clear if early => Phase::First,
            Phase::First if table || !alone => Phase::Switch,
            Phase::Clear if !alone => Phase::Switch,
            Phase::First | Phase::Build | Phase::Check | Phase::Switch | Phase::Clear => phase,
        };
    }
    Some(phases)
}
