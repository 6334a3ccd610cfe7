//! The SQL editor.

use super::{Page, until_toast, visit};
use serde_json::{Value, json};

const SHOP: &str = "create table customers (id int primary key, full_name text, \"Odd name\" int);
    create table orders (id int primary key, customer_id int references customers);
    insert into customers select n, 'customer ' || n from generate_series(1, 5) n; analyze";

/// In the place of what stands in the editor.
fn text(page: &Page, sql: &str) {
    page.click("one('.cm-content')");
    page.key("Ctrl+a");
    page.key("Delete");
    // After a space nothing is completed.
    page.insert(&format!("{sql} "));
    page.until_is("all('.cm-line').map((line) => line.textContent).join('\\n').trim()", &json!(sql));
}

fn until_result(page: &Page, wanted: &Value) {
    page.until_is("[all('.result .grid-th .th-name').map((one) => one.textContent), ...rows().map((row) => [...row.querySelectorAll('.grid-cell')].map((one) => one.textContent))]", wanted);
}

#[test]
fn running() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("#/sql");
    page.until("one('.cm-content')");
    page.until("document.activeElement === one('.cm-content')");
    page.write("select id, full_name from customers where id < 3 order by id");
    page.key("Ctrl+Enter");
    until_result(&page, &json!([["id", "full_name"], ["1", "customer 1"], ["2", "customer 2"]]));
    // What could be completed does not lie over the result.
    page.write(" desc");
    page.key("Ctrl+Enter");
    page.until("cell(0, 'id')?.textContent === '2' && !one('.cm-tooltip-autocomplete')");
    // The statement at the cursor, the selection, all of them.
    text(&page, "select 1 as one;\nselect 2 as two;\nselect 3 as three");
    page.key("ArrowUp");
    page.key("Ctrl+Enter");
    page.until("one('.result .th-name', 'two')");
    page.key("Ctrl+Home");
    for _ in 0.."select 1".len() {
        page.key("Shift+ArrowRight");
    }
    page.key("Ctrl+Enter");
    page.until("one('.result .th-name', '?column?')");
    until_result(&page, &json!([["?column?"], ["1"]]));
    page.click("one('.sql-tools .button', 'Run all')");
    page.until("all('.result-tab').length === 3");
    page.click("all('.result-tab')[2]");
    page.until("one('.result .th-name', 'three')");
    page.click("all('.result-tab')[1]");
    page.until("one('.result .th-name', 'two')");
    // It is in the history, and comes back from there.
    page.click("one('.sql-side [role=tab]', 'History')");
    page.click("one('.history', 'full_name')");
    page.until("one('.cm-content', 'where id < 3') && all('.sql-tab').length === 2");
}

#[test]
fn errors_at_their_place() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("#/sql");
    page.until("one('.cm-content')");
    text(&page, "select 1;\n\nselect '😀', id from nowhere");
    page.key("Ctrl+Enter");
    page.until("one('.cm-error')?.textContent === 'nowhere'");
    assert_eq!(page.eval("one('.sql-error strong').textContent"), "relation \"nowhere\" does not exist");
    page.until("one('.sql-error', '42P01')");
    // The mark goes with the next key.
    page.key("Backspace");
    page.key("x");
    page.until("!one('.cm-error')");
    // Of several the results before it are shown too.
    page.click("one('.sql-tools .button', 'Run all')");
    page.until("all('.result-tab').length === 2 && one('.result-tab.bad')");
    page.until("one('.cm-error')?.textContent === 'nowherex'");
    // Reading only: PostgreSQL refuses.
    text(&page, "insert into customers values (99)");
    page.key("Ctrl+Enter");
    page.until("one('.sql-error', 'writing is off') || one('.sql-error', 'read-only')");
}

#[test]
fn writing_is_committed() {
    let Some(mut visit) = visit(SHOP) else { return };
    let page = visit.open_writing("#/sql");
    page.until("one('.sql-tools', 'statements are committed')");
    text(&page, "insert into customers values (99, 'new') returning id");
    page.key("Ctrl+Enter");
    until_result(&page, &json!([["id"], ["99"]]));
    assert_eq!(visit.value("select full_name from customers where id = 99").unwrap(), "new");
    text(&page, "delete from customers where id = 99");
    page.key("Ctrl+Enter");
    page.until("one('.result .blank', '1 row')");
}

#[test]
fn a_slow_one_is_cancelled() {
    let Some(mut visit) = visit(SHOP) else { return };
    let running =
        "select count(*) from pg_stat_activity where query like 'select pg_sleep(600)%' and state = 'active'";
    let page = visit.open("#/sql");
    page.until("one('.cm-content')");
    text(&page, "select pg_sleep(600)");
    page.key("Ctrl+Enter");
    page.until("one('.sql-tools .danger', 'Cancel')");
    while visit.value(running).unwrap() == "0" {
        assert!(page.eval("one('.sql-error')").is_null(), "{:?}", page.eval("text('.sql-error')"));
    }
    // Another tab can be worked in meanwhile.
    page.click("one('.sql-tabs button', 'New query')");
    page.until("all('.sql-tab').length === 2 && document.activeElement === one('.cm-content')");
    page.write("select 7 as seven");
    page.key("Ctrl+Enter");
    page.until("one('.result .th-name', 'seven')");
    page.click("one('.sql-tab', 'Query 1')");
    page.click("one('.sql-tools .danger', 'Cancel')");
    page.until("one('.sql-error', 'cancel')");
    assert_eq!(visit.value(running).unwrap(), "0");
    page.until("one('.sql-tools .primary', 'Run')");
}

#[test]
fn plans() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("#/sql");
    page.until("one('.cm-content')");
    text(
        &page,
        "select * from customers c join orders o on o.customer_id = c.id where c.full_name like 'c%'",
    );
    page.key("Ctrl+e");
    page.until("one('.plan-row', 'Seq Scan') && one('.plan-summary', 'cost')");
    assert!(page.eval("all('.plan-row').length").as_u64().unwrap() >= 3);
    page.click("all('.plan-row').at(-1)");
    page.until(
        "all('.plan-row').at(-1).getAttribute('aria-selected') === 'true' && one('.plan-details dt', 'Cost')",
    );
    page.click("one('.sql-tools .button', 'Explain')");
    page.click("one('.item', 'Explain analyze with buffers')");
    page.until("one('.plan-head', 'Rows (expected)') && one('.plan-summary', 'planning')");
    page.key("Ctrl+a");
    page.write("select nothing");
    page.key("Ctrl+e");
    page.until("one('.cm-error')?.textContent === 'nothing'");
}

/// What Enter will take. The editor takes nothing that has only just appeared under somebody's fingers (75 ms), nor
/// what it is still looking up.
fn until_chosen(page: &Page, text: &str) {
    page.eval("void (window.appeared = undefined)");
    page.until(&format!(
        "one('.cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled) li[aria-selected]', {})
            ? performance.now() - (window.appeared ??= performance.now()) > 200
            : void (window.appeared = undefined)",
        json!(text)
    ));
}

#[test]
fn completion_from_the_catalog() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("#/sql");
    page.until("one('.cm-content')");
    page.until("performance.getEntriesByName(`${location.origin}/api/completion`).some((one) => one.responseEnd > 0)");
    text(&page, "select  from customers");
    page.key("Home");
    for _ in 0.."select ".len() {
        page.key("ArrowRight");
    }
    page.write("full_");
    page.until("one('.cm-tooltip-autocomplete li', 'full_name')");
    until_chosen(&page, "full_name");
    page.key("Enter");
    page.until("one('.cm-content', 'select full_name from customers')");
    // A name that must be quoted.
    page.write(", od");
    until_chosen(&page, "Odd name");
    page.key("Enter");
    page.until("one('.cm-content', 'select full_name, \"Odd name\" from customers')");
    text(&page, "select * from");
    page.write("or");
    page.until("one('.cm-tooltip-autocomplete li', 'orders')");
    page.key("Escape");
    page.until("!one('.cm-tooltip-autocomplete')");
}

#[test]
fn kept_with_the_code() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("#/sql");
    page.until("one('.cm-content')");
    text(&page, "select count(*) from orders");
    page.click("one('.sql-tools .button', 'Save')");
    page.until("document.activeElement === one('.dialog input')");
    page.write("late orders\n");
    until_toast(&page, "Saved as queries/late orders.sql");
    assert_eq!(visit.studio.story.read("queries/late orders.sql").trim_end(), "select count(*) from orders");
    page.until("one('.query', 'late orders')");
    page.click("one('.sql-tabs button', 'New query')");
    page.click("one('.query-open', 'late orders')");
    page.until("one('.sql-tab[aria-selected=true]', 'late orders') && one('.cm-content', 'select count(*) from orders')");
    // The tabs are there again after a reload.
    page.reload();
    page.until("all('.sql-tab').length === 2 && one('.cm-content', 'select count(*) from orders')");
    page.hover("one('.query', 'late orders')");
    page.click("one('.query button', 'Delete late orders')");
    page.click("one('.dialog .danger')");
    page.until("!one('.query', 'late orders')");
    assert!(!visit.studio.story.path().join("queries/late orders.sql").exists());
}
