//! Into the page: with the token, without it, again.

use super::{Page, visit};
use serde_json::json;

#[test]
fn with_the_token() {
    let Some(visit) = visit("create table t (id int primary key)") else { return };
    let page = visit.open("");
    let database = page.until("one('.place strong').textContent");
    assert_eq!(page.eval("document.title"), format!("{} · schema studio", database.as_str().unwrap()));
    // The token is out of the address, of the history, and of what scripts can read.
    assert_eq!(page.eval("location.href"), format!("{}/", page.origin));
    assert_eq!(page.eval("document.cookie"), "");
    assert_eq!(page.eval("JSON.stringify({...localStorage}).includes('token')"), false);
    page.until("one('.relation-row', 't')");
    let history = page.call("Page.getNavigationHistory", &json!({}));
    for entry in history["entries"].as_array().unwrap() {
        assert!(!entry["url"].to_string().contains("token"), "{history}");
    }
    // The cookie is enough from now on.
    page.reload();
    page.until("one('.relation-row', 't')");
    let foreign: Vec<_> =
        page.requests().into_iter().filter(|address| !address.starts_with(&page.origin)).collect();
    assert_eq!(foreign, Vec::<String>::new());
}

#[test]
fn without_it() {
    let Some(visit) = visit("create table secret (id int primary key)") else { return };
    for hash in ["", "#/table/public/secret", "#token=0000"] {
        let page = Page::new(visit.chromium, visit.studio.port);
        page.navigate(&format!("{}/{hash}", page.origin));
        page.until("one('.blank h2', 'This address has no key')");
        assert_eq!(page.eval("one('.shell')"), json!(null));
        assert_eq!(page.eval("document.body.textContent.includes('secret')"), false);
    }
}

#[test]
fn where_one_was() {
    let Some(visit) = visit("create table t (id int primary key); create table u (id int primary key)")
    else {
        return;
    };
    let page = visit.open("#/table/public/u");
    page.until("one('h1', 'public.u')");
    // Opened again without a place it goes on there.
    page.navigate("about:blank");
    page.navigate(&format!("{}/", page.origin));
    page.until("one('h1', 'public.u')");
    // A link that somebody was given, with a filter.
    page.go("#/table/public/t?filters=%5B%7B%22column%22%3A%22id%22%2C%22op%22%3A%22%3D%22%2C%22value%22%3A%227%22%7D%5D");
    page.until("one('.chip', 'id') && one('h1', 'public.t')");
    page.until("one('.grid-note', 'No row matches')");
    page.eval("void history.back()");
    page.until("one('h1', 'public.u')");
}
