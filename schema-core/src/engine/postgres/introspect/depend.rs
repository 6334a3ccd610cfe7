//! Reads `pg_depend`: which object needs which, and what belongs to an extension.

use super::draft::{Address, CLASS, CONSTRAINT, Draft};
use super::rows::Rows;
use crate::engine::edges::{at, place};
use crate::engine::kind::Object;
use std::collections::HashSet;

struct Depend {
    from: Address,
    on: Address,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// Made by an extension.
    Member,
    /// Part of the other.
    Internal,
    /// Goes when the extension goes (`DEPENDS ON EXTENSION`).
    AutoExtension,
    Other,
}

/// Every row of `pg_depend` that was asked for.
pub(super) struct Depends(Vec<Depend>);

/// Makes everything that belongs to an extension stand for it, so that no family adds it as an object. Must come after
/// the extensions and before all else.
pub(super) fn read(rows: &Rows, draft: &mut Draft) -> Depends {
    let depends = rows.iter().map(|row| Depend {
        from: Address::read(row, 0),
        on: Address::read(row, 3),
        how: match row.get(6) {
            "e" => How::Member,
            "i" => How::Internal,
            "x" => How::AutoExtension,
            _ => How::Other,
        },
    });
    let depends = depends.collect::<Vec<_>>();
    find_members(&depends, draft);
    Depends(depends)
}

/// Gives pairs (a, b) of places in the draft: a needs b. Must come after all else.
pub(super) fn edges(Depends(depends): Depends, draft: &mut Draft) -> Vec<(u32, u32)> {
    let mut edges = Vec::with_capacity(depends.len());
    for depend in depends {
        let (Some(from), Some(on)) = (draft.target_or_whole(depend.from), draft.target_or_whole(depend.on))
        else {
            continue;
        };
        // The key of a partitioned table to itself is made again for each partition, and comes with it.
        if !from.own
            && let Object::Constraint(key) = draft.object(from.object)
            && key.references.as_ref() == Some(&key.table)
            && depend.from.class == CONSTRAINT
        {
            continue;
        }
        let (from, on) = (from.object, on.object);
        match (depend.how, draft.object(from)) {
            (How::AutoExtension, _) => {
                let name = draft.object(from).id().to_string();
                draft.unmodeled("dependency on extension", &name);
            }
            // The field `owned_by` says it; the column's default needs the sequence, so an edge would close a circle.
            (How::Other, Object::Sequence(_)) if depend.on.class == CLASS => continue,
            (How::Member | How::Internal | How::Other, _) => {}
        }
        edges.push((place(from), place(on)));
    }
    open_circles(edges, draft)
}

/// A base type and its functions need each other: the type that needs the function stays.
fn open_circles(mut edges: Vec<(u32, u32)>, draft: &Draft) -> Vec<(u32, u32)> {
    let is_type = |place| matches!(draft.object(at(place)), Object::BaseType(_) | Object::Range(_));
    let is_routine = |place| matches!(draft.object(at(place)), Object::Routine(_));
    let of_types: HashSet<(u32, u32)> =
        edges.iter().filter(|(from, on)| is_type(*from) && is_routine(*on)).copied().collect();
    edges.retain(|(from, on)| !of_types.contains(&(*on, *from)));
    edges
}

/// What belongs to an extension stands for it, directly or inside another member (as an array type in its type).
fn find_members(depends: &[Depend], draft: &mut Draft) {
    let belongs = |how| depends.iter().filter(move |depend| depend.how == how);
    for depend in belongs(How::Member) {
        if let Some(extension) = draft.target(depend.on) {
            draft.add_inside(depend.from, extension.object);
        }
    }
    let mut found = true;
    while found {
        found = false;
        for depend in belongs(How::Internal) {
            let Some(whole) = draft.target_or_whole(depend.on) else {
                continue;
            };
            if matches!(draft.object(whole.object), Object::Extension(_))
                && draft.target(depend.from).is_none()
            {
                draft.add_inside(depend.from, whole.object);
                found = true;
            }
        }
    }
}
