//! Extraction from real cargo projects.

mod project;

use project::{Project, record};
use schema_cli::extract::{BuildOptions, Extracted, extract};
use schema_core::engine::declared::declare;
use schema_core::engine::error::{Class, Error};

/// `file: table` of every table, sorted; the same for types, for queries of views and raw SQL.
fn found(extracted: &Extracted) -> Vec<String> {
    let records = &extracted.records;
    let tables = records.tables.iter().map(|t| format!("{}: {}", t.origin.file, t.name.name));
    let enums = records.enums.iter().map(|e| format!("{}: {}", e.origin.file, e.name.name));
    let sql = records.sql.iter().map(|s| format!("{}: {}", s.origin.file, s.sql));
    let composites = records.composites.iter().map(|c| format!("{}: {}", c.origin.file, c.name.name));
    let domains = records.domains.iter().map(|d| format!("{}: {}", d.origin.file, d.name.name));
    let views = records.views.iter().map(|v| format!("{}: {}", v.origin.file, v.sql));
    let types = enums.chain(composites).chain(domains);
    let mut found: Vec<String> = tables.chain(types).chain(views).chain(sql).collect();
    found.sort();
    found
}

fn extracted(options: &BuildOptions) -> Extracted {
    match extract(options) {
        Ok(extracted) => extracted,
        Err(error) => panic!("{error}"),
    }
}

fn refused(options: &BuildOptions) -> Error {
    match extract(options) {
        Ok(extracted) => panic!("{:?}", extracted.records),
        Err(error) => error,
    }
}

const USER: &str =
    "#[derive(schema_core::Table)]\nstruct User {\n    #[column(primary_key)]\n    id: i64,\n}\n";

fn table(name: &str) -> String {
    USER.replace("User", name)
}

#[test]
fn a_library_with_private_modules_and_features() {
    let project = Project::new("ext_lib");
    project
        .manifest("[features]\nextra = []")
        .file("src/lib.rs", "#![forbid(unsafe_code)]\nmod models;\n")
        .file(
            "src/models.rs",
            &format!(
                "{USER}\n#[cfg(feature = \"extra\")]\nmod extra {{\n{}\n}}\n\
                 #[derive(schema_core::Enum)]\nenum Kind {{ A, B }}\n\
                 schema_core::sql!(\"select 1\");\n",
                table("Extra")
            ),
        );
    let mut options = project.options();
    let plain = extracted(&options);
    assert_eq!(found(&plain), ["src/models.rs: kind", "src/models.rs: select 1", "src/models.rs: user"]);
    assert_eq!(plain.records.tables[0].origin.line, 2);
    assert_eq!(plain.root, project.root());
    assert_eq!(plain.packages.len(), 1);
    assert_eq!((plain.packages[0].name.as_str(), plain.packages[0].records), ("ext_lib", 3));
    options.features.push("extra".to_owned());
    assert_eq!(extracted(&options).records.tables.len(), 2);
    options.features.clear();
    options.all_features = true;
    assert_eq!(extracted(&options).records.tables.len(), 2);
}

/// What a view's file says is in the record; a change of it is seen.
#[test]
fn views_from_files_and_types() {
    let project = Project::new("ext_views");
    project.manifest("").file("views/one.sql", "SELECT 1 AS id").file(
        "src/lib.rs",
        "#[derive(schema_core::View)]\n#[view(sql_file = \"views/one.sql\")]\nstruct One { id: Id }\n\
             #[derive(schema_core::Domain)]\nstruct Id(i32);\n\
             #[derive(schema_core::Composite)]\npub struct Pair { one: Id }\n",
    );
    let options = project.options();
    let all = ["src/lib.rs: SELECT 1 AS id", "src/lib.rs: id", "src/lib.rs: pair"];
    assert_eq!(found(&extracted(&options)), all);
    project.file("views/one.sql", "SELECT 2 AS id");
    assert_eq!(found(&extracted(&options))[0], "src/lib.rs: SELECT 2 AS id");
}

#[test]
fn a_program_without_library_in_any_profile() {
    let project = Project::new("ext_bin");
    project.manifest("[profile.release]\nlto = \"fat\"\nstrip = true\n");
    project.file("src/main.rs", &format!("mod inner {{\n{USER}}}\nfn main() {{}}\n"));
    let mut options = project.options();
    assert_eq!(found(&extracted(&options)), ["src/main.rs: user"]);
    options.profile = Some("release".to_owned());
    assert_eq!(found(&extracted(&options)), ["src/main.rs: user"]);
}

#[test]
fn a_library_with_programs() {
    let project = Project::new("ext_both");
    project
        .file("src/lib.rs", "pub mod shared;\n")
        .file("src/shared.rs", &table("Shared"))
        .file("src/main.rs", &format!("mod shared;\n{}\nfn main() {{}}\n", table("Own")))
        .file(
            "src/bin/other.rs",
            "fn main() { println!(\"{}\", std::mem::size_of::<ext_both::shared::Nothing>()); }\n",
        );
    project.append("src/shared.rs", "pub struct Nothing;\n");
    assert_eq!(found(&extracted(&project.options())), ["src/main.rs: own", "src/shared.rs: shared"]);
}

#[test]
fn a_workspace_with_tables_in_several_members() {
    let outside = Project::new("ext_outside");
    outside.file("src/lib.rs", &table("Outside"));
    let project = Project::workspace("ext_members", &["ext_a", "ext_b", "ext_none"]);
    project
        .file("ext_a/src/lib.rs", &table("A"))
        .dependency("ext_a", &format!("ext_outside = {{ path = {:?} }}", outside.root()))
        .file("ext_b/src/lib.rs", &table("B"))
        .file("ext_none/src/lib.rs", "");
    let mut options = project.options();
    let all = extracted(&options);
    let absolute = outside.root().join("src/lib.rs");
    assert_eq!(
        found(&all),
        [
            format!("{}: outside", absolute.display()),
            "ext_a/src/lib.rs: a".into(),
            "ext_b/src/lib.rs: b".into()
        ]
    );
    assert_eq!(all.root, project.root());
    options.package.push("ext_b".to_owned());
    assert_eq!(found(&extracted(&options)), ["ext_b/src/lib.rs: b"]);
    // In a member's directory cargo builds this member.
    let member = BuildOptions { directory: Some(project.root().join("ext_b")), ..project.options() };
    let member = extracted(&member);
    assert_eq!(found(&member), ["ext_b/src/lib.rs: b"]);
    assert_eq!(member.root, project.root());
    let whole =
        BuildOptions { directory: Some(project.root().join("ext_b")), workspace: true, ..project.options() };
    assert_eq!(found(&extracted(&whole)).len(), 3);
}

#[test]
fn a_package_elsewhere_does_not_count() {
    let project = Project::new("ext_user");
    project.foreign("ext_foreign");
    project.file("src/lib.rs", "pub use ext_foreign as _;\n");
    let error = refused(&project.options());
    assert_eq!(error.class, Class::Failed);
    assert!(error.what.contains("the only ones are in ext_foreign"), "{error}");
    project.file("src/main.rs", &format!("{}\nfn main() {{ ext_foreign::used(); }}\n", table("Own")));
    assert_eq!(found(&extracted(&project.options())), ["src/main.rs: own"]);
}

#[test]
fn link_time_optimisation() {
    for lto in ["fat", "thin"] {
        let project = Project::bare(&format!("ext_lto_{lto}"));
        project.manifest(&format!("[profile.dev]\nlto = \"{lto}\"\n")).file("src/lib.rs", &record(lto));
        assert_eq!(found(&extracted(&project.options())), [format!("src/lib.rs: {lto}")]);
    }
}

#[test]
fn without_debug_assertions() {
    let project = Project::bare("ext_release");
    project
        .manifest(
            "[profile.dev]\ndebug-assertions = false\n[profile.fast]\ninherits = \"release\"\nlto = true\n",
        )
        .file("src/lib.rs", &record("one"));
    let mut options = project.options();
    assert_eq!(found(&extracted(&options)), ["src/lib.rs: one"]);
    options.profile = Some("fast".to_owned());
    assert_eq!(found(&extracted(&options)), ["src/lib.rs: one"]);
    options.profile = None;
    options.cargo.push("--release".to_owned());
    assert_eq!(found(&extracted(&options)), ["src/lib.rs: one"]);
}

#[test]
fn a_target_and_a_target_directory() {
    let project = Project::bare("ext_target");
    project.file("src/lib.rs", &record("one"));
    let mut options = project.options();
    let elsewhere = project.root().join("elsewhere");
    options.target_dir = Some(elsewhere.clone());
    options.target = Some(project::host());
    assert_eq!(found(&extracted(&options)), ["src/lib.rs: one"]);
    assert!(elsewhere.join(project::host()).join("debug").is_dir());
    // The same by the user's own configuration.
    std::fs::remove_dir_all(&elsewhere).expect("removed");
    let config = format!("[build]\ntarget = \"{}\"\ntarget-dir = \"elsewhere\"\n", project::host());
    project.file(".cargo/config.toml", &config);
    options.target_dir = None;
    options.target = None;
    assert_eq!(found(&extracted(&options)), ["src/lib.rs: one"]);
    // The variable beats the configuration, and whoever runs the tests may have set it.
    let configured = std::env::var_os("CARGO_TARGET_DIR").is_none();
    assert_eq!(elsewhere.join(project::host()).join("debug").is_dir(), configured);
}

#[test]
fn a_shared_library_alone() {
    let project = Project::bare("ext_cdylib");
    project.manifest("[lib]\ncrate-type = [\"cdylib\", \"staticlib\"]\n").file("src/lib.rs", &record("one"));
    assert_eq!(found(&extracted(&project.options())), ["src/lib.rs: one"]);
}

#[test]
fn two_tables_of_one_name() {
    let project = Project::workspace("ext_twice", &["ext_one", "ext_two"]);
    project.file("ext_one/src/lib.rs", USER).file("ext_two/src/lib.rs", &format!("\n{USER}"));
    let error = declare(&extracted(&project.options()).records).expect_err("one name");
    assert_eq!(
        error.to_string(),
        "table user is declared twice\n  at ext_one/src/lib.rs:2\n  at ext_two/src/lib.rs:3\n  \
         next: give one of them another name"
    );
}

#[test]
fn no_tables_and_why() {
    let without = Project::bare("ext_without");
    without.file("src/lib.rs", "");
    let error = refused(&without.options());
    assert!(
        error.what.contains("the package ext_without, and nothing in this build depends on schema-core"),
        "{error}"
    );

    let project = Project::new("ext_empty");
    project.file("src/lib.rs", &format!("#[cfg(any())]\n{USER}"));
    let error = refused(&project.options());
    assert!(error.what.contains("the package ext_empty, and no #[derive(Table)] in it"), "{error}");
    assert_eq!(error.class, Class::Failed);
}

#[test]
fn what_cargo_refuses() {
    let empty = tempfile::tempdir().expect("a directory");
    let nowhere = BuildOptions { directory: Some(empty.path().to_owned()), ..BuildOptions::default() };
    let error = refused(&nowhere);
    assert_eq!(error.class, Class::Usage);
    assert!(error.what.starts_with("no Cargo.toml in "), "{error}");
    let missing = BuildOptions { manifest_path: Some("nope/Cargo.toml".into()), ..nowhere };
    assert_eq!(refused(&missing).what, "there is no file nope/Cargo.toml");

    let project = Project::new("ext_broken");
    project.file("src/lib.rs", "fn broken(\n");
    let error = refused(&project.options());
    assert_eq!(error.class, Class::Failed);
    assert!(error.what.starts_with("the program does not build"), "{error}");
}

#[test]
fn another_version_of_the_crate() {
    let project = Project::new("ext_skew");
    let record = r#"
        #[used]
        #[unsafe(link_section = ".schema")]
        static RECORD: [u8; 26] = *b"\x7fschema\n\x63\0\0\0\x1a\0\0\0\x05\0\0\09.9.9\x01";
    "#;
    project.file("src/lib.rs", record);
    let error = refused(&project.options());
    assert!(error.what.starts_with("ext_skew: "), "{error}");
    assert!(error.what.contains("schema-core 9.9.9 (format 99)"), "{error}");
    assert!(error.next.is_some_and(|next| next.contains("9.9.9")));
}
