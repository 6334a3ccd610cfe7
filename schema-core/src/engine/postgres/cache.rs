//! Catalogs on disk by a key that the caller makes, so that what has not changed is not read again. It may forget
//! at any time: damage, another format or a full disk look like a Catalog that was never stored.

use crate::engine::catalog::Catalog;
use crate::engine::check::Facts;
use crate::engine::declared::{Block, BlockId};
use crate::engine::edges::Edges;
use crate::engine::id::ObjectId;
use crate::engine::kind::{
    Object, access_method::AccessMethod, base_type::BaseType, cast::Cast, collation::Collation,
    column::Column, comment::Comment, composite::Composite, constraint::Constraint, conversion::Conversion,
    default_privileges::DefaultPrivileges, domain::Domain, domain_constraint::DomainConstraint,
    enumeration::Enum, event_trigger::EventTrigger, extension::Extension,
    foreign_data_wrapper::ForeignDataWrapper, foreign_table::ForeignTable, grant::Grant, index::Index,
    language::Language, materialized_view::MaterializedView, operator::Operator,
    operator_class::OperatorClass, operator_class::OperatorFamily, owner::Owner, policy::Policy,
    publication::Publication, range::Range, role::Role, routine::Routine, rule::Rule, schema::Schema,
    sequence::Sequence, server::Server, server::UserMapping, statistics::Statistics,
    subscription::Subscription, table::Table, text_search::TextSearchParser, text_search::TextSearchTemplate,
    text_search_configuration::TextSearchConfiguration, text_search_dictionary::TextSearchDictionary,
    transform::Transform, trigger::Trigger, view::View,
};
use crate::engine::objects::Objects;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

/// Raised whenever what is stored, or what the reader puts into a Catalog, changes its form or meaning.
const FORMAT: u32 = 8;
const KEPT: usize = 32;
const MARKS_KEPT: usize = 256;
const DIGEST: usize = 32;

/// A directory of Catalogs and marks. It is made when something is stored.
#[derive(Debug, Clone)]
pub struct Cache {
    dir: PathBuf,
}

/// What a file holds. Edges are pairs of places among the objects, which are in order.
#[derive(Serialize, Deserialize)]
struct Stored<O> {
    server_version: u32,
    objects: Vec<O>,
    edges: Vec<(u32, u32)>,
    unmodeled: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Serialize)]
struct Borrowed<'a>(#[serde(with = "Tagged")] &'a Object);

#[derive(Deserialize)]
struct Owned(#[serde(with = "Tagged")] Object);

/// [`Object`] with its kind as a number: a format that does not describe itself cannot search for a field `kind`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Object")]
enum Tagged {
    Schema(Schema),
    Extension(Extension),
    Language(Language),
    AccessMethod(AccessMethod),
    Conversion(Conversion),
    ForeignDataWrapper(ForeignDataWrapper),
    Server(Server),
    UserMapping(UserMapping),
    Collation(Box<Collation>),
    Enum(Enum),
    Domain(Box<Domain>),
    DomainConstraint(DomainConstraint),
    Composite(Composite),
    Range(Box<Range>),
    BaseType(BaseType),
    TextSearchParser(TextSearchParser),
    TextSearchTemplate(TextSearchTemplate),
    TextSearchDictionary(TextSearchDictionary),
    TextSearchConfiguration(TextSearchConfiguration),
    Sequence(Box<Sequence>),
    Table(Box<Table>),
    ForeignTable(Box<ForeignTable>),
    Column(Column),
    Constraint(Constraint),
    Index(Index),
    Routine(Box<Routine>),
    Operator(Operator),
    OperatorFamily(OperatorFamily),
    OperatorClass(OperatorClass),
    Cast(Cast),
    Transform(Transform),
    Trigger(Trigger),
    EventTrigger(EventTrigger),
    View(Box<View>),
    MaterializedView(Box<MaterializedView>),
    Rule(Rule),
    Policy(Box<Policy>),
    Publication(Publication),
    Subscription(Box<Subscription>),
    Statistics(Statistics),
    Comment(Comment),
    Role(Box<Role>),
    DefaultPrivileges(DefaultPrivileges),
    Owner(Owner),
    Grant(Grant),
}

impl Cache {
    /// Keeps its files in `dir`.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The Catalog of this key, if one is there and whole. Origins are not stored.
    pub fn load(&self, key: &str) -> Option<Catalog> {
        unpack(self.get("catalog", key)?)
    }

    /// Stores a Catalog under this key, and forgets those that have not been used for longest.
    pub fn store(&self, key: &str, catalog: &Catalog) {
        if let Some(stored) = pack(catalog) {
            self.put("catalog", key, &stored);
        }
    }

    /// The blocks of the declared SQL of this key: what each makes, and its text.
    pub fn load_blocks(&self, key: &str) -> Option<Vec<(BlockId, String)>> {
        self.get("blocks", key)
    }

    /// Stores the blocks of the declared SQL.
    pub fn store_blocks(&self, key: &str, blocks: &[Block]) {
        let blocks: Vec<(&BlockId, &str)> =
            blocks.iter().map(|block| (&block.id, block.sql.as_str())).collect();
        self.put("blocks", key, &blocks);
    }

    /// What a check of this key has found.
    pub fn load_facts(&self, key: &str) -> Option<Facts> {
        self.get("facts", key)
    }

    /// Stores what a check has found.
    pub fn store_facts(&self, key: &str, facts: &Facts) {
        self.put("facts", key, facts);
    }

    /// What has been proven under this key, the earliest first.
    pub fn load_proven(&self, key: &str) -> Vec<String> {
        self.get("proven", key).unwrap_or_default()
    }

    /// Stores what has been proven.
    pub fn store_proven(&self, key: &str, proven: &[String]) {
        self.put("proven", key, &proven);
    }

    fn get<T: DeserializeOwned>(&self, what: &str, key: &str) -> Option<T> {
        let path = self.path(what, key);
        let bytes = fs::read(&path).ok()?;
        let (digest, body) = bytes.split_at_checked(DIGEST)?;
        if Sha256::digest(body).as_slice() != digest {
            return None;
        }
        let value = postcard::from_bytes(body).ok()?;
        touch(&path);
        Some(value)
    }

    fn put<T: Serialize>(&self, what: &str, key: &str, value: &T) {
        let Ok(body) = postcard::to_allocvec(value) else { return };
        let mut bytes = Sha256::digest(&body).to_vec();
        bytes.extend(body);
        self.write(&self.path(what, key), &bytes);
        self.forget(&format!("{what}-"), KEPT);
    }

    /// Notes that what the key stands for is so.
    pub fn mark(&self, key: &str) {
        self.write(&self.path("mark", key), &[]);
        self.forget("mark-", MARKS_KEPT);
    }

    /// Whether [`Cache::mark`] was called for this key.
    pub fn is_marked(&self, key: &str) -> bool {
        let path = self.path("mark", key);
        let marked = path.is_file();
        if marked {
            touch(&path);
        }
        marked
    }

    fn path(&self, what: &str, key: &str) -> PathBuf {
        self.dir.join(format!("{what}-{FORMAT}-{key}"))
    }

    /// Whole or not at all: another process never sees half a file.
    fn write(&self, path: &Path, bytes: &[u8]) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let suffix = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let part = path.with_extension(suffix);
        let written = fs::create_dir_all(&self.dir)
            .and_then(|()| fs::write(&part, bytes))
            .and_then(|()| fs::rename(&part, path));
        if written.is_err() {
            let _ = fs::remove_file(&part);
        }
    }

    /// Removes all but the newest files, those of other formats and of killed runs too.
    fn forget(&self, prefix: &str, keep: usize) {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return;
        };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort_unstable_by(|a, b| b.cmp(a));
        for (_, path) in files.iter().skip(keep) {
            let _ = fs::remove_file(path);
        }
    }
}

/// What is used stays.
fn touch(path: &Path) {
    let _ = File::options().append(true).open(path).and_then(|file| file.set_modified(SystemTime::now()));
}

/// None for a Catalog with an edge to nowhere.
fn pack(catalog: &Catalog) -> Option<Stored<Borrowed<'_>>> {
    let places: HashMap<&ObjectId, u32> = catalog.objects.keys().zip(0..).collect();
    let edges = catalog.edges.iter().map(|(a, b)| Some((*places.get(a)?, *places.get(b)?)));
    Some(Stored {
        server_version: catalog.server_version,
        objects: catalog.objects.values().map(Borrowed).collect(),
        edges: edges.collect::<Option<_>>()?,
        unmodeled: catalog.unmodeled.clone(),
    })
}

fn unpack(stored: Stored<Owned>) -> Option<Catalog> {
    let ids: Vec<ObjectId> = stored.objects.iter().map(|object| object.0.id()).collect();
    let known = |place: u32| usize::try_from(place).is_ok_and(|place| place < ids.len());
    if !ids.is_sorted_by(|a, b| a < b) || !stored.edges.iter().all(|(a, b)| known(*a) && known(*b)) {
        return None;
    }
    let objects = Objects::of(ids, stored.objects.into_iter().map(|object| object.0).collect());
    Some(Catalog {
        server_version: stored.server_version,
        edges: Edges::of(objects.ids().clone(), stored.edges),
        objects,
        origins: Arc::default(),
        unclaimed: BTreeSet::new(),
        unmodeled: stored.unmodeled,
    })
}

#[cfg(test)]
mod tests {
    use super::{Cache, KEPT};
    use crate::engine::catalog::Catalog;
    use crate::engine::id::ObjectId;
    use crate::engine::kind::{Object, comment::Comment, schema::Schema};
    use std::fs;

    fn catalog() -> Catalog {
        let mut catalog = Catalog { server_version: 150_004, ..Catalog::default() };
        let schema = Object::Schema(Schema { name: "a\"b\n🦀".into() });
        let on = schema.id();
        let comment = Object::Comment(Comment { on: on.clone(), text: "text".to_owned() });
        catalog.edges.insert(comment.id(), on);
        catalog.insert(schema);
        catalog.insert(comment);
        catalog.unmodeled.entry("view".to_owned()).or_default().insert("v".to_owned());
        catalog
    }

    #[test]
    fn what_is_stored_comes_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path().join("made/when/needed"));
        assert_eq!(cache.load("ab"), None);
        cache.store("ab", &catalog());
        assert_eq!(cache.load("ab"), Some(catalog()));
        assert_eq!(cache.load("abc"), None);
    }

    #[test]
    fn any_damage_is_as_if_nothing_were_there() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        cache.store("ab", &catalog());
        let path = cache.path("catalog", "ab");
        let whole = fs::read(&path).expect("it was stored");
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 1;
            fs::write(&path, &damaged).expect("the file can be written");
            assert_eq!(cache.load("ab"), None, "byte {place} differs");
            fs::write(&path, &whole[..place]).expect("the file can be written");
            assert_eq!(cache.load("ab"), None, "cut at {place}");
        }
    }

    #[test]
    fn an_edge_to_nowhere_is_not_stored() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        let mut catalog = catalog();
        catalog.objects.retain(|id, _| *id != ObjectId::Schema("a\"b\n🦀".into()));
        cache.store("ab", &catalog);
        assert_eq!(cache.load("ab"), None);
    }

    #[test]
    fn the_longest_unused_is_forgotten() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        for number in 0..KEPT {
            cache.store(&format!("{number:x}"), &Catalog::default());
        }
        assert!(cache.load("0").is_some());
        cache.store("ffff", &Catalog::default());
        assert!(cache.load("0").is_some(), "it was used last but one");
        assert!(cache.load("1").is_none());
        assert_eq!(fs::read_dir(dir.path()).expect("the directory is there").count(), KEPT);
    }

    #[test]
    fn where_nothing_can_be_written_nothing_is_kept() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let cache = Cache::new(file.path());
        cache.store("ab", &catalog());
        cache.mark("ab");
        assert_eq!(cache.load("ab"), None);
        assert!(!cache.is_marked("ab"));
    }

    #[test]
    fn marks_are_per_key() {
        let dir = tempfile::tempdir().expect("a directory");
        let cache = Cache::new(dir.path());
        cache.mark("ab");
        assert!(cache.is_marked("ab") && !cache.is_marked("ac") && cache.load("ab").is_none());
    }
}
