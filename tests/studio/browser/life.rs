//! The database goes away and comes back; two tabs of one person; the end of the studio.

use super::super::life::{Way, setting};
use super::{Database, Story, Studio, Visit, chromium, until_toast, until_values, visit};
use std::sync::atomic::Ordering;

#[test]
fn the_database_goes_away_and_comes_back() {
    let Some(chromium) = chromium() else { return };
    let database = Database::new();
    let setup = "create table t (id int primary key, word text); insert into t values (1, 'one')";
    let url = database.db.url();
    let way = Way::to(format!("{}/.s.PGSQL.{}", setting(&url, "host"), setting(&url, "port")).into());
    let story = Story::new();
    story.write("schema.toml", "");
    let (user, name) = (setting(&url, "user"), setting(&url, "dbname"));
    let target = format!("postgres://{user}@127.0.0.1:{}/{name}?sslmode=disable", way.port);
    let studio = Studio::start(story, &format!("--database-url {target}"));
    let mut visit = Visit { chromium, studio, database };
    visit.execute(setup);
    let page = visit.open_writing("#/table/public/t");
    until_values(&page, "word", &["one"]);
    page.double_click("cell(0, 'word')");
    page.until("one('.cell-editor input') === document.activeElement");
    page.key("Ctrl+a");
    page.write("kept\n");
    page.until("one('.savebar', '1 staged change')");
    way.open.store(false, Ordering::Relaxed);
    page.click("one('.toolbar button', 'Read again')");
    page.until("one('.banner.bad', 'Trying again')");
    page.until("one('.grid-note .button', 'Try again')");
    // What was staged waits.
    page.key("Ctrl+s");
    page.until("one('.toast.error')");
    page.until("one('.savebar', '1 staged change')");
    page.key("Alt+4");
    page.until("one('main .blank .button', 'Try again')");
    page.eval("void history.back()");
    // It is seen that it is back, without anybody asking.
    way.open.store(true, Ordering::Relaxed);
    page.until("!one('.banner')");
    until_toast(&page, "The database is back");
    until_values(&page, "word", &["kept"]);
    page.key("Ctrl+s");
    until_toast(&page, "1 change saved");
    assert_eq!(visit.value("select word from t").unwrap(), "kept");
}

#[test]
fn a_database_that_is_not_there_yet() {
    let Some(chromium) = chromium() else { return };
    let database = Database::new();
    let url = database.db.url();
    let way = Way::to(format!("{}/.s.PGSQL.{}", setting(&url, "host"), setting(&url, "port")).into());
    way.open.store(false, Ordering::Relaxed);
    let story = Story::new();
    story.write("schema.toml", "");
    let (user, name) = (setting(&url, "user"), setting(&url, "dbname"));
    let target = format!("postgres://{user}@127.0.0.1:{}/{name}?sslmode=disable", way.port);
    let studio = Studio::start(story, &format!("--database-url {target}"));
    let visit = Visit { chromium, studio, database };
    let page = super::Page::new(visit.chromium, visit.studio.port);
    page.navigate(&format!("{}/#token={}", page.origin, visit.studio.token));
    page.until("one('.blank', 'The database does not answer')");
    way.open.store(true, Ordering::Relaxed);
    page.until("one('.shell .place')");
}

#[test]
fn two_tabs() {
    let setup = "create table t (id int primary key, word text); insert into t values (1, 'one'), (2, 'two')";
    let Some(mut visit) = visit(setup) else { return };
    let first = visit.open_writing("#/table/public/t");
    let second = first.another();
    visit.enter(&second, "#/table/public/t");
    let edit = |page: &super::Page, text: &str| {
        until_values(page, "id", &["1", "2"]);
        page.double_click("cell(0, 'word')");
        page.until("one('.cell-editor input') === document.activeElement");
        page.key("Ctrl+a");
        page.write(text);
        page.key("Enter");
        page.until("one('.savebar', '1 staged change')");
    };
    edit(&first, "first");
    // What is staged is the tab's own.
    assert!(second.eval("one('.savebar')").is_null());
    edit(&second, "second");
    first.key("Ctrl+s");
    until_toast(&first, "1 change saved");
    second.key("Ctrl+s");
    second.until("cell(0, 'word').classList.contains('bad') && cell(0, 'word').title.includes('now in the database: first')");
    assert_eq!(visit.value("select string_agg(word, ',' order by id) from t").unwrap(), "first,two");
    second.click("one('.statusbar button', 'Take theirs')");
    second.until("!one('.savebar') && cell(0, 'word').textContent === 'first'");
    // The switch is one for both. Turned off in one tab, the other one hears of it when it writes.
    edit(&second, "refused");
    first.click("one('.write')");
    first.until("one('.write').getAttribute('aria-checked') === 'false'");
    second.key("Ctrl+s");
    second.until("one('.toast.error', 'writing is off')");
    second.until("one('.write').getAttribute('aria-checked') === 'false'");
    second.until("one('.savebar', '1 staged change') && one('.savebar .primary').disabled");
    assert_eq!(visit.value("select string_agg(word, ',' order by id) from t").unwrap(), "first,two");
}

#[test]
fn the_studio_ends() {
    let Some(visit) = visit("create table t (id int primary key); insert into t values (1)") else { return };
    let page = visit.open("#/table/public/t");
    until_values(&page, "id", &["1"]);
    let Visit { studio, database: _database, .. } = visit;
    let (code, _) = studio.end("-INT");
    assert_eq!(code, Some(0));
    page.click("one('.toolbar button', 'Read again')");
    page.until("one('.banner.bad', 'was it stopped?')");
}
