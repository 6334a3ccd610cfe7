//! Declared, recorded and live side by side.

use super::{Page, Story, Studio, Visit, chromium, visit};
use crate::cli::story::Database;
use serde_json::json;

#[test]
fn of_a_project() {
    let Some(chromium) = chromium() else { return };
    let database = Database::new();
    let mut story = Story::project("studio_page");
    let table = |more: &str| {
        format!(
            "#[derive(schema_core::Table)]\n#[table(name = \"users\")]\npub struct User {{\n    #[column(primary_key)]\n    pub id: i64,\n    pub email: String,\n{more}}}\n"
        )
    };
    story.write("src/lib.rs", &table(""));
    story.write("schema.toml", "");
    story.use_database(&database);
    let generated = story.run("generate --name init");
    assert!(generated.status.success(), "{generated:?}");
    assert!(story.run("migrate").status.success());
    story.write("src/lib.rs", &table("    pub age: Option<i32>,\n"));
    let generated = story.run("generate --name age");
    assert!(generated.status.success(), "{generated:?}");
    story.write("src/lib.rs", &table("    pub age: Option<i32>,\n    pub city: Option<String>,\n"));
    let mut visit = Visit { chromium, studio: Studio::start(story, ""), database };
    visit.execute("alter table users add nickname text");
    let page = visit.open("#/changes");
    page.until("one('h1', 'Changes') && one('.timeline li')");
    let states = "all('.state').map((one) => [one.querySelector('strong').textContent, one.querySelector('.pill').textContent])";
    let wanted = json!([["Declared", "1 change"], ["Recorded", "1 pending"], ["Live", "1 object drifted"]]);
    assert_eq!(page.eval(states), wanted);
    page.until("one('.change-list li', 'column users.city').textContent.includes('src/lib.rs:8')");
    page.until("one('.change-list li', 'column users.nickname')");
    page.click("one('.folded summary', 'The migration that would be made')");
    page.until("one('.folded pre', 'ADD COLUMN city text')");
    page.click("one('.folded summary', 'Back to what is recorded')");
    page.until("one('.folded pre', 'DROP COLUMN nickname')");
    page.until("one('.migration', '_age') && one('.migration .calm', 'No hazards')");
    page.click("one('.timeline summary', '_init')");
    page.until("one('.timeline li pre', 'CREATE TABLE')");
    // Whose table it is is shown in the list, and where the code says it in the structure.
    page.go("#/table/public/users?view=structure");
    page.until("one('.code-place', 'src/lib.rs:6')");
    page.until("one('.pill.good', 'declared')");
    page.until("one('section', 'CREATE TABLE')");
}

#[test]
fn without_a_project() {
    let Some(visit) = visit("create table t (id int primary key)") else { return };
    let page: Page = visit.open("#/changes");
    page.until("one('h1', 'Changes') && all('.state').length === 3");
    page.until("one('section', 'No migrations')");
    page.until("one('.timeline') === null");
}
