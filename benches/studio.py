#!/usr/bin/env python3
"""Time of what the studio's page waits for, beside `psql` doing the same work on the same database in the same run: the
list of many tables, one of them, the diagram; the first rows of a long table, rows far in it, sorted and filtered.

  benches/studio.py [TABLES [ROWS]]     10000 tables and a table of 1000000 rows unless given

Each figure is the best of five; the floor is a `psql` that stays connected. No test: figures depend on
the machine, the ratios hardly do."""
import http.client, json, re, subprocess, sys, time
from common import Server, program

tables = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000


def sql():
    parts = [f"CREATE SCHEMA s{n};" for n in range((tables + 499) // 500)]
    for n in range(tables):
        to = f" REFERENCES s{(n - 1) // 500}.table_{n - 1:05d}" if n % 500 else ""
        parts.append(f"CREATE TABLE s{n // 500}.table_{n:05d} (id bigint PRIMARY KEY, other bigint{to}, name text NOT NULL, made timestamptz DEFAULT now());")
    parts.append("CREATE TABLE public.long (id bigint PRIMARY KEY, email text NOT NULL, kind int, note text, made timestamptz NOT NULL);")
    parts.append(f"INSERT INTO long SELECT i, 'user' || i || '@example.com', i % 7, repeat('x', 60), timestamptz '2026-01-01' + i * interval '1 second' FROM generate_series(1, {rows}) i;")
    parts.append("CREATE INDEX ON long (made); ANALYZE;")
    return "\n".join(parts)


class Psql:
    """A session that stays, as the studio's do."""

    def __init__(self, server):
        command = [server.client("psql"), "-qXAt", server.url("studio")]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, text):
        self.child.stdin.write(f"{text};\n\\echo the-end\n")
        self.child.stdin.flush()
        while self.child.stdout.readline() not in ("the-end\n", ""):
            pass


class Studio:
    def __init__(self, schema, server):
        command = [schema, "studio", "--no-open", "--database-url", server.url("studio")]
        self.child = subprocess.Popen(command, cwd=server.home, stdout=subprocess.PIPE, text=True)
        told = ""
        while "#token=" not in told:
            told = self.child.stdout.readline()
        self.port, token = re.search(r":(\d+)/#token=(\w+)", told).groups()
        self.connection = http.client.HTTPConnection("127.0.0.1", int(self.port))
        self.cookie = ""
        answer = self.send("POST", "session", {"token": token})
        self.cookie = answer.getheader("set-cookie").split(";")[0]
        answer.read()

    def send(self, method, path, body=None):
        headers = {"X-Schema-Studio": "1", "Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json", "Cookie": self.cookie}
        self.connection.request(method, "/api/" + path, json.dumps(body) if body is not None else None, headers)
        return self.connection.getresponse()

    def __call__(self, method, path, body=None):
        answer = self.send(method, path, body)
        text = answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status} {text[:500]}")
        return text


def best(work):
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    return min(seconds), result


def measure(schema, server):
    psql, studio = Psql(server), Studio(schema, server)
    page = lambda **more: {"schema": "public", "name": "long", "limit": 200, **more}
    by_email = [{"column": "email"}]
    far = page(after=json.dumps({"row": [str(rows // 2)]}))
    made = page(sort=[{"column": "made", "descending": True}])
    kind = page(filters=[{"column": "kind", "op": "=", "value": "3"}])
    found = page(filters=[{"column": "email", "op": "contains", "value": f"user{rows - 1}@"}])
    one = f"table_{tables // 2:05d}"
    listing = """SELECT n.nspname, c.relname, c.relkind, c.reltuples, c.relpages FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2"""
    columns = """SELECT c.relnamespace, c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND a.attnum > 0 AND c.relnamespace <> 'pg_catalog'::regnamespace"""
    work = [
        ("first rows", "POST", "rows", page(), "SELECT * FROM long ORDER BY id LIMIT 200"),
        ("rows from the middle", "POST", "rows", far, f"SELECT * FROM long WHERE id > {rows // 2} ORDER BY id LIMIT 200"),
        ("last by an index", "POST", "rows", made, "SELECT * FROM long ORDER BY made DESC, id DESC LIMIT 200"),
        ("sorted without one", "POST", "rows", page(sort=by_email), "SELECT * FROM long ORDER BY email, id LIMIT 200"),
        ("filtered", "POST", "rows", kind, "SELECT * FROM long WHERE kind = 3 ORDER BY id LIMIT 200"),
        ("text that contains", "POST", "rows", found, f"SELECT * FROM long WHERE email ILIKE '%user{rows - 1}@%' ORDER BY id LIMIT 200"),
        ("number of rows", "POST", "count", {"schema": "public", "name": "long"}, "SELECT count(*) FROM long"),
        ("all tables", "GET", "tables", None, listing),
        ("one table", "GET", f"table?schema=s{tables // 2 // 500}&name={one}", None, f"\\d s{tables // 2 // 500}.{one}"),
        ("diagram", "GET", "diagram", None, columns),
        ("completion", "GET", "completion", None, columns),
        ("health", "GET", "health", None, listing),
        ("definition", "GET", f"definition?schema=s0&name=table_00001", None, listing),
    ]
    print(f"{tables} tables, {rows} rows")
    print(f"{'':22} {'psql':>10} {'studio':>10} {'ratio':>6} {'answer':>9}")
    try:
        for name, method, path, body, text in work:
            floor, _ = best(lambda: psql(text))
            seconds, answer = best(lambda: studio(method, path, body))
            print(f"{name:22} {floor * 1000:8.1f}ms {seconds * 1000:8.1f}ms {seconds / floor:6.2f} {len(answer) / 1000:7.0f}kB", flush=True)
    finally:
        psql.child.stdin.close()
        studio.child.terminate()
        studio.child.wait()


schema = program()
with Server("shared_buffers=512MB", "max_wal_size=4GB") as server:
    server.create("studio")
    server.psql("studio", "-f", "-", input=sql().encode())
    server.psql("studio", "-c", "VACUUM ANALYZE")
    measure(schema, server)
