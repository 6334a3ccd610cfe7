//! The files of a PostgreSQL server, as bytes in the program. Not the code that unpacks or starts it.

/// A file of the server.
pub struct File {
    /// Where it belongs, below the server's root.
    pub path: &'static str,
    /// Whether it is a program.
    pub executable: bool,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// Names what [`FILES`] holds; another name with other files.
pub const VERSION: &str = "18.4-0.3.3";

/// All files, in the order of their paths; none on platforms that no PostgreSQL is packed for.
pub static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn either_a_whole_server_or_nothing() {
        let has = |path: &str| FILES.iter().any(|file| file.path == path && !file.bytes.is_empty());
        let needed = [
            "bin/postgres",
            "bin/initdb",
            "licences/THIRD_PARTY_LICENSES/PostgreSQL-COPYRIGHT",
            "share/postgresql/postgres.bki",
            "share/postgresql/extension/plpgsql.control",
            "share/postgresql/extension/citext.control",
        ];
        for path in needed {
            assert_eq!(has(path), !FILES.is_empty(), "{path}");
        }
        if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
            assert!(!FILES.is_empty());
        }
    }
}
