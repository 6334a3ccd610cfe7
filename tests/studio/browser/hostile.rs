//! What people, or attackers, put into databases: it is shown, and nothing else happens.

use super::{Page, until_toast, visit};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server that nobody should ever ask anything.
struct Canary {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Canary {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let canary = Self { port, asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                asked.fetch_add(1, Ordering::Relaxed);
            }
        });
        canary
    }
}

/// Texts that would do something where they were taken for anything else than text.
fn corpus(port: u16) -> Vec<String> {
    let there = format!("http://127.0.0.1:{port}");
    [
        "<script>window.hacked='script'</script>",
        "<img src=x onerror=\"window.hacked='img'\">",
        "<img src=THERE/img>",
        "\"><svg onload=\"window.hacked='svg'\"><use href=\"THERE/use\"/></svg>",
        "</textarea></title></style><script src=THERE/script></script>",
        "<iframe srcdoc=\"<script>parent.hacked='frame'</script>\" src=THERE/frame></iframe>",
        "<link rel=stylesheet href=THERE/css><style>@import url(THERE/import); * { background: url(THERE/url) }</style>",
        "<meta http-equiv=refresh content=\"0;url=THERE/meta\"><base href=THERE/>",
        "<form action=THERE/form><button autofocus onfocus=\"window.hacked='focus'\">x</button></form>",
        "<a href=\"javascript:window.hacked='link'\" ping=THERE/ping>link</a>",
        "javascript:window.hacked='address'",
        "' onmouseover='window.hacked=1' style='background:url(THERE/style)' x='",
        "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=2} `${window.hacked=3}`",
        "=HYPERLINK(\"THERE/formula\")",
        "\u{202e}gnp.exe \u{2066}RTL\u{2069} مرحبا بالعالم שלום",
        "👩‍👩‍👧‍👦 🏳️‍🌈 e\u{301}\u{302}\u{303}\u{304} Z\u{335}a\u{336}l\u{337}g\u{338}o",
        "\u{1}\u{2}\u{7}\u{8}\u{b}\u{1b}[31m\u{7f}\u{85}\u{2028}\u{2029}\u{feff}\u{fffd}\u{ffff} \\u0000 \\x00",
        "a\tb\r\nc\n\n  d  ",
        "__proto__",
        "constructor",
        "",
        " ",
        "NULL",
        "]]>--></noscript><!--",
    ]
    .iter()
    .map(|text| text.replace("THERE", &there))
    .collect()
}

/// As SQL writes it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn calm(page: &Page, canary: &Canary, place: &str) {
    assert_eq!(page.eval("window.hacked ?? null"), Value::Null, "a script has run: {place}");
    assert_eq!(canary.asked.load(Ordering::Relaxed), 0, "somebody else was asked: {place}");
    let strange = "document.querySelectorAll('iframe, object, embed, base, meta[http-equiv], body script, #app img, #app style, #app form, a[href^=javascript]').length";
    assert_eq!(page.eval(strange), 0, "text has become an element: {place}");
}

#[test]
fn cells_and_names() {
    let canary = Canary::new();
    let texts = corpus(canary.port);
    let mut sql = "create table texts (id int primary key, body text, doc json, list text[]);".to_owned();
    for (at, text) in texts.iter().enumerate() {
        let value = literal(text);
        let doc = literal(&json!({text.as_str(): [text, {"a": text}]}).to_string());
        sql += &format!("insert into texts values ({at}, {value}, {doc}, array[{value}, 'b']);\n");
    }
    // Names may hold all of it too, as far as it fits.
    let name = "<img src=x onerror=\"window.hacked='name'\">\u{202e}👻";
    sql += &format!(
        r#"create schema "{quoted}"; create type "{quoted}"."<i>mood" as enum ({label}, 'other');
        create table "{quoted}"."{quoted}" ("{quoted}" int primary key, "b<i>" "{quoted}"."<i>mood" default {label},
            "__proto__" int references "{quoted}"."{quoted}", constructor text check (constructor <> {label}), "toString" text);
        insert into "{quoted}"."{quoted}" values (1, {label}, null, 'c', 't'), (2, 'other', 1, null, null);
        comment on table "{quoted}"."{quoted}" is {label};
        comment on column "{quoted}"."{quoted}"."b<i>" is {label};
        create index "<b>index" on "{quoted}"."{quoted}" (constructor) where constructor = {label};
        create function public."{quoted}"() returns int language sql as $$ select 1 $$;"#,
        quoted = name.replace('"', "\"\""),
        label = literal(name),
    );
    let Some(mut visit) = visit(&sql) else { return };
    let page = visit.open_writing("#/table/public/texts");
    page.until("rows().length > 15");
    for (at, text) in texts.iter().enumerate() {
        // Line ends and blanks at the ends are drawn as marks, and what is empty as quotes.
        if text.chars().any(|one| one.is_control() || one == '\u{85}')
            || text.trim() != text
            || text.is_empty()
        {
            continue;
        }
        page.click("one('.grid')");
        page.eval(&format!("void (one('.grid').scrollTop = {at} * 28)"));
        page.until_is(&format!("cell({at}, 'body')?.textContent"), &json!(text));
    }
    calm(&page, &canary, "the grid");
    // In the row, as a tree, in the field.
    for at in 0..texts.len() {
        page.eval(&format!("void (one('.grid').scrollTop = {at} * 28)"));
        page.click(&format!("cell({at}, 'id')"));
        if at == 0 {
            page.key(" ");
        }
        page.until(&format!("one('.panel header', '{at}') && one('.panel .json-tree')"));
        page.hover("one('.panel .field', 'body')");
    }
    calm(&page, &canary, "the row");
    page.key("Escape");
    page.until("!one('.panel')");
    for at in [0, 1, 4, 16, 17] {
        page.eval(&format!("void (one('.grid').scrollTop = {at} * 28)"));
        page.click(&format!("cell({at}, 'body')"));
        page.key("Enter");
        page.until("one('.cell-editor input, .cell-editor textarea') === document.activeElement");
        page.key("Escape");
        page.until("!one('.cell-editor')");
    }
    calm(&page, &canary, "the field");
    // What was not changed is not staged, and what was comes back the same.
    assert!(page.eval("one('.savebar')").is_null());
    page.eval("void (one('.grid').scrollTop = 0)");
    page.click("cell(1, 'body')");
    page.key("Enter");
    page.key("End");
    page.write("!");
    page.key("Enter");
    page.click("one('.savebar .button', 'Review SQL')");
    page.until("one('.dialog pre.sql', 'onerror')");
    calm(&page, &canary, "the SQL");
    page.click("one('.dialog .button.primary', 'Save')");
    until_toast(&page, "1 change saved");
    assert_eq!(visit.value("select body from texts where id = 1").unwrap(), format!("{}!", texts[1]));
    // The filters, the structure, the diagram, the editor, the sessions.
    page.click_right("cell(0, 'body')");
    page.click("one('.item', 'Only rows with')");
    page.until("one('.chip .value', '<script>') && rows().length === 1");
    page.click("one('.toolbar button', 'Read again')");
    let address = format!("#/table/{0}/{0}", percent(name));
    page.go(&address);
    page.until(&format!("one('h1', {}) && rows().length === 2", json!(name)));
    page.click("cell(1, 'b<i>')");
    page.key(" ");
    page.until("one('.panel .hoplink')");
    calm(&page, &canary, "names");
    page.go(&format!("{address}?view=structure"));
    page.until("one('.document section', 'Indexes')");
    calm(&page, &canary, "the structure");
    // What another session has run last.
    visit.execute(&format!("select {}", literal(&texts[1])));
    for (hash, there) in [
        ("#/home", "one('.facts-row')"),
        ("#/diagram", "document.querySelectorAll('.node').length === 2"),
        ("#/activity", "one('table.activity code', 'onerror')"),
        ("#/changes", "one('h1', 'Changes') && one('.states')"),
        (
            "#/sql?text=%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E",
            "one('.cm-content', 'onerror')",
        ),
    ] {
        page.go(hash);
        page.until(there);
        calm(&page, &canary, hash);
    }
    page.click("one('.cm-content')");
    page.key("Ctrl+a");
    page.insert("select body, doc, list from texts");
    page.key("Ctrl+Enter");
    page.until("one('.result .grid') && rows().length > 5");
    page.double_click("cell(1, 'doc')");
    page.until("one('.popover .json-tree')");
    page.key("Escape");
    calm(&page, &canary, "a result");
    page.click("one('.cm-content')");
    page.key("Ctrl+a");
    page.insert(&format!("select * from texts where body = {}", literal(&texts[1])));
    page.key("Ctrl+e");
    page.until("one('.plan-row')");
    calm(&page, &canary, "a plan");
    page.key("Ctrl+a");
    page.insert(&format!(
        "do {}",
        literal(&format!(
            "begin raise exception using message = {0}, hint = {0}, detail = {0}; end",
            literal(&texts[1])
        ))
    ));
    page.key("Ctrl+Enter");
    page.until("one('.sql-error')");
    calm(&page, &canary, "an error");
    page.key("Ctrl+k");
    page.until("one('.palette')");
    page.write("onerror");
    page.until("one('.palette-row', 'onerror')");
    calm(&page, &canary, "the palette");
    let foreign: Vec<String> = page
        .requests()
        .into_iter()
        .filter(|address| {
            !address.starts_with(&format!("{}/", page.origin))
                && !address.starts_with("data:")
                && address != "about:blank"
        })
        .collect();
    assert_eq!(foreign, Vec::<String>::new());
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Names that every object of JavaScript has something under.
#[test]
fn names_of_javascript() {
    let sql = r#"create table "constructor" (id int primary key, constructor text, "__proto__" text, "toString" text, "hasOwnProperty" text default 'd');
        insert into "constructor" values (1, 'c', 'p', 't', 'h')"#;
    let Some(mut visit) = visit(sql) else { return };
    let page = visit.open_writing("#/table/public/constructor");
    page.until("cell(0, 'constructor')?.textContent === 'c'");
    for (column, value) in [("constructor", "C"), ("__proto__", "P"), ("toString", "T")] {
        page.click(&format!("cell(0, '{column}')"));
        page.key("Enter");
        page.until("one('.cell-editor input') === document.activeElement");
        page.key("Ctrl+a");
        page.write(value);
        page.key("Enter");
        page.until(&format!("cell(0, '{column}').textContent === '{value}'"));
    }
    page.click("one('.toolbar .button', 'Row')");
    page.until("one('.grid-row.inserted')");
    let cells = "['id', 'constructor', '__proto__', 'toString', 'hasOwnProperty'].map((name) => cell(0, name).textContent)";
    page.until_is(cells, &json!(["NULL", "NULL", "NULL", "NULL", "default"]));
    for (column, value) in [("id", "2"), ("__proto__", "p2")] {
        page.click(&format!("cell(0, '{column}')"));
        page.write(value);
        page.key("Tab");
        page.until(&format!("cell(0, '{column}').textContent === '{value}'"));
    }
    page.key("Ctrl+s");
    until_toast(&page, "2 changes saved");
    let row = r#"select string_agg(concat_ws(',', id, constructor, "__proto__", "toString", "hasOwnProperty"), ' ' order by id) from "constructor""#;
    assert_eq!(visit.value(row).unwrap(), "1,C,P,T,h 2,p2,d");
}

#[test]
fn ten_megabytes_in_a_cell() {
    let sql = "create table big (id int primary key, body text, doc jsonb);
        insert into big values (1, repeat('0123456789', 1048576), null), (2, 'small', null),
            (3, null, (select jsonb_agg(n) from generate_series(1, 200000) n))";
    let Some(mut visit) = visit(sql) else { return };
    let page = visit.open_writing("#/table/public/big");
    page.until("rows().length === 3");
    assert!(page.eval("cell(0, 'body').textContent.length").as_u64().unwrap() < 400);
    page.until("cell(0, 'body').querySelector('.cut')");
    page.click("cell(0, 'id')");
    page.key(" ");
    page.click("one('.panel .button', 'Show all 10,485,760 characters')");
    page.until("one('.panel .field', 'body').querySelector('.content').textContent.length >= 10485760");
    page.click("cell(2, 'id')");
    page.until("one('.panel header', '3')");
    page.key("Escape");
    // In the field it is whole, and can be changed.
    page.click("cell(0, 'body')");
    page.key("Enter");
    page.until("one('.cell-editor textarea')?.value.length === 10485760");
    page.key("Ctrl+End");
    page.write("!");
    page.key("Ctrl+Enter");
    page.until("!one('.cell-editor') && one('.savebar', '1 staged change')");
    page.key("Ctrl+s");
    until_toast(&page, "1 change saved");
    assert_eq!(
        visit.value("select length(body) || right(body, 2) from big where id = 1").unwrap(),
        "104857619!"
    );
    page.go("#/sql");
    page.until("one('.cm-content')");
    page.click("one('.cm-content')");
    page.insert("select * from big where id = 1");
    page.key("Ctrl+Enter");
    page.until("one('.result .grid') && cell(0, 'body')?.textContent.length < 400");
}
