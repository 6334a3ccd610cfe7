//! Names that come out of expressions: whatever `default_name` claims to know must be what PostgreSQL does.

use super::server::Server;
use schema_core::engine::default_name::{
    Guess, checked_column, element_names, expression_name, free_name, index_columns, joined, object_name,
};
use std::collections::BTreeSet;

const TABLE: &str = "create table t (a text, b text, n integer, m integer, \"Odd\" text, \"quo\"\"te\" text,
    data jsonb, at timestamptz, day date, year integer, date date, text text, zone text, name text,
    span int4range, tags text[], location point, \"user\" text, value numeric, t_id integer, interval_ interval)";

const EXPRESSIONS: &[&str] = &[
    "a",
    "A",
    "\"Odd\"",
    "\"quo\"\"te\"",
    "lower(a)",
    "LOWER(a)",
    "pg_catalog.lower(a)",
    "pg_catalog . \"lower\" (a)",
    "lower(a) || upper(b)",
    "n + 1",
    "-n",
    "- 1",
    "(n + 1)",
    "((n))",
    "(lower(a))",
    "n::bigint",
    "n::int8",
    "(n + m)::bigint",
    "(n + m)::int",
    "(n + m)::smallint",
    "(n + m)::double precision",
    "(n + m)::real",
    "(n + m)::numeric(10, 2)",
    "(n + m)::decimal",
    "(a || b)::varchar(10)",
    "(a || b)::character varying(10)",
    "(a || b)::char(3)",
    "(a || b)::\"char\"",
    "(a || b)::text::varchar",
    "(n + m)::text",
    "(n > m)::boolean",
    "(n > m)::pg_catalog.bool",
    "'1'::text",
    "1",
    "null::text",
    "true",
    "a::varchar(5)::text",
    "lower(a)::varchar",
    "data -> 'k'",
    "data ->> 'k'",
    "(data ->> 'k')::int",
    "(data ->> 'k')::numeric",
    "(data ->> 'k')::uuid",
    "(data #>> '{a,b}')::bigint",
    "data['k']",
    "tags[1]",
    "(tags)[1]",
    "tags[1] || 'x'",
    "location[0]",
    "at at time zone 'utc'",
    "(at at time zone 'utc')",
    "(at at time zone 'utc')::date",
    "(at at time zone 'utc')::date + 1",
    "date_trunc('day', at at time zone 'utc')",
    "date_trunc('day', at at time zone 'utc')::date",
    "extract(year from day)",
    "extract(year from day)::int",
    "date_part('year', day)",
    "coalesce(a, b)",
    "coalesce(a, b) || 'x'",
    "COALESCE(a, '')::varchar",
    "nullif(a, b)",
    "greatest(n, m)",
    "least(n, m)",
    "trim(a)",
    "trim(both from a)",
    "trim(both 'x' from a)",
    "trim(leading from a)",
    "trim(trailing 'x' from a)",
    "btrim(a)",
    "substring(a from 1 for 2)",
    "substring(a, 1, 2)",
    "substring(a from 'x+')",
    "overlay(a placing 'x' from 1)",
    "position('x' in a)",
    "left(a, 1)",
    "right(a, 1)",
    "normalize(a)",
    "cast(n as bigint)",
    "case when n > 0 then a else b end",
    "case when n > 0 then a end",
    "case n when 0 then 1 else 2 end + 1",
    "array[n, m]",
    "array[a]::varchar[]",
    "row(n, m) is null",
    "a collate \"C\"",
    "a || b collate \"C\"",
    "(a || b) collate \"C\"",
    "a collate pg_catalog.\"C\"",
    "tags[1][2]",
    "tags[1]::varchar",
    "(n + m)::text collate \"C\"",
    "(array[n, m])[1]",
    "'{1,2}'::int[]",
    "('{1,2}'::int[])[n]",
    "a || tags[1]",
    "(string_to_array(a, ','))[1]",
    "lower(a) collate \"C\"",
    "lower(a collate \"C\")",
    "a is null",
    "a is not null",
    "a isnull",
    "n between 1 and 2",
    "a like 'x%'",
    "a ilike 'x%'",
    "a similar to 'x'",
    "a ~ 'x'",
    "n in (1, 2)",
    "n = any (array[1, 2])",
    "not (n > 1)",
    "n > 1 and m > 1",
    "n > 1 or m > 1",
    "a is distinct from b",
    "n operator(pg_catalog.+) m",
    "(n, m) = (1, 2)",
    "a is normalized",
    "int4range(n, m)",
    "lower(span)",
    "span && int4range(1, 2)",
    "to_tsvector('english', a)",
    "to_tsvector('english', coalesce(a, '') || ' ' || coalesce(b, ''))",
    "setweight(to_tsvector('english', a), 'A') || setweight(to_tsvector('english', b), 'B')",
    "md5(a)::uuid",
    "encode(sha256(a::bytea), 'hex')",
    "a ^@ 'x'",
    "\"user\"",
    "lower(\"user\")",
    "interval '1 day'",
    "interval '1' day",
    "date '2020-01-01'",
    "day - date '2020-01-01'",
    "float8 '1.5'",
    "value::int4",
    "abs(value)",
    "abs(value) % 10",
    "(t.a)",
    "t.a",
    "@ value",
    "|/ n",
];

const CHECKS: &[&str] = &[
    "a <> ''",
    "A <> ''",
    "a <> b",
    "n > 0 and n < 10",
    "n > 0 and m < 10",
    "true",
    "\"Odd\" <> 'a'",
    "\"quo\"\"te\" <> 'a'",
    "t.a <> ''",
    "a <> 'b'",
    "a <> 'it''s b'",
    "a <> E'it\\'s b'",
    "a <> $$ b $$",
    "a <> $b$ b $b$",
    "a <> '' -- b\n",
    "a /* b */ <> ''",
    "lower(a) = a",
    "length(name) > 1",
    "name > ''",
    "name::text > ''",
    "a::name > ''",
    "extract(year from day) > 2000",
    "extract(year from day) > year",
    "day > '2020-01-01'::date",
    "day > date '2020-01-01'",
    "date > date '2020-01-01'",
    "date > '2020-01-01'",
    "date(at at time zone 'utc') > '2020-01-01'",
    "text(n) <> ''",
    "cast(n as text) <> ''",
    "n::text <> ''",
    "text <> ''",
    "at at time zone zone > '2020-01-01'",
    "zone <> ''",
    "a in ('a', 'b')",
    "n between 1 and 10",
    "n between 1 and m",
    "a like b escape '\\'",
    "a similar to 'x'",
    "a is not null",
    "(a is null) = (b is null)",
    "num_nonnulls(a, b) = 1",
    "num_nonnulls(a, a) = 1",
    "a is distinct from ''",
    "a is distinct from b",
    "data ? 'a'",
    "data ->> 'a' <> ''",
    "(data ->> 'n')::int > 0",
    "jsonb_typeof(data) = 'object'",
    "cardinality(tags) > 0",
    "tags[1] <> ''",
    "tags[n] <> ''",
    "tags <@ array['a', 'b']",
    "a = any (tags)",
    "a ~ '^[a-z]+$'",
    "value > 0 and value = round(value, 2)",
    "case when n > 0 then a else b end <> ''",
    "case n when 0 then n else 1 end > 0",
    "interval_ > interval '1' year",
    "interval_ > '1 year'::interval",
    "\"user\" <> ''",
    "lower(\"user\") = \"user\"",
    "t is not null",
    "t_id > 0",
    "coalesce(a, '') <> ''",
    "coalesce(a, b) <> ''",
    "not (n > 1)",
    "span && int4range(1, 2)",
    "lower(span) > 0",
    "n % 2 = 0",
    "n > -1",
    "position('a' in a) = 0",
    "overlay(a placing 'b' from 1) <> ''",
    "trim(a) = a",
    "a collate \"C\" <> ''",
    "a::varchar(10) collate \"C\" = a",
    "pg_catalog.lower(a) = a",
    "tableoid <> 0",
];

const ELEMENTS: &[&str] = &[
    "span with &&",
    "\"Odd\" with =, span with &&",
    "a with =, b with =, span with &&",
    "lower(a) with =, span with &&",
    "(n + 1) with =, span with &&",
    "((n + 1)) with =, (m + 1) with =",
    "int4range(n, m) with &&",
    "int4range(n, m, '[]') with &&, int4range(m, n) with &&",
    "span range_ops with &&",
    "int4range(n, m) range_ops with &&",
    "(span * span) with operator(pg_catalog.&&)",
    "a collate \"C\" with =",
    "coalesce(span, 'empty') with &&",
    "(span::int4range) with &&",
];

/// The name that is claimed, or nothing.
fn claimed(guess: Guess) -> Option<Option<String>> {
    match guess {
        Guess::Name(name) => Some(Some(name)),
        Guess::Nameless => Some(None),
        Guess::Unknown(_) => None,
    }
}

fn index_name(guesses: Vec<Guess>, label: &str) -> Option<String> {
    let parts: Option<Vec<Option<String>>> = guesses.into_iter().map(claimed).collect();
    let parts = parts?;
    let parts: Vec<Option<&str>> = parts.iter().map(Option::as_deref).collect();
    Some(object_name("t", Some(&joined(&index_columns(&parts))), label))
}

#[test]
fn what_is_claimed_is_true() {
    let mut server = Server::start();
    let mut client = server.database("guesses");
    client.batch_execute("create extension if not exists btree_gist").ok();
    client.batch_execute(TABLE).expect("a table");
    let columns: Vec<String> = client
        .query("select attname::text from pg_attribute where attrelid = 't'::regclass and attnum > 0", &[])
        .expect("columns")
        .iter()
        .map(|row| row.get(0))
        .collect();
    let columns: BTreeSet<&str> = columns.iter().map(String::as_str).collect();

    let mut cases = Vec::new();
    for sql in EXPRESSIONS {
        let guess = expression_name(sql).expect("readable");
        cases.push((format!("create index on t (({sql}))"), index_name(vec![guess], "idx")));
    }
    for sql in CHECKS {
        let guess = claimed(checked_column(sql, "t", &columns).expect("readable"));
        let name = guess.map(|column| object_name("t", column.as_deref(), "check"));
        cases.push((format!("alter table t add check ({sql})"), name));
    }
    for sql in ELEMENTS {
        let name = index_name(element_names(sql).expect("readable"), "excl");
        cases.push((format!("alter table t add exclude using gist ({sql})"), name));
    }

    let (mut known, mut wrong, mut refused, mut unknown) = (0, Vec::new(), Vec::new(), Vec::new());
    for (sql, claim) in &cases {
        if let Err(error) = client.batch_execute(sql) {
            refused.push(format!("{sql}: {error:?}"));
            continue;
        }
        let row = client
            .query_one(
                "select coalesce((select conname from pg_constraint where conrelid = 't'::regclass),
                                 (select relname from pg_class join pg_index on indexrelid = pg_class.oid
                                   where indrelid = 't'::regclass))::text",
                &[],
            )
            .expect("one new object");
        let name: String = row.get(0);
        match claim {
            Some(claim) if *claim != name => wrong.push(format!("{sql}: claimed {claim}, is {name}")),
            Some(_) => known += 1,
            None => unknown.push(format!("{sql}: {name}")),
        }
        let undo = if sql.starts_with("alter") { "alter table t drop constraint" } else { "drop index" };
        client.batch_execute(&format!("{undo} \"{}\"", name.replace('"', "\"\""))).expect("dropped");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        known * 10 > cases.len() * 7,
        "only {known} of {} are known; not:\n{}\nrefused:\n{}",
        cases.len(),
        unknown.join("\n"),
        refused.join("\n")
    );
    assert_eq!(refused, Vec::<String>::new());
}

/// Long names and wide characters, against the server's own cutting.
#[test]
fn names_are_cut_alike() {
    let mut server = Server::start();
    let mut client = server.database("lengths");
    let mut wrong = Vec::new();
    let lengths = [1, 29, 30, 31, 58, 60, 63];
    let mut cases = 0;
    for character in ["x", "é", "🦀"] {
        for table_length in lengths {
            for column_length in lengths {
                let fill = |length: usize| character.repeat(length / character.len());
                let (table, column) = (fill(table_length), fill(column_length));
                if table.is_empty() || column.is_empty() {
                    continue;
                }
                let name = |label: &str| object_name(&table, Some(&column), label);
                let second = format!("{}y", fill(column_length.min(59)));
                let both = joined(&[column.as_str(), second.as_str()]);
                client
                    .batch_execute(&format!(
                        "create table \"{table}\" (\"{column}\" integer primary key unique deferrable
                             check (\"{column}\" > 0), \"{second}\" integer, unique (\"{column}\", \"{second}\"));
                         create index on \"{table}\" (\"{column}\");
                         create index on \"{table}\" (\"{column}\");"
                    ))
                    .expect("created");
                let found: BTreeSet<String> = client
                    .query(
                        "select conname::text from pg_constraint where conrelid <> 0
                         union select relname::text from pg_class where relkind = 'i' and relnamespace = 2200",
                        &[],
                    )
                    .expect("names")
                    .iter()
                    .map(|row| row.get(0))
                    .collect();
                let first = name("idx");
                let expected = BTreeSet::from([
                    object_name(&table, None, "pkey"),
                    name("check"),
                    object_name(&table, Some(&both), "key"),
                    free_name(&table, Some(&column), "idx", |name| name == first),
                    first,
                ]);
                if !expected.is_subset(&found) {
                    wrong.push(format!("{expected:?}\n{found:?}"));
                }
                cases += 1;
                client.batch_execute(&format!("drop table \"{table}\"")).expect("dropped");
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n\n"));
}
