//! The ways to a database, read and explained; and real connections, TLS among them.

#[cfg(all(feature = "engine", feature = "tls"))]
use super::super::scratch::tls_server::TlsServer;
#[cfg(feature = "engine")]
use super::super::test_server::database;
use super::*;

fn none(_: &str) -> Option<String> {
    None
}

fn target(text: &str) -> Target {
    Target::new(text, &none).expect(text)
}

fn fails(text: &str) -> String {
    let error = Target::new(text, &none).expect_err(text);
    error.to_string()
}

#[test]
fn what_is_on_this_machine() {
    let near = [
        "postgres://localhost/a",
        "postgres://127.0.0.1/a",
        "postgres://127.8.0.1/a",
        "postgres://[::1]/a",
        "host=/tmp dbname=a",
        "host=db.example.com hostaddr=127.0.0.1 dbname=a",
    ];
    for text in near {
        assert!(target(text).is_local(), "{text}");
    }
    let far = [
        "postgres://db.example.com/a",
        "postgres://localhost.example.com/a",
        "postgres://10.0.0.1/a",
        "postgres://127.0.0.1,10.0.0.1/a",
        "host=localhost hostaddr=10.0.0.1 dbname=a",
    ];
    for text in far {
        assert!(!target(text).is_local(), "{text}");
    }
    assert_eq!((target(near[4]).host().as_str(), target("postgres://h:6000/a").port()), ("/tmp", 6000));
}

#[test]
fn shows_no_password() {
    let cases = [
        ("postgres://me:secret@db.example:6000/app", "postgres://me@db.example:6000/app"),
        ("postgresql://me:se%40cr%2Fet@db/app?sslmode=require", "postgres://me@db:5432/app"),
        ("postgres://me:se?cret@db/app?connect_timeout=3", "postgres://me@db:5432/app"),
        ("host=db user=me password='se\\'c ret' dbname=app port=1", "postgres://me@db:1/app"),
        ("postgres://me@%2Fvar%2Frun/app", "postgres://me@/app?host=/var/run&port=5432"),
        ("postgres:///app?host=/tmp&user=a%20b", "postgres://a%20b@/app?host=/tmp&port=5432"),
        ("postgres://me@[::1]:7/app", "postgres://me@[::1]:7/app"),
        ("postgres://me@a:1,b:2/app", "postgres://me@a:1,b:2/app"),
        ("postgres://me@db/app?pgbouncer=true&connection_limit=1", "postgres://me@db:5432/app"),
    ];
    for (text, display) in cases {
        assert_eq!(target(text).display(), display);
        assert!(!format!("{:?}", target(text)).contains("secret"));
    }
    assert_eq!(
        target("postgres://me:se%40cr%2Fet@db/app").config.get_password(),
        Some(b"se@cr/et".as_slice())
    );
    assert_eq!(target("host=db password='se\\'c ret'").config.get_password(), Some(b"se'c ret".as_slice()));
}

#[test]
fn mistakes_show_no_password_either() {
    let cases = [
        ("postgres://me:sec@ret@db/app", "no host has"),
        ("postgres://me:secret@db:port/app", "the value of port"),
        ("postgres://me:secret@db/app?sslmod=require", "`sslmod`; did you mean `sslmode`?"),
        ("postgres://me@x:sec?ret%40x=1&a@db/app", "not known"),
        ("postgres://me:secret@db/app?sslmode=requre", "did you mean `require`?"),
        ("postgres://me:secret@db/app?sslcert=x", "only one"),
        ("secret", "no way to a database"),
        ("password='secret", "no way to a database"),
        ("mysql://me:secret@db/app", "no way to a database"),
    ];
    for (text, what) in cases {
        let error = fails(text);
        assert!(error.contains(what), "{text}: {error}");
        assert!(!error.contains("secret") && !error.contains("ret%40"), "{error}");
    }
}

#[test]
fn variables_fill_what_is_open() {
    let variables = |name: &str| {
        let value = match name {
            "PGHOST" => "db",
            "PGPORT" => "99",
            "PGUSER" => "me",
            "PGPASSWORD" => "secret",
            "PGDATABASE" => "app",
            "PGSSLMODE" => "verify-full",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let target = Target::new("", &variables).expect("valid");
    assert_eq!(target.display(), "postgres://me@db:99/app");
    assert_eq!(target.tls.mode, TlsMode::VerifyFull);
    assert_eq!(target.config.get_password(), Some(b"secret".as_slice()));
    let target = Target::new("postgres://you@other:1/x?sslmode=disable", &variables).expect("valid");
    assert_eq!((target.display().as_str(), target.tls.mode), ("postgres://you@other:1/x", TlsMode::Disable));
    assert_eq!(target.database("y").display(), "postgres://you@other:1/y");
    assert!(Target::new("", &|name| (name == "PGPORT").then(|| "x".to_owned())).is_err());
}

#[test]
fn sockets_are_not_encrypted() {
    let asks = |name: &str| (name == "PGSSLMODE").then(|| "require".to_owned());
    let mode = |text: &str| Target::new(text, &asks).expect(text).tls.mode;
    assert_eq!(mode("host=/tmp"), TlsMode::Disable);
    assert_eq!(mode("postgres://me@%2Ftmp/app?sslmode=verify-full"), TlsMode::Disable);
    assert_eq!(mode("host=/tmp,db"), TlsMode::Require);
    assert_eq!(mode("hostaddr=127.0.0.1"), TlsMode::Require);
}

#[test]
fn text_for_other_programs_is_complete() {
    let plain = target("postgres://db/app").conninfo();
    assert_eq!(plain, "host='db' port='5432' connect_timeout='10' sslmode='prefer' dbname='app'");
    let text = "host=a,b hostaddr=10.0.0.1,10.0.0.2 port=1,2 user='an n' password='s\\'ec\\\\ret' options='-c x=y' \
                connect_timeout=3 target_session_attrs=read-write channel_binding=require load_balance_hosts=random \
                sslnegotiation=direct sslmode=verify-full sslrootcert=/r sslcert=/c sslkey=/k dbname=app";
    let whole = target(text).database("it's");
    let conninfo = whole.conninfo();
    assert!(conninfo.ends_with("dbname='it\\'s'"), "{conninfo}");
    // As the driver prints it: all but the password.
    let back = target(&conninfo);
    assert_eq!(format!("{:?}", back.config), format!("{:?}", whole.config));
    assert_eq!(back.config.get_password(), Some(b"s'ec\\ret".as_slice()));
    assert_eq!(back.tls, whole.tls);
}

#[cfg(feature = "engine")]
#[test]
fn connects_and_says_who_it_is() {
    let database = database();
    let mut client = target(database.target()).connect().expect("connected");
    let row = client
        .query_one("select current_setting('application_name'), current_database()::text", &[])
        .expect("row");
    assert_eq!((row.get(0), row.get(1)), ("schema", database.name()));
}

#[cfg(feature = "engine")]
#[test]
fn failures_say_what_to_do() {
    let database = database();
    let (socket, _) = database.target().split_once(" user=").expect("a user");
    let cases = [
        (
            format!("{socket} user=postgres dbname=nothing password=secret"),
            "database \"nothing\" does not exist",
            "createdb",
        ),
        (
            format!("{socket} user=nobody_x password=secret"),
            "role \"nobody_x\" does not exist",
            "pg_hba.conf",
        ),
        ("postgres://me:secret@127.0.0.1:1/x".to_owned(), "refused", "no server listens there"),
        ("host=/nowhere user=me password=secret".to_owned(), "No such file", "no server listens there"),
        ("postgres://me:secret@host.invalid/x".to_owned(), "host.invalid", "correct the host's name"),
    ];
    for (text, what, next) in cases {
        let error = target(&text).connect().err().expect("fails").to_string();
        assert!(error.contains(what) && error.contains(next), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[cfg(all(feature = "engine", feature = "tls"))]
#[test]
fn tls_is_verified_as_far_as_is_asked() {
    let running = TlsServer::start();
    let port = running.port;
    let file = |name| encode(&running.certificate(name).display().to_string());
    let (ca, server) = (file("ca.pem"), file("server.pem"));
    let url = |host: &str, settings: &str| format!("postgres://postgres@{host}:{port}/postgres?{settings}");
    let cases = [
        ("localhost", "sslmode=disable".to_owned(), Ok(false)),
        ("localhost", String::new(), Ok(true)),
        ("localhost", "sslmode=require".to_owned(), Ok(true)),
        ("127.0.0.1", "sslmode=require".to_owned(), Ok(true)),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={ca}"), Ok(true)),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={server}"), Ok(true)),
        ("localhost", format!("sslmode=verify-full&sslrootcert={ca}"), Ok(true)),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={ca}"), Err("certificate")),
        ("localhost", "sslmode=verify-full".to_owned(), Err("sslrootcert=FILE")),
        ("localhost", "sslmode=verify-ca&sslrootcert=system".to_owned(), Err("sslrootcert=FILE")),
        ("localhost", "sslmode=require&sslrootcert=/nowhere".to_owned(), Err("cannot be read")),
    ];
    for (host, settings, expected) in cases {
        let query = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
        let result = target(&url(host, &settings)).connect();
        match (
            result.map(|mut client| client.query_one(query, &[]).expect("row").get::<_, bool>(0)),
            expected,
        ) {
            (Ok(encrypted), Ok(expected)) => assert_eq!(encrypted, expected, "{host} {settings}"),
            (Err(error), Err(expected)) => {
                assert!(error.to_string().contains(expected), "{settings}: {error}")
            }
            (result, _) => panic!("{host} {settings}: {result:?}"),
        }
    }
}
