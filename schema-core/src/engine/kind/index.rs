//! Indexes that stand on their own.

use super::any_index::AnyIndex;
use super::constraint::is_referenced;
use super::inherit::{
    By, above_lasts, arrives_attached, attached_to, before_it, brings, index_of, lasting, leaves, leaving,
    made_again, stays_attached, table,
};
use super::online::{by_partition, has_same_partitions, passing_index, was_there};
use super::parameter::with;
use super::table::Table;
use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::{Printed, find};
use crate::engine::step::{LockMode, Sql, Step, Transaction};
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

/// An index that is not the inside of a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name; an index lives in the schema of its table.
    pub name: QName,
    /// The table.
    pub table: QName,
    /// `UNIQUE`.
    pub unique: bool,
    /// What follows the name in `pg_get_indexdef`: `public.users USING btree (email) WHERE ...`.
    pub on: Printed,
    /// The table's columns that its key names, in its order; expressions are left out.
    pub columns: ThinVec<Ident>,
    /// Storage parameters. Their order is no difference.
    pub parameters: ThinVec<String>,
    /// `TABLESPACE`, where it is not the database's own.
    pub tablespace: Option<Ident>,
    /// Whether it is used. A partitioned one is once all partitions have theirs; another one failed to be built.
    pub valid: bool,
    /// Whether `CLUSTER` goes by it.
    pub clustered: bool,
    /// Whether it is the replica identity.
    pub replica_identity: bool,
    /// Whether it is on a partitioned table.
    pub partitioned: bool,
    /// The index of the partitioned table that it is attached to.
    pub attached_to: Option<QName>,
    /// Whether it has, attached, the name that PostgreSQL gives it.
    pub usual: bool,
    /// Statistics targets of its expressions, by the number of the column.
    pub statistics: ThinVec<(i16, i32)>,
}

const EQUAL: &str = "rows that are equal in these columns stand in the way";

impl Index {
    pub(super) fn as_any(&self) -> AnyIndex<'_> {
        AnyIndex {
            table: &self.table,
            name: &self.name.name,
            inside: false,
            columns: &self.columns,
            parameters: &self.parameters,
            tablespace: self.tablespace.as_ref(),
            clustered: self.clustered,
            replica_identity: self.replica_identity,
            attached_to: self.attached_to.as_ref(),
            usual: self.usual,
            complete: self.valid,
        }
    }

    /// Whether it has neither expressions nor a condition, so that PostgreSQL carries it through changes of type.
    pub(super) fn plain(&self) -> bool {
        let keys = self.on.find('(').map_or("", |open| &self.on[open..]);
        !self.on.contains(" WHERE ") && !keys[1.min(keys.len())..].contains('(')
    }

    /// `CREATE INDEX how name ON only ...`.
    fn statement(&self, how: &str, name: &Ident, only: &str) -> String {
        let unique = if self.unique { "UNIQUE " } else { "" };
        let mut facets = with(&self.parameters);
        if let Some(tablespace) = &self.tablespace {
            facets.push_str(&format!(" TABLESPACE {tablespace}"));
        }
        let end = find(&self.on, " WHERE ").unwrap_or(self.on.len());
        let (on, condition) = self.on.split_at(end);
        format!("CREATE {unique}INDEX {how}{name} ON {only}{on}{facets}{condition}")
    }

    /// Whether the index that it is attached to stays, be it under another name.
    fn above_lasts(&self, new: &Self, cx: &Context<'_>) -> bool {
        let attached = self.attached_to.as_ref().zip(new.attached_to.as_ref());
        let above = |parent: &QName| {
            attached.map(|(old, new)| (index_of(cx.old, parent, old), index_of(cx.new, parent, new)))
        };
        above_lasts(cx, &self.table, above)
    }

    /// On the partitioned table alone: not valid until those of the partitions are attached.
    pub(super) fn frame(&self) -> Step {
        Step::statement(self.id(), self.statement("", &self.name.name, "ONLY "))
            .builds(ObjectId::RelationName(self.name.clone()))
            .locks(LockMode::Share, &self.table)
    }

    /// Built under this name while others write.
    pub(super) fn concurrently(&self, name: &QName) -> Step {
        let step = Step::statement(self.id(), self.statement("CONCURRENTLY ", &name.name, ""))
            .builds(ObjectId::RelationName(name.clone()))
            .locks(LockMode::ShareUpdateExclusive, &self.table)
            .in_transaction(Transaction::Outside);
        if self.unique { step.hazard(HazardKind::MayFail, EQUAL) } else { step }
    }

    /// What can take the place of `step`, which creates it; `brought` are the partitions' that come with it.
    fn create_online(
        &self,
        step: &Step,
        brought: Option<&[(&Table, QName, ObjectId)]>,
        cx: &Context<'_>,
    ) -> Vec<Step> {
        let old = cx.old.get(&self.id());
        if !was_there(&self.table, cx) || matches!(old, Some(Object::Index(old)) if old.same(self)) {
            // Made again around something else: it stays in its transaction.
            return Vec::new();
        }
        if self.partitioned {
            return match brought {
                Some(brought) if old.is_none() && has_same_partitions(cx, &self.table) => {
                    by_partition(self.frame(), brought, step, cx)
                }
                Some(_) | None => Vec::new(),
            };
        }
        let constraint = ObjectId::Constraint(self.table.clone(), self.name.name.clone());
        let by_constraint =
            matches!(cx.old.get(&constraint), Some(Object::Constraint(key)) if key.has_index());
        if old.is_none() && !by_constraint {
            return vec![self.concurrently(&self.name).builds(self.id())];
        }
        // The old one serves until the new one takes its name.
        let meanwhile = self.name.sibling(&passing_index(&self.name.name, "new", cx));
        vec![self.concurrently(&meanwhile), self.renamed(&meanwhile, &self.name).builds(self.id())]
    }

    /// What can take the place of `step`, which drops it.
    fn drop_online(&self, step: &Step, cx: &Context<'_>) -> Vec<Step> {
        if self.partitioned || self.attached_to.is_some() {
            return Vec::new();
        }
        let drop = |name: &QName| {
            let sql = Sql::Statement(format!("DROP INDEX CONCURRENTLY {name}"));
            step.clone()
                .with_sql(sql)
                .relocked(LockMode::ShareUpdateExclusive, &self.table)
                .in_transaction(Transaction::Outside)
        };
        let constraint = ObjectId::Constraint(self.table.clone(), self.name.name.clone());
        let to_constraint = cx.new.get(&constraint).filter(|_| cx.old.get(&constraint).is_none());
        match cx.new.get(&self.id()).or(to_constraint) {
            Some(Object::Index(new)) if self.same(new) || new.partitioned => Vec::new(),
            // Foreign keys would go on to stand on it.
            Some(_) if self.unique && is_referenced(&self.table, cx) => vec![drop(&self.name)],
            // Its name is wanted: it serves under another one until what takes it is there.
            Some(_) => {
                let meanwhile = self.name.sibling(&passing_index(&self.name.name, "old", cx));
                let mut away = self.renamed(&self.name, &meanwhile).destroys(self.id());
                away.builds.clear();
                let mut drop = drop(&meanwhile);
                drop.destroys = std::iter::once(ObjectId::RelationName(meanwhile)).collect();
                vec![away, drop]
            }
            None => vec![drop(&self.name)],
        }
    }

    /// Another name, as far as names go.
    fn renamed(&self, from: &QName, to: &QName) -> Step {
        Step::statement(self.id(), format!("ALTER INDEX {from} RENAME TO {}", to.name))
            .destroys(ObjectId::RelationName(from.clone()))
            .builds(ObjectId::RelationName(to.clone()))
    }

    /// What comes once it is there: what its table or its columns know about it.
    fn marks(&self, before: Option<&Self>) -> Vec<Step> {
        let mut steps = Vec::new();
        let old = before.map_or(&[][..], |before| &before.statistics);
        let gone = old.iter().filter(|(number, _)| !self.statistics.iter().any(|(n, _)| n == number));
        let set = self.statistics.iter().filter(|target| !old.contains(target)).copied();
        for (number, target) in set.chain(gone.map(|(number, _)| (*number, -1))) {
            let sql = format!("ALTER INDEX {} ALTER COLUMN {number} SET STATISTICS {target}", self.name);
            steps.push(Step::statement(self.id(), sql));
        }
        steps.extend(self.as_any().marks(before.map(Self::as_any).as_ref()));
        steps
    }

    /// Whether it becomes the inside of a constraint of its name.
    pub(super) fn becomes(&self, cx: &Context<'_>) -> bool {
        let id = ObjectId::Constraint(self.table.clone(), self.name.name.clone());
        let Some(Object::Constraint(key)) = cx.new.get(&id) else { return false };
        let same_place = match (&self.attached_to, &key.attached_to) {
            (None, None) => true,
            (Some(_), Some(_)) => {
                self.attached_to.as_ref() == key.attached_to.as_deref() && stays_attached(cx, &self.table)
            }
            (_, _) => false,
        };
        let (Some(keys), true) = (key.keys(), self.unique && self.valid && !self.partitioned && same_place)
        else {
            return false;
        };
        cx.new.get(&self.id()).is_none()
            && cx.old.get(&id).is_none()
            && !made_again(cx, &self.table)
            && (&self.parameters, &self.tablespace) == (&key.parameters, &key.tablespace)
            && *self.on == *format!("{} USING btree {keys}", self.table)
            && self.columns == key.columns
    }

    /// Whether nothing differs that needs another index.
    pub(super) fn same(&self, new: &Self) -> bool {
        // One that failed to be built cannot be wanted.
        let built = self.valid || !new.valid || (self.partitioned && new.partitioned);
        built && (&self.table, self.unique, &self.on) == (&new.table, new.unique, &new.on)
    }
}

impl Rules for Index {
    fn id(&self) -> ObjectId {
        ObjectId::Index(self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        if let Some(to) = &self.attached_to
            && arrives_attached(cx, &self.table, &self.name, to) != By::Itself
        {
            let steps = self.as_any().own_storage(cx).into_iter();
            return steps.chain(self.marks(None)).collect();
        }
        let brought = brings(cx, &self.table, &self.name);
        let only = self.partitioned && brought.is_none();
        let mut step = if only {
            self.frame().builds(self.id())
        } else {
            Step::statement(self.id(), self.statement("", &self.name.name, ""))
                .builds(self.id())
                .builds(ObjectId::RelationName(self.name.clone()))
                .locks(LockMode::Share, &self.table)
                .hazard(HazardKind::LongLock, "writes wait until the index is built")
        };
        step.needs.extend(leaving(cx, &self.table));
        step.needs.extend(self.as_any().gives_way(cx));
        if only {
            step.needs.extend(before_it(cx, &self.table, &self.name));
        } else {
            // Those that are dropped later get it too.
            step = lasting(cx, &self.table).iter().fold(step, |step, t| step.locks(LockMode::Share, &t.name));
        }
        for (partition, name, id) in brought.iter().flatten() {
            step = step
                .builds(id.clone())
                .builds(ObjectId::RelationName(name.clone()))
                .needs(ObjectId::Table(partition.name.clone()))
                .locks(LockMode::Share, &partition.name);
        }
        if self.unique && !only {
            step = step.hazard(HazardKind::MayFail, EQUAL);
        }
        let online = self.create_online(&step, brought.as_deref(), cx);
        let mut steps = vec![step.online(online)];
        steps.extend(self.as_any().attach(cx));
        steps.extend(self.marks(None));
        steps
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        if self.becomes(cx) {
            return Vec::new();
        }
        // The constraint of a partition that its index is attached for goes only so.
        let of_constraint = |(_, _, id): &(_, _, ObjectId)| matches!(id, ObjectId::Constraint(..));
        let cascade = if attached_to(cx.old, &self.table, &self.name).iter().any(of_constraint) {
            " CASCADE"
        } else {
            ""
        };
        let mut step = Step::statement(self.id(), format!("DROP INDEX {}{cascade}", self.name))
            .destroys(self.id())
            .destroys(ObjectId::RelationName(self.name.clone()))
            .locks(LockMode::AccessExclusive, &self.table)
            .hosted_by(ObjectId::Table(self.table.clone()))
            .hosted_by(ObjectId::MaterializedView(self.table.clone()));
        step.needs.extend(leaving(cx, &self.table));
        if self.partitioned {
            // Partitions without an index of their own too, if they are still there.
            for partition in lasting(cx, &self.table) {
                if table(cx.new, &partition.name).is_some() {
                    step.lock(LockMode::AccessExclusive, &partition.name);
                }
            }
        }
        if let Some(to) = &self.attached_to {
            match leaves(cx, &self.table, |_| true) {
                By::Parent(parent) => step = step.hosted_by(index_of(cx.old, &parent, to)),
                // Once the table is detached, which waits for nothing.
                By::Table | By::Itself => {}
            }
        }
        for column in &self.columns {
            step = step.hosted_by(ObjectId::Column(self.table.clone(), column.clone()));
        }
        let online = if cascade.is_empty() { self.drop_online(&step, cx) } else { Vec::new() };
        vec![step.online(online)]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::Index(new) = new else { return Alteration::Recreate };
        let Self {
            name: _,
            table: _,
            unique: _,
            on: _,
            columns: _,
            parameters: _,
            tablespace: _,
            valid: _,
            clustered: _,
            replica_identity: _,
            partitioned: _,
            attached_to,
            usual: _,
            statistics: _,
        } = self;
        if !self.same(new) {
            return Alteration::Recreate;
        }
        let mut steps: Vec<Step> = Vec::new();
        let moved = *attached_to != new.attached_to && !self.above_lasts(new, cx);
        if moved && stays_attached(cx, &self.table) {
            match attached_to {
                None => steps.extend(new.as_any().attach(cx)),
                Some(_) => return Alteration::Recreate,
            }
        }
        steps.extend(self.as_any().change_storage(&new.as_any()));
        steps.extend(new.marks(Some(self)));
        if moved && steps.is_empty() {
            // It comes or goes with its table: it stays, whatever becomes of the other index.
            return Alteration::InPlace { steps, rebuild: Vec::new(), touches: Vec::new() };
        }
        Alteration::in_place(steps)
    }

    fn nameless(&self) -> bool {
        true
    }

    fn equal_but_name(&self, new: &Object) -> bool {
        let Object::Index(new) = new else { return false };
        self.same(new)
            && (&self.parameters, &self.tablespace, &self.attached_to, &self.statistics)
                == (&new.parameters, &new.tablespace, &new.attached_to, &new.statistics)
            && (self.clustered, self.replica_identity) == (new.clustered, new.replica_identity)
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Index(to) = new else {
            return Vec::new();
        };
        vec![
            Step::statement(new.clone(), format!("ALTER INDEX {} RENAME TO {}", self.name, to.name))
                .destroys(self.id())
                .destroys(ObjectId::RelationName(self.name.clone()))
                .builds(new.clone())
                .builds(ObjectId::RelationName(to.clone())),
        ]
    }
}
