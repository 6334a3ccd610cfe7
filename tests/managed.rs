//! Owners and roles, where they are managed, on a real server.

use crate::support::{load, scratch};
use postgres::Client;
use schema_core::engine::catalog::Catalog;
use schema_core::engine::id::ObjectId;
use schema_core::engine::managed::{Claim, Managed};
use schema_core::engine::plan::plan;
use schema_core::engine::postgres::introspect::{ReadOptions, read};

fn catalog(client: &mut Client, managed: &Managed) -> Catalog {
    read(client, &ReadOptions::from(managed)).unwrap_or_else(|error| panic!("{error}"))
}

/// Plans, applies and reads back; returns the statements.
fn way(client: &mut Client, managed: &Managed, new: &Catalog) -> Vec<String> {
    let (from, to) = managed.pair(catalog(client, managed), new.clone());
    let plan = plan(&from, &to).unwrap_or_else(|error| panic!("{error}"));
    let steps: Vec<String> = plan.steps().map(|step| step.text()).collect();
    for step in &steps {
        client.batch_execute(step).unwrap_or_else(|error| panic!("{error:?}\n{step}\nin\n{steps:#?}"));
    }
    let (reached, wanted) = managed.pair(catalog(client, managed), new.clone());
    let rest = crate::managed::plan(&reached, &wanted).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        rest.is_empty(),
        "{:#?} is left after\n{steps:#?}",
        rest.steps().map(|s| s.text()).collect::<Vec<_>>()
    );
    steps
}

#[test]
fn owners_there_and_back() {
    let mut scratch = scratch();
    let managed = Managed { owners: Claim::All, ..Managed::of_databases() };
    let old = "CREATE SCHEMA s;
        CREATE TABLE s.t (id serial, n bigint GENERATED ALWAYS AS IDENTITY);
        CREATE VIEW s.v AS SELECT id FROM s.t;
        CREATE TYPE s.e AS ENUM ('a');
        CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TABLE s.given (id int);
        ALTER TABLE s.given OWNER TO owner_a;
        GRANT SELECT ON s.given TO owner_b;
        CREATE TABLE s.locked (id int);
        ALTER TABLE s.locked OWNER TO owner_a;
        REVOKE DELETE ON s.locked FROM owner_a;
        CREATE TABLE s.gone (id int);
        ALTER TABLE s.gone OWNER TO owner_b;";
    let new = "CREATE SCHEMA s;
        CREATE TABLE s.t (id serial, n bigint GENERATED ALWAYS AS IDENTITY);
        CREATE VIEW s.v AS SELECT id FROM s.t;
        CREATE TYPE s.e AS ENUM ('a');
        CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
        ALTER SCHEMA s OWNER TO owner_a;
        ALTER TABLE s.t OWNER TO owner_a;
        ALTER VIEW s.v OWNER TO owner_b;
        ALTER TYPE s.e OWNER TO owner_a;
        ALTER FUNCTION s.f(int) OWNER TO owner_b;
        CREATE TABLE s.given (id int);
        ALTER TABLE s.given OWNER TO owner_b;
        GRANT INSERT ON s.given TO owner_a;
        CREATE TABLE s.locked (id int);
        ALTER TABLE s.locked OWNER TO owner_a;
        REVOKE INSERT ON s.locked FROM owner_a;
        CREATE TABLE s.fresh (id serial, k s.e);
        GRANT SELECT ON s.fresh TO owner_b;
        ALTER TABLE s.fresh OWNER TO owner_a;";
    let (mut from, mut to) = (load(&mut scratch, old), load(&mut scratch, new));
    let (before, after) = (catalog(from.client(), &managed), catalog(to.client(), &managed));
    assert!(!way(from.client(), &managed, &after).is_empty());
    assert!(!way(to.client(), &managed, &before).is_empty());
    // Without being managed they are not even read.
    let plain = Managed::of_databases();
    let owner = |id: &ObjectId| matches!(id, ObjectId::Owner(_));
    assert!(!catalog(from.client(), &plain).objects.keys().any(owner));
}

#[test]
fn roles_there_and_back_and_dropped_only_by_name() {
    let mut scratch = scratch();
    let mut db = load(&mut scratch, "");
    let client = db.client();
    let managed = Managed { roles: true, ..Managed::of_databases() };
    client
        .batch_execute(
            "CREATE ROLE role_group; CREATE ROLE role_other NOINHERIT;
             CREATE ROLE \"Role One\" LOGIN CREATEDB PASSWORD 'secret' VALID UNTIL '2031-02-03 04:05:06+00' CONNECTION LIMIT 3;
             GRANT role_group TO \"Role One\" WITH ADMIN OPTION;
             ALTER ROLE \"Role One\" SET search_path = app, public;
             ALTER ROLE \"Role One\" SET statement_timeout = '5s';
             COMMENT ON ROLE \"Role One\" IS 'it''s one'",
        )
        .unwrap();
    let first = catalog(client, &managed);
    client
        .batch_execute(
            "ALTER ROLE \"Role One\" NOCREATEDB CREATEROLE VALID UNTIL 'infinity' CONNECTION LIMIT -1;
             REVOKE role_group FROM \"Role One\"; GRANT role_other TO \"Role One\";
             ALTER ROLE \"Role One\" RESET statement_timeout; ALTER ROLE \"Role One\" SET search_path = '';
             COMMENT ON ROLE \"Role One\" IS NULL; CREATE ROLE role_new BYPASSRLS",
        )
        .unwrap();
    let second = catalog(client, &managed);
    assert!(!way(client, &managed, &first).iter().any(|step| step.starts_with("DROP ROLE")));
    let named = Managed { drop_roles: ["role_new".into()].into(), ..managed.clone() };
    assert_eq!(way(client, &named, &first), ["DROP ROLE role_new"]);
    assert!(way(client, &managed, &second).contains(&"CREATE ROLE role_new BYPASSRLS".to_owned()));
    let text = serde_json::to_string(&second).unwrap();
    assert!(!text.contains("secret"), "{text}");
    client.batch_execute("DROP ROLE \"Role One\", role_group, role_other, role_new").unwrap();
    assert!(!way(client, &managed, &first).is_empty());
    let none = catalog(client, &Managed::of_databases());
    assert!(!none.objects.keys().any(|id| matches!(id, ObjectId::Role(_))));
}
