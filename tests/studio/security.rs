//! The attacks that a local web tool over a database has to expect. Each of them must fail.

use super::{Ask, Story, Studio, one, studio};
use serde_json::json;
use std::sync::LazyLock;

/// Every path that answers to POST.
const POSTS: &[&str] = &[
    "/api/session",
    "/api/write",
    "/api/role",
    "/api/rows",
    "/api/count",
    "/api/cell",
    "/api/row",
    "/api/edits",
    "/api/environment",
    "/api/export",
    "/api/import",
    "/api/sql",
    "/api/sql/cancel",
    "/api/explain",
    "/api/queries",
    "/api/queries/delete",
];

/// Every path that answers to GET beside the page.
const GETS: &[&str] = &[
    "/api/info",
    "/api/tables",
    "/api/table?schema=public&name=t",
    "/api/definition?schema=public&name=t",
    "/api/diagram",
    "/api/completion",
    "/api/activity",
    "/api/health",
    "/api/roles",
    "/api/changes",
    "/api/environments",
    "/api/history",
    "/api/queries",
];

const TABLE: &str = "create table t (id int primary key, a text); insert into t values (1, 'x')";

/// A database that nobody writes to, for tests that look at headers only. Nobody is behind this port.
static NOBODY: LazyLock<Studio> = LazyLock::new(|| {
    let story = Story::new();
    story.write("schema.toml", "");
    // Nobody drops a static: it ends by itself.
    Studio::start(story, "--idle 10m --database-url postgres://me@127.0.0.1:1/x")
});

#[test]
fn a_name_that_points_here_is_not_ours() {
    let studio = &*NOBODY;
    let port = studio.port;
    let asks = |path: &str, host: &str| {
        let ask = studio.ask("GET", path).without("Sec-Fetch-Site").header("Host", host);
        ask.header("Origin", &format!("http://{host}")).send()
    };
    for host in [
        "evil.test".to_owned(),
        format!("evil.test:{port}"),
        format!("127.0.0.1.evil.test:{port}"),
        format!("localhost.evil.test:{port}"),
        format!("127.0.0.1:{}", port.wrapping_add(1)),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.2:{port}"),
        format!("LOCALHOST:{port}"),
        format!("user@127.0.0.1:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!(":{port}"),
        format!("127.0.0.1:0{port}"),
    ] {
        for path in ["/", "/assets/icon.svg", "/api/info", "/api/queries", "/nothing"] {
            let answer = asks(path, &host);
            assert_eq!(answer.status, 421, "{host} {path}: {answer:?}");
        }
    }
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        assert_eq!(asks("/api/queries", &host).status, 200, "{host}");
        assert_eq!(asks("/", &host).status, 200, "{host}");
    }
    // None at all, and two.
    assert!([400, 421].contains(&studio.ask("GET", "/").without("Host").send().status));
    assert!([400, 421].contains(&studio.ask("GET", "/").and("Host", "evil.test").send().status));
    // The name in the first line counts no more than the header.
    let absolute = Ask::new(port, "GET", &format!("http://127.0.0.1:{port}/api/queries"));
    assert_eq!(absolute.header("Host", "evil.test").send().status, 421);
}

#[test]
fn other_pages_are_refused() {
    let studio = &*NOBODY;
    let (port, host) = (studio.port, format!("127.0.0.1:{}", studio.port));
    let body = json!({"name": "x", "sql": "select 1"});
    let post = |origin: &str| studio.ask("POST", "/api/queries").json(&body).header("Origin", origin).send();
    for origin in [
        "http://evil.test".to_owned(),
        format!("http://evil.test:{port}"),
        "null".to_owned(),
        String::new(),
        format!("https://{host}"),
        "http://127.0.0.1".to_owned(),
        // Another server of this machine, and another name of ours: both are other origins.
        format!("http://127.0.0.1:{}", port.wrapping_add(1)),
        format!("http://localhost:{port}"),
        format!("http://{host}.evil.test"),
        format!("http://{host}/"),
    ] {
        assert_eq!(post(&origin).status, 403, "{origin}");
        let get = studio.ask("GET", "/api/queries").header("Origin", &origin).send();
        assert_eq!(get.status, 403, "{origin}");
    }
    assert_eq!(studio.ask("POST", "/api/queries").json(&body).without("Origin").send().status, 403);
    for site in ["cross-site", "same-site", "", "SAME-ORIGIN"] {
        for (method, path) in [("GET", "/api/queries"), ("POST", "/api/queries"), ("POST", "/api/session")] {
            let ask = studio.ask(method, path).json(&body).header("Sec-Fetch-Site", site);
            assert_eq!(ask.send().status, 403, "{method} {path} {site}");
        }
    }
    // A WebSocket is asked for like anything else, and there is none.
    for origin in ["http://evil.test".to_owned(), format!("http://{host}")] {
        let ask = studio.ask("GET", "/api/sql").header("Origin", &origin).header("Upgrade", "websocket");
        let ask =
            ask.header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==").header("Sec-WebSocket-Version", "13");
        assert!([403, 405].contains(&ask.send().status));
    }
    assert_eq!(studio.get("/api/queries")["queries"], json!([]));
}

#[test]
fn forms_and_tags_of_other_pages_change_and_see_nothing() {
    let studio = &*NOBODY;
    let body = json!({"name": "x", "sql": "select 1"}).to_string();
    // A form, and `fetch(..., {mode: "no-cors"})`: simple requests, with the cookie if the browser were so kind.
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/jsonx",
    ] {
        let ask = studio.ask("POST", "/api/queries").body(&body).header("Content-Type", kind);
        assert_eq!(ask.send().status, 415, "{kind}");
        let ask = studio.ask("POST", "/api/queries").body(&body).header("Content-Type", kind);
        assert_eq!(ask.without("X-Schema-Studio").send().status, 403, "{kind}");
    }
    assert_eq!(studio.ask("POST", "/api/queries").body(&body).send().status, 415);
    // `<img>` and `<script>`: no header of ours, and the browser says what it is.
    for path in GETS {
        let ask = studio.ask("GET", path).without("X-Schema-Studio").without("Sec-Fetch-Site");
        assert_eq!(ask.send().status, 403, "{path}");
        let ask = studio.ask("GET", path).without("X-Schema-Studio").header("Sec-Fetch-Site", "cross-site");
        assert_eq!(ask.header("Sec-Fetch-Dest", "script").send().status, 403, "{path}");
        assert_eq!(studio.ask("GET", path).header("X-Schema-Studio", "0").send().status, 403, "{path}");
    }
    assert_eq!(studio.get("/api/queries")["queries"], json!([]));
}

#[test]
fn no_answer_lets_another_origin_in() {
    let studio = &*NOBODY;
    let mut answers = Vec::new();
    for path in ["/", "/api/info", "/api/sql", "/api/session", "/assets/icon.svg", "*", "/nothing"] {
        for origin in ["http://evil.test", "null"] {
            let ask = studio.ask("OPTIONS", path).header("Origin", origin);
            let ask = ask.header("Access-Control-Request-Method", "POST");
            let ask = ask.header("Access-Control-Request-Headers", "x-schema-studio, content-type");
            let answer = ask.header("Access-Control-Request-Private-Network", "true").send();
            assert!(answer.status == 405 || path == "*", "{path}: {answer:?}");
            answers.push(answer);
        }
    }
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO"] {
        let answer = studio.ask(method, "/api/queries").send();
        assert!([400, 404, 405].contains(&answer.status), "{method}: {answer:?}");
    }
    for path in ["/", "/api/queries", "/api/info", "/nothing", "/assets/none"] {
        answers.push(studio.ask("GET", path).header("Origin", "http://evil.test").send());
        answers.push(studio.ask("GET", path).send());
    }
    for answer in &answers {
        let cors = answer.headers.iter().find(|(name, _)| name.starts_with("access-control-"));
        assert_eq!(cors, None, "{answer:?}");
    }
}

#[test]
fn get_changes_nothing() {
    let (studio, mut database) = studio(TABLE, "");
    for path in POSTS {
        let state = studio.get("/api/info");
        for ask in [
            studio.ask("GET", path),
            studio.ask("HEAD", path),
            studio.ask("GET", &format!("{path}?on=true&sql=drop%20table%20t&name=x&token={}", studio.token)),
            studio.ask("GET", path).json(&json!({"on": true, "name": "x", "sql": "drop table t"})),
            studio.ask("GET", path).header("X-HTTP-Method-Override", "POST").json(&json!({"on": true})),
        ] {
            let answer = ask.send();
            // GET of the saved queries lists them.
            assert!(answer.status == 405 || *path == "/api/queries", "{path}: {answer:?}");
        }
        assert_eq!(studio.get("/api/info"), state, "{path}");
    }
    for path in GETS.iter().filter(|path| **path != "/api/changes") {
        assert_eq!(studio.ask("GET", path).send().status, 200, "{path}");
    }
    assert_eq!(studio.get("/api/queries")["queries"], json!([]));
    assert_eq!(one::<i64>(&mut database, "select count(*) from t"), 1);
    assert!(!studio.story.path().join(".schema/studio.log").exists());
}

#[test]
fn every_answer_says_what_a_browser_may_do() {
    let studio = &*NOBODY;
    let answers = [
        studio.ask("GET", "/").send(),
        studio.ask("GET", "/nothing").send(),
        studio.ask("GET", "/assets/../../Cargo.toml").send(),
        studio.ask("GET", "/api/queries").send(),
        studio.ask("GET", "/api/info").send(),
        studio.ask("GET", "/api/queries").header("Cookie", "").send(),
        studio.ask("GET", "/").header("Host", "evil.test").send(),
        studio.ask("OPTIONS", "/").send(),
        studio.ask("POST", "/api/sql").json(&json!({})).send(),
        studio.ask("POST", "/api/sql").json(&json!({})).header("Origin", "null").send(),
    ];
    let statuses = answers.each_ref().map(|answer| answer.status);
    assert_eq!(statuses, [200, 404, 404, 200, 502, 401, 421, 405, 400, 403]);
    for answer in &answers {
        let header = |name: &str| answer.header(name).unwrap_or_else(|| panic!("no {name}: {answer:?}"));
        let policy = header("content-security-policy");
        for part in ["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        for never in ["script-src", "unsafe-inline", "unsafe-eval", "http:", "https:", "*"] {
            assert!(!policy.contains(never), "{policy}");
        }
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(header("x-frame-options"), "DENY");
        assert!(["no-store", "no-cache"].contains(&header("cache-control")));
    }
}

#[test]
fn the_page_loads_nothing_from_elsewhere() {
    let studio = &*NOBODY;
    let page = studio.ask("GET", "/").send();
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let lower = page.body.to_ascii_lowercase();
    for elsewhere in ["=\"http", "='http", "=\"//", "='//", "@import", "=\"javascript:"] {
        assert!(!lower.contains(elsewhere), "{elsewhere}: {lower}");
    }
    // Scripts are files: none stands in the page, nor in an attribute.
    for script in lower.split("<script").skip(1) {
        let (tag, rest) = script.split_once('>').unwrap();
        assert!(tag.contains("src=\"/assets/"), "{tag}");
        assert!(rest.trim_start().starts_with("</script>"), "{rest}");
    }
    assert!(
        !lower.contains(" on") || !["onload=", "onclick=", "onerror="].iter().any(|on| lower.contains(on))
    );
    // Files have a mark of what is in them, and are not sent twice.
    let mark = page.header("etag").unwrap();
    let again = studio.ask("GET", "/").header("If-None-Match", mark).send();
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[test]
fn a_token_of_this_run_and_nothing_else_opens() {
    let mine = &*NOBODY;
    let story = Story::new();
    let other = Studio::start(story, "--database-url postgres://me@127.0.0.1:1/x");
    assert_ne!(mine.token, other.token);
    assert_eq!(mine.token.len(), 64);
    assert!(mine.token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    for token in ["", "0", &other.token, &mine.token[..63], &format!("{} ", mine.token), &"0".repeat(64)] {
        let answer = mine.ask("POST", "/api/session").json(&json!({"token": token})).send();
        assert_eq!((answer.status, answer.header("set-cookie")), (401, None), "{token}");
    }
    for body in ["", "{}", "null", "{\"token\":null}", "{\"token\":[\"x\"]}", "{\"token\":1}"] {
        let ask = mine.ask("POST", "/api/session").header("Content-Type", "application/json").body(body);
        assert_eq!(ask.send().status, 400, "{body}");
    }
    // No cookie, a wrong one, that of another run, the token as cookie: every path is shut.
    let name = mine.cookie.split('=').next().unwrap();
    let cookies = [
        String::new(),
        other.cookie.clone(),
        format!("{name}={}", mine.token),
        format!("{name}="),
        format!("{name}={}", other.cookie.split('=').nth(1).unwrap()),
        mine.cookie[..mine.cookie.len() - 1].to_owned(),
        mine.cookie.to_uppercase(),
    ];
    for cookie in &cookies {
        for path in GETS {
            assert_eq!(mine.ask("GET", path).header("Cookie", cookie).send().status, 401, "{path} {cookie}");
        }
        for path in POSTS.iter().filter(|path| **path != "/api/session") {
            let ask = mine.ask("POST", path).json(&json!({})).header("Cookie", cookie);
            assert_eq!(ask.send().status, 401, "{path} {cookie}");
        }
        // Not even whether a path exists.
        assert_eq!(mine.ask("GET", "/api/none").header("Cookie", cookie).send().status, 401);
    }
    // The token opens nothing where it would be written down: not in the query, not as a header.
    let path = format!("/api/queries?token={}", mine.token);
    assert_eq!(mine.ask("GET", &path).without("Cookie").send().status, 401);
    let bearer = format!("Bearer {}", mine.token);
    let ask = mine.ask("GET", "/api/queries").without("Cookie").header("Authorization", &bearer);
    assert_eq!(ask.send().status, 401);
    assert_eq!(mine.ask("GET", "/api/queries").send().status, 200);
}

#[test]
fn the_cookie_goes_nowhere_else() {
    let studio = &*NOBODY;
    let answer = studio.ask("POST", "/api/session").json(&json!({"token": studio.token})).send();
    // The database is away; the session is open all the same.
    assert_eq!(answer.status, 502);
    let cookie = answer.header("set-cookie").unwrap();
    let parts: Vec<&str> = cookie.split("; ").collect();
    assert_eq!(parts[1..], ["Path=/", "HttpOnly", "SameSite=Strict"]);
    let (name, value) = parts[0].split_once('=').unwrap();
    assert_eq!(name, format!("schema_studio_{}", studio.port));
    assert!(value.len() == 64 && value != studio.token);
}

#[test]
fn it_listens_on_this_machine_only() {
    for arguments in [
        "--listen 0.0.0.0",
        "--host 0.0.0.0",
        "--bind 0.0.0.0",
        "--port 0.0.0.0:80",
        "--port 0",
        "--port 70000",
    ] {
        let output = Story::new()
            .run(&format!("studio --no-open --database-url postgres://x@127.0.0.1:1/x {arguments}"));
        assert_eq!(output.status.code(), Some(2), "{arguments}");
    }
    if !cfg!(target_os = "linux") {
        return;
    }
    let port = format!("{:04X}", NOBODY.port);
    let mut bound = Vec::new();
    for file in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (address, of) = fields[1].split_once(':').unwrap();
            // 0A: it listens.
            if of == port && fields[3] == "0A" {
                bound.push(address.to_owned());
            }
        }
    }
    assert!(bound.contains(&"0100007F".to_owned()), "{bound:?}");
    let loopback = ["0100007F", "00000000000000000000000001000000"];
    assert!(bound.iter().all(|address| loopback.contains(&address.as_str())), "{bound:?}");
}

#[test]
fn secrets_are_told_to_nobody() {
    let story = Story::new();
    story.write("schema.toml", "");
    let studio =
        Studio::start(story, "-v --database-url postgres://me:hunter2@127.0.0.1:1/x?connect_timeout=1");
    let mut seen = String::new();
    for path in GETS {
        let answer = studio.ask("GET", path).send();
        seen += &format!("{answer:?}");
    }
    for path in POSTS.iter().filter(|path| **path != "/api/session") {
        let body = json!({"on": true, "id": "x", "sql": "select 1", "name": "q", "schema": "s", "filters": [],
            "format": "csv", "text": "a\n1", "key": [], "column": "a", "edits": [], "preview": true, "analyze": false});
        seen += &format!("{:?}", studio.try_post(path, &body));
    }
    seen += &format!("{:?}", studio.ask("GET", "/").send());
    seen += &studio.audit();
    let (token, cookie) = (studio.token.clone(), studio.cookie.clone());
    let id = studio.child.id();
    if let Ok(words) = std::fs::read_to_string(format!("/proc/{id}/cmdline")) {
        assert!(!words.contains(&token));
    }
    let mut grep = std::process::Command::new("grep");
    let found = grep.args(["-rlE", &format!("hunter2|{token}")]).arg(studio.story.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "", "a file holds a secret");
    let (_, told) = studio.end("-INT");
    assert!(!seen.contains("hunter2") && !told.contains("hunter2"), "{told}{seen}");
    assert!(!seen.contains(&token) && !seen.contains(cookie.split('=').nth(1).unwrap()));
    assert_eq!(told.matches(&token).count(), 1, "{told}");
}

#[test]
fn writing_takes_a_switch_and_sometimes_more() {
    let refused = |arguments: &str, environment: &str| {
        let story = Story::new();
        story.write("schema.toml", environment);
        let studio = Studio::start(story, arguments);
        let answer = studio.turn_writing(true);
        // Not refused, it would go on to the database, which is not there.
        assert!([403, 502].contains(&answer.status), "{answer:?}");
        answer.status == 403
    };
    let far = "--database-url postgres://me@192.0.2.1:5432/app?connect_timeout=1";
    assert!(refused(far, ""));
    assert!(!refused(&format!("{far} --write"), ""));
    let near = "--database-url postgres://me@127.0.0.1:1/app";
    assert!(!refused(near, ""));
    assert!(refused("--database-url postgres://me@127.0.0.1:1/app_production", ""));
    assert!(refused("--database-url postgres://me@127.0.0.1:1/app_production --write", ""));
    assert!(!refused("--database-url postgres://me@127.0.0.1:1/app_production --allow-production", ""));
    let environment = "[environments.prod]\nurl = \"postgres://me@127.0.0.1:1/app\"\n";
    assert!(refused("--env prod", environment));
    assert!(!refused("--env prod --write --allow-production", environment));
    // A name that is two: both must be here.
    assert!(refused("--database-url postgres://me@127.0.0.1,192.0.2.1/app?connect_timeout=1", ""));
}

#[test]
fn names_and_values_are_never_sql() {
    let odd = "x\"; drop table t; --";
    let sql = format!(
        "{TABLE}; create table \"x\"\"; drop table t; --\" (\"a'b\"\"c; --\" int primary key, \"$1 ?\" text);
         insert into \"x\"\"; drop table t; --\" values (1, 'it''s \\ $1 ?')"
    );
    let (studio, mut database) = studio(&sql, "");
    studio.turn_writing(true).ok();
    let rows = studio.post("/api/rows", &json!({"schema": "public", "name": odd,
        "filters": [{"column": "$1 ?", "op": "=", "value": "it's \\ $1 ?"}, {"column": "$1 ?", "op": "contains", "value": "$1 ?"}],
        "sort": [{"column": "a'b\"c; --", "descending": true}]}));
    assert_eq!(rows["rows"], json!([["1", "it's \\ $1 ?"]]));
    assert_eq!(rows["keys"], json!([["1"]]));
    let set = json!({"edits": [{"kind": "update", "schema": "public", "name": odd, "key": ["1"],
        "set": {"$1 ?": "'); drop table t; --"}}]});
    assert_eq!(studio.post("/api/edits", &set)["saved"], 1);
    for (path, body) in [
        ("/api/rows", json!({"schema": "public", "name": "t\"; drop table t; --"})),
        ("/api/rows", json!({"schema": "public; drop table t", "name": "t"})),
    ] {
        assert_eq!(studio.try_post(path, &body).status, 404);
    }
    for body in [
        json!({"filters": [{"column": "1=1; drop table t; --", "op": "=", "value": "1"}]}),
        json!({"filters": [{"column": "id", "op": "= 1; drop table t; --", "value": "1"}]}),
        json!({"filters": [{"column": "id", "op": "=", "value": "1; drop table t"}]}),
        json!({"sort": [{"column": "id; drop table t"}]}),
        json!({"sort": [{"column": "id"}], "after": "{\"row\":[\"1); drop table t; --\"]}"}),
        json!({"after": "1; drop table t"}),
    ] {
        let mut body = body;
        body["schema"] = "public".into();
        body["name"] = "t".into();
        assert_eq!(studio.try_post("/api/rows", &body).status, 400, "{body}");
    }
    let before = json!({"kind": "update", "schema": "public", "name": "t", "key": ["1"]});
    for set in [
        json!({"a = 'y', id": "2"}),
        json!({"ctid": "(0,1)"}),
        json!({"a": {"sql": "now()"}}),
        json!({"a": 1}),
    ] {
        let mut edit = before.clone();
        edit["set"] = set;
        assert_eq!(studio.try_post("/api/edits", &json!({"edits": [edit]})).status, 400);
    }
    assert_eq!(one::<i64>(&mut database, "select count(*) from t where a = 'x'"), 1);
    let kept = "select \"$1 ?\" from \"x\"\"; drop table t; --\"";
    assert_eq!(one::<String>(&mut database, kept), "'); drop table t; --");
}

#[test]
fn hostile_cells_stay_text() {
    let corpus = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</script><svg onload=alert(1)>",
        "javascript:alert(1)",
        "\u{2028}\u{2029}\u{202e}\u{0}".trim_end_matches('\0'),
        "{{constructor.constructor('alert(1)')()}}",
        "\"><iframe srcdoc='<script>alert(1)</script>'>",
        "=HYPERLINK(\"http://evil.test\",\"x\")",
        "+cmd|' /C calc'!A0",
        "@SUM(1)",
    ];
    let (studio, mut database) = studio("create table t (id int primary key, a text)", "");
    for (id, text) in corpus.iter().enumerate() {
        let id = i32::try_from(id).unwrap();
        database.db.client().execute("insert into t values ($1, $2)", &[&id, text]).unwrap();
    }
    let wish = json!({"schema": "public", "name": "t", "sort": [{"column": "id"}]});
    let answer = studio.try_post("/api/rows", &wish);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let rows = answer.ok();
    let texts: Vec<&str> =
        rows["rows"].as_array().unwrap().iter().map(|row| row[1].as_str().unwrap()).collect();
    assert_eq!(texts, corpus);
    // Errors hold what was asked, and are JSON too.
    let name = "<script>alert(1)</script>";
    let missing = studio.try_post("/api/rows", &json!({"schema": name, "name": name}));
    assert_eq!((missing.status, missing.header("content-type")), (404, Some("application/json")));
    let mut wish = wish;
    wish["format"] = "csv".into();
    let file = studio.try_post("/api/export", &wish);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"t.csv\""));
    for formula in ["=HYPERLINK", "+cmd", "@SUM"] {
        assert!(
            file.body.contains(&format!("'{formula}")) && !file.body.contains(&format!(",{formula}")),
            "{}",
            file.body
        );
    }
}

#[test]
fn saved_queries_stay_in_their_folder() {
    let story = Story::new();
    story.write("schema.toml", "");
    story.write("secret.sql", "top");
    let studio = Studio::start(story, "--database-url postgres://me@127.0.0.1:1/x");
    for name in ["../x", "..", "/tmp/x", "a/../../x", "a\\b", ".x", "x\0", "", "C:x"] {
        let save = studio.try_post("/api/queries", &json!({"name": name, "sql": "x"}));
        let delete = studio.try_post("/api/queries/delete", &json!({"name": name}));
        assert_eq!((save.status, delete.status), (400, 400), "{name:?}");
    }
    studio.post("/api/queries", &json!({"name": "one two", "sql": "select 1"}));
    assert_eq!(studio.story.read("queries/one two.sql"), "select 1\n");
    #[cfg(unix)]
    {
        let (secret, link) =
            (studio.story.path().join("secret.sql"), studio.story.path().join("queries/link.sql"));
        std::os::unix::fs::symlink(&secret, &link).unwrap();
        // It is neither read nor written through.
        let listed = studio.get("/api/queries")["queries"].clone();
        assert_eq!(listed, json!([{"name": "one two", "sql": "select 1\n"}]));
        studio.post("/api/queries", &json!({"name": "link", "sql": "select 2"}));
        assert_eq!(studio.story.read("secret.sql"), "top");
    }
    studio.post("/api/queries/delete", &json!({"name": "one two"}));
    assert!(!studio.story.path().join("queries/one two.sql").exists());
    assert!(studio.story.path().join("secret.sql").exists());
}
