//! Which database is meant, and that no password is ever shown.

use super::story::Story;
use insta::assert_snapshot;

/// Nobody listens there.
const NOWHERE: &str = "postgres://me:hunter2@127.0.0.1:1";

/// The line that says where the database comes from.
fn source(story: &Story, variables: &[(&str, String)], arguments: &str) -> String {
    let arguments = format!("status -v {arguments}");
    let variables = variables.iter().map(|(name, value)| (*name, value));
    let output = story.command(&arguments).envs(variables).output().unwrap();
    let told = story.shown(&arguments, &output);
    let line = told.lines().find_map(|line| line.strip_prefix("! database: "));
    line.unwrap_or_else(|| panic!("{told}")).to_owned()
}

fn url(name: &str) -> String {
    format!("{NOWHERE}/{name}")
}

#[test]
fn the_first_that_is_given_counts() {
    let story = Story::new();
    story.write("migrations/1_a/up.sql", "");
    let from = |variables: &[(&str, String)], arguments: &str| source(&story, variables, arguments);
    let place = |name: &str, source: &str| format!("postgres://me@127.0.0.1:1/{name} (from {source})");

    let libpq = [("PGHOST", "127.0.0.1"), ("PGPORT", "1"), ("PGUSER", "me"), ("PGDATABASE", "libpq")];
    let libpq = libpq.map(|(name, value)| (name, value.to_owned()));
    assert_eq!(from(&libpq, ""), place("libpq", "the PG* variables"));

    let toml = format!(
        "database-url = \"{}\"\n[environments.live]\nurl-env = \"LIVE_URL\"\nurl = \"{}\"\n",
        url("toml"),
        url("fallback")
    );
    story.write("schema.toml", &toml);
    assert_eq!(from(&libpq, ""), place("toml", "schema.toml:1"));
    assert_eq!(from(&[], "--env live"), place("fallback", "schema.toml:4"));

    story.write(".env", &format!("DATABASE_URL={}\nLIVE_URL={}\n", url("file"), url("live-file")));
    assert_eq!(from(&[], ""), place("file", "DATABASE_URL in .env"));
    assert_eq!(from(&[], "--env live"), place("live-file", "LIVE_URL in .env"));

    let mut variables = vec![("DATABASE_URL", url("variable"))];
    assert_eq!(from(&variables, ""), place("variable", "DATABASE_URL"));
    variables.push(("SCHEMA_DATABASE_URL", url("ours")));
    assert_eq!(from(&variables, ""), place("ours", "SCHEMA_DATABASE_URL"));
    assert_eq!(from(&[("SCHEMA_DATABASE_URL", String::new())], ""), place("file", "DATABASE_URL in .env"));

    // Who names an environment means that one.
    assert_eq!(from(&variables, "--env live"), place("live-file", "LIVE_URL in .env"));
    variables.push(("LIVE_URL", url("live")));
    assert_eq!(from(&variables, "--env live"), place("live", "LIVE_URL"));
    let flag = format!("--database-url {}", url("flag"));
    assert_eq!(from(&variables, &flag), place("flag", "--database-url"));
}

#[test]
fn the_configuration_is_found_above() {
    let story = Story::new();
    story.write("schema.toml", "migrations = \"db\"\ndatabase-url-env = \"OTHER\"\n");
    story.write(".env", &format!("OTHER={}\nDATABASE_URL={}\n", url("other"), url("not-this")));
    story.write("db/1_a/up.sql", "commit;");
    story.write("inner/deep/x", "");
    let run = |arguments: &str| {
        let output = story.command(arguments).current_dir(story.path().join("inner/deep")).output().unwrap();
        story.shown(arguments, &output)
    };
    let told = run("status -v");
    assert!(told.contains("configuration: ../../schema.toml"), "{told}");
    assert!(told.contains("--> ../../db/1_a/up.sql:1"), "{told}");
    story.write("db/1_a/up.sql", "");
    let told = run("status -v");
    assert!(told.contains("1/other (from OTHER in ../../.env)"), "{told}");
}

#[test]
fn mistakes_in_files() {
    let story = Story::new();
    let with = |file: &str, text: &str, arguments: &str| {
        story.write(file, text);
        let told = story.show(arguments);
        std::fs::remove_file(story.path().join(file)).unwrap();
        format!("{text}\n{told}\n")
    };
    let environment = "[environments.production]\nurl-env = \"LIVE_URL\"";
    let mut told = story.show("status") + "\n";
    story.write("migrations/1_a/up.sql", "");
    for (file, text, arguments) in [
        ("schema.toml", "# mine\nmigratons = \"db\"", "status"),
        ("schema.toml", "lock-timeout = 5", "status"),
        ("schema.toml", "lock-timeout = \"soon\"", "status"),
        ("schema.toml", "scratch_major = 15", "status"),
        ("schema.toml", "# mine\nscratch-major = 9", "status"),
        ("schema.toml", "migrations = \"db", "status"),
        ("schema.toml", environment, "status --env prodution"),
        ("schema.toml", environment, "status --env production"),
        (".env", "A=1\nB C", "status"),
        ("x", "", "status"),
    ] {
        told += &with(file, text, arguments);
    }
    assert_snapshot!(told);
}

#[test]
fn no_password_is_ever_shown() {
    let story = Story::new();
    story.write("migrations/1_a/up.sql", "");
    let flag = format!("--database-url {}", url("x"));
    let mut told = String::new();
    for command in ["status", "migrate", "migrate --dry-run"] {
        for way in ["-v", "--format json -v"] {
            let line = format!("{command} {way} {flag}");
            told += story.show(&line).split_once('\n').unwrap().1;
        }
    }
    // What is only half a URL, too.
    for broken in
        ["postgres://me:hunter2@", "postgres://me:hunter2@@h/d", "postgres://me:hunter2", "me:hunter2@h"]
    {
        told += story.show(&format!("status --database-url {broken}")).split_once('\n').unwrap().1;
    }
    for text in [
        format!("database-url = \"{}\"", url("x")),
        format!("scratch = \"{}\"", url("x")),
        format!("package = \"{}\"", url("x")),
        format!("[environments]\nlive = \"{}\"", url("x")),
        format!("database-url = {}", url("x")),
    ] {
        story.write("schema.toml", &text);
        told += &story.show("status -v");
    }
    std::fs::remove_file(story.path().join("schema.toml")).unwrap();
    story.write(".env", &format!("DATABASE_URL={}\nhunter2 x\n", url("x")));
    told += &story.show("status -v");
    assert!(told.contains("127.0.0.1:1/x"), "{told}");
    assert!(told.contains("the URL holds a password"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}
