//! The pictures of `docs/`, of the example and with data: made by `scripts/screenshots.sh`, not tested.

use super::super::life::{Way, setting};
use super::{Page, Story, Studio, Visit, chromium};
use crate::cli::story::Database;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "[package]\nname = \"finance\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
    schema-core = { path = CORE, features = [\"chrono\", \"rust_decimal\"] }\n\
    chrono = { version = \"0.4\", default-features = false }\nrust_decimal = { version = \"1\", default-features = false }\n\n[workspace]\n";

/// The same people and transfers in each run.
const DATA: &str = include_str!("screenshots.sql");

/// Kept with the code.
const QUERIES: &[(&str, &str)] = &[
    (
        "accounts without transfers",
        "select * from accounts a where not exists (select from transactions where from_account_id = a.id)",
    ),
    ("failed transfers", "select * from transactions where status = 'failed' order by created_at desc"),
    ("largest transfers", "select * from transactions order by amount desc limit 100"),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The example in a directory of its own, with its database, and with a change in the code that is not yet a migration.
fn example() -> (Story, Database) {
    let story = Story::project("finance");
    let core = format!("{:?}", repository().join("schema-core"));
    story.write("Cargo.toml", &MANIFEST.replace("CORE", &core));
    story.write("schema.toml", "");
    let from = repository().join("examples/finance");
    let code = std::fs::read_to_string(from.join("src/lib.rs")).unwrap();
    story.write("src/lib.rs", &code);
    let mut folders = vec![from.join("migrations")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                story.write(
                    path.strip_prefix(&from).unwrap().to_str().unwrap(),
                    &std::fs::read_to_string(&path).unwrap(),
                );
            }
        }
    }
    let mut database = Database::new();
    database.db.client().batch_execute("create database finance").unwrap();
    let url = database.db.url();
    let way = Way::to(format!("{}/.s.PGSQL.{}", setting(&url, "host"), setting(&url, "port")).into());
    let target =
        format!("postgres://{}@127.0.0.1:{}/finance?sslmode=disable", setting(&url, "user"), way.port);
    story.write(".env", &format!("DATABASE_URL=\"{target}\"\n"));
    let migrated = story.run("migrate");
    assert!(migrated.status.success(), "{migrated:?}");
    let config: postgres::Config = target.parse().unwrap();
    config.connect(postgres::NoTls).unwrap().batch_execute(DATA).unwrap();
    let changed = code.replace(
        "    /// When the user signed up.\n",
        "    /// For messages that cannot wait.\n    pub phone: Option<String>,\n    /// When the user signed up.\n",
    );
    assert_ne!(changed, code);
    story.write("src/lib.rs", &changed);
    for (name, sql) in QUERIES {
        story.write(&format!("queries/{name}.sql"), sql);
    }
    (story, database)
}

#[test]
#[ignore = "writes docs/: call scripts/screenshots.sh"]
fn pictures() {
    let chromium = chromium().expect("pictures need a Chromium");
    let (story, database) = example();
    let visit = Visit { chromium, studio: Studio::start(story, ""), database };
    for scheme in ["light", "dark"] {
        let take = |page: &Page, name: &str| {
            page.until("document.getAnimations().every((one) => !(one instanceof CSSTransition)) && !one('.spinner') && !one('.waiting') && !one('.toast')");
            page.screenshot(&repository().join(format!("docs/studio-{name}-{scheme}.png")));
        };
        visit.studio.turn_writing(false).ok();
        let page = visit.open("");
        page.prefers(scheme);
        page.size(1280, 760);
        page.go("#/changes");
        page.until("one('.timeline li')");
        page.click("one('.folded summary', 'The migration that would be made')");
        page.until("one('.folded[open] pre')");
        take(&page, "changes");
        page.go("#/sql");
        page.until("one('.cm-content')");
        sql(&page);
        take(&page, "sql");
        page.click("one('.sql-tools .button', 'Explain')");
        page.click("one('.item', 'Explain analyze with buffers')");
        page.until("one('.plan-head', 'Rows (expected)')");
        take(&page, "plan");
        page.go("#/diagram");
        page.until("document.querySelectorAll('.node').length > 3 && !one('.cover > *')");
        page.choose("one('[aria-label=Schema]')", "public");
        page.until("document.querySelectorAll('.node').length === 4 && !one('.cover > *')");
        take(&page, "diagram");
        drop(page);
        let page = visit.open_writing("#/table/public/transactions?sort=-created_at");
        page.prefers(scheme);
        page.size(1280, 760);
        page.until("rows().length > 10");
        rows(&page);
        take(&page, "rows");
    }
}

/// A cell that was changed, a row that goes, and one row in full.
fn rows(page: &Page) {
    page.click("cell(2, 'note')");
    page.key("Enter");
    page.until("one('.cell-editor input') === document.activeElement");
    page.key("Ctrl+a");
    page.write("rent, second half\n");
    page.click("cell(6, 'note')");
    page.key("Ctrl+Backspace");
    page.click("cell(3, 'from_account_id')");
    page.key(" ");
    page.until("one('.panel .hoplink')");
}

fn sql(page: &Page) {
    page.click("one('.cm-content')");
    page.key("Ctrl+a");
    page.insert(
        "-- who moved most money this year\nselect u.display_name, a.currency, count(*) as transfers, sum(t.amount) as moved,\n       max(t.created_at) as last\nfrom transactions t\njoin accounts a on a.id = t.from_account_id\njoin users u on u.id = a.owner_id\nwhere t.status = 'posted'\ngroup by u.display_name, a.currency\norder by moved desc",
    );
    page.key("Ctrl+Enter");
    page.until("one('.result .grid') && rows().length > 5");
}
