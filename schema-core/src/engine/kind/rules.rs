//! The rules that every kind answers, and the objects' dispatch to them. The generic phases know this trait only.

use super::Object;
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::step::Step;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a rule may look at besides its object.
#[derive(Debug)]
pub struct Context<'a> {
    /// The Catalog that the plan starts from.
    pub old: &'a Catalog,
    /// The Catalog that it leads to.
    pub new: &'a Catalog,
    /// Names that PostgreSQL would not have chosen for NOT NULL constraints of columns that go, with their tables, once
    /// somebody asks.
    given: OnceLock<BTreeMap<QName, Vec<QName>>>,
}

impl<'a> Context<'a> {
    /// Takes both.
    pub fn new(old: &'a Catalog, new: &'a Catalog) -> Self {
        Self { old, new, given: OnceLock::new() }
    }

    /// Whether a NOT NULL constraint of another table's column that goes has this name, and PostgreSQL would not have
    /// chosen it there.
    pub(super) fn is_given_elsewhere(&self, name: &QName, table: &QName) -> bool {
        let given = self.given.get_or_init(|| {
            let mut given: BTreeMap<QName, Vec<QName>> = BTreeMap::new();
            for object in self.old.objects.values() {
                if let Object::Column(column) = object
                    && let Some(named) = &column.not_null_constraint
                    && self.new.get(&object.id()).is_none()
                {
                    given.entry(column.table.sibling(&named.name)).or_default().push(column.table.clone());
                }
            }
            given
        });
        given.get(name).is_some_and(|tables| !tables.contains(table))
    }
}

/// How an object becomes its new form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alteration {
    /// There is nothing to do.
    Same,
    /// By these Steps, in this order.
    InPlace {
        /// What to run.
        steps: Vec<Step>,
        /// What must be dropped before and created again after.
        rebuild: Vec<ObjectId>,
        /// Other objects that the Steps change: what depends on these is dropped before and created after, if it is.
        touches: Vec<ObjectId>,
    },
    /// By drop and create; whatever depends on it follows.
    Recreate,
}

impl Alteration {
    /// In place with nothing to rebuild; `Same` without Steps.
    pub fn in_place(steps: Vec<Step>) -> Self {
        if steps.is_empty() {
            Self::Same
        } else {
            Self::InPlace { steps, rebuild: Vec::new(), touches: Vec::new() }
        }
    }
}

/// How an object lets go of another one that is dropped and created again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detachment {
    /// What to run while the old form is still there.
    pub before: Vec<Step>,
    /// What to run when the new form is there.
    pub after: Vec<Step>,
    /// What must be dropped before and created again after.
    pub rebuild: Vec<ObjectId>,
}

/// The rules of one kind. Edges of the Catalog are added to `needs` and `releases` by the plan; a rule names only
/// what edges don't say.
pub trait Rules {
    /// Its address.
    fn id(&self) -> ObjectId;

    /// The Steps that create it.
    fn create(&self, cx: &Context<'_>) -> Vec<Step>;

    /// The Steps that drop it.
    fn drop(&self, cx: &Context<'_>) -> Vec<Step>;

    /// The Steps that make it `new`, which is of the same kind and id.
    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration;

    /// What of `new`, which has its id, no statement makes of it: said to people.
    fn beyond(&self, _new: &Object) -> Option<&'static str> {
        None
    }

    /// What of it, which is new, no statement makes: said to people.
    fn beyond_creation(&self, _cx: &Context<'_>) -> Option<&'static str> {
        None
    }

    /// What it is dropped with, although it does not need it: a sequence goes with the column that owns it.
    fn goes_with(&self) -> Option<ObjectId> {
        None
    }

    /// How it outlives `on`, which it depends on in both Catalogs and which is dropped and created again. `None`: it is
    /// dropped and created again itself.
    fn detach(&self, _new: &Object, _on: &ObjectId, _cx: &Context<'_>) -> Option<Detachment> {
        None
    }

    /// Whether its name is a label only, so that a drop beside an equal create is a rename without asking.
    fn nameless(&self) -> bool {
        false
    }

    /// Whether `new` is the same definition under another name.
    fn equal_but_name(&self, _new: &Object) -> bool {
        false
    }

    /// The Steps that give it the name of `new`; none for kinds that cannot be renamed.
    fn rename(&self, _new: &ObjectId) -> Vec<Step> {
        Vec::new()
    }

    /// Whether `new`, which is created where this is dropped, could be this under another name: then a person must
    /// say which, because a drop would lose data.
    fn resembles(&self, _new: &Object, _cx: &Context<'_>) -> bool {
        false
    }
}
