//! Random schemas from pieces of SQL: what the derives do not say, such as views, functions, triggers and partitions. A
//! piece has several forms, and stands on others.

use super::model::Tape;
use std::collections::BTreeMap;

/// Something that a schema can have, in one of several forms.
struct Piece {
    name: &'static str,
    needs: &'static [&'static str],
    forms: &'static [&'static str],
}

/// In an order in which they can be created.
const PIECES: &[Piece] = &[
    Piece {
        name: "mood",
        needs: &[],
        forms: &[
            "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');",
            "CREATE TYPE mood AS ENUM ('sad', 'ok', 'good', 'happy');",
            "CREATE TYPE mood AS ENUM ('ok', 'happy', 'sad');",
        ],
    },
    Piece {
        name: "positive",
        needs: &[],
        forms: &[
            "CREATE DOMAIN positive AS integer CHECK (VALUE > 0);",
            "CREATE DOMAIN positive AS integer CONSTRAINT above CHECK (VALUE > 0) CONSTRAINT below CHECK (VALUE < 1000);",
            "CREATE DOMAIN positive AS bigint DEFAULT 7 CHECK (VALUE > 0);",
        ],
    },
    Piece {
        name: "place",
        needs: &[],
        forms: &[
            "CREATE TYPE place AS (street text, number integer);",
            "CREATE TYPE place AS (street text, number integer, city text);",
            "CREATE TYPE place AS (street varchar(80), number bigint);",
        ],
    },
    Piece {
        name: "span",
        needs: &[],
        forms: &["CREATE TYPE span AS RANGE (subtype = float8);", "CREATE TYPE span AS RANGE (subtype = numeric);"],
    },
    Piece {
        name: "numbers",
        needs: &[],
        forms: &["CREATE SEQUENCE numbers;", "CREATE SEQUENCE numbers AS integer INCREMENT 5 CACHE 3;"],
    },
    Piece {
        name: "double",
        needs: &[],
        forms: &[
            "CREATE FUNCTION double(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';",
            "CREATE FUNCTION double(n integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT n + n';",
            "CREATE FUNCTION double(value integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN value * 2; END';",
            "CREATE FUNCTION double(n integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n::bigint * 2';",
        ],
    },
    Piece {
        name: "people",
        needs: &[],
        forms: &[
            "CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, age integer);",
            "CREATE TABLE people (id integer PRIMARY KEY, name varchar(100) NOT NULL, age bigint, note text DEFAULT 'x');",
            "CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, age integer CHECK (age >= 0)) WITH (fillfactor = 70);",
            "CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL, born date);",
        ],
    },
    Piece {
        name: "feelings",
        needs: &["mood", "people"],
        forms: &[
            "CREATE TABLE feelings (person integer REFERENCES people, mood mood DEFAULT 'ok' NOT NULL);",
            "CREATE TABLE feelings (person integer REFERENCES people ON DELETE CASCADE, mood mood NOT NULL, past mood[] DEFAULT '{ok}');
             CREATE INDEX ON feelings (mood) WHERE mood <> 'ok';",
            "CREATE TABLE feelings (person integer, mood text DEFAULT 'ok' NOT NULL);",
        ],
    },
    Piece {
        name: "shops",
        needs: &["positive", "place", "span", "numbers", "double"],
        forms: &[
            "CREATE TABLE shops (id integer DEFAULT nextval('numbers') PRIMARY KEY, at place, size positive, open span);",
            "CREATE TABLE shops (id integer PRIMARY KEY, at place, size positive NOT NULL, beds integer DEFAULT double(2));",
            "CREATE TABLE shops (id integer PRIMARY KEY, size positive, beds integer, CHECK (double(beds) < 100), sizes positive[]);
             CREATE INDEX shops_double ON shops (double(beds));",
            "CREATE TABLE shops (id integer PRIMARY KEY, size integer, twice integer GENERATED ALWAYS AS (size * 2) STORED);",
        ],
    },
    Piece {
        name: "events",
        needs: &[],
        forms: &[
            "CREATE TABLE events (id bigint NOT NULL, day date NOT NULL, what text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
             CREATE TABLE events_a PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
             CREATE TABLE events_rest PARTITION OF events DEFAULT;",
            "CREATE TABLE events (id bigint NOT NULL, day date NOT NULL, what text, extra integer, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
             CREATE TABLE events_a PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
             CREATE TABLE events_b PARTITION OF events FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
             CREATE INDEX events_what ON events (what);",
            "CREATE TABLE events (id bigint NOT NULL, day date NOT NULL, what text) PARTITION BY LIST (what);
             CREATE TABLE events_a PARTITION OF events FOR VALUES IN ('a') PARTITION BY HASH (id);
             CREATE TABLE events_a0 PARTITION OF events_a FOR VALUES WITH (MODULUS 1, REMAINDER 0);",
        ],
    },
    Piece {
        name: "animals",
        needs: &[],
        forms: &[
            "CREATE TABLE animals (id integer, name text DEFAULT 'it'); CREATE TABLE dogs (tail text) INHERITS (animals);",
            "CREATE TABLE animals (id integer NOT NULL, name text, legs integer CHECK (legs > 1)); CREATE TABLE dogs (tail text) INHERITS (animals);",
            "CREATE TABLE animals (id integer, name text); CREATE TABLE dogs (id integer, name text, tail text);",
        ],
    },
    Piece {
        name: "adults",
        needs: &["people"],
        forms: &[
            "CREATE VIEW adults AS SELECT id, name FROM people WHERE id > 18;",
            "CREATE VIEW adults AS SELECT id, name, id + 1 AS next FROM people WHERE id > 18;",
            "CREATE VIEW adults WITH (security_barrier) AS SELECT name, id FROM people;",
            "CREATE MATERIALIZED VIEW adults AS SELECT id, name FROM people; CREATE UNIQUE INDEX adults_id ON adults (id);",
        ],
    },
    Piece {
        name: "seniors",
        needs: &["adults"],
        forms: &[
            "CREATE VIEW seniors AS SELECT * FROM adults WHERE id > 65; COMMENT ON VIEW seniors IS 'old'; COMMENT ON COLUMN seniors.id IS 'key';",
            "CREATE VIEW seniors AS SELECT name FROM adults; GRANT SELECT ON seniors TO PUBLIC;",
            "CREATE MATERIALIZED VIEW seniors AS SELECT id FROM adults WITH NO DATA;",
        ],
    },
    Piece {
        name: "oldest",
        needs: &["adults"],
        forms: &[
            "CREATE FUNCTION oldest() RETURNS SETOF adults LANGUAGE sql AS 'SELECT * FROM adults LIMIT 1';",
            "CREATE FUNCTION oldest() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT max(id) FROM adults; END;",
        ],
    },
    Piece {
        name: "touch",
        needs: &["people"],
        forms: &[
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
             CREATE TRIGGER touched BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touch();",
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER touched AFTER INSERT OR UPDATE OF name ON people DEFERRABLE FOR EACH ROW WHEN (new.id > 1) EXECUTE FUNCTION touch('x');
             COMMENT ON TRIGGER touched ON people IS 'checks';",
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
             CREATE TRIGGER touched AFTER DELETE ON people REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION touch();
             ALTER TABLE people DISABLE TRIGGER touched;",
        ],
    },
    Piece {
        name: "guard",
        needs: &["people"],
        forms: &[
            "ALTER TABLE people ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON people USING (id > 0);",
            "ALTER TABLE people ENABLE ROW LEVEL SECURITY; ALTER TABLE people FORCE ROW LEVEL SECURITY;
             CREATE POLICY own ON people AS RESTRICTIVE FOR UPDATE USING (name <> '') WITH CHECK (id > 1);",
        ],
    },
    Piece {
        name: "rule",
        needs: &["people"],
        forms: &[
            "CREATE RULE kept AS ON DELETE TO people DO INSTEAD NOTHING;",
            "CREATE RULE kept AS ON DELETE TO people WHERE old.id = 1 DO INSTEAD NOTHING;",
        ],
    },
    Piece {
        name: "total",
        needs: &[],
        forms: &[
            "CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');",
            "CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);",
        ],
    },
    Piece {
        name: "statistics",
        needs: &["people"],
        forms: &[
            "CREATE STATISTICS linked ON id, name FROM people;",
            "CREATE STATISTICS linked (dependencies) ON id, name FROM people; COMMENT ON STATISTICS linked IS 's';",
        ],
    },
    Piece {
        name: "published",
        needs: &["people"],
        forms: &[
            "CREATE PUBLICATION published FOR TABLE people;",
            "CREATE PUBLICATION published FOR TABLE people WITH (publish = 'insert');",
            "CREATE PUBLICATION published;",
        ],
    },
    Piece {
        name: "search",
        needs: &[],
        forms: &[
            "CREATE TEXT SEARCH CONFIGURATION search (COPY = simple);",
            "CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple, stopwords = english);
             CREATE TEXT SEARCH CONFIGURATION search (COPY = simple); ALTER TEXT SEARCH CONFIGURATION search ALTER MAPPING FOR word WITH words;",
        ],
    },
];

/// Rows that stay where nothing says that they go.
pub(super) const ROWS: &[&str] = &[
    "INSERT INTO people (id, name) VALUES (1, 'one'), (2, 'two')",
    "INSERT INTO feelings (person, mood) VALUES (1, 'ok'), (2, 'happy')",
    "INSERT INTO shops (id, size) VALUES (1, 10)",
    "INSERT INTO events (id, day, what) VALUES (1, '2026-02-03', 'a')",
    "INSERT INTO dogs (id, name, tail) VALUES (3, 'rex', 'long')",
];

/// Which pieces a schema has, and in which form.
pub(super) type Choice = BTreeMap<&'static str, usize>;

/// About half of all pieces, with all that they stand on.
pub(super) fn random(tape: &mut Tape<'_>) -> Choice {
    let mut choice = Choice::new();
    for piece in PIECES {
        let form = tape.pick(piece.forms.len());
        if tape.pick(2) == 0 {
            take(&mut choice, piece, form);
        }
    }
    choice
}

/// The same with other forms, some pieces less and some more.
pub(super) fn changed(choice: &Choice, tape: &mut Tape<'_>) -> Choice {
    let mut changed = Choice::new();
    for piece in PIECES {
        let form = match choice.get(piece.name) {
            Some(form) if tape.pick(3) > 0 => Some(*form),
            Some(_) if tape.rarely(3) => None,
            Some(_) => Some(tape.pick(piece.forms.len())),
            None => tape.rarely(4).then(|| tape.pick(piece.forms.len())),
        };
        if let Some(form) = form {
            take(&mut changed, piece, form);
        }
    }
    changed
}

fn take(choice: &mut Choice, piece: &'static Piece, form: usize) {
    for need in piece.needs {
        if let Some(needed) = PIECES.iter().find(|piece| piece.name == *need)
            && !choice.contains_key(need)
        {
            take(choice, needed, 0);
        }
    }
    choice.insert(piece.name, form);
}

/// The whole schema.
pub(super) fn sql(choice: &Choice) -> String {
    let chosen = PIECES.iter().filter_map(|piece| Some(piece.forms[*choice.get(piece.name)?]));
    chosen.map(|form| format!("{form}\n")).collect()
}
