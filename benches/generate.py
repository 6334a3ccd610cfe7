#!/usr/bin/env python3
"""Time of `schema generate` for crates of N tables (10, 100, 1,000): the first migration, nothing changed, one column
added. Prints cargo's own time apart from schema's.

  benches/generate.py [N...]

Works in target/bench; needs nothing but cargo and python3, and is no test: figures depend on the machine."""
import os, sys
from common import cargo_apart, code, crate, program, write

sizes = [int(n) for n in sys.argv[1:]] or [10, 100, 1000]


def run(directory):
    return cargo_apart([schema, "generate"], directory)


schema = program()
print(f"{'tables':>6}  {'what':<22} {'wall ms':>8} {'cargo ms':>9} {'schema ms':>10}")
for n in sizes:
    directory = crate(n)

    def show(what, runs):
        wall, cargo, done = min(runs, key=lambda r: r[0] - r[1])
        print(f"{n:>6}  {what:<22} {wall * 1000:>8.0f} {cargo * 1000:>9.0f} {(wall - cargo) * 1000:>10.0f}")
        if os.environ.get("LOG"):
            print(done.stderr)

    show("first migration", [run(directory)])
    show("nothing changed", [run(directory) for _ in range(5)])
    added = []
    for k in range(1, 4):
        write(directory, code(n, k))
        added.append(run(directory))
    show("one column added", added)
    show("nothing changed after", [run(directory) for _ in range(3)])
