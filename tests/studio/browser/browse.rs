//! The list of tables, and rows: sorted, filtered, a million of them.

use super::{Page, until_values, visit};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SHOP: &str = "create schema stock;
    create table customers (id int primary key, name text not null);
    create table orders (id int primary key, customer_id int references customers);
    create table order_lines (id int primary key, order_id int references orders);
    create view late_orders as select * from orders;
    create table stock.shelves (id int primary key);
    insert into customers select n, 'customer ' || n from generate_series(1, 30) n;
    analyze";

#[test]
fn the_list_of_tables() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("");
    let names = "all('.sidebar .schema-row, .sidebar .relation-row').sort((a, b) => a.offsetTop - b.offsetTop).map((row) => row.querySelector('.name').textContent)";
    let every = json!(["public", "customers", "late_orders", "order_lines", "orders", "stock", "shelves"]);
    page.until_is(names, &every);
    page.until("one('.sidebar-foot', '5 relations')");
    page.until("one('.relation-row', 'customers').textContent.includes('30')");
    // A schema shuts and opens.
    page.click("one('.schema-row', 'public')");
    page.until_is(names, &json!(["public", "stock", "shelves"]));
    page.click("one('.schema-row', 'public')");
    page.until_is(names, &every);
    // What is typed finds, marks, and says which one Enter opens.
    page.click("one('.sidebar input')");
    page.write("order");
    page.until_is(names, &json!(["public", "late_orders", "order_lines", "orders"]));
    page.until_is("all('.sidebar mark').map((one) => one.textContent)", &json!(["order", "order", "order"]));
    page.until("one('.sidebar-foot', '3 relations of 5')");
    page.until("one('.relation-row.at', 'orders')");
    page.key("Enter");
    page.until("one('h1', 'public.orders')");
    page.until("one('.relation-row[aria-current=page]', 'orders')");
    page.click("one('.sidebar input')");
    page.key("Escape");
    page.until_is(names, &every);
    // In the order of their rows.
    page.click("one('.sidebar button', 'What is listed')");
    page.click("one('.item', 'By rows')");
    page.until(&format!("{names}[1] === 'customers'"));
    page.click("one('.relation-row', 'shelves')");
    page.until("one('h1', 'stock.shelves')");
    page.until("one('.grid-note', 'No rows')");
}

#[test]
fn sorting() {
    let sql = "create table t (id int primary key, a int, b text);
        insert into t values (1, 2, 'x'), (2, 1, 'y'), (3, null, 'x'), (4, 2, 'w')";
    let Some(visit) = visit(sql) else { return };
    let page = visit.open("#/table/public/t");
    until_values(&page, "id", &["1", "2", "3", "4"]);
    page.click("head('a')");
    until_values(&page, "id", &["2", "1", "4", "3"]);
    assert_eq!(page.eval("head('a').getAttribute('aria-sort')"), "ascending");
    // With Shift beside the first.
    page.click_held("Shift", "head('b')");
    until_values(&page, "id", &["2", "4", "1", "3"]);
    page.click("head('a')");
    page.until("head('a').getAttribute('aria-sort') === 'descending'");
    page.click("head('a')");
    until_values(&page, "id", &["1", "2", "3", "4"]);
    assert_eq!(page.eval("values('a')[2]"), "NULL");
    // By the menu of the column; and the address says it.
    page.click_right("head('b')");
    page.click("one('.item', 'Sort descending')");
    until_values(&page, "id", &["2", "3", "1", "4"]);
    assert_eq!(page.eval("location.hash"), "#/table/public/t?sort=-b");
}

/// One filter by the form, and the ids that are left.
fn filter(page: &Page, column: &str, op: &str, value: Option<&str>, wanted: &[&str]) {
    page.click("one('.filterbar > .button', 'Filter')");
    page.choose("one('.filter-form [aria-label=Column]')", column);
    page.choose("one('.filter-form [aria-label=Comparison]')", op);
    match value {
        None => {}
        Some(labels) if labels.starts_with('[') => {
            for label in serde_json::from_str::<Vec<String>>(labels).unwrap() {
                page.click(&format!("one('.choices label', {})", json!(label)));
            }
        }
        Some(value) if page.eval("one('.filter-form select[aria-label=Value]') !== null") == true => {
            page.choose("one('.filter-form select[aria-label=Value]')", value);
        }
        Some(value) => {
            page.click("one('.filter-form textarea, .filter-form input')");
            page.insert(value);
        }
    }
    page.click("one('.filter-form .primary')");
    page.until("!one('.filter-form') && one('.chip')");
    let shown = format!("{column} {op} {value:?}");
    page.until(&format!(
        "!one('.spinner') && (values('id').join() === {} || one('.grid-note .blank'))",
        json!(wanted.join(","))
    ));
    assert_eq!(
        page.eval("one('.grid-note', 'Try again')"),
        Value::Null,
        "{shown}: {}",
        page.eval("text('.grid-note')")
    );
    assert_eq!(page.eval("values('id')"), json!(wanted), "{shown}");
    page.click("one('.chip button', 'Remove the filter')");
    page.until("!one('.chip') && rows().length === 4");
}

#[test]
fn filters_for_every_type() {
    let sql = r#"create type mood as enum ('sad', 'so so', 'glad');
        create table t (id int primary key, number numeric, word text, flag boolean, mood mood, at timestamptz, day date,
            uuid uuid, doc jsonb, list int[], bytes bytea, span interval);
        insert into t values
            (1, 1.50, 'one', true, 'sad', '2026-01-01 10:00+00', '2026-01-01', '00000000-0000-0000-0000-000000000001',
                '{"a": 1}', '{1,2}', '\x00ff', '1 day'),
            (2, 2, 'Two', false, 'so so', '2026-02-01 10:00+00', '2026-02-01', '00000000-0000-0000-0000-000000000002',
                '{"a": 2}', '{2,3}', '\x01', '2 days'),
            (3, 12345678901234567890.123, '100%_', null, 'glad', '2026-03-01 10:00+00', '2026-03-01',
                '00000000-0000-0000-0000-000000000003', '[1]', '{}', '\x', '3 days'),
            (4, null, null, null, null, null, null, null, null, null, null, null)"#;
    let Some(visit) = visit(sql) else { return };
    let page = visit.open("#/table/public/t");
    until_values(&page, "id", &["1", "2", "3", "4"]);
    let cases: &[(&str, &str, Option<&str>, &[&str])] = &[
        ("number", "=", Some("1.5"), &["1"]),
        ("number", ">", Some("2"), &["3"]),
        ("number", "=", Some("12345678901234567890.123"), &["3"]),
        ("number", "in", Some("1.5\n2"), &["1", "2"]),
        ("number", "null", None, &["4"]),
        ("word", "contains", Some("O"), &["1", "2"]),
        ("word", "contains", Some("%_"), &["3"]),
        ("word", "starts", Some("Tw"), &["2"]),
        ("word", "<>", Some("one"), &["2", "3"]),
        ("word", "in", Some("one\nTwo"), &["1", "2"]),
        ("flag", "true", None, &["1"]),
        ("flag", "false", None, &["2"]),
        ("flag", "not null", None, &["1", "2"]),
        ("mood", "in", Some(r#"["sad", "glad"]"#), &["1", "3"]),
        ("mood", "=", Some("so so"), &["2"]),
        ("at", ">=", Some("2026-02-01 10:00+00"), &["2", "3"]),
        ("at", "<", Some("2026-02-01"), &["1"]),
        ("day", "<=", Some("2026-02-01"), &["1", "2"]),
        ("uuid", "=", Some("00000000-0000-0000-0000-000000000002"), &["2"]),
        ("doc", "contains", Some(r#""a": 2"#), &["2"]),
        ("list", "contains", Some("2"), &["1", "2"]),
        ("bytes", "=", Some("\\x00ff"), &["1"]),
        ("span", "=", Some("48 hours"), &["2"]),
    ];
    for (column, op, value, wanted) in cases {
        filter(&page, column, op, *value, wanted);
    }
    // Two at once, changed, cleared; one that PostgreSQL does not understand says so.
    page.click_right("cell(0, 'word')");
    page.click("one('.item', 'Without “one”')");
    until_values(&page, "id", &["2", "3"]);
    page.click_right("cell(0, 'flag')");
    page.click("one('.item', 'Only rows with')");
    until_values(&page, "id", &["2"]);
    page.click("one('.filterbar > .button', 'Clear all')");
    until_values(&page, "id", &["1", "2", "3", "4"]);
    page.click("one('.filterbar > .button', 'Filter')");
    page.choose("one('.filter-form [aria-label=Column]')", "number");
    page.click("one('.filter-form input')");
    page.write("many\n");
    page.until("one('.grid-note', 'invalid input syntax for type numeric')");
    page.click("one('.chip button', 'Remove the filter')");
    until_values(&page, "id", &["1", "2", "3", "4"]);
}

#[test]
fn a_million_rows() {
    let sql = "create table t (id int primary key, k int not null, word text);
        insert into t select n, n % 7, 'row ' || n from generate_series(1, 1000000) n;
        create index on t (k, id); analyze t";
    let Some(mut visit) = visit(sql) else { return };
    let page = visit.open("#/table/public/t");
    page.until("values('id')[0] === '1'");
    page.until("one('.statusbar', 'of about 1,000,000')");
    // The wheel, past what was read at first.
    while page.eval("Number(values('id').at(-1)) < 500") == true {
        page.wheel("one('.grid')", 1200.0);
        page.until("!one('.spinner')");
    }
    assert_eq!(
        page.eval(
            "rows().every((row) => Number(inRow(row, 'id').textContent) === Number(row.dataset.row) + 1)"
        ),
        true
    );
    // By pages through the order of a column with many equal values: every row once, in order.
    page.click("head('k')");
    page.until("values('id')[0] === '7'");
    let mut seen: BTreeMap<u64, String> = BTreeMap::new();
    page.click("cell(0, 'id')");
    while seen.len() < 1500 {
        let shown = page.eval("rows().map((row) => [Number(row.dataset.row), inRow(row, 'id').textContent])");
        for pair in shown.as_array().unwrap() {
            seen.insert(pair[0].as_u64().unwrap(), pair[1].as_str().unwrap().to_owned());
        }
        assert!(shown.as_array().unwrap().len() < 80, "only what is in sight is in the document");
        let before = page.eval("focused()[0]").as_u64().unwrap();
        page.key("PageDown");
        page.until(&format!("focused()[0] > {before}"));
        page.until("!one('.spinner')");
    }
    let wanted = format!(
        "select string_agg(id::text, ',' order by k, id) from (select * from t order by k, id limit {}) first",
        seen.len()
    );
    let wanted = visit.value(&wanted).unwrap();
    let ids: Vec<&str> = seen.values().map(String::as_str).collect();
    assert!(seen.keys().copied().eq(0..seen.len() as u64), "a row was jumped over");
    assert_eq!(ids.join(","), wanted);
    // The last rows at once, and back from them.
    page.click("head('k')");
    page.until("head('k').getAttribute('aria-sort') === 'descending'");
    page.click("head('k')");
    page.until("values('id')[0] === '1'");
    page.click("cell(0, 'id')");
    page.key("Ctrl+End");
    page.until("values('id').at(-1) === '1000000' && one('.grid-row.current', '1000000')");
    for _ in 0..12 {
        let here = "Number(inRow(one('.grid-row.current'), 'id').textContent)";
        // At the upper end of what was read it waits for more, and no longer.
        page.until("focused()[0] > 30");
        let before = page.eval(here);
        page.key("PageUp");
        page.until(&format!("{here} < {before}"));
    }
    // What is shown is a run of neighbours, up to the rows that were put in front.
    page.until("!one('.spinner') && values('id').every((id, at, all) => at === 0 || Number(id) === Number(all[at - 1]) + 1)");
    page.key("Ctrl+Home");
    page.until("values('id')[0] === '1' && focused()[0] === 0");
    page.click("one('.statusbar button', 'Count')");
    page.until("one('.statusbar', '1,000,000')");
}

#[test]
fn columns_are_hidden_pinned_and_pulled() {
    let columns: Vec<String> = (1..=60).map(|n| format!("c{n} int default {n}")).collect();
    let sql =
        format!("create table t (id int primary key, {}); insert into t values (1), (2)", columns.join(", "));
    let Some(visit) = visit(&sql) else { return };
    let page = visit.open("#/table/public/t");
    page.until("rows().length === 2");
    // Only the columns in sight are in the document.
    assert!(page.eval("all('.grid-th').length").as_u64().unwrap() < 20);
    page.click("cell(0, 'id')");
    page.key("End");
    page.until("focused()[1] === 'c60' && cell(0, 'c60').textContent === '60'");
    page.key("Home");
    page.until("focused()[1] === 'id'");
    page.click_right("head('c2')");
    page.click("one('.item', 'Pinned to the left')");
    page.until("head('c2').classList.contains('pinned')");
    page.click_right("head('c1')");
    page.click("one('.item', 'Hide')");
    page.until("!head('c1')");
    page.drag("head('id').querySelector('.th-grip')", "head('c4')");
    page.until("head('id').offsetWidth > 200");
    // It is remembered.
    page.reload();
    page.until("head('c2')?.classList.contains('pinned') && !head('c1') && head('id').offsetWidth > 200");
    page.click("one('.toolbar button', 'Columns')");
    page.click("one('.choices label', 'c1').querySelector('input')");
    page.until("head('c1')");
}
