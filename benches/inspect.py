#!/usr/bin/env python3
"""Time and memory of `schema inspect`, `schema diff` of two equal databases and of two that differ in 1 % of the tables,
beside `pg_dump --schema-only` of the same database in the same run.

  benches/inspect.py [N...]          tables: 10 100 1000 5000 10000 unless given

Each figure is the best of three. No test: figures depend on the machine, the ratios hardly do."""
import sys
from common import Server, best, program, sql

sizes = [int(n) for n in sys.argv[1:]] or [10, 100, 1000, 5000, 10000]
schema = program()
with Server() as server:
    print(f"{'tables':>7} {'pg_dump':>9} {'inspect':>9} {'ratio':>6} {'diff =':>9} {'ratio':>6} {'diff 1 %':>9} {'ratio':>6} {'memory':>8}")
    for n in sizes:
        urls = []
        for database, changed in (("a", 0), ("b", 0), ("c", max(1, n // 100))):
            server.create(f"{database}_{n}", sql(n, changed))
            urls.append(server.url(f"{database}_{n}"))
        dump, _, _ = best([server.client("pg_dump"), "--schema-only", "-d", urls[0]])
        inspect, one, _ = best([schema, "inspect", urls[0]])
        equal, two, text = best([schema, "diff", "--from", urls[0], "--to", urls[1]])
        if text:
            sys.exit(f"two equal databases differ: {text[:500]}")
        differ, three, text = best([schema, "diff", "--from", urls[0], "--to", urls[2]])
        if text.count(b"ADD COLUMN") != max(1, n // 100):
            sys.exit("the diff does not say what differs")
        ratio = lambda seconds: f"{seconds / dump:6.2f}"
        print(f"{n:7} {dump:8.3f}s {inspect:8.3f}s {ratio(inspect)} {equal:8.3f}s {ratio(equal)} {differ:8.3f}s {ratio(differ)} {max(one, two, three):5.0f} MB", flush=True)
