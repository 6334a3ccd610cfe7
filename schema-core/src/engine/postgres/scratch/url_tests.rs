//! Scratch on a real server that demands TLS and a password, as managed ones do.

use super::super::super::super::error::Class;
use super::super::super::connect::Target;
use super::super::tls_server::TlsServer;
use super::super::{Scratch, ScratchOptions, Source, probe};
use std::process::Command;

const PASSWORD: &str = "s3cr'et";

/// A server with the role `guarded`, which may create databases.
fn server() -> TlsServer {
    let server = TlsServer::start();
    let admin = format!("host=127.0.0.1 port={} user=postgres dbname=postgres sslmode=disable", server.port);
    let mut admin = Target::new(&admin, &|_| None).and_then(|target| target.connect()).expect("a session");
    let password = PASSWORD.replace('\'', "''");
    admin
        .batch_execute(&format!("CREATE ROLE guarded LOGIN CREATEDB PASSWORD '{password}'"))
        .expect("a role");
    server
}

fn options(server: &TlsServer, password: &str, settings: &str) -> ScratchOptions {
    let url = format!("postgres://guarded:{password}@localhost:{}/postgres?{settings}", server.port);
    ScratchOptions { url: Some(url), ..ScratchOptions::default() }
}

#[test]
fn a_server_that_demands_tls() {
    let server = server();
    let options = options(&server, "s3cr%27et", "sslmode=require");
    let source = Source::Url(format!("postgres://guarded@localhost:{}/postgres", server.port));
    assert_eq!(probe(&options).expect("a server").source, source);
    let mut scratch = Scratch::open(&options).expect("a scratch");
    assert_eq!(scratch.server().source, source);
    let mut database = scratch.database().expect("a database");
    let query = "SELECT current_database()::text, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let here = (database.name().to_owned(), true);
    let row = database.client().query_one(query, &[]).expect("a row");
    assert_eq!((row.get(0), row.get(1)), here);

    // The way for other programs: ours reads it, and so does libpq.
    let mut other = Target::new(&database.url(), &|_| None).and_then(|way| way.connect()).expect("a session");
    let row = other.query_one(query, &[]).expect("a row");
    assert_eq!((row.get(0), row.get(1)), here);
    drop(other);
    let psql = server.programs.join("psql");
    // The embedded PostgreSQL has none.
    if psql.is_file() {
        let output = Command::new(psql).args(["-XAtc", query, "-d", &database.url()]).output().expect("psql");
        let told = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.trim(), format!("{}|t", database.name()), "{error}");
    }

    let name = database.name().to_owned();
    drop((database, scratch));
    let mut again = Scratch::open(&options).expect("a scratch").database().expect("a database");
    let left = again.client().query("SELECT FROM pg_database WHERE datname = $1::text", &[&name]);
    assert_eq!(left.expect("rows").len(), 0, "the database was dropped");
}

#[test]
fn a_wrong_password_is_never_shown() {
    let server = server();
    let cases = [
        ("wr0ng", "sslmode=require", "password authentication failed", "check user and password"),
        ("s3cr%27et", "sslmode=disable", "rejects connection", "pg_hba.conf"),
        ("wr0ng", "sslmode=verify-full", "certificate", "sslrootcert=FILE"),
        ("wr0ng", "sslmod=require", "did you mean `sslmode`?", "remove it"),
    ];
    for (password, settings, what, next) in cases {
        let options = options(&server, password, settings);
        for error in [probe(&options).err(), Scratch::open(&options).err()] {
            let error = error.expect(settings);
            let text = format!("{error} {error:?}");
            assert!(text.contains("the scratch server") && text.contains(what), "{text}");
            assert!(error.next.as_ref().is_some_and(|text| text.contains(next)), "{text}");
            assert!(!text.contains("wr0ng") && !text.contains("s3cr"), "{text}");
            assert!(matches!(error.class, Class::Failed | Class::Usage), "{text}");
        }
    }
}
