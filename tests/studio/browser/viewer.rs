//! Rows as another role sees them, and what the database suffers from.

use super::{until_toast, until_values, visit};

#[test]
fn as_another_role() {
    let sql = "do $$ begin create role schema_studio_seller; exception when duplicate_object then null; end $$;
        create table deal (id int primary key, seller text);
        insert into deal values (1, 'ann'), (2, 'ann'), (3, 'bob');
        grant select on deal to schema_studio_seller;
        alter table deal enable row level security;
        create policy mine on deal to schema_studio_seller using (seller = current_setting('app.seller', true))";
    let Some(visit) = visit(sql) else { return };
    let page = visit.open("#/table/public/deal");
    until_values(&page, "id", &["1", "2", "3"]);
    page.click("one('.header button', 'See rows as a role')");
    page.until("one('.dialog select')");
    page.choose("one('.dialog select')", "schema_studio_seller");
    page.click("one('.dialog textarea')");
    page.key("Ctrl+a");
    page.insert("app.seller = ann");
    page.click("one('.dialog .primary')");
    until_values(&page, "id", &["1", "2"]);
    page.until("one('.banner.viewer', 'schema_studio_seller')?.textContent.includes('app.seller = ann')");
    page.click("one('.write')");
    until_toast(&page, "be yourself again to write");
    page.click("one('.banner .button', 'Be yourself again')");
    until_values(&page, "id", &["1", "2", "3"]);
    page.until("!one('.banner')");
}
