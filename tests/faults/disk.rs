//! A disk that is full: below a tablespace, and below the whole cluster.

use super::*;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small file system in memory; unmounted with the value.
struct Small(PathBuf);

impl Small {
    /// None where mounting is not allowed.
    fn mounted(directory: &Path, megabytes: u32) -> Option<Self> {
        std::fs::create_dir_all(directory).unwrap();
        let small = Self(directory.to_owned());
        small.mount(&["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]).then_some(small)
    }

    fn mount(&self, options: &[&str]) -> bool {
        let mount =
            Command::new("mount").args(options).arg(&self.0).stderr(std::process::Stdio::null()).status();
        mount.is_ok_and(|status| status.success())
    }

    fn grow(&self, megabytes: u32) {
        assert!(self.mount(&["-o", &format!("remount,size={megabytes}m")]));
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["--lazy"]).arg(&self.0).status();
    }
}

const FULL: &str = "a full disk";
const BIG: &str = "insert into log values (2);\n-- schema:section\ninsert into log values (3);\n\
                   create table big as select n, repeat('x', 1000) as t from generate_series(1, 40000) n;\n";

#[test]
fn a_full_tablespace() {
    let home = tempfile::tempdir_in("/tmp").unwrap();
    let Some(small) = Small::mounted(&home.path().join("small"), 20) else {
        return skipped(&format!("{FULL} below a tablespace"), "mounting is not allowed here");
    };
    let Some(mut server) = Server::start("disk", &[]) else { return skipped(FULL, "no PostgreSQL") };
    server.give(&small.0);
    std::fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let url = server.database();
    connect(&url)
        .batch_execute(&format!("create tablespace small location '{}'", small.0.display()))
        .unwrap();
    let big = BIG.replace("create table big", "set local default_tablespace = small;\ncreate table big");
    let story = story(&url, &[HARD[0], ("20260102000000_big", &big)]);
    let error = ends(&story, "migrate", 4);
    for part in [
        "20260102000000_big stopped in section 2 of 2; section 1 is applied",
        "could not extend file ",
        " (SQLSTATE 53100)",
        "HINT: Check free disk space",
        "up.sql:5",
        "make room on the server's disk",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert_eq!(count(&url, "select count(*) from log"), 2);
    small.grow(100);
    succeeds(&story, "migrate");
    assert_eq!(count(&url, "select count(*) + (select count(*) from big) from log"), 40_003);
    let mut client = connect(&url);
    client.batch_execute("drop table big").unwrap();
    client.batch_execute("drop tablespace small").unwrap();
    told(
        "the disk below a tablespace is full (tmpfs of 20 MB)",
        1,
        "exit 4 with file:line, 53100 and HINT, the section rolled back; after more room the next run went on",
        "none",
    );
}

#[test]
fn a_full_disk_below_the_cluster() {
    let home = tempfile::tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let Some(small) = Small::mounted(&home.path().join("small"), 90) else {
        return skipped(&format!("{FULL} below the cluster and its WAL"), "mounting is not allowed here");
    };
    let settings = ["min_wal_size=2MB", "max_wal_size=500MB", "autovacuum=off"];
    let Some(mut server) = Server::start_in("wal", Some(&small.0), &settings) else {
        return skipped(FULL, "no PostgreSQL");
    };
    let url = server.database();
    let story = story(&url, &[HARD[0], ("20260102000000_big", BIG)]);
    let output = story.run("migrate");
    let error = text(&output);
    assert_eq!(output.status.code(), Some(4), "{error}");
    // With no room for the WAL the server ends itself, with a little room for it only the statement fails.
    // PostgreSQL has two texts: no space left, or, where a part of a page still fitted, how much of it was written.
    let failed = error.contains(" (SQLSTATE 53100)") && error.contains("make room on the server's disk");
    assert!(failed || error.contains("connect and run again"), "{error}");
    small.grow(600);
    std::thread::sleep(std::time::Duration::from_secs(1));
    let ended = server.has_ended();
    if ended {
        server.down("-INT");
        server.up();
    }
    wait_for("the server recovers", || Client::connect(&url, NoTls).is_ok());
    succeeds(&story, "migrate");
    assert_eq!(count(&url, "select count(*) + (select count(*) from big) from log"), 40_003);
    let how = if ended || error.contains("connect and run again") {
        "the server crashed (PANIC: no room for the WAL)"
    } else {
        "the statement failed with 53100"
    };
    drop(server);
    told(
        "the disk below the whole cluster is full (tmpfs of 90 MB)",
        1,
        &format!("{how}; exit 4; after more room the next run went on"),
        "none",
    );
}
