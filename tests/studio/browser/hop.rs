//! Along foreign keys, both ways.

use super::{until_values, visit};

#[test]
fn there_and_back() {
    let sql = "create table customers (id int primary key, name text);
        create table orders (id int primary key, customer_id int references customers);
        create table pairs (a int, b int, primary key (a, b));
        create table halves (id int primary key, a int, b int, foreign key (a, b) references pairs);
        insert into customers values (1, 'Ada'), (2, 'Ben');
        insert into orders values (10, 1), (11, 2), (12, 2), (13, null);
        insert into pairs values (1, 1), (1, 2);
        insert into halves values (1, 1, 2)";
    let Some(visit) = visit(sql) else { return };
    let page = visit.open("#/table/public/orders");
    until_values(&page, "id", &["10", "11", "12", "13"]);
    assert!(page.eval("cell(3, 'customer_id').querySelector('.hop')").is_null(), "NULL leads nowhere");
    page.hover("cell(1, 'customer_id')");
    page.click("cell(1, 'customer_id').querySelector('.hop')");
    page.until("one('h1', 'public.customers') && one('.chip', 'id')");
    until_values(&page, "name", &["Ben"]);
    // Back: who refers to this row, and how many.
    page.click("cell(0, 'name')");
    page.key(" ");
    page.until("one('.panel .hoplink', 'orders')?.querySelector('.pill').textContent === '2'");
    page.click("one('.panel .hoplink', 'orders')");
    page.until("one('h1', 'public.orders') && one('.chip', 'customer_id')");
    until_values(&page, "id", &["11", "12"]);
    page.eval("void history.back()");
    page.until("one('h1', 'public.customers')");
    // By keyboard; and with a key of two columns.
    page.go("#/table/public/halves");
    until_values(&page, "id", &["1"]);
    page.click("cell(0, 'b')");
    page.key("Ctrl+Enter");
    page.until("one('h1', 'public.pairs') && all('.chip').length === 2");
    until_values(&page, "b", &["2"]);
}
