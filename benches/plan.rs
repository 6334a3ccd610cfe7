//! The pure part, from two Catalogs to SQL, at several sizes: `cargo bench -p schema-tests`. Times grow with the number of
//! tables; what one table costs must not.
#![allow(missing_docs, reason = "a benchmark is no library")]

use divan::{Bencher, counter::ItemsCount};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::diff::diff;
use schema_core::engine::kind::Object;
use schema_core::engine::kind::column::Column;
use schema_core::engine::kind::constraint::{Constraint, Form};
use schema_core::engine::kind::index::Index;
use schema_core::engine::kind::schema::Schema;
use schema_core::engine::kind::table::{ReplicaIdentity, Table};
use schema_core::engine::name::{Ident, QName};
use schema_core::engine::plan::plan;
use schema_core::engine::printed::Printed;
use schema_core::engine::render::dump;

const SIZES: [usize; 3] = [100, 1_000, 5_000];

fn main() {
    divan::main();
}

fn table(name: &QName) -> Object {
    Object::Table(Box::new(Table {
        name: name.clone(),
        unlogged: false,
        row_security: false,
        force_row_security: false,
        partitioned_by: None,
        parents: Vec::new(),
        bound: None,
        of_type: None,
        parameters: Default::default(),
        access_method: None,
        tablespace: None,
        replica_identity: ReplicaIdentity::Default,
        clustered_on: None,
        children: Vec::new(),
        attached: Vec::new(),
    }))
}

fn column(table: &QName, position: i16, data_type: &str) -> Object {
    Object::Column(Column {
        table: table.clone(),
        name: Ident::from(format!("c{position}").as_str()),
        position,
        data_type: data_type.into(),
        not_null: position < 3,
        default: None,
        generated: None,
        identity: None,
        collation: None,
        local: true,
        inherited: false,
        storage: None,
        compression: None,
        statistics: None,
        parameters: Default::default(),
        not_null_constraint: None,
    })
}

fn constraint(
    table: &QName,
    name: &str,
    form: Form,
    definition: String,
    references: Option<QName>,
) -> Object {
    Object::Constraint(Constraint {
        table: table.clone(),
        name: Ident::from(format!("{}_{name}", table.name.as_str()).as_str()),
        form,
        definition: Printed::of(definition),
        columns: ["c1".into()].into_iter().collect(),
        references,
        validated: true,
        local: true,
        inherited: false,
        parent: None,
        attached_to: None,
        usual: false,
        parameters: Default::default(),
        tablespace: None,
        clustered: false,
        replica_identity: false,
        complete: true,
    })
}

fn index(table: &QName) -> Object {
    Object::Index(Index {
        name: table.sibling(&Ident::from(format!("{}_c2", table.name.as_str()).as_str())),
        table: table.clone(),
        unique: false,
        on: Printed::of(" USING btree (c2)"),
        columns: ["c2".into()].into_iter().collect(),
        parameters: Default::default(),
        tablespace: None,
        valid: true,
        clustered: false,
        replica_identity: false,
        partitioned: false,
        attached_to: None,
        usual: false,
        statistics: Default::default(),
    })
}

/// Tables of ten columns with a key, a reference to another table and an index. Of every hundredth a column has `kind`.
fn catalog(tables: usize, kind: &str) -> Catalog {
    let mut catalog = Catalog { server_version: 150_000, ..Catalog::default() };
    let schema = Object::Schema(Schema { name: "public".into() });
    let mut edges = Vec::new();
    let name = |number: usize| QName::new("public", format!("t{number:05}"));
    for number in 0..tables {
        let (table_name, other) = (name(number), name(number * 7 % (number + 1)));
        let whole = table(&table_name);
        edges.push((whole.id(), schema.id()));
        let columns = (1..=10)
            .map(|at| column(&table_name, at, if at == 9 && number % 100 == 0 { kind } else { "bigint" }));
        let key = constraint(&table_name, "pkey", Form::PrimaryKey, "PRIMARY KEY (c1)".to_owned(), None);
        let definition = format!("FOREIGN KEY (c1) REFERENCES {other}(c1)");
        let foreign = constraint(&table_name, "fkey", Form::ForeignKey, definition, Some(other.clone()));
        edges.push((foreign.id(), table(&other).id()));
        edges.push((foreign.id(), constraint(&other, "pkey", Form::PrimaryKey, String::new(), None).id()));
        for part in columns.chain([key, foreign, index(&table_name)]) {
            edges.push((part.id(), whole.id()));
            catalog.insert(part);
        }
        catalog.insert(whole);
    }
    catalog.insert(schema);
    catalog.edges = edges.into_iter().collect();
    catalog
}

/// `schema inspect`: from nothing to all of it, as text.
#[divan::bench(args = SIZES)]
fn from_nothing(bencher: Bencher<'_, '_>, tables: usize) {
    let nothing = catalog(0, "bigint");
    let all = catalog(tables, "bigint");
    bencher
        .counter(ItemsCount::new(tables))
        .bench(|| dump(&plan(&nothing, &all).expect("there is an order")).collect::<String>());
}

/// `schema diff` of two equal databases.
#[divan::bench(args = SIZES)]
fn equal(bencher: Bencher<'_, '_>, tables: usize) {
    let (one, other) = (catalog(tables, "bigint"), catalog(tables, "bigint"));
    bencher.counter(ItemsCount::new(tables)).bench(|| diff(&one, &other).len());
}

/// A column of every hundredth table gets another type.
#[divan::bench(args = SIZES)]
fn one_in_a_hundred(bencher: Bencher<'_, '_>, tables: usize) {
    let (one, other) = (catalog(tables, "integer"), catalog(tables, "bigint"));
    bencher.counter(ItemsCount::new(tables)).bench(|| plan(&one, &other).expect("there is an order"));
}

/// Everything goes.
#[divan::bench(args = SIZES)]
fn to_nothing(bencher: Bencher<'_, '_>, tables: usize) {
    let (all, nothing) = (catalog(tables, "bigint"), catalog(0, "bigint"));
    bencher.counter(ItemsCount::new(tables)).bench(|| plan(&all, &nothing).expect("there is an order"));
}
