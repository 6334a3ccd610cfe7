#!/bin/sh
# What #[derive(Table)] adds to the compile time of 200 structs of 16 columns, against serde's Serialize and
# Deserialize on the same structs. `cargo check` and `cargo build`, dependencies prebuilt, best of three.
# Arguments: how many structs (200), how many columns (16).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
tables=${1:-200}
columns=${2:-16}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<TOML
[package]
name = "compile-time"
version = "0.0.0"
edition = "2024"
[features]
serde = ["dep:serde"]
table = ["dep:schema-core"]
[dependencies]
schema-core = { path = "$root/schema-core", optional = true }
serde = { version = "1", features = ["derive"], optional = true }
[profile.dev]
incremental = false
[workspace]
TOML
awk -v tables="$tables" -v columns="$columns" 'BEGIN {
    split("i64 String Option<String> i32 bool f64 Vec<String> Option<i64>", types, " ")
    print "#![allow(dead_code)]"
    for (t = 0; t < tables; t++) {
        print "#[cfg_attr(feature = \"serde\", derive(serde::Serialize, serde::Deserialize))]"
        print "#[cfg_attr(feature = \"table\", derive(schema_core::Table))]"
        print "#[cfg_attr(feature = \"table\", table(index(column_2, column_3)))]"
        printf "pub struct Table%d {\n", t
        for (c = 0; c < columns; c++) {
            attribute = ""
            if (c == 0) attribute = "primary_key, identity"
            if (c == 1) attribute = "unique, check = \"column_1 <> \\\"\\\"\""
            if (c == 4) attribute = "default = false"
            if (c == 7) attribute = "references = Table" (t * 7 % tables) "::column_0, on_delete = set_null"
            if (attribute != "") printf "    #[cfg_attr(feature = \"table\", column(%s))]\n", attribute
            printf "    pub column_%d: %s,\n", c, types[c % 8 + 1]
        }
        print "}"
    }
}' > "$work/src/lib.rs"
export CARGO_TARGET_DIR="$work/target"
cd "$work"

# Milliseconds of the best of three runs.
best() {
    cargo "$@" --quiet
    best=
    for _ in 1 2 3; do
        touch src/lib.rs
        start=$(date +%s%N)
        cargo "$@" --quiet
        time=$((($(date +%s%N) - start) / 1000000))
        if [ -z "$best" ] || [ "$time" -lt "$best" ]; then best=$time; fi
    done
    echo "$best"
}

for command in check build; do
    plain=$(best $command)
    serde=$(($(best $command --features serde) - plain))
    table=$(($(best $command --features table) - plain))
    echo "$command: $tables structs x $columns columns: $plain ms; serde adds $serde ms, Table adds $table ms" \
        "($(awk "BEGIN { printf \"%.2f\", $table / $serde }") of serde)"
done
