//! The diagram: all tables, none over another, found, focused, saved.

use super::{Page, saved, visit};
use serde_json::{Value, json};

/// So many tables; each of them refers to one before it, every tenth to nobody.
fn tables(count: usize) -> String {
    let mut sql = String::new();
    for n in 0..count {
        let key = if n % 10 == 0 { String::new() } else { format!(", parent_id int references t{}", n / 3) };
        sql += &format!("create table t{n} (id int primary key, name text not null, at timestamptz{key});");
    }
    sql
}

fn until_drawn(page: &Page, count: usize) {
    page.until(&format!(
        "document.querySelectorAll('.diagram .node').length === {count} && !one('.cover > *')"
    ));
}

/// Tables that lie over each other, as far as one can see.
fn overlaps(page: &Page) -> Value {
    page.eval(
        "(() => {
            const boxes = [...document.querySelectorAll('.diagram .node')].map((node) => node.querySelector('.box').getBoundingClientRect());
            let found = 0;
            boxes.forEach((a, at) => boxes.slice(at + 1).forEach((b) => {
                found += a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom ? 1 : 0;
            }));
            return found;
        })()",
    )
}

fn draws(count: usize) {
    let Some(visit) = visit(&tables(count)) else { return };
    let page = visit.open("#/diagram");
    until_drawn(&page, count);
    assert_eq!(overlaps(&page), 0, "{count} tables");
    page.until(&format!("one('.toolbar', '{count} tables')"));
    let edges = page.eval("document.querySelectorAll('.diagram .edge').length").as_u64().unwrap();
    assert_eq!(edges as usize, count - count.div_ceil(10), "{count} tables");
    // All of it is in sight.
    let inside = "(() => { const all = document.querySelector('.canvas').getBoundingClientRect();
        return [...document.querySelectorAll('.node .box')].every((box) => { const at = box.getBoundingClientRect();
            return at.left >= all.left && at.right <= all.right && at.top >= all.top && at.bottom <= all.bottom; }); })()";
    page.until(inside);
}

#[test]
fn five_tables() {
    draws(5);
}

#[test]
fn fifty_tables() {
    draws(50);
}

#[test]
fn five_hundred_tables() {
    draws(500);
}

const SHOP: &str = "create schema stock;
    create table customers (id int primary key, name text);
    create table orders (id int primary key, customer_id int not null references customers, parent_id int references orders);
    create table order_lines (id int primary key, order_id int references orders, amount numeric(10, 2));
    create table stock.shelves (id int primary key);
    create table alone (id int primary key, \"<b>bold</b> & \"\"x\"\"\" text)";

#[test]
fn neighbours() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("#/diagram");
    until_drawn(&page, 5);
    let names = "[...document.querySelectorAll('.diagram .node-name')].map((one) => one.textContent).sort()";
    // What a table is tied to stays lit.
    page.hover("one('.node', 'customers').querySelector('.node-name')");
    page.until("one('.diagram').classList.contains('dimmed') && all('.node.lit').length === 2");
    page.click("one('.node', 'customers').querySelector('.node-name')");
    page.click("one('.item', 'Focus on customers')");
    page.until_is(names, &json!(["customers", "orders"]));
    page.until("one('.node.focused', 'customers') && one('.chip', 'customers')");
    page.click("one('.segments [title=\"2 references\"]')");
    page.until_is(names, &json!(["customers", "order_lines", "orders"]));
    assert_eq!(overlaps(&page), 0);
    page.eval("void history.back()");
    page.until_is(names, &json!(["customers", "orders"]));
    page.click("one('.chip button', 'Show all tables')");
    until_drawn(&page, 5);
    // Found by its name, by keyboard.
    page.click("one('.toolbar input')");
    page.write("shel");
    page.until("one('.popover .item', 'shelves')");
    page.key("Enter");
    page.until_is(names, &json!(["shelves"]));
    page.click("one('.chip button', 'Show all tables')");
    until_drawn(&page, 5);
    page.choose("one('[aria-label=Schema]')", "stock");
    page.until_is(names, &json!(["shelves"]));
    page.choose("one('[aria-label=Schema]')", "");
    until_drawn(&page, 5);
    page.choose("one('[aria-label=Detail]')", "names");
    page.until("!one('.diagram .column')");
    page.choose("one('[aria-label=Detail]')", "all");
    page.until("one('.diagram .column')");
    // Closer, moved, all of it.
    let zoom = "parseInt(text('.zoom .num'))";
    let before = page.eval(zoom).as_u64().unwrap();
    page.click("one('.zoom button', 'Closer')");
    page.until(&format!("{zoom} > {before}"));
    page.key("0");
    page.click("one('.zoom button', 'All of it')");
    page.until(&format!("{zoom} === {before}"));
    page.wheel("one('.canvas')", 200.0);
    page.until(&format!("{zoom} < {before}"));
    page.click("one('.node', 'order_lines').querySelector('.node-name')");
    page.click("one('.item', 'Open its rows')");
    page.until("one('h1', 'public.order_lines')");
}

#[test]
fn as_files() {
    let Some(visit) = visit(SHOP) else { return };
    let page = visit.open("#/diagram");
    until_drawn(&page, 5);
    let directory = tempfile::tempdir().unwrap();
    page.save_to(directory.path());
    page.click("one('.toolbar button', 'Export')");
    page.click("one('.item', 'SVG')");
    let database = page.eval("text('.place strong')");
    let file = saved(directory.path(), &format!("{}.svg", database.as_str().unwrap()));
    let svg = std::fs::read_to_string(file).unwrap();
    // It is well-formed, has everything, and needs nothing.
    let seen = page.eval(&format!(
        "(() => {{
            const file = new DOMParser().parseFromString({}, 'image/svg+xml');
            const words = [...file.querySelectorAll('text')].filter((one) => one.getAttribute('display') !== 'none').map((one) => one.textContent);
            return [file.querySelector('parsererror')?.textContent ?? null, file.documentElement.nodeName, words.includes('order_lines'),
                words.includes('<b>bold</b> & \"x\"'), file.querySelectorAll('script, foreignObject, image, style, b').length,
                file.querySelectorAll('.node .box[fill]').length];
        }})()",
        json!(svg)
    ));
    assert_eq!(seen, json!([null, "svg", true, true, 0, 5]), "{svg}");
    assert!(!svg.contains("light-dark(") && !svg.contains("var("), "{svg}");
    page.allow_clipboard();
    page.click("one('.toolbar button', 'Export')");
    page.click("one('.item', 'Copy as mermaid')");
    super::until_toast(&page, "Mermaid copied");
    let mermaid = page.eval("navigator.clipboard.readText()");
    let mermaid = mermaid.as_str().unwrap();
    assert!(
        mermaid.starts_with("erDiagram\n")
            && mermaid.contains("\"public.orders\" }o--|| \"public.customers\""),
        "{mermaid}"
    );
}
