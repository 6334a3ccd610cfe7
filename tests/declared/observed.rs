//! What a database holds of that which definitions can make, asked of PostgreSQL's catalog without our reader.

use postgres::Client;
use schema_core::engine::id::ObjectId;
use schema_core::engine::name::{Ident, QName};
use std::collections::BTreeSet;

/// What the definitions can make, as the catalog has it. Objects of raw SQL are left out by their name, `raw_...`.
pub(super) fn objects(client: &mut Client) -> BTreeSet<ObjectId> {
    let sql = "
        select 'schema', nspname::text, '', '' from pg_namespace
         where nspname <> 'public' and nspname !~ '^pg_' and nspname <> 'information_schema'
        union all
        select 'enum', nspname::text, typname::text, '' from pg_type t join pg_namespace n on n.oid = typnamespace
         where typtype = 'e'
        union all
        select case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'matview' else 'index' end, nspname, relname, ''
          from pg_class c join pg_namespace n on n.oid = relnamespace
         where relkind in ('r', 'i', 'v', 'm', 'p', 'I') and not (relispartition and relkind in ('i', 'I')) and nspname !~ '^(pg_|information)'
           and not exists (select from pg_constraint where conindid = c.oid and contype in ('p', 'u', 'x'))
        union all
        select 'column', nspname, relname, attname
          from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
         where relkind in ('r', 'p') and not relispartition and attnum > 0 and nspname !~ '^(pg_|information)'
        union all
        select 'constraint', nspname, relname, conname
          from pg_constraint join pg_class c on c.oid = conrelid join pg_namespace n on n.oid = relnamespace
         where contype in ('p', 'u', 'f', 'c', 'x') and not relispartition and nspname !~ '^(pg_|information)'
        union all
        select case typtype when 'd' then 'domain' else 'composite' end, nspname, typname, ''
          from pg_type t join pg_namespace n on n.oid = typnamespace left join pg_class c on c.oid = typrelid
         where (typtype = 'd' or typtype = 'c' and relkind = 'c') and nspname !~ '^(pg_|information)'
        union all
        select 'domain constraint', nspname, typname, conname
          from pg_constraint join pg_type t on t.oid = contypid join pg_namespace n on n.oid = t.typnamespace
         where contype = 'c' and nspname !~ '^(pg_|information)'
        union all
        select 'policy', nspname, relname, polname
          from pg_policy join pg_class c on c.oid = polrelid join pg_namespace n on n.oid = relnamespace
        union all
        select case when objsubid > 0 then 'comment on column' when relkind = 'v' then 'comment on view'
                    when relkind = 'm' then 'comment on matview' else 'comment on table' end, nspname, relname,
               coalesce(attname, '')
          from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
          join pg_namespace n on n.oid = relnamespace
          left join pg_attribute on attrelid = c.oid and attnum = objsubid and objsubid > 0
         where nspname !~ '^(pg_|information)'
        union all
        select case typtype when 'e' then 'comment on enum' when 'd' then 'comment on domain'
                    else 'comment on composite' end, nspname, typname, ''
          from pg_description d join pg_type t on t.oid = d.objoid and d.classoid = 'pg_type'::regclass
          join pg_namespace n on n.oid = typnamespace
         where typtype in ('e', 'd', 'c')";
    let mut found = BTreeSet::new();
    for row in client.query(sql, &[]).expect("the catalog can be read") {
        let text = |at: usize| row.get::<_, String>(at);
        let (kind, schema, name, part) = (text(0), text(1), text(2), text(3));
        if name.starts_with("raw_") {
            continue;
        }
        let name = QName::new(schema, name);
        let part = Ident::new(part);
        let comment = |on: ObjectId| ObjectId::Comment(Box::new(on));
        found.insert(match kind.as_str() {
            "schema" => ObjectId::Schema(name.schema),
            "enum" => ObjectId::Enum(name),
            "view" => ObjectId::View(name),
            "matview" => ObjectId::MaterializedView(name),
            "comment on view" => comment(ObjectId::View(name)),
            "comment on matview" => comment(ObjectId::MaterializedView(name)),
            "table" => ObjectId::Table(name),
            "domain" => ObjectId::Domain(name),
            "composite" => ObjectId::Composite(name),
            "domain constraint" => ObjectId::DomainConstraint(name, part),
            "comment on domain" => comment(ObjectId::Domain(name)),
            "comment on composite" => comment(ObjectId::Composite(name)),
            "policy" => ObjectId::Policy(name, part),
            "index" => ObjectId::Index(name),
            "column" => ObjectId::Column(name, part),
            "constraint" => ObjectId::Constraint(name, part),
            "comment on column" => comment(ObjectId::Column(name, part)),
            "comment on table" => comment(ObjectId::Table(name)),
            "comment on enum" => comment(ObjectId::Enum(name)),
            other => panic!("{other}"),
        });
    }
    found
}
