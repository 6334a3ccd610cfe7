//! What the diagram is made of.

use super::studio;
use serde_json::{Value, json};

#[test]
fn tables_columns_and_keys() {
    let sql = "create schema s;
        create table s.parent (a int, b text, c date not null, primary key (b, a), unique (c));
        create table child (id int primary key, pb text not null, pa int not null, other int, seen date references s.parent (c),
            foreign key (pb, pa) references s.parent);
        create table twin (pa int, pb text, note text, dropped int, primary key (pb, pa),
            constraint same foreign key (pa, pb) references s.parent (a, b));
        alter table twin drop column dropped;
        create index on child (other, id); create index on child (lower(pb)); create unique index on twin (note);
        create table part (id int, at date, parent int references child) partition by range (at);
        create table part_1 partition of part for values from ('2026-01-01') to ('2027-01-01'); create view v as select 1";
    let (studio, _database) = studio(sql, "");
    let diagram = studio.get("/api/diagram");
    let tables = diagram["tables"].as_array().unwrap();
    let names: Vec<&str> = tables.iter().map(|table| table["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["child", "part", "twin", "parent"]);
    let marks = |table: usize| -> Vec<String> {
        let columns = tables[table]["columns"].as_array().unwrap().iter();
        let mark = |column: &Value| {
            let has = |name: &'static str| if column[name] == true { &name[..1] } else { "" };
            let marks: String = ["primary", "foreign", "unique", "indexed", "nullable"].map(has).concat();
            format!("{} {} {marks}", column["name"].as_str().unwrap(), column["type"].as_str().unwrap())
        };
        columns.map(mark).collect()
    };
    assert_eq!(marks(0), ["id integer pi", "pb text f", "pa integer f", "other integer in", "seen date fn"]);
    assert_eq!(marks(2), ["pa integer pf", "pb text pfi", "note text in"]);
    assert_eq!(marks(3), ["a integer p", "b text pi", "c date ui"]);
    let edges: Vec<Value> = diagram["edges"].as_array().unwrap().clone();
    let told = |edge: &Value| {
        json!([
            edge["from"]["name"],
            edge["from"]["columns"],
            edge["to"]["schema"],
            edge["to"]["columns"],
            edge["optional"],
            edge["unique"]
        ])
    };
    let expected = [
        json!(["child", ["pb", "pa"], "s", ["b", "a"], false, false]),
        json!(["child", ["seen"], "s", ["c"], true, false]),
        json!(["part", ["parent"], "public", ["id"], true, false]),
        json!(["twin", ["pa", "pb"], "s", ["a", "b"], false, true]),
    ];
    assert_eq!(edges.iter().map(told).collect::<Vec<_>>(), expected, "{diagram}");
}
