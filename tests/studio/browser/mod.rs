//! The studio's page in a real Chromium: what a person sees, clicks and types. Where there is no Chromium these tests are
//! skipped, and say so.

mod browse;
mod changes;
mod chromium;
mod diagram;
mod edit;
mod hop;
mod hostile;
mod keyboard;
mod life;
mod look;
mod open;
mod page;
mod screenshots;
mod sql;
mod viewer;

use super::{Studio, one, studio};
use crate::cli::story::{Database, Story};
use chromium::{Chromium, chromium};
use page::{Page, saved};
use serde_json::json;

/// A studio, the database that it shows, and the browser that it is looked at with.
struct Visit {
    chromium: &'static Chromium,
    studio: Studio,
    database: Database,
}

/// A studio on a database with this in it; nothing where there is no Chromium, and the test is skipped.
fn visit(sql: &str) -> Option<Visit> {
    let chromium = chromium()?;
    let (studio, database) = studio(sql, "");
    Some(Visit { chromium, studio, database })
}

impl Visit {
    /// The page as the program opens it, then at an address of its own: `#/table/public/t`.
    #[track_caller]
    fn open(&self, hash: &str) -> Page {
        let page = Page::new(self.chromium, self.studio.port);
        self.enter(&page, hash);
        page
    }

    /// The same in another tab.
    #[track_caller]
    fn enter(&self, page: &Page, hash: &str) {
        page.navigate(&format!("{}/#token={}", page.origin, self.studio.token));
        page.until("one('.shell')");
        if !hash.is_empty() {
            page.go(hash);
        }
    }

    /// The same with writing on from the start.
    #[track_caller]
    fn open_writing(&self, hash: &str) -> Page {
        self.studio.turn_writing(true).ok();
        self.open(hash)
    }

    fn execute(&mut self, sql: &str) {
        self.database.db.client().batch_execute(sql).unwrap();
    }

    /// The one value of a query, as text.
    fn value(&mut self, sql: &str) -> Option<String> {
        let sql = format!("select ({sql})::text");
        one(&mut self.database, &sql)
    }
}

/// The rows of the grid in one column, once there are any.
#[track_caller]
fn until_values(page: &Page, column: &str, wanted: &[&str]) {
    page.until_is(&format!("values({})", json!(column)), &json!(wanted));
}

/// What is shown of a message that goes by itself.
#[track_caller]
fn until_toast(page: &Page, text: &str) {
    page.until(&format!("one('.toast', {})", json!(text)));
}
