//! A Catalog while it is being read: objects under the numbers that PostgreSQL gives them. No query here.

use super::rows::Row;
use super::sequence::Inside;
use crate::engine::catalog::Catalog;
use crate::engine::edges::{Edges, at, place as packed};
use crate::engine::id::ObjectId;
use crate::engine::kind::{Object, comment::Comment};
use crate::engine::name::{Ident, QName};
use crate::engine::objects::Objects;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// What `pg_depend` and `pg_description` call an object: `classid`, `objid`, `objsubid`. The first is a catalog, whose
/// numbers are under 16384, the last the number of a column: they are kept as narrow as they are, because there are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) class: u16,
    pub(super) oid: u32,
    pub(super) sub: i16,
}

impl Address {
    pub(super) const fn new(class: u16, oid: u32) -> Self {
        Self { class, oid, sub: 0 }
    }

    /// The same by the numbers as PostgreSQL sends them.
    pub(super) fn of(class: u32, oid: u32, sub: i32) -> Self {
        Self { class: u16::try_from(class).unwrap_or(0), oid, sub: i16::try_from(sub).unwrap_or(0) }
    }

    /// That in three columns of a row, from `first` on.
    pub(super) fn read(row: Row<'_>, first: usize) -> Self {
        Self::of(row.get(first), row.get(first + 1), row.get(first + 2))
    }
}

/// `pg_type` as a `classid`. These numbers are fixed in PostgreSQL's sources.
pub(super) const TYPE: u16 = 1247;
/// `pg_class`: relations and, with an `objsubid`, their columns.
pub(super) const CLASS: u16 = 1259;
/// `pg_authid`: roles.
pub(super) const AUTHID: u16 = 1260;
/// `pg_proc`.
pub(super) const PROC: u16 = 1255;
/// `pg_foreign_server`.
pub(super) const FOREIGN_SERVER: u16 = 1417;
/// `pg_user_mapping`.
pub(super) const USER_MAPPING: u16 = 1418;
/// `pg_foreign_data_wrapper`.
pub(super) const FOREIGN_DATA_WRAPPER: u16 = 2328;
/// `pg_collation`.
pub(super) const COLLATION: u16 = 3456;
/// `pg_ts_dict`.
pub(super) const TS_DICT: u16 = 3600;
/// `pg_ts_parser`.
pub(super) const TS_PARSER: u16 = 3601;
/// `pg_ts_config`.
pub(super) const TS_CONFIG: u16 = 3602;
/// `pg_ts_template`.
pub(super) const TS_TEMPLATE: u16 = 3764;
/// `pg_statistic_ext`.
pub(super) const STATISTICS: u16 = 3381;
/// `pg_constraint`.
pub(super) const CONSTRAINT: u16 = 2606;
/// `pg_attrdef`: defaults of columns.
pub(super) const ATTRDEF: u16 = 2604;
/// `pg_rewrite`: rules, and with them the queries of views.
pub(super) const REWRITE: u16 = 2618;
/// `pg_policy`.
pub(super) const POLICY: u16 = 3256;
/// `pg_publication`.
pub(super) const PUBLICATION: u16 = 6104;
/// `pg_subscription`.
pub(super) const SUBSCRIPTION: u16 = 6100;
/// `pg_namespace`.
pub(super) const NAMESPACE: u16 = 2615;
/// `pg_am`.
pub(super) const ACCESS_METHOD: u16 = 2601;
/// `pg_cast`.
pub(super) const CAST: u16 = 2605;
/// `pg_conversion`.
pub(super) const CONVERSION: u16 = 2607;
/// `pg_language`.
pub(super) const LANGUAGE: u16 = 2612;
/// `pg_opclass`.
pub(super) const OPCLASS: u16 = 2616;
/// `pg_operator`.
pub(super) const OPERATOR: u16 = 2617;
/// `pg_trigger`.
pub(super) const TRIGGER: u16 = 2620;
/// `pg_opfamily`.
pub(super) const OPFAMILY: u16 = 2753;
/// `pg_transform`.
pub(super) const TRANSFORM: u16 = 3576;
/// `pg_event_trigger`.
pub(super) const EVENT_TRIGGER: u16 = 3466;
/// `pg_extension`.
pub(super) const EXTENSION: u16 = 3079;

/// Which object stands at an address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// Its place among the objects.
    pub(super) object: usize,
    /// The address is the object's own; else that of something inside, as a constraint's index is.
    pub(super) own: bool,
}

/// What has been read so far.
pub(super) struct Draft {
    server_version: u32,
    /// The sequences inside identity columns, by the column's address, until the columns take them.
    pub(super) identities: HashMap<Address, Inside>,
    schemas: HashMap<u32, Ident>,
    ids: Vec<ObjectId>,
    /// Each at the place of its id.
    objects: Vec<Object>,
    /// The fields of each Target, packed: there are as many as objects, and more.
    targets: HashMap<Address, (u32, bool)>,
    /// The names of what is no object but can have a comment.
    parts: HashMap<Address, ObjectId>,
    /// What an object needs beyond what `pg_depend` says.
    edges: Vec<(usize, Address)>,
    unmodeled: BTreeMap<String, BTreeSet<String>>,
}

impl Draft {
    /// An empty one, with room for so many objects.
    pub(super) fn new(server_version: u32, room: usize) -> Self {
        Self {
            server_version,
            identities: HashMap::new(),
            schemas: HashMap::new(),
            ids: Vec::with_capacity(room),
            objects: Vec::with_capacity(room),
            targets: HashMap::new(),
            parts: HashMap::new(),
            edges: Vec::new(),
            unmodeled: BTreeMap::new(),
        }
    }

    /// Remembers the name of a namespace, be it an object or not.
    pub(super) fn name_schema(&mut self, oid: u32, name: &str) {
        self.schemas.insert(oid, Ident::from(name));
    }

    /// The qualified name of something in a namespace that is read.
    pub(super) fn qname(&self, namespace: u32, name: &str) -> Option<QName> {
        let schema = self.schemas.get(&namespace)?.clone();
        Some(QName { schema, name: Ident::from(name) })
    }

    /// Adds an object and says where it is; nothing, if it belongs to an extension.
    pub(super) fn add(&mut self, address: Address, object: Object) -> Option<usize> {
        if self.targets.contains_key(&address) {
            return None;
        }
        let place = self.add_apart(object);
        self.targets.insert(address, (packed(place), true));
        Some(place)
    }

    /// The object needs what is at the address.
    pub(super) fn add_edge(&mut self, object: usize, on: Address) {
        self.edges.push((object, on));
    }

    /// Adds an object that has no address of its own.
    pub(super) fn add_apart(&mut self, object: Object) -> usize {
        self.ids.push(object.id());
        self.objects.push(object);
        self.objects.len() - 1
    }

    /// Adds a comment on what is at the address; it has no address of its own.
    pub(super) fn add_comment(&mut self, comment: Comment, on: Address) {
        let place = self.add_apart(Object::Comment(comment));
        self.add_edge(place, on);
    }

    /// Something inside the object that can have a comment under a name of its own, as an attribute of a type.
    pub(super) fn add_part(&mut self, address: Address, object: usize, name: ObjectId) {
        self.add_inside(address, object);
        self.parts.insert(address, name);
    }

    /// The name of what is inside an object.
    pub(super) fn part(&self, address: Address) -> Option<&ObjectId> {
        self.parts.get(&address)
    }

    /// Something inside the object: what depends on it, or what it depends on, concerns the object.
    pub(super) fn add_inside(&mut self, address: Address, object: usize) {
        self.targets.entry(address).or_insert((packed(object), false));
    }

    /// Exactly this address.
    pub(super) fn target(&self, address: Address) -> Option<Target> {
        self.targets.get(&address).map(|(object, own)| Target { object: at(*object), own: *own })
    }

    /// This address, else the whole that it is a part of.
    pub(super) fn target_or_whole(&self, address: Address) -> Option<Target> {
        self.target(address).or_else(|| self.target(Address { sub: 0, ..address }))
    }

    /// The object at a place that this draft gave out.
    pub(super) fn object(&self, place: usize) -> &Object {
        &self.objects[place]
    }

    /// The table at an oid, if it is one that is modeled.
    pub(super) fn table(&self, oid: u32) -> Option<&QName> {
        let target = self.target(Address::new(CLASS, oid))?;
        let object = self.object(target.object);
        if let Object::Table(table) = object {
            Some(&table.name)
        } else if let Object::ForeignTable(foreign) = object {
            Some(&foreign.table.name)
        } else {
            None
        }
    }

    /// The table, view or materialized view at an oid, if it is one that is modeled.
    pub(super) fn relation(&self, oid: u32) -> Option<QName> {
        let target = self.target(Address::new(CLASS, oid)).filter(|target| target.own)?;
        self.object(target.object).id().as_relation().cloned()
    }

    /// The names of a table's columns; an expression (0) has none.
    pub(super) fn columns(&self, table: u32, numbers: &[i16]) -> Vec<Ident> {
        let name = |number: &i16| {
            let address = Address { sub: *number, ..Address::new(CLASS, table) };
            let target = self.target(address)?;
            if let Object::Column(column) = self.object(target.object) {
                Some(column.name.clone())
            } else {
                None
            }
        };
        numbers.iter().filter(|number| **number != 0).filter_map(name).collect()
    }

    /// Counts something that cannot be modeled.
    pub(super) fn unmodeled(&mut self, kind: &str, name: &str) {
        match self.unmodeled.get_mut(kind) {
            Some(names) => names.insert(name.to_owned()),
            None => self.unmodeled.entry(kind.to_owned()).or_default().insert(name.to_owned()),
        };
    }

    /// Orders the objects by identity and adds the edges that identity alone gives to those of `pg_depend`.
    pub(super) fn finish(mut self, depends: Vec<(u32, u32)>) -> Catalog {
        let parents: Vec<Option<u32>> = {
            let places: HashMap<&ObjectId, u32> = self.ids.iter().zip(0..).collect();
            self.ids.iter().map(|id| parent(id, &places)).collect()
        };
        let mut edges = depends;
        // A column knows its schema from its table; what stands inside it says the same once more.
        let parent = |of: u32| parents[at(of)];
        edges.retain(|&(a, b)| a != b && parent(a).and_then(parent) != Some(b));
        edges.extend(parents.iter().zip(0..).filter_map(|(parent, place)| Some((place, (*parent)?))));
        let on = |address: &Address| self.target_or_whole(*address).map(|target| packed(target.object));
        edges.extend(self.edges.iter().filter_map(|(place, address)| Some((packed(*place), on(address)?))));
        drop(parents);
        self.targets = HashMap::new();
        // Numbers sort faster than names.
        let mut order: Vec<usize> = (0..self.objects.len()).collect();
        order.sort_unstable_by(|a, b| self.ids[*a].cmp(&self.ids[*b]));
        let mut ranks = vec![0; order.len()];
        for (rank, place) in (0_u32..).zip(&order) {
            ranks[*place] = rank;
        }
        drop(order);
        let ranked = edges.into_iter().map(|(a, b)| (ranks[at(a)], ranks[at(b)])).collect();
        // Each to its rank, so that the names need not be compared again.
        for place in 0..ranks.len() {
            while at(ranks[place]) != place {
                let to = at(ranks[place]);
                self.ids.swap(place, to);
                self.objects.swap(place, to);
                ranks.swap(place, to);
            }
        }
        let objects = Objects::of(self.ids, self.objects);
        Catalog {
            server_version: self.server_version,
            edges: Edges::of(objects.ids().clone(), ranked),
            objects,
            origins: Arc::default(),
            unclaimed: BTreeSet::new(),
            unmodeled: self.unmodeled,
        }
    }
}

/// The object that an object belongs to: a part of a relation names a table, whatever the relation is.
fn parent(id: &ObjectId, places: &HashMap<&ObjectId, u32>) -> Option<u32> {
    let parent = id.parent()?;
    let found = places.get(&parent);
    match (found, parent.as_table()) {
        (None, Some(name)) => [ObjectId::View(name.clone()), ObjectId::MaterializedView(name.clone())]
            .iter()
            .find_map(|relation| places.get(relation)),
        (found, _) => found,
    }
    .copied()
}
