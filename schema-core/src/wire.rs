//! The wire format: definitions as bytes without pointers, encoded while the user's crate compiles, so that the
//! tool reads them out of the build. Only the encoder; `engine::decode` reads.
//!
//! A record is `MAGIC`, the wire version (`u32`), its whole length (`u32`), the version of this crate (text), the
//! kind (`u8`), and then the fields of the definition in the order of [`crate::def`]. Numbers are little-endian;
//! text and lists are preceded by their length (`u32`); what is optional is preceded by 0 or 1. The file is
//! written once per record: the origins inside it have only line and path.

use crate::def::{
    Action, Base, ColumnDef, ConstraintDef, ConstraintKind, Deferrable, EnumDef, Identity, IndexDef,
    IndexKey, KeyPart, LabelDef, Name, Origin, Place, SqlDef, TableDef, Type,
};

/// What a record starts with.
pub const MAGIC: [u8; 8] = *b"\x7fschema\n";
/// Changes with every change of the format.
pub const VERSION: u32 = 1;
/// The version of the crate that encodes and of the tool that decodes.
pub const CRATE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The record of a table.
pub const KIND_TABLE: u8 = 1;
/// The record of an enum.
pub const KIND_ENUM: u8 = 2;
/// The record of raw SQL.
pub const KIND_SQL: u8 = 3;

/// The section that holds the records in ELF files.
pub const SECTION_ELF: &str = ".schema";
/// The section that holds the records in Mach-O files, in the segment `__DATA`.
pub const SECTION_MACHO: &str = "__schema";
/// The section that holds the records in COFF and PE files.
pub const SECTION_COFF: &str = ".schema";

/// Puts a definition's record into the section of the object file; in builds with debug assertions only.
#[doc(hidden)]
#[macro_export]
macro_rules! __record {
    ($kind:ident, $def:expr) => {
        #[cfg(debug_assertions)]
        const _: () = {
            const LEN: usize = $crate::wire::$kind(&mut $crate::wire::Sink::counting(), $def);
            #[used]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__schema"))]
            #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".schema"))]
            static RECORD: [u8; LEN] = {
                let mut out = [0; LEN];
                $crate::wire::$kind(&mut $crate::wire::Sink::writing(&mut out), $def);
                out
            };
        };
    };
}

/// Where the bytes go: first nowhere, to count them, then into an array of that length.
#[derive(Debug)]
pub struct Sink<'a> {
    out: &'a mut [u8],
    at: usize,
}

impl<'a> Sink<'a> {
    /// Only counts.
    pub const fn counting() -> Self {
        Self { out: &mut [], at: 0 }
    }

    /// Writes, into exactly as many bytes as were counted.
    pub const fn writing(out: &'a mut [u8]) -> Self {
        Self { out, at: 0 }
    }

    const fn bytes(&mut self, bytes: &[u8]) {
        if !self.out.is_empty() {
            let (_, rest) = self.out.split_at_mut(self.at);
            let (place, _) = rest.split_at_mut(bytes.len());
            place.copy_from_slice(bytes);
        }
        self.at += bytes.len();
    }

    const fn byte(&mut self, byte: u8) {
        if !self.out.is_empty() {
            self.out[self.at] = byte;
        }
        self.at += 1;
    }

    const fn flag(&mut self, flag: bool) {
        self.byte(flag as u8);
    }

    const fn number(&mut self, number: u32) {
        self.bytes(&number.to_le_bytes());
    }

    #[expect(clippy::cast_possible_truncation, reason = "a definition has less than 4 GiB")]
    const fn length(&mut self, length: usize) {
        self.number(length as u32);
    }

    const fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes(text.as_bytes());
    }

    const fn optional(&mut self, text: Option<&str>) {
        match text {
            None => self.byte(0),
            Some(text) => {
                self.byte(1);
                self.text(text);
            }
        }
    }

    const fn texts(&mut self, texts: &[&str]) {
        self.length(texts.len());
        let mut i = 0;
        while i < texts.len() {
            self.text(texts[i]);
            i += 1;
        }
    }

    const fn header(&mut self, kind: u8) {
        self.bytes(&MAGIC);
        self.number(VERSION);
        self.length(self.out.len());
        self.text(CRATE_VERSION);
        self.byte(kind);
    }

    const fn origin(&mut self, origin: &Origin) {
        self.text(origin.file);
        self.inner_origin(origin);
    }

    const fn inner_origin(&mut self, origin: &Origin) {
        self.number(origin.line);
        self.text(origin.path);
    }

    const fn name(&mut self, name: &Name) {
        self.optional(name.schema);
        self.text(name.name);
    }

    const fn ty(&mut self, ty: &Type) {
        match &ty.base {
            Base::Sql(sql) => {
                self.byte(0);
                self.text(sql);
            }
            Base::Enum(name) => {
                self.byte(1);
                self.name(name);
            }
        }
        self.byte(ty.dimensions);
        self.flag(ty.nullable);
    }

    const fn column(&mut self, column: &ColumnDef) {
        self.inner_origin(&column.origin);
        self.text(column.name);
        self.ty(&column.ty);
        self.optional(column.default);
        self.byte(match column.identity {
            None => 0,
            Some(Identity::Always) => 1,
            Some(Identity::ByDefault) => 2,
        });
        self.optional(column.generated);
        self.optional(column.collation);
        self.optional(column.comment);
        self.optional(column.renamed_from);
    }

    const fn constraint(&mut self, constraint: &ConstraintDef) {
        self.inner_origin(&constraint.origin);
        self.optional(constraint.name);
        self.constraint_kind(&constraint.kind);
        self.byte(match constraint.deferrable {
            Deferrable::No => 0,
            Deferrable::Immediate => 1,
            Deferrable::Deferred => 2,
        });
    }

    const fn constraint_kind(&mut self, kind: &ConstraintKind) {
        match kind {
            ConstraintKind::PrimaryKey { columns, include } => {
                self.byte(0);
                self.texts(columns);
                self.texts(include);
            }
            ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
                self.byte(1);
                self.texts(columns);
                self.texts(include);
                self.flag(*nulls_not_distinct);
            }
            ConstraintKind::Check { expression, no_inherit, column } => {
                self.byte(2);
                self.text(expression);
                self.flag(*no_inherit);
                self.optional(*column);
            }
            ConstraintKind::ForeignKey {
                columns,
                target,
                target_columns,
                match_full,
                on_delete,
                on_update,
            } => {
                self.byte(3);
                self.texts(columns);
                self.name(target);
                self.texts(target_columns);
                self.flag(*match_full);
                self.action(*on_delete);
                self.action(*on_update);
            }
            ConstraintKind::Exclude { method, elements, predicate } => {
                self.byte(4);
                self.text(method);
                self.text(elements);
                self.optional(*predicate);
            }
        }
    }

    const fn action(&mut self, action: Action) {
        self.byte(match action {
            Action::NoAction => 0,
            Action::Restrict => 1,
            Action::Cascade => 2,
            Action::SetNull => 3,
            Action::SetDefault => 4,
        });
    }

    const fn index(&mut self, index: &IndexDef) {
        self.inner_origin(&index.origin);
        self.optional(index.name);
        self.flag(index.unique);
        self.optional(index.method);
        self.length(index.keys.len());
        let mut i = 0;
        while i < index.keys.len() {
            self.index_key(&index.keys[i]);
            i += 1;
        }
        self.texts(index.include);
        self.flag(index.nulls_not_distinct);
        self.optional(index.predicate);
        self.optional(index.with);
    }

    const fn index_key(&mut self, key: &IndexKey) {
        match key.on {
            KeyPart::Column(name) => {
                self.byte(0);
                self.text(name);
            }
            KeyPart::Expression(sql) => {
                self.byte(1);
                self.text(sql);
            }
        }
        self.optional(key.collation);
        self.optional(key.opclass);
        self.flag(key.descending);
        self.byte(match key.nulls_first {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        });
    }

    const fn label(&mut self, label: &LabelDef) {
        self.text(label.name);
        self.optional(label.renamed_from);
    }
}

/// The record of a table; gives its length.
pub const fn table(sink: &mut Sink<'_>, def: &TableDef) -> usize {
    sink.header(KIND_TABLE);
    sink.origin(&def.origin);
    sink.name(&def.name);
    sink.optional(def.comment);
    sink.optional(def.renamed_from);
    sink.flag(def.unlogged);
    sink.length(def.columns.len());
    let mut i = 0;
    while i < def.columns.len() {
        sink.column(&def.columns[i]);
        i += 1;
    }
    sink.length(def.constraints.len());
    i = 0;
    while i < def.constraints.len() {
        sink.constraint(&def.constraints[i]);
        i += 1;
    }
    sink.length(def.indexes.len());
    i = 0;
    while i < def.indexes.len() {
        sink.index(&def.indexes[i]);
        i += 1;
    }
    sink.at
}

/// The record of an enum; gives its length.
pub const fn enumeration(sink: &mut Sink<'_>, def: &EnumDef) -> usize {
    sink.header(KIND_ENUM);
    sink.origin(&def.origin);
    sink.name(&def.name);
    sink.optional(def.comment);
    sink.optional(def.renamed_from);
    sink.length(def.labels.len());
    let mut i = 0;
    while i < def.labels.len() {
        sink.label(&def.labels[i]);
        i += 1;
    }
    sink.at
}

/// The record of raw SQL; gives its length.
pub const fn sql(sink: &mut Sink<'_>, def: &SqlDef) -> usize {
    sink.header(KIND_SQL);
    sink.origin(&def.origin);
    sink.byte(match def.place {
        Place::BeforeTables => 0,
        Place::AfterTables => 1,
    });
    sink.text(def.sql);
    sink.optional(def.file);
    sink.at
}
