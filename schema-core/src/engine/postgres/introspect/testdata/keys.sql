-- Keys and indexes in all forms, plain and odd: what the reader writes itself must be what PostgreSQL prints.
CREATE SCHEMA "Odd schema";
CREATE EXTENSION citext;
CREATE EXTENSION btree_gin;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN word AS varchar(20);
CREATE DOMAIN feeling AS mood;
CREATE TABLE "Odd schema"."Other ""table""" ("Id" int PRIMARY KEY, "select" int, x int, UNIQUE ("select", x), UNIQUE (x, "select") DEFERRABLE);
CREATE TABLE kinds (
    id bigint PRIMARY KEY DEFERRABLE INITIALLY DEFERRED,
    b boolean, s smallint, i int, n numeric(8,2), r real, o oid, u uuid, m money, by bytea, na name, c "char", t text, v varchar(9), bp char(3),
    ci citext, e mood, f feeling, w word, d date, ts timestamp, tz timestamptz, iv interval, inet inet, mac macaddr, bits bit(4), j jsonb,
    ints int[], words varchar[], moods mood[], rng int4range, ranges int4multirange, p pair, pt point, ts_ tsvector,
    gen int GENERATED ALWAYS AS (i + 1) STORED, "ünï 🦀" text COLLATE "C", posix varchar COLLATE "POSIX",
    UNIQUE (v) INCLUDE (i, t), UNIQUE (e, w), UNIQUE NULLS NOT DISTINCT (d), EXCLUDE USING gist (rng WITH &&)
);
CREATE TABLE keys (
    a int REFERENCES "Odd schema"."Other ""table""", b int, c int,
    FOREIGN KEY (a, b) REFERENCES "Odd schema"."Other ""table""" ("select", x) MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT,
    FOREIGN KEY (c) REFERENCES "Odd schema"."Other ""table""" ON UPDATE SET DEFAULT ON DELETE SET NULL DEFERRABLE,
    FOREIGN KEY (b, c) REFERENCES "Odd schema"."Other ""table""" (x, "select") ON DELETE SET DEFAULT,
    FOREIGN KEY (b) REFERENCES "Odd schema"."Other ""table""" ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE keys ADD CONSTRAINT later FOREIGN KEY (a) REFERENCES "Odd schema"."Other ""table""" NOT VALID;
CREATE TABLE parted (id int, at date, "From" text, PRIMARY KEY (id, at), UNIQUE ("From", at)) PARTITION BY RANGE (at);
CREATE TABLE part PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX ON parted ("From" DESC) WHERE id > 0;
CREATE INDEX ON ONLY parted (at);
CREATE TABLE to_parted (id int, at date, FOREIGN KEY (id, at) REFERENCES parted ON DELETE CASCADE);
CREATE MATERIALIZED VIEW seen AS SELECT id, v FROM kinds;
CREATE UNIQUE INDEX ON seen (id);
CREATE INDEX ON seen (v DESC) WHERE id > 5;
-- Each column by btree, where its type can: forwards, backwards and with its NULLs elsewhere.
DO $$
DECLARE col name;
BEGIN
    FOR col IN SELECT attname FROM pg_attribute WHERE attrelid = 'kinds'::regclass AND attnum > 0
                                                  AND attname NOT IN ('j', 'pt', 'ts_')
    LOOP
        EXECUTE format('CREATE INDEX ON kinds (%I)', col);
        EXECUTE format('CREATE INDEX ON kinds (%I DESC, id NULLS FIRST)', col);
        EXECUTE format('CREATE UNIQUE INDEX ON kinds (id, %I DESC NULLS LAST) INCLUDE (i, "ünï 🦀") WHERE %1$I IS NOT NULL', col);
        IF col NOT IN ('bits', 'm', 'p', 'ts_') THEN
            EXECUTE format('CREATE INDEX ON kinds USING hash (%I)', col);
        END IF;
    END LOOP;
END $$;
CREATE INDEX ON kinds (t text_pattern_ops, v varchar_pattern_ops DESC, bp bpchar_pattern_ops);
CREATE INDEX ON kinds (t COLLATE "C", v COLLATE "POSIX", posix COLLATE "C", "ünï 🦀" COLLATE "C");
CREATE INDEX ON kinds (lower(t), i, (n + 1) DESC) WITH (fillfactor = 70) WHERE b;
CREATE INDEX ON kinds (i) WITH (fillfactor = 70, deduplicate_items = off) WHERE b AND t = ANY (ARRAY['x', 'y WITH (a)']);
CREATE INDEX ON kinds USING gin (j, ts_, ints, i);
CREATE INDEX ON kinds USING gin (j jsonb_path_ops);
CREATE INDEX ON kinds USING gist (ts_ tsvector_ops (siglen = 100), rng, pt);
CREATE INDEX ON kinds USING brin (i, d date_minmax_multi_ops (values_per_range = 16), tz) WITH (pages_per_range = 32);
CREATE INDEX ON kinds USING spgist (inet);
CREATE UNIQUE INDEX ON kinds (i, s) NULLS NOT DISTINCT;
-- An operator class that is the default for an enum since somebody made it so: the general one must be named from then on.
CREATE TYPE own AS ENUM ('x');
CREATE TABLE owned (o own, w mood);
CREATE INDEX ON owned (o enum_ops);
CREATE FUNCTION own_cmp (own, own) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT bttextcmp($1::text, $2::text)';
DO $$
DECLARE op text;
BEGIN
    FOREACH op IN ARRAY ARRAY['<', '<=', '=', '>=', '>'] LOOP
        EXECUTE format('CREATE FUNCTION %I (a own, b own) RETURNS bool LANGUAGE sql IMMUTABLE AS %L', 'own' || op,
                       'SELECT a::text OPERATOR(pg_catalog.' || op || ') b::text');
        EXECUTE format('CREATE OPERATOR %s (FUNCTION = %I, LEFTARG = own, RIGHTARG = own)', op, 'own' || op);
    END LOOP;
END $$;
CREATE OPERATOR CLASS own_ops DEFAULT FOR TYPE own USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 own_cmp (own, own);
CREATE INDEX ON owned (o, w);
