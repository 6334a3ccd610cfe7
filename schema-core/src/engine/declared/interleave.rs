//! The order of what other SQL may name (views, types) beside raw SQL. Raw SQL keeps its order; an item comes as late as
//! it can: just before the first raw SQL that names it, but not before raw SQL that creates what it needs.

use super::mention::{Mentions, created};
use crate::engine::name::QName;
use std::collections::{BTreeMap, BTreeSet};

/// What is put in order.
pub(super) struct Item {
    pub(super) name: QName,
    pub(super) mentions: Mentions,
    /// Other items, by their place in the list.
    pub(super) needs: BTreeSet<usize>,
}

/// One piece of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// The n-th raw SQL.
    Raw(usize),
    /// The n-th item.
    Item(usize),
}

/// Puts them in order. Raw SQL that cannot be read names nothing.
pub(super) fn interleave(raws: &[&str], items: &[Item]) -> Vec<Piece> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        by_name.entry(item.name.name.as_str()).or_default().push(at);
    }
    let mut makers: BTreeMap<String, usize> = BTreeMap::new();
    for (at, sql) in raws.iter().enumerate() {
        for made in created(sql).unwrap_or_default() {
            makers.insert(made.name, at);
        }
    }
    let ready: Vec<Option<usize>> = items
        .iter()
        .map(|item| item.mentions.names().filter_map(|name| makers.get(name).copied()).max())
        .collect();
    let mut order = Order { items, ready, placed: BTreeSet::new(), pieces: Vec::new() };
    for (at, sql) in raws.iter().enumerate() {
        let mentions = Mentions::of(sql).unwrap_or_default();
        let named: BTreeSet<usize> = mentions
            .names()
            .filter_map(|name| by_name.get(name))
            .flatten()
            .copied()
            .filter(|item| mentions.has(&items[*item].name))
            .collect();
        for item in named {
            if order.last_maker(item, &mut BTreeSet::new()).is_none_or(|maker| maker < at) {
                order.place(item);
            }
        }
        order.pieces.push(Piece::Raw(at));
    }
    for item in 0..items.len() {
        order.place(item);
    }
    order.pieces
}

struct Order<'a> {
    items: &'a [Item],
    /// By item: the last raw SQL that creates something the item mentions.
    ready: Vec<Option<usize>>,
    placed: BTreeSet<usize>,
    pieces: Vec<Piece>,
}

impl Order<'_> {
    /// The item after what it needs; what needs each other comes in the order of the list.
    fn place(&mut self, item: usize) {
        if self.placed.insert(item) {
            for need in &self.items[item].needs {
                self.place(*need);
            }
            self.pieces.push(Piece::Item(item));
        }
    }

    /// The last raw SQL that the item has to wait for, itself or through what it needs and has not yet.
    fn last_maker(&self, item: usize, seen: &mut BTreeSet<usize>) -> Option<usize> {
        if self.placed.contains(&item) || !seen.insert(item) {
            return None;
        }
        let through = self.items[item].needs.iter().filter_map(|need| self.last_maker(*need, seen)).max();
        self.ready[item].max(through)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(list: &[(&str, &str, &[usize])]) -> Vec<Item> {
        let item = |(name, sql, needs): &(&str, &str, &[usize])| Item {
            name: QName::new("public", *name),
            mentions: Mentions::of(sql).unwrap_or_default(),
            needs: needs.iter().copied().collect(),
        };
        list.iter().map(item).collect()
    }

    #[test]
    fn an_item_comes_just_before_the_raw_sql_that_names_it() {
        let list = items(&[("a", "select 1 from b", &[1]), ("b", "select f()", &[]), ("c", "select 1", &[])]);
        let raws = ["create function f() returns int", "select 1", "create trigger t on a"];
        use Piece::{Item as I, Raw as R};
        assert_eq!(interleave(&raws, &list), [R(0), R(1), I(1), I(0), R(2), I(2)]);
    }

    #[test]
    fn an_item_waits_for_what_it_needs() {
        let list = items(&[("v", "select f()", &[])]);
        let raws = ["create function t() language plpgsql as $$ select * from v $$", "create function f()"];
        use Piece::{Item as I, Raw as R};
        assert_eq!(interleave(&raws, &list), [R(0), R(1), I(0)]);
    }

    #[test]
    fn items_that_name_each_other_end() {
        let list = items(&[("a", "select b", &[1]), ("b", "select a", &[0])]);
        assert_eq!(interleave(&["select a"], &list).len(), 3);
    }
}
