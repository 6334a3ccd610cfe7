//! Without a mouse.

use super::{until_toast, until_values, visit};
use serde_json::json;

#[test]
fn from_the_first_key_to_a_saved_row() {
    let sql =
        "create table people (id int generated always as identity primary key, name text not null, age int);
        create table plants (id int primary key);
        insert into people (name, age) values ('Ada', 36), ('Ben', 41)";
    let Some(mut visit) = visit(sql) else { return };
    let page = visit.open("");
    page.until("one('.relation-row', 'people')");
    // The first stop leads past everything.
    page.key("Tab");
    page.until("document.activeElement.matches('.skip')");
    page.key("Enter");
    page.until("document.activeElement.matches('main')");
    // Writing on, by the palette.
    page.key("Ctrl+k");
    page.until("document.activeElement === one('.palette input')");
    page.write("writing on");
    page.until("one('.palette-row[aria-selected=true]', 'Switch writing on')");
    page.key("Enter");
    page.until("document.activeElement === one('.dialog .button', 'Allow writing')");
    page.key("Enter");
    page.until("one('.write').getAttribute('aria-checked') === 'true'");
    // To a table.
    page.eval("void document.activeElement.blur()");
    page.key("/");
    page.until("document.activeElement === one('.sidebar input')");
    page.write("peop");
    page.key("Enter");
    until_values(&page, "name", &["Ada", "Ben"]);
    page.until("document.activeElement === one('.grid')");
    page.key("ArrowRight");
    page.key("ArrowDown");
    page.until_is("focused()", &json!([1, "name"]));
    // A letter begins, Tab goes on, Enter goes down, Escape leaves.
    page.write("Bea");
    page.until("one('.cell-editor input').value === 'Bea'");
    page.key("Tab");
    page.until_is("focused()", &json!([1, "age"]));
    page.key("F2");
    page.until("one('.cell-editor input')?.value === '41'");
    page.key("Escape");
    page.until("!one('.cell-editor') && document.activeElement === one('.grid')");
    page.until("cell(1, 'name').textContent === 'Bea' && cell(1, 'age').textContent === '41'");
    page.key("Ctrl+k");
    page.until("document.activeElement === one('.palette input')");
    page.write("new row");
    page.until("one('.palette-row[aria-selected=true]', 'New row in people')");
    page.key("Enter");
    page.until("one('.grid-row.inserted') && document.activeElement === one('.grid')");
    page.key("ArrowRight");
    page.until_is("focused()", &json!([0, "name"]));
    page.write("Cy");
    page.key("Enter");
    page.until("!one('.cell-editor') && cell(0, 'name').textContent === 'Cy'");
    page.key("ArrowUp");
    page.key("Ctrl+s");
    until_toast(&page, "2 changes saved");
    until_values(&page, "name", &["Ada", "Bea", "Cy"]);
    assert_eq!(visit.value("select string_agg(name, ',' order by id) from people").unwrap(), "Ada,Bea,Cy");
    // The row, its menu, and out again.
    page.key(" ");
    page.until("one('.panel')");
    page.key("Escape");
    page.until("!one('.panel') && document.activeElement === one('.grid')");
    page.key("Shift+F10");
    page.until("document.activeElement.matches('.item')");
    page.key("ArrowDown");
    page.until("document.activeElement === all('.item')[1]");
    page.key("Escape");
    page.until("!one('.menu') && document.activeElement === one('.grid')");
    // All views by their numbers, and nowhere is the focus lost.
    for (number, view) in [("2", "sql"), ("3", "diagram"), ("4", "changes"), ("5", "activity"), ("1", "home")]
    {
        page.key(&format!("Alt+{number}"));
        page.until(&format!("location.hash === '#/{view}' && one('.tab[aria-current=page]')"));
    }
}

/// Every stop of the Tab key says what it is, and can be seen to have the focus.
#[test]
fn every_stop_has_a_name_and_a_mark() {
    let Some(visit) =
        visit("create table people (id int primary key, name text); insert into people values (1, 'Ada')")
    else {
        return;
    };
    let page = visit.open_writing("");
    page.until("one('.relation-row')");
    for hash in [
        "#/home",
        "#/table/public/people",
        "#/table/public/people?view=structure",
        "#/diagram",
        "#/changes",
        "#/activity",
    ] {
        page.go(hash);
        page.until("one('main') && !one('.waiting') && !one('.spinner') && one('main > *')");
        page.eval("void one('.skip').focus()");
        let mut stops = 0;
        let mut seen: Vec<String> = Vec::new();
        loop {
            page.key("Tab");
            let stop = page.eval(
                "(() => {
                    const at = document.activeElement;
                    if (at === document.body) return null;
                    const style = getComputedStyle(at);
                    const box = at.getBoundingClientRect();
                    const name = at.getAttribute('aria-label') ?? (at.textContent.trim() || at.placeholder || at.labels?.[0]?.textContent || at.title);
                    const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || at.matches('.grid, svg *, .cm-content') || at.matches('.skip');
                    return {path: `${at.tagName}.${at.getAttribute('class') ?? ''} ${name?.slice(0, 40)}`, name, marked, size: box.width * box.height};
                })()",
            );
            if stop.is_null() {
                break;
            }
            let path = stop["path"].as_str().unwrap().to_owned();
            assert!(!stop["name"].as_str().unwrap_or_default().is_empty(), "{hash}: {path} has no name");
            assert_eq!(stop["marked"], true, "{hash}: {path} does not show that it has the focus");
            assert!(stop["size"].as_f64().unwrap() > 0.0, "{hash}: {path} cannot be seen");
            if seen.first() == Some(&path) && stops > 5 {
                break;
            }
            seen.push(path);
            stops += 1;
            assert!(stops < 120, "{hash}: the focus goes in circles: {seen:#?}");
        }
        for wanted in ["Find a table", "Tables", "Theme"] {
            assert!(seen.iter().any(|path| path.contains(wanted)), "{hash}: {wanted} is no stop: {seen:#?}");
        }
    }
}
