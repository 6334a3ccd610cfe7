//! Records made by hand, as a derive would make them.

use schema_core::engine::record::{
    Action, Base, Column, Constraint, ConstraintKind, Deferrable, Enum, Identity, Index, IndexKey, KeyPart,
    Label, Name, Origin, Place, RawSql, Records, ReplicaIdentity, Table, Type,
};

pub(super) type Built = Constraint;

fn origin(line: u32, path: &str) -> Origin {
    Origin { file: "src/models.rs".to_owned(), line, path: path.to_owned() }
}

/// `schema.name` or `name`.
fn name(text: &str) -> Name {
    match text.split_once('.') {
        Some((schema, name)) => Name { schema: Some(schema.to_owned()), name: name.to_owned() },
        None => Name { schema: None, name: text.to_owned() },
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Columns, constraints and indexes get lines of their own below the table's.
pub(super) fn table(called: &str, line: u32, mut columns: Vec<Column>) -> Table {
    for (at, column) in columns.iter_mut().enumerate() {
        column.origin.line = line + 1 + u32::try_from(at).expect("few columns");
        column.origin.path = format!("{called}.{}", column.name);
    }
    Table {
        origin: origin(line, called),
        name: name(called),
        comment: None,
        renamed_from: None,
        unlogged: false,
        columns,
        constraints: Vec::new(),
        indexes: Vec::new(),
        with: None,
        replica_identity: ReplicaIdentity::Default,
        row_security: false,
        force_row_security: false,
        policies: Vec::new(),
        partition_by: None,
        partitions: Vec::new(),
        allow: Vec::new(),
    }
}

pub(super) fn column(called: &str, sql: &str) -> Column {
    Column {
        origin: origin(1, called),
        name: called.to_owned(),
        ty: Type { base: Base::Sql(sql.to_owned()), dimensions: 0, nullable: false },
        default: None,
        identity: None,
        generated: None,
        is_virtual: false,
        storage: None,
        compression: None,
        statistics: None,
        collation: None,
        comment: None,
        renamed_from: None,
        allow: Vec::new(),
    }
}

fn optional(called: &str, sql: &str) -> Column {
    let mut column = column(called, sql);
    column.ty.nullable = true;
    column
}

fn identity(called: &str) -> Column {
    Column { identity: Some(Identity::ByDefault), ..column(called, "bigint") }
}

fn with_default(called: &str, sql: &str, default: &str) -> Column {
    Column { default: Some(default.to_owned()), ..column(called, sql) }
}

pub(super) fn enum_column(called: &str, of: &str) -> Column {
    let mut column = column(called, "");
    column.ty.base = Base::Enum(name(of));
    column
}

fn constraint(kind: ConstraintKind) -> Constraint {
    Constraint { origin: origin(10, "models"), name: None, kind, deferrable: Deferrable::No }
}

pub(super) fn primary_key(columns: &[&str]) -> Constraint {
    constraint(ConstraintKind::PrimaryKey { columns: strings(columns), include: Vec::new() })
}

pub(super) fn unique(columns: &[&str]) -> Constraint {
    constraint(ConstraintKind::Unique {
        columns: strings(columns),
        include: Vec::new(),
        nulls_not_distinct: false,
    })
}

pub(super) fn check(expression: &str) -> Constraint {
    constraint(ConstraintKind::Check { expression: expression.to_owned(), no_inherit: false, column: None })
}

fn column_check(on: &str, sql: &str) -> Constraint {
    constraint(ConstraintKind::Check {
        expression: sql.to_owned(),
        no_inherit: false,
        column: Some(on.to_owned()),
    })
}

pub(super) fn foreign_key(columns: &[&str], target: &str, target_columns: &[&str]) -> Constraint {
    acting(columns, target, target_columns, Action::NoAction, Action::NoAction)
}

fn acting(
    columns: &[&str],
    to: &str,
    to_columns: &[&str],
    on_delete: Action,
    on_update: Action,
) -> Constraint {
    constraint(ConstraintKind::ForeignKey {
        columns: strings(columns),
        target: name(to),
        target_columns: strings(to_columns),
        match_full: false,
        on_delete,
        on_update,
    })
}

fn exclude(elements: &str) -> Constraint {
    constraint(ConstraintKind::Exclude {
        method: "gist".to_owned(),
        elements: elements.to_owned(),
        predicate: None,
    })
}

/// A given name.
pub(super) trait Named {
    fn named(self, name: &str) -> Self;
}

impl Named for Constraint {
    fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }
}

impl Named for Index {
    fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }
}

fn key(on: KeyPart) -> IndexKey {
    IndexKey { on, collation: None, opclass: None, descending: false, nulls_first: None }
}

fn index_on(keys: Vec<IndexKey>) -> Index {
    Index {
        origin: origin(11, "models"),
        name: None,
        unique: false,
        method: None,
        keys,
        include: Vec::new(),
        nulls_not_distinct: false,
        predicate: None,
        with: None,
    }
}

pub(super) fn index(columns: &[&str]) -> Index {
    index_on(columns.iter().map(|column| key(KeyPart::Column((*column).to_owned()))).collect())
}

fn expression_index(expressions: &[&str]) -> Index {
    index_on(expressions.iter().map(|sql| key(KeyPart::Expression((*sql).to_owned()))).collect())
}

pub(super) fn enumeration(called: &str, line: u32, labels: &[&str]) -> Enum {
    let label = |label: &&str| Label { name: (*label).to_owned(), renamed_from: None };
    Enum {
        origin: origin(line, called),
        name: name(called),
        comment: None,
        renamed_from: None,
        labels: labels.iter().map(label).collect(),
    }
}

pub(super) fn raw(place: Place, line: u32, sql: &str) -> RawSql {
    RawSql { origin: origin(line, "sql!"), place, sql: sql.to_owned(), file: None }
}

/// What a user would write.
pub(super) fn shop() -> Records {
    let mut users = table(
        "users",
        10,
        vec![
            identity("id"),
            column("email", "text"),
            with_default("created_at", "timestamptz", "now()"),
            optional("referrer_id", "bigint"),
        ],
    );
    users.comment = Some("People who log in.\nIt's one row each.".to_owned());
    users.renamed_from = Some("people".to_owned());
    users.columns[1].comment = Some("In lower case".to_owned());
    users.columns[1].renamed_from = Some("mail".to_owned());
    users.constraints.extend([
        primary_key(&["id"]),
        unique(&["email"]),
        column_check("email", "email = lower(email)"),
        acting(&["referrer_id"], "users", &["id"], Action::SetNull, Action::NoAction),
    ]);
    users.indexes.push(expression_index(&["lower(email)"]));

    let mut status = enumeration("order_status", 40, &["new", "paid", "it's gone"]);
    status.comment = Some("What became of it".to_owned());
    status.renamed_from = Some("sales.status".to_owned());
    status.labels[1].renamed_from = Some("payed".to_owned());

    let mut orders = table(
        "orders",
        50,
        vec![
            identity("id"),
            column("user_id", "bigint"),
            Column { default: Some("'new'".to_owned()), ..enum_column("status", "order_status") },
            with_default("total", "numeric(12,2)", "0"),
            optional("note", "text"),
        ],
    );
    orders.constraints.extend([
        check("total >= 0 OR status = 'new'").named("orders_total_is_positive"),
        primary_key(&["id"]),
        acting(&["user_id"], "users", &["id"], Action::Cascade, Action::NoAction),
    ]);
    let mut open = index(&["user_id", "status"]);
    open.keys[1].descending = true;
    open.keys[1].nulls_first = Some(false);
    open.predicate = Some("status <> 'paid'".to_owned());
    orders.indexes.extend([index(&["user_id"]), open.named("named_open_orders")]);

    let mut lines = table(
        "sales.order_lines",
        70,
        vec![column("order_id", "bigint"), column("position", "smallint"), column("amount", "integer")],
    );
    lines.constraints.extend([
        primary_key(&["order_id", "position"]),
        foreign_key(&["order_id"], "orders", &["id"]),
        column_check("amount", "amount > 0"),
    ]);
    Records {
        tables: vec![users, orders, lines],
        enums: vec![status, enumeration("mood", 45, &["ok"])],
        sql: vec![
            raw(
                Place::AfterTables,
                80,
                "create view raw_open_orders as\n    select * from orders where status = 'new'",
            ),
            raw(
                Place::BeforeTables,
                90,
                "create function raw_one() returns integer language sql as 'select 1';",
            ),
        ],
        ..Records::default()
    }
}

/// Everything that the definitions can say.
pub(super) fn forms() -> Records {
    let mut a = table(
        "a",
        1,
        vec![
            Column { identity: Some(Identity::Always), ..column("id", "integer") },
            column("name", "text"),
            optional("b_id", "bigint"),
            optional("user", "text"),
            Column { generated: Some("length(name) + 1".to_owned()), ..optional("length", "integer") },
            with_default("sum", "integer", "1 + 1"),
            with_default("made", "date", "current_date"),
            with_default("tags", "text[]", "'{}'::text[]"),
            column("span", "int4range"),
        ],
    );
    a.columns[1].collation = Some("\"C\"".to_owned());
    let mut moods = enum_column("moods", "forms.Mood");
    moods.ty.dimensions = 1;
    a.columns.push(moods);
    a.constraints.extend([
        Constraint { deferrable: Deferrable::Immediate, ..primary_key(&["id"]) },
        Constraint { deferrable: Deferrable::Deferred, ..unique(&["name"]) },
        unique(&["user"]),
        constraint(ConstraintKind::Unique {
            columns: strings(&["sum", "made"]),
            include: strings(&["tags"]),
            nulls_not_distinct: true,
        }),
        acting(&["b_id"], "b", &["id"], Action::SetDefault, Action::Restrict),
        constraint(ConstraintKind::Check {
            expression: "sum > 0".to_owned(),
            no_inherit: true,
            column: Some("sum".to_owned()),
        }),
        exclude("span WITH &&"),
        constraint(ConstraintKind::Exclude {
            method: "gist".to_owned(),
            elements: "span WITH &&, int4range(sum, sum + 1) WITH =".to_owned(),
            predicate: Some("name <> ''".to_owned()),
        }),
    ]);
    let mut hash = index(&["name"]);
    hash.method = Some("hash".to_owned());
    hash.with = Some("fillfactor = 70".to_owned());
    let mut odd = index(&["user", "name"]);
    odd.unique = true;
    odd.nulls_not_distinct = true;
    odd.include = strings(&["sum"]);
    odd.keys[1].collation = Some("\"C\"".to_owned());
    odd.keys[1].opclass = Some("text_pattern_ops".to_owned());
    odd.keys[0].nulls_first = Some(true);
    a.indexes.extend([hash, odd, expression_index(&["sum + 1", "(name || 'x')"]).named("Odd \"name\"")]);

    let mut b = table("b", 30, vec![identity("id"), column("x", "integer"), column("y", "integer")]);
    b.unlogged = false;
    b.constraints.extend([primary_key(&["id"]), unique(&["x", "y"]), foreign_key(&["x"], "c", &["id"])]);
    let mut c =
        table("c", 40, vec![column("id", "integer"), optional("b_x", "integer"), optional("b_y", "integer")]);
    c.constraints.extend([
        primary_key(&["id"]),
        Constraint {
            deferrable: Deferrable::Deferred,
            ..constraint(ConstraintKind::ForeignKey {
                columns: strings(&["b_y", "b_x"]),
                target: name("b"),
                target_columns: strings(&["y", "x"]),
                match_full: true,
                on_delete: Action::NoAction,
                on_update: Action::Cascade,
            })
        },
    ]);
    let mut cache = table("forms.Cache", 50, vec![column("Key", "text"), optional("value", "jsonb")]);
    cache.unlogged = true;
    cache.constraints.push(primary_key(&["Key"]));
    cache.comment = Some("back\\slash".to_owned());
    let empty = table("empty", 60, Vec::new());
    let mut tree = table("tree", 61, vec![column("code", "text"), optional("parent", "text")]);
    tree.constraints.push(foreign_key(&["parent"], "tree", &["code"]));
    tree.indexes.push(Index { unique: true, ..index(&["code"]) });
    let mut leaf = table("leaf", 64, vec![column("tree", "text")]);
    leaf.constraints.push(foreign_key(&["tree"], "tree", &["code"]));
    let labels: Vec<String> = (0..12).map(|label| format!("label number {label}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    Records {
        tables: vec![a, b, c, cache, empty, tree, leaf],
        enums: vec![enumeration("forms.Mood", 70, &labels), enumeration("none", 71, &[])],
        ..Records::default()
    }
}

/// Default names: long ones, several bytes per character, duplicates, expressions.
pub(super) fn names() -> Records {
    let long = "a_table_with_a_name_that_is_so_long_that_it_fills_all_63_bytes_";
    let wide = "ééééééééééééééééééééééééééééééé";
    let column_40 = "a_column_with_a_name_of_forty_characters";
    let column_wide = "ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß";
    let mut tables = Vec::new();
    for (at, called) in ["t", long, wide, "Quoted Name", "other.t"].into_iter().enumerate() {
        let mut columns = vec![identity("id")];
        columns.extend(["a", "b", column_40, column_wide, "Mixed"].map(|name| column(name, "text")));
        columns.extend([column("data", "jsonb"), column("at", "timestamptz"), column("span", "int4range")]);
        let mut table = table(called, 100 * u32::try_from(at).expect("few"), columns);
        table.constraints.extend([
            check("a <> ''"),
            check("a <> 'x'"),
            column_check("b", "a <> b"),
            column_check(column_wide, &format!("\"{column_wide}\" <> ''")),
            check("\"Mixed\" <> 'b'"),
            check("true"),
            check("length(b) > 3 AND b LIKE 'a%'"),
            check(&format!("{column_40} IN ('a', 'b')")),
            check("data IS NOT NULL"),
            primary_key(&["id"]),
            unique(&["a"]),
            unique(&["a", "b"]),
            unique(&[column_40]),
            unique(&[column_40, column_wide, "Mixed"]),
            unique(&["Mixed"]).named(&format!("named_key_{at}")),
            constraint(ConstraintKind::Unique {
                columns: strings(&["b"]),
                include: strings(&["a"]),
                nulls_not_distinct: false,
            }),
            foreign_key(&["id"], "t", &["id"]),
            foreign_key(&["a", "b"], "t", &["a", "b"]),
            foreign_key(&["a", "b"], "t", &["a", "b"]),
            foreign_key(&[column_40], "t", &[column_40]),
            exclude("span WITH &&"),
            exclude("span WITH &&, int4range(1, length(a)) WITH &&"),
            exclude("(span * span) WITH &&"),
        ]);
        let mut including = index(&["a"]);
        including.include = strings(&["b", column_40]);
        table.indexes.extend([
            index(&["a"]),
            index(&["a"]),
            index(&["a", "b", "Mixed"]),
            index(&[column_40, column_wide]),
            including,
            expression_index(&["lower(a)"]),
            expression_index(&["lower(a)", "lower(b)"]),
            expression_index(&["a || b"]),
            expression_index(&["(a || b)", "b || a", "pg_catalog.upper(a)"]),
            expression_index(&["data ->> 'k'"]),
            expression_index(&["(data ->> 'k')::int"]),
            expression_index(&["(at at time zone 'utc')::date"]),
            expression_index(&["coalesce(a, b)", "trim(a)", "a::varchar(3)"]),
            expression_index(&["greatest(a, b)", "nullif(a, b)", "extract(year from at at time zone 'utc')"]),
            expression_index(&["\"substring\"(a, 1, 2)", "substring(a from 1 for 2)", "a is null"]),
            index(&["b"]).named(&format!("named_index_{at}")),
        ]);
        tables.push(table);
    }
    // Numbered names reach over tables of one schema: this one is called as a default name would be.
    tables.push(table("t_b_idx", 900, vec![column("a", "text")]));
    let mut taking = table("u", 910, vec![column("b", "text"), column("id", "text")]);
    taking.constraints.push(check("b <> ''").named("z_b_check"));
    let mut taken = table("z", 920, vec![column("b", "text")]);
    taken.constraints.push(check("b <> ''"));
    taken.indexes.push(index(&["b"]));
    tables.extend([taking, taken]);
    // The sequence of a serial column takes a name too.
    let mut serial = table("serial", 930, vec![column("id", "bigserial"), column("n", "integer")]);
    serial.constraints.push(primary_key(&["id"]));
    tables.push(serial);
    tables.push(table("serial_n_idx", 940, Vec::new()));
    let mut late = table("serial_id", 950, vec![column("a", "integer")]);
    late.indexes.push(index(&["a"]));
    tables.push(late);
    Records {
        tables,
        enums: vec![enumeration("e", 990, &["a"]), enumeration("f", 991, &[])],
        ..Records::default()
    }
}
