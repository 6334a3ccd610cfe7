//! The reader: a whole database becomes a Catalog in some set-based queries. It changes nothing and decides nothing;
//! each family of objects has a file with its query and one that turns the rows into objects.
//!
//! What one of PostgreSQL 14 to 18 lacks is said in the queries themselves, see `query`; nothing else depends on the
//! version.

mod access_method;
mod base_type;
mod cast;
mod collation;
mod column;
mod comment;
mod composite;
mod constraint;
mod conversion;
mod default_privileges;
mod depend;
mod domain;
mod draft;
mod enumeration;
mod event_trigger;
mod extension;
mod fetch;
mod foreign;
mod grant;
mod index;
mod language;
mod operator;
mod operator_class;
mod owner;
mod policy;
mod publication;
mod range;
mod role;
mod routine;
mod rows;
mod rule;
mod schema;
mod sequence;
mod statistics;
mod subscription;
mod table;
mod text_search;
mod transform;
mod trigger;
mod unmodeled;
mod view;

#[cfg(test)]
mod tests;

use crate::engine::catalog::Catalog;
use crate::engine::error::Error;
use crate::engine::managed::{Claim, Managed};
use draft::Draft;
pub use fetch::Plans;
use postgres::{Client, IsolationLevel, Transaction};
use rows::Rows;

/// The oldest server that is read: `server_version_num`.
const OLDEST: u32 = 140_000;

/// What the reader leaves out, and what it reads only if it is asked to.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Read who owns what.
    pub owners: bool,
    /// Read the roles of the server.
    pub roles: bool,
    /// Names of PostgreSQL schemas that are not read at all, such as the one of the migration ledger.
    pub ignore_schemas: Vec<String>,
}

impl From<&Managed> for ReadOptions {
    fn from(managed: &Managed) -> Self {
        Self { owners: managed.owners != Claim::None, roles: managed.roles, ..Self::default() }
    }
}

/// Settings that change how PostgreSQL prints what it stores, and two that only make short queries slow.
///
/// With this search_path every name is printed qualified, as with an empty one; `pg_temp` stands last so that no
/// temporary table is taken for a system catalog.
const SETTINGS: &str = "
    SET LOCAL search_path = pg_catalog, pg_temp;
    SET LOCAL quote_all_identifiers = off;
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL extra_float_digits = 1;
    SET LOCAL bytea_output = 'hex';
    SET LOCAL DateStyle = 'ISO, MDY';
    SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL lc_monetary = 'C';
    SET LOCAL jit = off;
    SET LOCAL max_parallel_workers_per_gather = 0;";

/// How the rows are fetched.
enum Way<'a> {
    /// Over this connection.
    Once,
    /// Over two if the database is large; the other one is opened then.
    Double(Another<'a>),
    /// Over this connection, with what it has prepared.
    Again(&'a mut Plans),
}

/// Opens a further connection to the same database.
pub type Another<'a> = &'a dyn Fn() -> Result<Client, Error>;

/// Reads the whole database, in a transaction of its own that sees one moment and writes nothing.
pub fn read(client: &mut Client, options: &ReadOptions) -> Result<Catalog, Error> {
    read_own(client, options, Way::Once)
}

/// The same for a session that is read again and again.
pub fn read_again(client: &mut Client, options: &ReadOptions, plans: &mut Plans) -> Result<Catalog, Error> {
    let read = read_own(client, options, Way::Again(plans));
    read.or_else(|_| {
        // What ran in between may have thrown them away.
        *plans = Plans::default();
        self::read(client, options)
    })
}

/// The same over two connections if the database is large.
pub fn read_with(client: &mut Client, another: Another<'_>, options: &ReadOptions) -> Result<Catalog, Error> {
    read_own(client, options, Way::Double(another))
}

fn read_own(client: &mut Client, options: &ReadOptions, way: Way<'_>) -> Result<Catalog, Error> {
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .map_err(failed)?;
    transaction.batch_execute(SETTINGS).map_err(failed)?;
    let catalog = read_all(&mut transaction, options, way)?;
    transaction.rollback().map_err(failed)?;
    Ok(catalog)
}

/// Reads the whole database as an open transaction sees it, its own changes included. The transaction's settings
/// are afterwards what they were.
pub fn read_in(transaction: &mut Transaction<'_>, options: &ReadOptions) -> Result<Catalog, Error> {
    // Rolling back to a savepoint undoes SET LOCAL.
    let mut savepoint = transaction.transaction().map_err(failed)?;
    savepoint.batch_execute(SETTINGS).map_err(failed)?;
    let catalog = read_all(&mut savepoint, options, Way::Once)?;
    savepoint.rollback().map_err(failed)?;
    Ok(catalog)
}

/// A family of objects: its query, and what turns the rows into objects.
struct Family {
    sql: &'static str,
    read: fn(&Rows, &mut Draft),
}

/// In this order: a family finds the addresses of those before it. Before all of them come the extensions with
/// what belongs to them, and the schemas.
const FAMILIES: &[Family] = &[
    Family { sql: include_str!("language.sql"), read: language::read },
    Family { sql: include_str!("access_method.sql"), read: access_method::read },
    Family { sql: include_str!("conversion.sql"), read: conversion::read },
    Family { sql: include_str!("foreign_data_wrapper.sql"), read: foreign::read_wrappers },
    Family { sql: include_str!("server.sql"), read: foreign::read_servers },
    Family { sql: include_str!("user_mapping.sql"), read: foreign::read_mappings },
    Family { sql: include_str!("collation.sql"), read: collation::read },
    Family { sql: include_str!("enumeration.sql"), read: enumeration::read },
    Family { sql: include_str!("domain.sql"), read: domain::read },
    Family { sql: include_str!("domain_constraint.sql"), read: domain::read_constraints },
    Family { sql: include_str!("composite.sql"), read: composite::read },
    Family { sql: include_str!("range.sql"), read: range::read },
    Family { sql: include_str!("base_type.sql"), read: base_type::read },
    Family { sql: include_str!("text_search_parser.sql"), read: text_search::read_parsers },
    Family { sql: include_str!("text_search_template.sql"), read: text_search::read_templates },
    Family { sql: include_str!("text_search_dictionary.sql"), read: text_search::read_dictionaries },
    Family { sql: include_str!("text_search_configuration.sql"), read: text_search::read_configurations },
    Family { sql: include_str!("table.sql"), read: table::read },
    Family { sql: include_str!("sequence.sql"), read: sequence::read },
    Family { sql: include_str!("column.sql"), read: column::read },
    Family { sql: include_str!("view.sql"), read: view::read },
    Family { sql: include_str!("constraint.sql"), read: constraint::read },
    Family { sql: include_str!("index.sql"), read: index::read },
    Family { sql: include_str!("statistics.sql"), read: statistics::read },
    Family { sql: include_str!("rule.sql"), read: rule::read },
    Family { sql: include_str!("policy.sql"), read: policy::read },
    Family { sql: include_str!("publication.sql"), read: publication::read },
    Family { sql: include_str!("subscription.sql"), read: subscription::read },
    Family { sql: include_str!("routine.sql"), read: routine::read },
    Family { sql: include_str!("aggregate.sql"), read: routine::read_aggregates },
    Family { sql: include_str!("operator.sql"), read: operator::read },
    Family { sql: include_str!("operator_class.sql"), read: operator_class::read },
    Family { sql: include_str!("cast.sql"), read: cast::read },
    Family { sql: include_str!("transform.sql"), read: transform::read },
    Family { sql: include_str!("trigger.sql"), read: trigger::read },
    Family { sql: include_str!("event_trigger.sql"), read: event_trigger::read },
    Family { sql: include_str!("comment.sql"), read: comment::read },
    Family { sql: include_str!("grant.sql"), read: grant::read },
    Family { sql: include_str!("default_privileges.sql"), read: default_privileges::read },
    Family { sql: include_str!("unmodeled.sql"), read: unmodeled::read },
    Family { sql: include_str!("facet.sql"), read: unmodeled::read },
];

/// Those that take PostgreSQL longest where there is much, longest first. Beside each other stand those that make the
/// session load the same tables.
const HEAVY: [&[&str]; 5] = [
    &[include_str!("constraint.sql"), include_str!("index.sql")],
    &[include_str!("column.sql")],
    &[include_str!("depend.sql")],
    &[include_str!("sequence.sql")],
    &[include_str!("grant.sql")],
];

/// Before the others, if at all.
const ROLES: Family = Family { sql: include_str!("role.sql"), read: role::read };
/// After the others, if at all.
const OWNERS: Family = Family { sql: include_str!("owner.sql"), read: owner::read };

/// What comes before the families.
const FIRST: [&str; 3] =
    [include_str!("depend.sql"), include_str!("extension.sql"), include_str!("schema.sql")];

fn read_all(
    transaction: &mut Transaction<'_>,
    options: &ReadOptions,
    way: Way<'_>,
) -> Result<Catalog, Error> {
    let server = server(transaction)?;
    let namespaces =
        transaction.query(include_str!("namespace.sql"), &[&options.ignore_schemas]).map_err(failed)?;
    let namespaces: Vec<u32> = namespaces.iter().map(|row| row.get(0)).collect();
    let roles = options.roles.then_some(&ROLES);
    let families: Vec<&Family> =
        roles.into_iter().chain(FAMILIES).chain(options.owners.then_some(&OWNERS)).collect();
    let queries: Vec<&str> = FIRST.into_iter().chain(families.iter().map(|family| family.sql)).collect();
    let heavy =
        HEAVY.map(|some| some.iter().filter_map(|sql| queries.iter().position(|q| q == sql)).collect());
    let light = (0..queries.len()).filter(|at| !HEAVY.iter().any(|some| some.contains(&queries[*at])));
    let order: Vec<Vec<usize>> = heavy.into_iter().chain(light.map(|at| vec![at])).collect();
    let queries: Vec<String> = queries.iter().map(|sql| query(sql, server, &namespaces)).collect();
    let rows = match way {
        Way::Once => fetch::fetch(transaction, &queries, &order, None)?,
        Way::Double(another) => fetch::fetch(transaction, &queries, &order, Some(another))?,
        Way::Again(plans) => fetch::fetch_again(transaction, &queries, plans)?,
    };
    // The first are of pg_depend.
    let room = rows.iter().skip(1).map(Rows::len).sum();
    let mut rows = rows.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let mut draft = Draft::new(server.version, room);
    let (depend, extension, schema) = (next(), next(), next());
    extension::read(&extension, &mut draft);
    let depends = depend::read(&depend, &mut draft);
    drop(depend);
    schema::read(&schema, &mut draft);
    for family in families {
        (family.read)(&next(), &mut draft);
    }
    let edges = depend::edges(depends, &mut draft);
    Ok(draft.finish(edges))
}

/// What decides which lines of a query are run.
#[derive(Debug, Clone, Copy)]
struct Server {
    /// `server_version_num`.
    version: u32,
    /// Whether this role may read the connections of subscriptions.
    connections: bool,
}

/// The query as this server can run it. `:namespaces` stands for the namespaces that are read. A line that ends in
/// `--[15+]` is for PostgreSQL 15 and newer only, one that ends in `--[<17]` for those before 17, one that ends in
/// `--[15+ <17]` for what lies between; `--[connections]` and `--[hidden]` tell whether the role may read those of
/// subscriptions.
fn query(sql: &str, server: Server, namespaces: &[u32]) -> String {
    let list: Vec<String> = namespaces.iter().map(ToString::to_string).collect();
    let list = format!("'{{{}}}'::oid[]", list.join(","));
    let major = server.version / 10_000;
    let mut text = String::with_capacity(sql.len());
    for line in sql.lines() {
        let Some((line, condition)) = line.strip_suffix(']').and_then(|line| line.rsplit_once("--[")) else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        let number = |text: &str| text.parse::<u32>().unwrap_or_default();
        let holds = condition.split(' ').all(|condition| match (condition, condition.strip_suffix('+')) {
            ("connections", _) => server.connections,
            ("hidden", _) => !server.connections,
            (_, Some(least)) => major >= number(least),
            (_, None) => major < number(condition.trim_start_matches('<')),
        });
        if holds {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.replace(":namespaces", &list)
}

fn server(transaction: &mut Transaction<'_>) -> Result<Server, Error> {
    let row = transaction
        .query_one(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                    has_column_privilege('pg_subscription', 'subconninfo', 'SELECT')",
            &[],
        )
        .map_err(failed)?;
    let version = u32::try_from(row.get::<_, i32>(0)).unwrap_or(0);
    if version < OLDEST {
        let name: &str = row.get(1);
        return Err(Error::usage(format!(
            "the server is PostgreSQL {name}; 14 is the oldest that can be read"
        ))
        .next("use PostgreSQL 14 or newer"));
    }
    Ok(Server { version, connections: row.get(2) })
}

/// A query of the reader that did not work: the connection is gone, a timeout, or a defect.
fn failed(error: postgres::Error) -> Error {
    let why = match error.as_db_error() {
        Some(said) => said.message().to_owned(),
        None => error.to_string(),
    };
    Error::failed(format!("the database could not be read: {why}"))
}
