//! What the derives' output calls, short to write and quick to compile. No public API.

pub use crate::def::*;
pub use crate::wire::{Parts, count};
pub use crate::{Column, Composite, Domain, Enum, PgType, Table, View};
pub use core::option::Option::{None, Some};

/// Text, also where the user has another `str`.
pub type Text = &'static str;
/// Bytes, also where the user has another `u8`.
pub type Bytes = &'static [u8];

/// The origin of a part.
pub const fn origin(file: &'static str, line: u32, path: &'static str) -> Origin {
    Origin { file, line, path }
}

/// A column with nothing but name and type.
pub const fn column(
    file: &'static str,
    line: u32,
    path: &'static str,
    name: &'static str,
    ty: Type,
) -> ColumnDef {
    ColumnDef {
        origin: Origin { file, line, path },
        name,
        ty,
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
        allow: &[],
    }
}

/// A table with nothing but its name.
pub const fn table(origin: Origin, name: Name) -> TableDef {
    TableDef {
        origin,
        name,
        comment: None,
        renamed_from: None,
        unlogged: false,
        columns: &[],
        constraints: &[],
        indexes: &[],
        with: None,
        replica_identity: ReplicaIdentity::Default,
        row_security: false,
        force_row_security: false,
        policies: &[],
        partition_by: None,
        partitions: &[],
        allow: &[],
    }
}

/// Stands for a view whose attributes have mistakes.
pub const fn no_view(name: Name) -> ViewDef {
    ViewDef {
        origin: origin("", 0, ""),
        name,
        comment: None,
        materialized: false,
        with: None,
        with_no_data: false,
        sql: "",
        file: None,
        after: &[],
        columns: &[],
        indexes: &[],
        allow: &[],
    }
}

/// A column that a foreign key references.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The table.
    pub table: Name,
    /// The column.
    pub name: &'static str,
    /// The column's type.
    pub ty: Type,
}

impl<T: ?Sized, V: ?Sized> Column<T, V> {
    /// The column without its Rust types.
    pub const fn target(self) -> Target {
        Target { table: self.table(), name: self.name(), ty: self.sql_type() }
    }
}

/// An identity column is an integer that is never NULL.
#[track_caller]
pub const fn check_identity(path: &str, ty: Type) {
    if ty.nullable {
        fail(&["`", path, "` is an identity column, but can be NULL"]);
    }
    if let Base::Sql(sql) = ty.base
        && ty.dimensions == 0
        && let b"smallint" | b"integer" | b"bigint" | b"int2" | b"int4" | b"int8" | b"int" = sql.as_bytes()
    {
        return;
    }
    fail(&[
        "`",
        path,
        "` is ",
        ty.text(),
        ty.brackets(),
        ", but an identity column is smallint, integer or bigint",
    ]);
}

/// A foreign key has the type of what it references.
#[track_caller]
pub const fn check_reference(path: &str, ty: Type, target: Target) {
    if !same_type(ty, target.ty) {
        fail(&[
            "`",
            path,
            "` is ",
            ty.text(),
            ty.brackets(),
            ", but the referenced column `",
            target.table.name,
            ".",
            target.name,
            "` is ",
            target.ty.text(),
            target.ty.brackets(),
        ]);
    }
}

/// Whether two columns hold the same type. `varchar(10)` and `varchar(20)` do, NULL doesn't matter.
const fn same_type(a: Type, b: Type) -> bool {
    if a.dimensions != b.dimensions {
        return false;
    }
    match (a.base, b.base) {
        (Base::Sql(a), Base::Sql(b)) => same_sql(a.as_bytes(), b.as_bytes()),
        (Base::Enum(a), Base::Enum(b))
        | (Base::Composite(a), Base::Composite(b))
        | (Base::Domain(a), Base::Domain(b)) => same_text(a.name.as_bytes(), b.name.as_bytes()),
        (Base::Sql(_) | Base::Enum(_) | Base::Composite(_) | Base::Domain(_), _) => false,
    }
}

/// Other words for the types that are usual in keys; what is the same in a comparison.
const ALIASES: &[(&[u8], &[u8])] = &[
    (b"int2", b"smallint"),
    (b"int4", b"integer"),
    (b"int", b"integer"),
    (b"int8", b"bigint"),
    (b"decimal", b"numeric"),
    (b"bool", b"boolean"),
    (b"varchar", b"text"),
    (b"character varying", b"text"),
    (b"timestamp with time zone", b"timestamptz"),
    (b"timestamp without time zone", b"timestamp"),
    (b"smallserial", b"smallint"),
    (b"serial", b"integer"),
    (b"bigserial", b"bigint"),
    (b"serial2", b"smallint"),
    (b"serial4", b"integer"),
    (b"serial8", b"bigint"),
];

/// Whether a foreign key may lead from one of these types to the other.
pub const fn same_sql(a: &[u8], b: &[u8]) -> bool {
    same_text(a, b) || same_text(plain(a), plain(b))
}

/// The type's usual word, without what is in parentheses.
const fn plain(sql: &[u8]) -> &[u8] {
    let mut end = 0;
    while end < sql.len() && sql[end] != b'(' {
        end += 1;
    }
    let (word, _) = sql.split_at(end);
    let word = word.trim_ascii();
    let mut i = 0;
    while i < ALIASES.len() {
        if same_text(ALIASES[i].0, word) {
            return ALIASES[i].1;
        }
        i += 1;
    }
    word
}

const fn same_text(a: &[u8], b: &[u8]) -> bool {
    a.eq_ignore_ascii_case(b)
}

impl Type {
    const fn text(&self) -> &'static str {
        match self.base {
            Base::Sql(sql) => sql,
            Base::Enum(name) | Base::Composite(name) | Base::Domain(name) => name.name,
        }
    }

    const fn brackets(&self) -> &'static str {
        if self.dimensions == 0 { "" } else { "[]" }
    }
}

/// Stops the compiler with a message of several parts, which `panic!` cannot put together in a const.
#[track_caller]
const fn fail(parts: &[&str]) -> ! {
    let mut message = [0; 512];
    let mut length = 0;
    let mut i = 0;
    while i < parts.len() {
        let part = parts[i].as_bytes();
        let mut j = 0;
        while j < part.len() && length < message.len() {
            message[length] = part[j];
            length += 1;
            j += 1;
        }
        i += 1;
    }
    let (message, _) = message.split_at(length);
    match core::str::from_utf8(message) {
        Ok(message) => panic!("{}", message),
        // A name was cut in the middle of a letter.
        Err(_) => panic!("the types differ"),
    }
}
