//! The declared Catalog from that of an earlier `schema.sql`: only the blocks that changed run again, with those that
//! need them and those that they need. Pure: what runs, and how the two Catalogs are put together. A shortcut, never
//! the judge: the proof compares its result with a whole database.

use super::catalog::Catalog;
use super::declared::{Block, BlockId, Declared};
use super::id::ObjectId;
use super::kind::Object;
use std::collections::{BTreeMap, BTreeSet};

/// What has to run to know the changed part of a declared Catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Increment<'a> {
    /// In order: the changed blocks and all that they need.
    pub run: Vec<&'a Block>,
    /// Blocks whose objects come from that run.
    fresh: BTreeSet<&'a BlockId>,
    /// Blocks of the earlier `schema.sql` whose objects go.
    stale: BTreeSet<&'a BlockId>,
}

/// Compares the blocks. `None` where a part cannot stand for the whole: raw SQL keeps its needs to itself.
pub fn increment<'a>(earlier: &'a [(BlockId, String)], declared: &'a Declared) -> Option<Increment<'a>> {
    let old: BTreeMap<&BlockId, &str> = earlier.iter().map(|(id, sql)| (id, sql.as_str())).collect();
    let new: BTreeMap<&BlockId, &Block> = declared.blocks.iter().map(|block| (&block.id, block)).collect();
    if old.keys().chain(new.keys()).any(|id| matches!(id, BlockId::Raw(_))) {
        return None;
    }
    let mut fresh: BTreeSet<&BlockId> = new
        .values()
        .filter(|block| old.get(&block.id) != Some(&block.sql.as_str()))
        .map(|block| &block.id)
        .collect();
    let gone = old.keys().filter(|id| !new.contains_key(*id)).copied();
    let mut stale: BTreeSet<&BlockId> = gone.chain(fresh.iter().copied()).collect();
    // Blocks are in the order in which they run: who needs a changed one comes after it.
    for block in &declared.blocks {
        if block.needs.iter().any(|need| stale.contains(need)) {
            fresh.insert(&block.id);
            stale.insert(&block.id);
        }
    }
    let mut wanted = fresh.clone();
    for block in declared.blocks.iter().rev() {
        if wanted.contains(&block.id) {
            wanted.extend(&block.needs);
        }
    }
    let run = declared.blocks.iter().filter(|block| wanted.contains(&block.id)).collect();
    Some(Increment { run, fresh, stale })
}

impl Increment<'_> {
    /// The earlier Catalog with its stale objects replaced by those that the run made. `None` where they meet: then the
    /// definitions collide.
    pub fn put_together(&self, earlier: &Catalog, ran: &Catalog) -> Option<Catalog> {
        let mut whole = Catalog {
            server_version: ran.server_version,
            unmodeled: earlier.unmodeled.clone(),
            ..Catalog::default()
        };
        let owned = |id: &ObjectId, catalog: &Catalog, by: &BTreeSet<&BlockId>| {
            by.contains(&BlockId::Object(id.clone())) || owners(id, catalog).any(|owner| by.contains(&owner))
        };
        let own = |(id, object): (&ObjectId, &Object)| (id.clone(), object.clone());
        whole.objects =
            earlier.objects.iter().filter(|(id, _)| !owned(id, earlier, &self.stale)).map(own).collect();
        let fresh: BTreeSet<&ObjectId> =
            ran.objects.keys().filter(|id| owned(id, ran, &self.fresh)).collect();
        if fresh.iter().any(|id| whole.objects.contains_key(id)) {
            return None;
        }
        whole.objects.extend(ran.objects.iter().filter(|(id, _)| fresh.contains(id)).map(own));
        let kept = earlier.edges.iter().filter(|(from, _)| !fresh.contains(from));
        let made = ran.edges.iter().filter(|(from, _)| fresh.contains(from));
        let there = |id: &ObjectId| whole.objects.contains_key(id);
        let edges = kept.chain(made).filter(|(from, to)| there(from) && there(to));
        whole.edges = edges.map(|(from, to)| (from.clone(), to.clone())).collect();
        Some(whole)
    }
}

/// The block that makes an object which has none of its own; one of these, if any.
fn owners(id: &ObjectId, catalog: &Catalog) -> impl Iterator<Item = BlockId> {
    let ids = match (id, catalog.get(id)) {
        (ObjectId::Comment(on), _) => vec![(**on).clone()],
        (id, object) => {
            let table = if let Some(Object::Index(index)) = object { Some(&index.table) } else { id.table() };
            // Parts of views are named as those of tables are.
            table.map_or_else(Vec::new, |name| {
                [ObjectId::Table, ObjectId::View, ObjectId::MaterializedView]
                    .map(|of| of(name.clone()))
                    .into()
            })
        }
    };
    ids.into_iter().map(BlockId::Object)
}
