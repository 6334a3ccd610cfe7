#!/usr/bin/env python3
"""Changes other people's schemas at random and asks `schema diff` for the way between two of the results, there and back.

  scripts/mutate.py CORPUS OUT [--only REGEX] [--seeds 1-3] [--changes 10] [-j 2] [--program schema]

CORPUS has schemas/*.sql, pairs/*/*/new.sql and corpuslib.py (see corpus.sh), and a server that runs (tools/pg_server.sh).
A schema is loaded twice, each is changed by statements of mutate.sql (each kind of change equally likely; what fails is
left out), and the plan of one to the other must apply, lead to the same pg_dump, and leave nothing to a second plan. What
fails goes to OUT/<schema>-<seed>-<way>/ with the statements of both sides, the plan and the reason; `said` are
differences that the plan names itself (`not changed`). The same seed makes the same changes.
"""

import argparse
import collections
import json
import os
import queue
import random
import re
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = "\\pset fieldsep '\t'\n" + open(f"{HERE}/mutate.sql").read() + ";"
ROLES = ["schema_mutant_one", "schema_mutant_two"]
HELPERS = """
CREATE SCHEMA IF NOT EXISTS zz;
CREATE OR REPLACE FUNCTION zz.trig() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE OR REPLACE FUNCTION zz.evt() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
"""


def bases(corpus, only):
    """Name, SQL and roles of each schema."""
    for folder, file in (("schemas", "{}.sql"), ("pairs", "{}/new.sql")):
        root = os.path.join(corpus, folder)
        names = [name[:-5] for name in sorted(os.listdir(root)) if name.endswith(".json")]
        if folder == "pairs":
            names = [f"{source}/{case}" for source in sorted(os.listdir(root)) for case in sorted(os.listdir(f"{root}/{source}"))]
        for name in names:
            if not re.search(only, f"{folder}/{name}"):
                continue
            meta = json.load(open(f"{root}/{name}.json" if folder == "schemas" else f"{root}/{name}/meta.json"))
            if meta.get("loads", True) is not False and meta.get("status", "ok") == "ok":
                text = open(f"{root}/{file.format(name)}", encoding="utf-8").read()
                yield f"{folder}/{name}", text, meta.get("roles", [])


def mutate(corpus, db, rng, wanted):
    """Runs up to so many random changes; the statements that ran."""
    done = []
    for _ in range(wanted):
        lines = corpus.psql(db, LIST)[1].splitlines()
        of_kind = collections.defaultdict(list)
        for kind, statement in (line.split("\t", 1) for line in lines if "\t" in line):
            of_kind[kind].append(statement)
        # The list costs more than the changes: a few of each.
        for _ in range(4):
            if not of_kind or len(done) == wanted:
                return done
            statement = rng.choice(of_kind[rng.choice(sorted(of_kind))])
            if corpus.psql(db, statement, single=True)[0] == 0:
                done.append(statement)
    return done


def judge(corpus, program, start, end):
    """What is wrong with the way from one database to the other: a word, the reason, the plan. None if it is right."""
    want = corpus.norm(corpus.pg_dump(end))
    ask = [program, "diff", "--from", corpus.url(start), "--to", corpus.url(end)]
    code, plan, error = corpus.run(ask)
    if code != 0:
        return "plan-error", error, plan
    code, _, error = corpus.psql(start, plan)
    if code != 0:
        return "apply-error", str(error), plan
    got = corpus.norm(corpus.pg_dump(start))
    different = corpus.diff(got, want)
    if different:
        why = "\n".join(f"{what} {key}\n--- got\n{got.get(key, '')}\n--- want\n{want.get(key, '')}" for key, what in different[:12])
        return "said" if "-- not changed" in plan else "wrong", why, plan
    code, second, error = corpus.run(ask)
    if code != 0 or not corpus.plan_is_empty(second, None):
        return "second", error or second, plan
    return None


def there_and_back(corpus, options, base, seed, worker):
    """The results of both ways, with what is to be kept of failures."""
    name, sql, roles = base
    rng = random.Random(f"{name}/{seed}")
    template, a, b = (f"mutate_{worker}_{of}" for of in ("template", "a", "b"))
    corpus.ensure_roles(roles + ROLES)
    corpus.createdb(template)
    for text in (sql, HELPERS):
        if corpus.psql(template, text, timeout=400)[0] != 0:
            return ["setup"]
    changes = {}
    for db, wanted in ((a, rng.randint(0, options.changes)), (b, rng.randint(1, options.changes))):
        corpus.createdb(db, template)
        changes[db] = mutate(corpus, db, rng, wanted)
    results = []
    for way, start, end in (("there", a, b), ("back", b, a)):
        walked = f"mutate_{worker}_walked"
        corpus.createdb(walked, start)
        found = judge(corpus, options.program, walked, end)
        results.append(found[0] if found else "pass")
        if found:
            folder = f"{options.out}/{name.replace('/', '_')}-{seed}-{way}"
            os.makedirs(folder, exist_ok=True)
            files = {"start.sql": ";\n".join(changes[start]), "end.sql": ";\n".join(changes[end]), "why.txt": "\n".join(found[:2]), "plan.sql": found[2]}
            for file, text in files.items():
                with open(f"{folder}/{file}", "w", encoding="utf-8") as out:
                    out.write(text + "\n")
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("out")
    parser.add_argument("--only", default="^schemas/")
    parser.add_argument("--seeds", default="1-1")
    parser.add_argument("--changes", type=int, default=10)
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--program", default="schema")
    options = parser.parse_args()
    sys.path.insert(0, options.corpus)
    import corpuslib as corpus

    os.makedirs(options.out, exist_ok=True)
    first, last = (int(seed) for seed in options.seeds.split("-"))
    jobs = queue.Queue()
    for seed in range(first, last + 1):
        for base in bases(options.corpus, options.only):
            jobs.put((base, seed))
    counts = collections.Counter()
    lock = threading.Lock()

    def work(worker):
        while True:
            try:
                base, seed = jobs.get_nowait()
            except queue.Empty:
                return
            results = there_and_back(corpus, options, base, seed, worker)
            with lock:
                counts.update(results)
                if set(results) - {"pass", "said"}:
                    print(base[0], seed, *results, flush=True)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(options.j)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(", ".join(f"{word} {count}" for word, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
