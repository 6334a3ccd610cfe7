//! Editing: staged, seen as SQL, saved in one transaction, refused on the cell.

use super::{Page, until_toast, until_values, visit};

const PEOPLE: &str = "create type mood as enum ('sad', 'glad');
    create table people (id int generated always as identity primary key, name text not null, age int check (age >= 0),
        mood mood, fit boolean, doc jsonb, note text default 'none', twice int generated always as (age * 2) stored);
    insert into people (name, age, mood, fit, doc) values
        ('Ada', 36, 'glad', true, '{\"a\": [1, 2]}'), ('Ben', 41, 'sad', false, null), ('Cy', null, null, null, '[]')";

/// Into the cell in the field that Enter opens.
fn edit(page: &Page, row: usize, column: &str, text: &str) {
    page.click(&format!("cell({row}, '{column}')"));
    page.key("Enter");
    page.until("one('.cell-editor input, .cell-editor textarea') === document.activeElement");
    page.key("Ctrl+a");
    page.write(text);
    page.key("Enter");
    page.until("!one('.cell-editor')");
}

fn save(page: &Page) {
    page.click("one('.savebar .primary')");
}

#[test]
fn reading_only_at_the_start() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open("#/table/public/people");
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    assert_eq!(page.eval("one('.write').getAttribute('aria-checked')"), "false");
    assert_eq!(page.eval("one('.toolbar .button', 'Row')"), serde_json::Value::Null);
    page.click("cell(0, 'name')");
    page.key("x");
    until_toast(&page, "Read-only: switch writing on");
    // Enter shows the row and no field.
    page.key("Enter");
    page.until("one('.panel .field', 'Ada') && !one('.cell-editor')");
    page.key("Escape");
    page.click_right("cell(0, 'name')");
    page.until("one('.menu .item', 'Copy') && !one('.menu .item', 'Delete')");
    page.key("Escape");
    // The switch asks first. `No` leaves all as it is.
    page.click("one('.write')");
    page.click("one('.dialog .button', 'Cancel')");
    page.until("one('.write').getAttribute('aria-checked') === 'false' && !one('.dialog')");
    page.click("one('.write')");
    page.click("one('.dialog .button', 'Allow writing')");
    page.until("one('.write').getAttribute('aria-checked') === 'true' && one('.toolbar .button', 'Row')");
    edit(&page, 0, "name", "Eve");
    page.until("one('.savebar', '1 staged change')");
    // It cannot be turned off over what is staged.
    page.click("one('.write')");
    until_toast(&page, "Save or discard");
    page.click("one('.savebar .button', 'Discard')");
    page.click("one('.dialog .button.danger')");
    page.until("!one('.savebar')");
    page.click("one('.write')");
    page.until("one('.write').getAttribute('aria-checked') === 'false'");
    assert_eq!(visit.value("select name from people where id = 1").unwrap(), "Ada");
}

#[test]
fn staged_reviewed_saved() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    edit(&page, 0, "name", "Ada's");
    page.until("cell(0, 'name').classList.contains('changed') && cell(0, 'name').textContent === \"Ada's\"");
    assert_eq!(page.eval("cell(0, 'name').title"), "was: Ada");
    edit(&page, 1, "age", "42");
    // An enum and a boolean are chosen, NULL is a choice of its own.
    page.double_click("cell(1, 'mood')");
    page.click("one('.cell-editor .item', 'glad')");
    page.double_click("cell(0, 'fit')");
    page.click("one('.cell-editor .item', 'false')");
    page.click("cell(0, 'age')");
    page.key("Enter");
    page.click("one('.cell-editor .button', 'NULL')");
    page.until("cell(0, 'age').textContent === 'NULL'");
    // What PostgreSQL computes is not edited.
    page.click("cell(0, 'twice')");
    page.key("Enter");
    until_toast(&page, "twice is generated");
    page.until("one('.savebar', '2 staged changes')");
    assert_eq!(visit.value("select string_agg(name, ',' order by id) from people").unwrap(), "Ada,Ben,Cy");
    page.click("one('.savebar .button', 'Review SQL')");
    let sql = page.until("text('.dialog pre.sql')");
    let sql = sql.as_str().unwrap();
    assert!(sql.starts_with("BEGIN;\nUPDATE") && sql.trim_end().ends_with("COMMIT;"), "{sql}");
    assert!(sql.contains("'Ada''s'") && sql.matches("UPDATE").count() == 2, "{sql}");
    page.click("one('.dialog .button.primary', 'Save')");
    until_toast(&page, "2 changes saved");
    page.until("!one('.savebar')");
    until_values(&page, "name", &["Ada's", "Ben", "Cy"]);
    until_values(&page, "twice", &["NULL", "84", "NULL"]);
    let rows = "select string_agg(concat_ws(':', name, age, mood, fit), ',' order by id) from people";
    assert_eq!(visit.value(rows).unwrap(), "Ada's:glad:f,Ben:42:glad:f,Cy");
    assert!(visit.studio.audit().contains("UPDATE"), "{}", visit.studio.audit());
}

#[test]
fn null_and_empty_stay_apart() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    until_values(&page, "note", &["none", "none", "none"]);
    page.click("cell(0, 'note')");
    page.key("Enter");
    page.until("one('.cell-editor input') === document.activeElement");
    page.key("Delete");
    page.key("Enter");
    page.until("cell(0, 'note').textContent === \"''\"");
    page.click("cell(1, 'note')");
    page.key("Delete");
    page.until("cell(1, 'note').textContent === 'NULL'");
    // A NULL that was only looked at stays one.
    page.click("cell(2, 'age')");
    page.key("Enter");
    page.until("one('.cell-editor input')?.placeholder === 'NULL'");
    page.key("Enter");
    page.until("!one('.cell-editor') && cell(2, 'age').textContent === 'NULL'");
    // What is staged is taken back, one after the other.
    page.until("one('.savebar', '2 staged changes')");
    page.key("Ctrl+z");
    page.until("one('.savebar', '1 staged change') && cell(1, 'note').textContent === 'none'");
    page.key("Ctrl+s");
    until_toast(&page, "1 change saved");
    let rows = "select string_agg(coalesce('<' || note || '>', 'NULL'), ',' order by id) from people";
    assert_eq!(visit.value(rows).unwrap(), "<>,<none>,<none>");
}

#[test]
fn json_has_room() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    page.double_click("cell(0, 'doc')");
    page.until("one('.cell-editor textarea').value.includes('\\n')");
    page.key("Ctrl+a");
    page.insert("{\"a\": 12345678901234567890.5,");
    page.until("one('.cell-editor .hint.bad', 'this is not JSON yet')");
    page.insert(" \"b\": \"ü\"}");
    page.until("!one('.cell-editor .hint.bad')");
    page.key("Ctrl+Enter");
    page.until("!one('.cell-editor')");
    page.key("Ctrl+s");
    until_toast(&page, "1 change saved");
    assert_eq!(
        visit.value("select doc from people where id = 1").unwrap(),
        "{\"a\": 12345678901234567890.5, \"b\": \"ü\"}"
    );
}

#[test]
fn rows_come_and_go() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    page.click("one('.toolbar .button', 'Row')");
    page.until("one('.grid-row.inserted') && cell(0, 'id').textContent === 'default'");
    // What it needs is said before anybody saves.
    page.until("cell(0, 'name').classList.contains('required')");
    edit(&page, 0, "name", "Dot");
    // Deleted with its key, kept again, deleted by the menu.
    page.click("cell(2, 'name')");
    page.key("Ctrl+Backspace");
    page.until("one('.grid-row.deleted', 'Ben')");
    page.key("Ctrl+Backspace");
    page.until("!one('.grid-row.deleted')");
    page.click_right("cell(2, 'name')");
    page.click("one('.item', 'Delete the row')");
    page.until("one('.savebar', '2 staged changes')");
    save(&page);
    until_toast(&page, "2 changes saved");
    until_values(&page, "name", &["Ada", "Cy", "Dot"]);
    assert_eq!(
        visit.value("select string_agg(name || note, ',' order by id) from people").unwrap(),
        "Adanone,Cynone,Dotnone"
    );
    // A copy without its key.
    page.click_right("cell(0, 'name')");
    page.click("one('.item', 'Duplicate the row')");
    page.until("one('.grid-row.inserted') && cell(0, 'name').textContent === 'Ada'");
    page.key("Ctrl+s");
    until_values(&page, "name", &["Ada", "Cy", "Dot", "Ada"]);
}

#[test]
fn all_or_nothing() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    edit(&page, 0, "name", "Changed");
    edit(&page, 1, "age", "-5");
    save(&page);
    until_toast(&page, "Nothing was saved");
    page.until("one('.grid-row.refused, .grid-cell.bad')");
    page.until("one('.statusbar .problem', 'people_age_check')");
    assert_eq!(visit.value("select string_agg(name, ',' order by id) from people").unwrap(), "Ada,Ben,Cy");
    // Put right, both are saved.
    edit(&page, 1, "age", "5");
    save(&page);
    until_toast(&page, "2 changes saved");
    assert_eq!(
        visit.value("select string_agg(name || coalesce(age, 0), ',' order by id) from people").unwrap(),
        "Changed36,Ben5,Cy0"
    );
    // A value that is none of its type is told on its cell.
    page.click("cell(0, 'age')");
    page.key("Enter");
    page.until("one('.cell-editor input') === document.activeElement");
    page.key("Ctrl+a");
    page.write("many");
    page.until("one('.cell-editor .hint.bad', 'does not look like a number')");
    page.key("Enter");
    save(&page);
    page.until(
        "cell(0, 'age').classList.contains('bad') && cell(0, 'age').title.includes('invalid input syntax')",
    );
}

#[test]
fn somebody_else_was_faster() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    edit(&page, 0, "name", "Mine");
    edit(&page, 1, "name", "Mine too");
    visit.execute("update people set name = 'Theirs' where id = 1");
    save(&page);
    until_toast(&page, "Nothing was saved");
    page.until("cell(0, 'name').classList.contains('bad') && cell(0, 'name').title.includes('now in the database: Theirs')");
    assert_eq!(visit.value("select string_agg(name, ',' order by id) from people").unwrap(), "Theirs,Ben,Cy");
    // One's own change on top of it.
    page.click("one('.statusbar button', 'Keep my change')");
    page.until("!one('.grid-cell.bad') && one('.savebar', '2 staged changes')");
    save(&page);
    until_toast(&page, "2 changes saved");
    assert_eq!(
        visit.value("select string_agg(name, ',' order by id) from people").unwrap(),
        "Mine,Mine too,Cy"
    );
    // The other way: what they have written stays.
    until_values(&page, "name", &["Mine", "Mine too", "Cy"]);
    edit(&page, 2, "name", "Lost");
    visit.execute("update people set name = 'Kept' where id = 3");
    save(&page);
    page.until("cell(2, 'name').classList.contains('bad')");
    // What is shown has not changed, so the button stays what it is when somebody goes to the cell.
    page.until("window.button = one('.statusbar button', 'Take theirs')");
    page.until("new Promise((done) => setTimeout(() => done(true), 200))");
    assert_eq!(page.eval("window.button.isConnected"), true);
    page.click("one('.statusbar button', 'Take theirs')");
    page.until("!one('.savebar') && cell(2, 'name').textContent === 'Kept'");
    // A row that is gone.
    edit(&page, 2, "name", "Too late");
    visit.execute("delete from people where id = 3");
    save(&page);
    until_toast(&page, "Nothing was saved");
    page.until("one('.statusbar .problem') && one('.grid-row.refused, .grid-cell.bad')");
}

#[test]
fn cells_are_copied_and_pasted() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    page.allow_clipboard();
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    page.drag("cell(0, 'name')", "cell(1, 'age')");
    page.until("all('.grid-cell.selected').length === 4");
    page.key("Ctrl+c");
    until_toast(&page, "2 × 2 cells copied");
    assert_eq!(page.eval("navigator.clipboard.readText()"), "Ada\t36\nBen\t41");
    page.click("cell(1, 'name')");
    page.key("Ctrl+v");
    until_values(&page, "name", &["Ada", "Ada", "Ben"]);
    until_values(&page, "age", &["36", "36", "41"]);
    page.key("Ctrl+s");
    until_toast(&page, "2 changes saved");
    assert_eq!(
        visit.value("select string_agg(name || age, ',' order by id) from people").unwrap(),
        "Ada36,Ada36,Ben41"
    );
}

#[test]
fn what_was_saved_is_taken_back() {
    let Some(mut visit) = visit(PEOPLE) else { return };
    let page = visit.open_writing("#/table/public/people");
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    edit(&page, 0, "name", "Eve");
    page.click("cell(1, 'name')");
    page.key("Ctrl+Backspace");
    save(&page);
    page.click("one('.toast button', 'Take back')");
    page.until("one('.savebar', '2 staged changes')");
    until_values(&page, "name", &["Ben", "Ada", "Cy"]);
    save(&page);
    until_toast(&page, "2 changes saved");
    until_values(&page, "name", &["Ada", "Ben", "Cy"]);
    assert_eq!(
        visit.value("select string_agg(name || coalesce(age, 0), ',' order by id) from people").unwrap(),
        "Ada36,Ben41,Cy0"
    );
}
