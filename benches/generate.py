#!/usr/bin/env python3
"""Time of `schema generate` for crates of N tables (10, 100, 1,000): the first migration, nothing changed, one column
added. Prints cargo's own time apart from schema's.

  benches/generate.py [N...]

A table has 10 columns, an enum for five tables, 3 indexes, 2 foreign keys and a check. Works in target/bench; needs
nothing but cargo and python3, and is no test: figures depend on the machine."""
import os, re, shutil, subprocess, sys, time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sizes = [int(n) for n in sys.argv[1:]] or [10, 100, 1000]
nouns = "Account Order Invoice Product Shipment Ticket Comment Session Device Event".split()


def name(i):
    return f"{nouns[i % len(nouns)]}{i:05d}"


def table(i, extra):
    sql = f"{nouns[i % len(nouns)].lower()}_{i:05d}"
    refs = [name((i + k) * 2654435761 % 4294967296 % i) if i else name(i) for k in (1, 7)]
    return f"""
#[derive(Table)]
#[table(name = "{sql}", index(columns(slug), unique, name = "{sql}_slug_idx"), index(tenant_id, status))]
pub struct {name(i)} {{
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = {refs[0]}::id, on_delete = cascade)]
    pub tenant_id: i64,
    #[column(references = {refs[1]}::id, on_delete = set_null, index)]
    pub owner_id: Option<i64>,
    #[column(sql_type = "varchar(120)")]
    pub name: String,
    pub slug: String,
    #[column(default = "'draft'")]
    pub status: Status{i // 5:04d},
    #[column(sql_type = "numeric(12,2)", default = 0, check = "amount >= 0")]
    pub amount: i64,
    #[column(default = true)]
    pub is_active: bool,
    #[column(sql_type = "jsonb")]
    pub meta: Option<String>,
    #[column(sql_type = "timestamptz", default = "now()")]
    pub created_at: i64,
{extra}}}
"""


def crate(n, changed):
    parts = ["//! Tables for a benchmark.\n#![allow(missing_docs)]\nuse schema_core::{Enum, Table};\n"]
    for e in range((n + 4) // 5):
        parts.append(f"\n#[derive(Enum)]\npub enum Status{e:04d} {{ Draft, Active, Paused, Archived, Kind{e % 7} }}\n")
    for i in range(n):
        parts.append(table(i, "".join(f"    pub notes_{k}: Option<String>,\n" for k in range(changed)) if i == n // 2 else ""))
    return "".join(parts)


def run(directory, program):
    began = time.time()
    done = subprocess.run([program, "generate", "-v", "--no-input"], cwd=directory, capture_output=True, text=True)
    wall = (time.time() - began) * 1000
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-4000:])
    cargo = int(re.search(r"cargo took (\d+) ms", done.stderr)[1])
    return wall, cargo, done.stderr


subprocess.run(["cargo", "build", "-q", "--release", "-p", "schema-cli"], cwd=root, check=True)
program = os.path.join(root, "target/release/schema")
print(f"{'tables':>6}  {'what':<22} {'wall ms':>8} {'cargo ms':>9} {'schema ms':>10}")
for n in sizes:
    directory = os.path.join(root, "target/bench", str(n))
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory + "/src")
    with open(directory + "/Cargo.toml", "w") as f:
        f.write(f'[package]\nname = "bench-{n}"\nedition = "2024"\n[workspace]\n'
                f'[dependencies]\nschema-core = {{ path = "{root}/schema-core" }}\n')
    open(directory + "/schema.toml", "w").write('migrations = "migrations"\n')

    def show(what, runs):
        wall, cargo, log = min(runs, key=lambda r: r[0] - r[1])
        print(f"{n:>6}  {what:<22} {wall:>8.0f} {cargo:>9} {wall - cargo:>10.0f}")
        if os.environ.get("LOG"):
            print(log)

    def write(changed):
        with open(directory + "/src/lib.rs", "w") as f:
            f.write(crate(n, changed))

    write(0)
    show("first migration", [run(directory, program)])
    show("nothing changed", [run(directory, program) for _ in range(5)])
    added = []
    for k in range(1, 4):
        write(k)
        added.append(run(directory, program))
    show("one column added", added)
    show("nothing changed after", [run(directory, program) for _ in range(3)])
