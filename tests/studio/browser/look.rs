//! Light and dark, large and small windows: everything can be read, and nothing is cut off.

use super::{Page, Visit, visit};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const CHECKS: &str = include_str!("look.js");

/// The ground of a page that stands.
fn ground(page: &Page) -> Value {
    page.until("one('.shell') && getComputedStyle(document.body).backgroundColor")
}

#[test]
fn light_and_dark() {
    let Some(visit) = visit("create table t (id int primary key)") else { return };
    let page = visit.open("");
    page.prefers("light");
    page.until("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'");
    page.prefers("dark");
    page.until("getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)'");
    let dark = ground(&page);
    // By hand it is what it is, whatever the system says, and after a reload too.
    page.click("one('.header button', 'Theme: as the system')");
    page.click("one('.header button', 'Theme: light')");
    page.until("one('.header button', 'Theme: dark')");
    page.prefers("light");
    assert_eq!(ground(&page), dark);
    page.reload();
    page.until("one('.header button', 'Theme: dark')");
    assert_eq!(ground(&page), dark);
    page.click("one('.header button', 'Theme: dark')");
    page.until("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'");
    page.prefers("dark");
    page.until("getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)'");
}

const SHOP: &str = "create type state as enum ('open', 'paid', 'sent');
    create table customers (id int generated always as identity primary key, name text not null, born date, vip boolean, uuid uuid default gen_random_uuid());
    create table orders (id int generated always as identity primary key, customer_id int not null references customers, state state not null default 'open',
        total numeric(10, 2) check (total >= 0), at timestamptz default now(), doc jsonb default '{\"a\": [1, null]}', note text);
    insert into customers (name, born, vip) select 'customer ' || n, '1980-01-01'::date + n, n % 2 = 0 from generate_series(1, 40) n;
    insert into orders (customer_id, total, note) select n, n * 1.5, case when n % 3 = 0 then '' when n % 3 = 1 then E'two\\nlines' end from generate_series(1, 40) n;
    create view late as select * from orders where state = 'open';
    analyze";

/// Goes through the page, and stops at each view to be looked at.
fn tour(visit: &Visit, look: &dyn Fn(&Page, &str)) {
    let page = visit.open_writing("#/home");
    page.until("one('.facts-row')");
    look(&page, "home");
    page.go("#/table/public/orders");
    page.until("rows().length > 10");
    look(&page, "rows");
    page.click("cell(1, 'customer_id')");
    page.key(" ");
    page.until("one('.panel .hoplink')");
    look(&page, "the row");
    page.key("Escape");
    page.click_right("cell(1, 'note')");
    page.until("one('.menu')");
    look(&page, "the menu of a cell");
    page.key("Escape");
    page.click("one('.filterbar > .button', 'Filter')");
    page.until("one('.filter-form')");
    look(&page, "the form of a filter");
    page.choose("one('.filter-form [aria-label=Column]')", "total");
    page.click("one('.filter-form input')");
    page.write("-1");
    page.choose("one('.filter-form [aria-label=Comparison]')", ">");
    page.click("one('.filter-form input')");
    page.write("0\n");
    page.until("one('.chip')");
    // Staged: changed, deleted, new; and refused.
    page.click("cell(2, 'total')");
    page.key("Enter");
    page.until("one('.cell-editor input') === document.activeElement");
    look(&page, "the field of a cell");
    page.key("Ctrl+a");
    page.write("-7\n");
    page.click("cell(4, 'note')");
    page.key("Ctrl+Backspace");
    page.click("one('.toolbar .button', 'Row')");
    page.until("one('.grid-row.inserted') && one('.grid-row.deleted')");
    look(&page, "what is staged");
    page.key("Ctrl+s");
    page.until("one('.grid-cell.bad, .grid-row.refused') && one('.toast.error')");
    look(&page, "what is refused");
    page.click("one('.savebar .button', 'Review SQL')");
    page.until("one('.dialog pre')");
    look(&page, "the SQL of it");
    page.key("Escape");
    page.click("one('.savebar .button', 'Discard')");
    page.until("one('.dialog .danger')");
    look(&page, "a question");
    page.click("one('.dialog .danger')");
    page.until("!one('.savebar')");
    page.go("#/table/public/orders?view=structure");
    page.until("one('section', 'Referred') || one('section', 'SQL')");
    page.until("!one('.waiting')");
    look(&page, "the structure");
    page.go("#/sql");
    page.until("one('.cm-content')");
    look(&page, "the editor without a text");
    page.click("one('.cm-content')");
    page.insert("-- all of them\nselect o.id, c.name, 'text' as t, 1.5, true from orders o join customers c on c.id = o.customer_id");
    page.key("Ctrl+Enter");
    page.until("one('.result .grid')");
    look(&page, "a result");
    page.key("Ctrl+e");
    page.until("one('.plan-row')");
    look(&page, "a plan");
    page.key("End");
    page.insert(" where nothing");
    page.key("Ctrl+Enter");
    page.until("one('.sql-error')");
    look(&page, "an error");
    page.click("one('.sql-side [role=tab]', 'History')");
    page.until("one('.history')");
    look(&page, "the history");
    page.go("#/diagram");
    page.until("document.querySelectorAll('.node').length === 2 && !one('.cover > *')");
    look(&page, "the diagram");
    page.go("#/changes");
    page.until("one('.states')");
    look(&page, "changes");
    page.go("#/activity");
    page.until("one('table.activity') || one('.blank')");
    look(&page, "activity");
    page.key("Ctrl+k");
    page.until("one('.palette')");
    look(&page, "the palette");
    page.key("Escape");
    page.click("one('.place')");
    page.until("one('.popover')");
    look(&page, "the connection");
}

fn check(scheme: &'static str, width: u32, height: u32) {
    let Some(visit) = visit(SHOP) else { return };
    let found = std::cell::RefCell::new(BTreeMap::new());
    tour(&visit, &|page, view| {
        page.prefers(scheme);
        page.size(width, height);
        page.until(&format!(
            "innerWidth === {width} && matchMedia('(prefers-color-scheme: {scheme})').matches"
        ));
        let wrong = page.eval(&format!("(() => {{ {CHECKS}; return [...faint(), ...cutOff()]; }})()"));
        for one in wrong.as_array().unwrap() {
            // Once is enough: most of it stands in several views.
            found.borrow_mut().entry(one.as_str().unwrap().to_owned()).or_insert_with(|| view.to_owned());
        }
    });
    assert_eq!(found.into_inner(), BTreeMap::<String, String>::new(), "{scheme}, {width}×{height}");
}

#[test]
fn light_can_be_read() {
    check("light", 1280, 800);
}

#[test]
fn dark_can_be_read() {
    check("dark", 1280, 720);
}

#[test]
fn a_small_window() {
    check("light", 1024, 640);
}

/// The widths of the window change while a table is looked at: the rows in sight follow.
#[test]
fn the_window_grows() {
    let Some(visit) =
        visit("create table t (id int primary key); insert into t select n from generate_series(1, 300) n")
    else {
        return;
    };
    let page = visit.open("#/table/public/t");
    page.size(1280, 400);
    page.until("rows().length > 5");
    let few = page.eval("rows().length").as_u64().unwrap();
    page.size(1280, 1600);
    page.until(&format!("rows().length > {}", few + 20));
    assert_eq!(page.eval("values('id').every((id, at) => Number(id) === at + 1)"), json!(true));
}
