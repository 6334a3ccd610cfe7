#!/usr/bin/env python3
"""Time of `schema check` on a history of N migrations (300): cold, warm, after one more migration, after an edited
down.sql. Prints cargo's own time apart from schema's.

  benches/check.py [N] [PROGRAM]

A third of the migrations creates a table, a third adds a column, a third builds an index; the code declares the sum.
Works in target/bench; needs nothing but cargo and python3, and is no test: figures depend on the machine. PROGRAM is the
program to measure, else a release build is made."""
import os, shutil, subprocess, sys, time
import common
from common import cargo_apart, root

count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
program = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else common.program()
directory = os.path.join(root, "target/bench/check")
shutil.rmtree(directory, ignore_errors=True)
os.makedirs(directory + "/src")
tables = count // 3


def migrations():
    for t in range(tables):
        yield (f"create_t{t:03d}", f"CREATE TABLE t{t:03d} (\n    id bigint PRIMARY KEY,\n    name text NOT NULL\n);",
               f"DROP TABLE t{t:03d};")
    for t in range(tables):
        yield f"add_note_{t:03d}", f"ALTER TABLE t{t:03d} ADD COLUMN note text;", f"ALTER TABLE t{t:03d} DROP COLUMN note;"
    for t in range(count - 2 * tables):
        yield (f"index_{t:03d}", f"CREATE INDEX t{t:03d}_name_idx ON t{t:03d} (name);", f"DROP INDEX t{t:03d}_name_idx;")


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


def migration(number, parent, name, up, down):
    folder = f"{directory}/migrations/{20260101000000 + number}_{name}"
    head = f"-- schema:parent {parent}\n-- schema:tool 0.1.0\n\n"
    write(folder + "/up.sql", head + up + "\n")
    write(folder + "/down.sql", head + down + "\n")
    return os.path.basename(folder)


def run(what):
    wall, cargo, done = cargo_apart([program, "check"], directory, codes=(0, 1))
    ms = f"{wall * 1000:>8.0f} {cargo * 1000:>9.0f} {(wall - cargo) * 1000:>10.0f}"
    print(f"{what:<28} {ms}  {done.stdout.strip().splitlines()[-1]}")
    if os.environ.get("LOG"):
        print(done.stderr)


parent = "none"
for number, (name, up, down) in enumerate(migrations()):
    parent = migration(number, parent, name, up, down)
code = "//! Tables for a benchmark.\n#![allow(missing_docs)]\nuse schema_core::Table;\n"
for t in range(tables):
    code += f"""
#[derive(Table)]
#[table(name = "t{t:03d}", index(name))]
pub struct T{t:03d} {{
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub note: Option<String>,
}}
"""
write(directory + "/src/lib.rs", code)
write(directory + "/Cargo.toml", f'[package]\nname = "bench-check"\nedition = "2024"\n[workspace]\n'
      f'[dependencies]\nschema-core = {{ path = "{root}/schema-core" }}\n')
write(directory + "/schema.toml", 'migrations = "migrations"\n')
subprocess.run([program, "generate", "-q", "--no-input"], cwd=directory, check=True)
# Nobody has seen a history with this statement in its first migration: the first run is cold.
with open(f"{directory}/migrations/{sorted(os.listdir(directory + '/migrations'))[0]}/up.sql", "a") as f:
    f.write(f"SELECT '{time.time()}';\n")
print(f"{'what':<28} {'wall ms':>8} {'cargo ms':>9} {'schema ms':>10}")
run("cold")
for _ in range(3):
    run("warm: nothing changed")
last = migration(count, parent, "one_more", "CREATE INDEX one_more ON t000 (note);", "DROP INDEX one_more;")
run("one more migration")
edited = sorted(os.listdir(directory + "/migrations"))[tables // 2]
with open(f"{directory}/migrations/{edited}/down.sql", "a") as f:
    f.write("SELECT 1;\n")
run("an old down.sql edited")
run("warm: nothing changed")
