"""What the benches share: a PostgreSQL of their own, the program in release mode, a schema of N tables as SQL and as Rust.

A table has 10 columns, an enum for five tables, 3 indexes, 2 foreign keys and a check. The server is of the newest
binaries under /usr/lib/postgresql, or of those in PG_BIN_DIR; PROGRAM names a `schema` that is built already."""
import glob, os, pwd, re, shutil, socket, subprocess, sys, time

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
nouns = "account order invoice product shipment ticket comment session device event".split()


def run(command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **more)


def program():
    """The path of `schema`, built."""
    if "PROGRAM" not in os.environ:
        run(["cargo", "build", "--release", "--quiet", "-p", "schema-cli"], cwd=root)
    return os.path.abspath(os.environ.get("PROGRAM") or os.path.join(root, "target/release/schema"))


def timed(command, codes=(0,), **more):
    """Seconds and MB of one run, and what it printed."""
    began = time.time()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    text, errors = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in codes:
        sys.exit(f"{command} failed: {errors.decode()}")
    return time.time() - began, usage.ru_maxrss / 1024, text


def best(command, of=3, **more):
    """The same for the fastest of several; the most MB, and what the last printed."""
    runs = [timed(command, **more) for _ in range(of)]
    return min(run[0] for run in runs), max(run[1] for run in runs), runs[-1][2]


def cargo_apart(command, directory, codes=(0,)):
    """Seconds of one run of `schema` in a package, those of cargo in it, and what it printed."""
    began = time.time()
    done = subprocess.run([*command, "-v", "--no-input"], cwd=directory, capture_output=True, text=True)
    wall = time.time() - began
    if done.returncode not in codes:
        sys.exit(done.stdout[-2000:] + done.stderr[-4000:])
    return wall, int(re.search(r"cargo took (\d+) ms", done.stderr)[1]) / 1000, done


class Server:
    """A PostgreSQL in a directory of its own, gone when the `with` ends."""

    def __init__(self, *settings):
        versions = glob.glob("/usr/lib/postgresql/*/bin")
        self.binaries = os.environ.get("PG_BIN_DIR") or max(versions, key=lambda path: int(path.split("/")[4]), default=None)
        if not self.binaries:
            sys.exit("no PostgreSQL found: set PG_BIN_DIR")
        self.settings = ["fsync=off", "max_locks_per_transaction=4096", "shared_buffers=256MB", *settings]
        self.home = f"/tmp/schema-bench-{os.getpid()}"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])

    def __enter__(self):
        os.makedirs(self.home)
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.home, owner.pw_uid, owner.pw_gid)
        run(self.owned("initdb", "-U", "postgres", "-A", "trust", "-N", "--locale=C", "--encoding=UTF8"))
        options = f"-p {self.port} -h 127.0.0.1 -k {self.home} " + " ".join(f"-c {setting}" for setting in self.settings)
        run(self.owned("pg_ctl", "-l", self.home + "/log", "-w", "-o", options, "start"))
        return self

    def __exit__(self, *_):
        subprocess.run(self.owned("pg_ctl", "-m", "immediate", "stop"), stdout=subprocess.DEVNULL)
        shutil.rmtree(self.home)

    def owned(self, name, *arguments):
        """A command on the server's directory, under a user that PostgreSQL accepts."""
        command = [f"{self.binaries}/{name}", "-D", self.home + "/data", *arguments]
        if os.getuid() != 0:
            return command
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]

    def client(self, name):
        """A client program: the server's own, where it has one."""
        own = f"{self.binaries}/{name}"
        return own if os.path.exists(own) else shutil.which(name) or sys.exit(f"no {name} found")

    def url(self, database):
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def psql(self, database, *arguments, **more):
        run([self.client("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), *arguments], **more)

    def create(self, database, text=""):
        """A database with what the SQL makes, analyzed."""
        self.psql("postgres", "-c", f"CREATE DATABASE {database}")
        if text:
            self.psql(database, "-1", "-f", "-", input=text.encode())
            self.psql(database, "-c", "ANALYZE")


def name(i):
    return f"{nouns[i % len(nouns)]}_{i:05d}"


def references(i):
    """Two earlier tables."""
    return [(i + k) * 2654435761 % 4294967296 % i if i else i for k in (1, 7)]


def sql(n, changed=0):
    """The tables as SQL; so many of them have a column more."""
    every = max(1, n // max(1, changed)) if changed else n + 1
    parts = [f"CREATE TYPE status_{e:04d} AS ENUM ('draft', 'active', 'paused', 'kind{e % 7}');" for e in range((n + 4) // 5)]
    for i in range(n):
        tenant, owner = map(name, references(i))
        t = name(i)
        extra = "\n    notes text," if changed and i % every == every // 2 else ""
        parts.append(f"""
CREATE TABLE {t} (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES {tenant} ON DELETE CASCADE,
    owner_id bigint REFERENCES {owner} ON DELETE SET NULL,
    name varchar(120) NOT NULL,
    slug text NOT NULL,
    status status_{i // 5:04d} DEFAULT 'draft' NOT NULL,
    amount numeric(12,2) DEFAULT 0 NOT NULL CHECK (amount >= 0),
    is_active boolean DEFAULT true NOT NULL,
    meta jsonb,{extra}
    created_at timestamptz DEFAULT now() NOT NULL
);
CREATE UNIQUE INDEX {t}_slug ON {t} (slug);
CREATE INDEX {t}_tenant ON {t} (tenant_id, created_at DESC);
CREATE INDEX {t}_active ON {t} (owner_id) WHERE is_active;""")
    return "\n".join(parts)


def code(n, added=0):
    """Such tables as Rust; one of them has so many columns more."""
    rust = lambda i: f"{nouns[i % len(nouns)].capitalize()}{i:05d}"
    parts = ["//! Tables for a benchmark.\n#![allow(missing_docs)]\nuse schema_core::{Enum, Table};\n"]
    for e in range((n + 4) // 5):
        parts.append(f"\n#[derive(Enum)]\npub enum Status{e:04d} {{ Draft, Active, Paused, Archived, Kind{e % 7} }}\n")
    for i in range(n):
        tenant, owner = map(rust, references(i))
        extra = "".join(f"    pub notes_{k}: Option<String>,\n" for k in range(added)) if i == n // 2 else ""
        parts.append(f"""
#[derive(Table)]
#[table(name = "{name(i)}", index(columns(slug), unique, name = "{name(i)}_slug_idx"), index(tenant_id, status))]
pub struct {rust(i)} {{
    #[column(primary_key, identity)]
    pub id: i64,
    #[column(references = {tenant}::id, on_delete = cascade)]
    pub tenant_id: i64,
    #[column(references = {owner}::id, on_delete = set_null, index)]
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
""")
    return "".join(parts)


def crate(n):
    """A directory in target/bench with a package of N tables and no migration."""
    directory = os.path.join(root, "target/bench", str(n))
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory + "/src")
    with open(directory + "/Cargo.toml", "w") as file:
        file.write(f'[package]\nname = "bench-{n}"\nedition = "2024"\n[workspace]\n'
                   f'[dependencies]\nschema-core = {{ path = "{root}/schema-core" }}\n')
    with open(directory + "/schema.toml", "w") as file:
        file.write('migrations = "migrations"\n')
    write(directory, code(n))
    return directory


def write(directory, text):
    with open(directory + "/src/lib.rs", "w") as file:
        file.write(text)
