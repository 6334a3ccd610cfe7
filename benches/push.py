#!/usr/bin/env python3
"""Time of `schema push` with nothing to do for crates of N tables, beside `schema diff` of the database and an equal one,
and `pg_dump --schema-only`, in the same run. Prints cargo's own time apart from schema's.

  benches/push.py [N...]          tables: 10 100 1000 unless given

Each figure is the best of five. No test: figures depend on the machine, the ratios hardly do."""
import sys
from common import Server, best, cargo_apart, crate, program


def push(directory, url):
    return cargo_apart([schema, "push", "--yes", "--database-url", url], directory)


sizes = [int(n) for n in sys.argv[1:]] or [10, 100, 1000]
schema = program()
with Server() as server:
    print(f"{'tables':>7} {'pg_dump':>9} {'diff =':>9} {'first':>9} {'second':>9} {'cargo':>9} {'schema':>9} {'to diff':>8} {'to pg_dump':>11}")
    for n in sizes:
        directory = crate(n)
        url = server.url(f"push_{n}")
        server.create(f"push_{n}")
        first, _, _ = push(directory, url)
        server.psql(f"push_{n}", "-c", "ANALYZE")
        server.psql("postgres", "-c", f"CREATE DATABASE equal_{n} TEMPLATE push_{n}")
        dump, _, _ = best([server.client("pg_dump"), "--schema-only", "-d", url])
        diff, _, text = best([schema, "diff", "--from", url, "--to", server.url(f"equal_{n}")])
        if text:
            sys.exit(f"two equal databases differ: {text[:500]}")
        runs = [push(directory, url) for _ in range(5)]
        if "ALTER" in runs[-1][2].stdout or "CREATE" in runs[-1][2].stdout:
            sys.exit(f"the second push does something: {runs[-1][2].stdout[:500]}")
        wall, cargo, _ = min(runs, key=lambda run: run[0] - run[1])
        own = wall - cargo
        print(f"{n:7} {dump:8.3f}s {diff:8.3f}s {first:8.3f}s {wall:8.3f}s {cargo:8.3f}s {own:8.3f}s {own / diff:8.2f} {own / dump:11.2f}", flush=True)
