//! The derives of schema-core. Use them from there; their output names `::schema_core`.

mod ast;
mod attr;
mod case;
mod check;
mod ctxt;
mod expand;
mod migrations;
mod read;

use ctxt::Ctxt;
use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a table, and each of its fields a column.
///
/// ```
/// use schema_core::{Enum, Table};
///
/// #[derive(Enum)]
/// enum Status {
///     Pending,
///     Posted,
/// }
///
/// #[derive(Table)]
/// #[table(name = "users")]
/// struct User {
///     #[column(primary_key, identity)]
///     id: i64,
///     #[column(unique)]
///     email: String,
/// }
///
/// #[derive(Table)]
/// #[table(name = "transactions", index(user_id, created_at desc), check("amount <> 0"))]
/// struct Transaction {
///     #[column(primary_key, identity)]
///     id: i64,
///     #[column(references = User::id, on_delete = cascade)]
///     user_id: i64,
///     #[column(sql_type = "numeric(12,2)")]
///     amount: f64,
///     #[column(default = "'pending'")]
///     status: Status,
///     #[column(sql_type = "timestamptz", default = "now()")]
///     created_at: String,
///     note: Option<String>,
/// }
///
/// assert_eq!(Transaction::USER_ID.name(), "user_id");
/// assert_eq!(Transaction::DEF.columns.len(), 6);
/// ```
///
/// A field's type is its column's type (see `PgType`); an `Option` can be NULL, all others are `NOT NULL`. The
/// struct gets a const for each column (`User::ID`), which attributes reference by the field: `User::id`.
///
/// The structs themselves may be private, and nothing needs to use them. What the tool reads out of the build is
/// there in builds with debug assertions, as the dev profile has them, and costs a release build nothing.
///
/// # `#[table(...)]` on the struct
///
/// Columns are written as the struct's fields. Strings are SQL.
///
/// | attribute | meaning |
/// |---|---|
/// | `name = "users"` | the table's name; otherwise the struct's in snake_case |
/// | `schema = "billing"` | its schema; otherwise `public` |
/// | `comment = "..."` | `COMMENT ON TABLE`; doc comments stay in Rust |
/// | `renamed_from = "old"` | its former name, so that a rename is no drop |
/// | `unlogged` | `UNLOGGED` |
/// | `with(fillfactor = 70, autovacuum_enabled = false)` | storage parameters |
/// | `replica_identity = full` | the same with `nothing` or `index("name")` |
/// | `row_security`, `force_row_security` | row level security, for the owner too |
/// | `policy(name = "own_rows", using = "owner = current_user")` | a policy of row security |
/// | `partition_by = range(a)` | partitioned; the same with `list(a)`, `hash(a, b)`, `range(expr("..."))` |
/// | `partition(name = "rest", default)` | a partition |
/// | `primary_key(a, b)` | a primary key of several columns |
/// | `unique(a, b)` | unique together |
/// | `check("amount <> 0")` | a condition |
/// | `index(a, b)` | an index |
/// | `foreign_key(columns(a, b), references(Other::x, Other::y))` | a foreign key of several columns |
/// | `exclude(method = "gist", "room WITH =, during WITH &&")` | an exclusion constraint |
/// | `allow("no-primary-key", reason = "...")` | a rule of `schema lint` that does not count for the table and all that belongs to it |
/// | `crate = "path"` | where schema-core is, if not at `::schema_core` |
///
/// `unique`, `check`, `index`, `foreign_key`, `exclude`, `policy`, `partition` and `allow` may stand more than once. Inside their
/// parentheses:
///
/// | in | options |
/// |---|---|
/// | all but `allow` | `name = "..."`; otherwise the name that PostgreSQL gives |
/// | `primary_key`, `unique` | `columns(a, b)` instead of `a, b`, `include(c)`, `deferrable`, `deferrable = "deferred"` |
/// | `unique` | `nulls_not_distinct` |
/// | `check` | `no_inherit` |
/// | `index` | `columns(...)` instead of its columns, `unique`, `method = "gin"`, `include(c)`, `where = "status = 'pending'"`, `with(fillfactor = 70)`, `nulls_not_distinct` |
/// | `foreign_key` | `on_delete = ...`, `on_update = ...`, `match_full`, `deferrable`, `deferrable = "deferred"` |
/// | `exclude` | `method = "..."` (`btree`), `where = "..."`, `deferrable`, `deferrable = "deferred"` |
/// | `policy` | `for = select` (`insert`, `update`, `delete`, `all`), `to = "role"`, `to("role", "other")`, `using = "..."`, `with_check = "..."`, `restrictive` |
/// | `partition` | `schema = "..."`, `with(...)`; its rows: `from = "'2026-01-01'", to = "'2027-01-01'"`, or `in = "'de', 'fr'"`, or `modulus = 4, remainder = 0`, or `default`; `partition_by = ...` and `partition(...)` of its own |
/// | `allow` | `reason = "..."`, which must be there; `until = "2027-06-30"`: the last day on which it holds |
///
/// A part of an index is a field or `expr("lower(email)")`, and after it `asc`, `desc`, `nulls first`, `nulls last`,
/// `opclass = "text_pattern_ops"`, `collation = "C"`. The actions are `no_action`, `restrict`, `cascade`,
/// `set_null` and `set_default`.
///
/// # `#[column(...)]` on a field
///
/// | attribute | meaning |
/// |---|---|
/// | `name = "..."` | the column's name; otherwise the field's |
/// | `sql_type = "varchar(120)"` | the column's type, whatever the field's is |
/// | `default = "now()"`, `default = 0` | the default: SQL in a string, or a Rust number, `true`, `false` |
/// | `primary_key`, `primary_key(...)` | the primary key; options as above |
/// | `unique`, `unique(...)` | unique; options as above |
/// | `index`, `index(...)` | an index; options as above, and `opclass = "..."`, `collation = "..."` |
/// | `check = "amount > 0"`, `check(...)` | a condition; options as above |
/// | `references = User::id` | a foreign key; beside it `on_delete`, `on_update`, `deferrable` |
/// | `references(User::id, ...)` | the same with options, as those of `foreign_key` |
/// | `identity`, `identity = always` | `GENERATED BY DEFAULT AS IDENTITY`, `GENERATED ALWAYS AS IDENTITY` |
/// | `generated = "a + b"`, `generated("a + b", virtual)` | `GENERATED ALWAYS AS (a + b) STORED`, or `VIRTUAL` (PostgreSQL 18) |
/// | `storage = external`, `compression = lz4`, `statistics = 500` | how values are stored, and looked at by `ANALYZE` |
/// | `collation = "C"` | the collation, quoted for you unless it contains quotes |
/// | `comment = "..."` | `COMMENT ON COLUMN` |
/// | `renamed_from = "old"` | its former name |
/// | `allow("fk-missing-index", reason = "...")` | a rule of `schema lint` that does not count for the column and for what the field declares; options as above |
/// | `skip` | no column |
///
/// # What the compiler checks
///
/// The referenced struct and field exist and have the same SQL type; `set_null` stands on an `Option`; columns in
/// attributes are fields; names are unique and fit PostgreSQL's 63 bytes; an identity is an integer; what is unique in a
/// partitioned table holds its partition key.
#[proc_macro_derive(Table, attributes(table, column))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let table = read::table(&ctxt, &input);
    if let Some(table) = &table {
        check::table(&ctxt, table);
    }
    match (ctxt.finish(), table) {
        (Ok(()), Some(table)) => expand::table::expand(&table).into(),
        (Ok(()), None) => TokenStream::new(),
        (Err(errors), Some(table)) if input.generics.params.is_empty() => {
            with_errors(errors, expand::table::stub(&table))
        }
        (Err(errors), _) => errors.into_compile_error().into(),
    }
}

/// Makes a struct a view, and each of its fields a column that the view must have.
///
/// ```
/// use schema_core::{Table, View};
///
/// #[derive(Table)]
/// #[table(name = "users")]
/// struct User {
///     #[column(primary_key, identity)]
///     id: i64,
///     email: String,
///     active: bool,
/// }
///
/// #[derive(View)]
/// #[view(name = "active_users", sql = "SELECT id, email FROM users WHERE active", with(security_barrier))]
/// struct ActiveUser {
///     id: i64,
///     email: String,
/// }
///
/// #[derive(View)]
/// #[view(materialized, sql = "SELECT count(*) AS users FROM active_users", index(users, unique))]
/// struct Totals {
///     users: i64,
/// }
///
/// assert_eq!(ActiveUser::EMAIL.name(), "email");
/// assert!(Totals::DEF.materialized);
/// ```
///
/// The columns of the query are compared with the fields where the tool runs it, on a throwaway PostgreSQL: by name, and
/// by type as far as a program can tell (`text` and `varchar(10)` are both a `String`). Whether a column can be NULL is
/// yours to know: PostgreSQL doesn't for views.
///
/// `#[view(...)]` on the struct:
///
/// | attribute | meaning |
/// |---|---|
/// | `sql = "SELECT ..."` | the query |
/// | `sql_file = "views/active_users.sql"` | a file with the query, relative to the package's `Cargo.toml` |
/// | `name = "..."`, `schema = "..."`, `comment = "..."`, `crate = "path"` | as for tables |
/// | `with(security_invoker, check_option = "local")` | the view's options, a materialized view's storage parameters |
/// | `materialized` | `CREATE MATERIALIZED VIEW` |
/// | `index(...)` | as for tables; of materialized views only |
/// | `with_no_data` | a materialized view stays empty until it is refreshed |
/// | `allow("rename-column", reason = "...")` | a rule of `schema lint` that does not count for the view, as for tables |
/// | `after(OtherView)` | comes after that one; only needed where its query doesn't name it |
///
/// A view comes after the tables and after the views that its query names. Beside raw SQL (`schema_core::sql!`) it comes
/// as late as it can: just before the first piece that names it.
///
/// `#[column(...)]` on a field: `name = "..."`, `sql_type = "..."`, `comment = "..."`, `index`,
/// `allow`, `skip`, as for tables.
#[proc_macro_derive(View, attributes(view, column))]
pub fn derive_view(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let view = read::view(&ctxt, &input);
    if let Some(view) = &view {
        check::view(&ctxt, view);
    }
    match (ctxt.finish(), view) {
        (Ok(()), Some(view)) => expand::view::expand(&view).into(),
        (Ok(()), None) => TokenStream::new(),
        (Err(errors), Some(view)) if input.generics.params.is_empty() => {
            with_errors(errors, expand::view::stub(&view))
        }
        (Err(errors), _) => errors.into_compile_error().into(),
    }
}

/// Makes a Rust enum a PostgreSQL enum, and its variants the labels, in their order.
///
/// ```
/// use schema_core::Enum;
///
/// #[derive(Enum)]
/// #[pg_enum(name = "transaction_status", rename_all = "kebab-case")]
/// enum Status {
///     Pending,
///     InFlight,
///     #[label(name = "done", renamed_from = "posted")]
///     Posted,
/// }
///
/// let labels: Vec<&str> = Status::DEF.labels.iter().map(|label| label.name).collect();
/// assert_eq!(labels, ["pending", "in-flight", "done"]);
/// ```
///
/// `#[pg_enum(...)]` on the enum: `name = "..."` (otherwise the enum's in snake_case), `schema = "..."`,
/// `comment = "..."`, `renamed_from = "..."`, `crate = "path"`, and `rename_all = "..."` with serde's words:
/// `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case` (the default), `SCREAMING_SNAKE_CASE`,
/// `kebab-case`, `SCREAMING-KEBAB-CASE`.
///
/// `#[label(...)]` on a variant: `name = "..."`, `renamed_from = "..."`.
#[proc_macro_derive(Enum, attributes(pg_enum, label))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let read = read::enumeration(&ctxt, &input).map(|input| {
        let labels = input.label_names(&ctxt);
        check::enumeration(&ctxt, &input, &labels);
        (input, labels)
    });
    match (ctxt.finish(), read) {
        (Ok(()), Some((input, labels))) => expand::enumeration::expand(&input, &labels).into(),
        (Ok(()), None) => TokenStream::new(),
        (Err(errors), Some((read, _))) if input.generics.params.is_empty() => {
            with_errors(errors, expand::enumeration::stub(&read))
        }
        (Err(errors), _) => errors.into_compile_error().into(),
    }
}

/// Makes a struct a composite type (`CREATE TYPE ... AS`), which columns can have.
///
/// ```
/// use schema_core::{Composite, Table};
///
/// #[derive(Composite)]
/// struct Address {
///     street: String,
///     #[column(sql_type = "varchar(10)")]
///     zip: String,
/// }
///
/// #[derive(Table)]
/// struct Customer {
///     #[column(primary_key, identity)]
///     id: i64,
///     home: Address,
///     others: Vec<Address>,
/// }
///
/// assert_eq!(Address::DEF.columns.len(), 2);
/// ```
///
/// `#[composite(...)]` on the struct: `name = "..."` (otherwise the struct's in snake_case), `schema = "..."`,
/// `comment = "..."`, `renamed_from = "..."`, `crate = "path"`. `#[column(...)]` on a field: `name = "..."`,
/// `sql_type = "..."`, `collation = "..."`, `comment = "..."`, `skip`. PostgreSQL lets each attribute be NULL.
#[proc_macro_derive(Composite, attributes(composite, column))]
pub fn derive_composite(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let read = read::composite(&ctxt, &input);
    if let Some(read) = &read {
        check::composite(&ctxt, read);
    }
    match (ctxt.finish(), read) {
        (Ok(()), Some(read)) => expand::composite::expand(&read).into(),
        (Ok(()), None) => TokenStream::new(),
        (Err(errors), Some(read)) if input.generics.params.is_empty() => {
            with_errors(errors, expand::composite::stub(&read))
        }
        (Err(errors), _) => errors.into_compile_error().into(),
    }
}

/// Makes a newtype a domain: a type with conditions of its own, which columns can have.
///
/// ```
/// use schema_core::{Domain, Table};
///
/// #[derive(Domain)]
/// #[domain(check = "VALUE ~ '^[^@]+@[^@]+$'", check(name = "email_is_short", "length(VALUE) < 100"))]
/// struct Email(String);
///
/// #[derive(Table)]
/// struct Customer {
///     #[column(primary_key)]
///     email: Email,
///     others: Vec<Email>,
/// }
///
/// assert_eq!(Email::DEF.checks.len(), 2);
/// ```
///
/// `#[domain(...)]`:
///
/// | attribute | meaning |
/// |---|---|
/// | `check = "VALUE > 0"`, `check(name = "...", "...")` | a condition; may stand more than once |
/// | `not_null` | no NULL, whatever the column says |
/// | `default = "..."`, `default = 0` | what columns without a default of their own get |
/// | `sql_type = "varchar(120)"` | the type below, whatever the field's is |
/// | `collation = "C"` | the collation |
/// | `name = "..."`, `schema = "..."`, `comment = "..."`, `renamed_from = "..."`, `crate = "path"` | as for tables |
#[proc_macro_derive(Domain, attributes(domain))]
pub fn derive_domain(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let domain = read::domain(&ctxt, &input);
    if let Some(domain) = &domain {
        check::domain(&ctxt, domain);
    }
    match (ctxt.finish(), domain) {
        (Ok(()), Some(domain)) => expand::domain::expand(&domain).into(),
        (Ok(()), None) => TokenStream::new(),
        (Err(errors), Some(domain)) if input.generics.params.is_empty() => {
            with_errors(errors, expand::domain::stub(&domain))
        }
        (Err(errors), _) => errors.into_compile_error().into(),
    }
}

/// Gives a newtype the SQL type of what it wraps, or any type the SQL type you say.
///
/// ```
/// use schema_core::{PgType, Table};
///
/// #[derive(PgType)]
/// struct UserId(i64);
///
/// #[derive(PgType)]
/// #[pg_type(sql = "citext")]
/// struct Email(String);
///
/// #[derive(Table)]
/// struct User {
///     #[column(primary_key, identity)]
///     id: UserId,
///     email: Option<Email>,
/// }
///
/// assert_eq!(User::ID.sql_type(), i64::TYPE);
/// ```
///
/// `#[pg_type(...)]`: `sql = "..."`, `crate = "path"`.
#[proc_macro_derive(PgType, attributes(pg_type))]
pub fn derive_pg_type(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let ctxt = Ctxt::default();
    let output = expand::pg_type::expand(&ctxt, &input);
    match ctxt.finish() {
        Ok(()) => output.unwrap_or_default().into(),
        Err(errors) => errors.into_compile_error().into(),
    }
}

/// The mistakes, and what keeps them from causing others.
fn with_errors(errors: syn::Error, stub: proc_macro2::TokenStream) -> TokenStream {
    let mut output = errors.into_compile_error();
    output.extend(stub);
    output.into()
}

/// Used by `schema_core::migrations!`.
#[doc(hidden)]
#[proc_macro]
pub fn __migrations(input: TokenStream) -> TokenStream {
    migrations::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
