//! Opens scratch, prints which PostgreSQL it is, and makes a database and a table: shows that scratch works on a
//! machine. With the name of an SQL file it also times that file, and its template. Not part of the tool.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use schema_core::engine::postgres::scratch::{Scratch, ScratchOptions, probe};

fn main() -> Result<(), Box<dyn Error>> {
    let options = ScratchOptions { url: std::env::var("SCRATCH_URL").ok(), ..ScratchOptions::default() };
    let server = timed("probe", || probe(&options))?;
    println!("{server}");
    let mut scratch = timed("open", || Scratch::open(&options))?;
    let mut database = timed("database", || scratch.database())?;
    let count: i64 = timed("table", || {
        let client = database.client();
        client.batch_execute("CREATE TABLE t (id int PRIMARY KEY, at timestamptz DEFAULT now())")?;
        client.batch_execute("INSERT INTO t SELECT generate_series(1, 3)")?;
        client.query_one("SELECT count(*) FROM t", &[]).map(|row| row.get(0))
    })?;
    println!("rows: {count}");
    let client = database.client();
    let query = "SELECT count(*), coalesce(bool_or(name = 'citext'), false) FROM pg_available_extensions";
    let row = client.query_one(query, &[])?;
    let (extensions, citext): (i64, bool) = (row.get(0), row.get(1));
    println!("extensions: {extensions}");
    if citext {
        client.batch_execute("CREATE EXTENSION citext; CREATE TABLE names (name citext PRIMARY KEY)")?;
    }
    timed("drop", || drop(database));
    if let Some(file) = std::env::args().nth(1) {
        let sql = std::fs::read_to_string(file)?;
        let mut database = scratch.database()?;
        timed("SQL file", || database.client().batch_execute(&sql))?;
        timed("save_template", || scratch.save_template(database, "file"))?;
        let copy = timed("from_template", || scratch.from_template("file"))?.ok_or("no template")?;
        timed("drop copy", || drop(copy));
    }
    timed("stop", || drop(scratch));
    Ok(())
}

/// Runs it and prints how long it took.
fn timed<T>(name: &str, run: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let value = run();
    println!("{name:14} {:7.1} ms", begun.elapsed().as_secs_f64() * 1000.0);
    value
}
