//! Which SQL type a Rust type has. Only the trait and the foreign types; the derives implement it for the user's.

use crate::def::{Base, Name, Type};
use crate::wire::TypeBytes;
use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// A Rust type that a column can have.
///
/// | Rust | PostgreSQL |
/// |---|---|
/// | `i16`, `i32`, `i64` | `smallint`, `integer`, `bigint` |
/// | `f32`, `f64` | `real`, `double precision` |
/// | `bool` | `boolean` |
/// | `String`, `&str`, `Box<str>`, `Cow<str>` | `text` |
/// | `Vec<u8>`, `[u8; N]` | `bytea` |
/// | `Vec<T>`, `[T; N]` | `T[]` |
/// | `Option<T>` | `T`, nullable |
/// | `IpAddr`, `Ipv4Addr`, `Ipv6Addr` | `inet` |
/// | an enum with `#[derive(Enum)]` | its enum type |
/// | a newtype with `#[derive(PgType)]` | what it wraps |
/// | a newtype with `#[derive(Domain)]` | its domain |
/// | a struct with `#[derive(Composite)]` | its composite type |
///
/// Behind features of the crates' names:
///
/// | Rust | PostgreSQL |
/// |---|---|
/// | `uuid::Uuid` | `uuid` |
/// | `chrono::DateTime<_>`, `time::OffsetDateTime`, `time::UtcDateTime`, `jiff::Timestamp`, `jiff::Zoned` | `timestamptz` |
/// | `chrono::NaiveDateTime`, `time::PrimitiveDateTime`, `jiff::civil::DateTime` | `timestamp` |
/// | `chrono::NaiveDate`, `time::Date`, `jiff::civil::Date` | `date` |
/// | `chrono::NaiveTime`, `time::Time`, `jiff::civil::Time` | `time` |
/// | `chrono::TimeDelta`, `time::Duration`, `jiff::Span`, `jiff::SignedDuration` | `interval` |
/// | `rust_decimal::Decimal`, `bigdecimal::BigDecimal` | `numeric` |
/// | `serde_json::Value` | `jsonb` |
/// | `ipnetwork::IpNetwork` | `inet` |
/// | `bit_vec::BitVec` | `bit varying` |
///
/// For any other type: `#[column(sql_type = "...")]` on the field, or an implementation of this trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no PostgreSQL type",
    label = "this type cannot be a column",
    note = "say the type on the field: `#[column(sql_type = \"...\")]`",
    note = "your own types: `#[derive(PgType)]` on a newtype, `#[derive(Enum)]` on an enum, `#[derive(Composite)]` on a struct, `#[column(skip)]` to leave the field out",
    note = "PostgreSQL has no unsigned integers and none of 8 or 128 bits: use `i16`, `i32` or `i64`",
    note = "types of uuid, chrono, time, jiff, rust_decimal, bigdecimal, serde_json, ipnetwork and bit-vec need schema-core's feature of that name"
)]
pub trait PgType {
    /// The SQL type.
    const TYPE: Type;

    /// The same on the wire: encoded once per type, not once per column.
    #[doc(hidden)]
    const WIRE: &'static [u8] = const { &TypeBytes::new(Self::TYPE) }.get();
}

/// What a `Vec` or an array of the type is; only `u8` isn't an array then, but `bytea`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no PostgreSQL type",
    label = "this type cannot be an array's element"
)]
pub trait Element {
    /// The SQL type of many.
    const ARRAY: Type;
}

impl Type {
    /// A type that is never NULL.
    pub const fn sql(sql: &'static str) -> Self {
        Self { base: Base::Sql(sql), dimensions: 0, nullable: false }
    }

    /// An enum that is declared in Rust.
    pub const fn enumeration(name: Name) -> Self {
        Self { base: Base::Enum(name), dimensions: 0, nullable: false }
    }

    /// A composite type that is declared in Rust.
    pub const fn composite(name: Name) -> Self {
        Self { base: Base::Composite(name), dimensions: 0, nullable: false }
    }

    /// A domain that is declared in Rust.
    pub const fn domain(name: Name) -> Self {
        Self { base: Base::Domain(name), dimensions: 0, nullable: false }
    }

    /// The same with NULL (`Option`).
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// An array of it. PostgreSQL doesn't distinguish `T[]` and `T[][]`, and any element may be NULL.
    #[must_use]
    pub const fn array(self) -> Self {
        Self { dimensions: 1, nullable: false, ..self }
    }
}

impl<T: PgType> Element for T {
    const ARRAY: Type = T::TYPE.array();
}

impl Element for u8 {
    const ARRAY: Type = Type::sql("bytea");
}

impl<T: PgType> PgType for Option<T> {
    const TYPE: Type = T::TYPE.nullable();
}

impl<T: Element> PgType for Vec<T> {
    const TYPE: Type = T::ARRAY;
}

impl<T: Element> PgType for [T] {
    const TYPE: Type = T::ARRAY;
}

impl<T: Element, const N: usize> PgType for [T; N] {
    const TYPE: Type = T::ARRAY;
}

impl<T: PgType + ?Sized> PgType for &T {
    const TYPE: Type = T::TYPE;
}

impl<T: PgType + ?Sized> PgType for Box<T> {
    const TYPE: Type = T::TYPE;
}

impl<T: PgType + ToOwned + ?Sized> PgType for Cow<'_, T> {
    const TYPE: Type = T::TYPE;
}

macro_rules! types {
    ($($(#[$attribute:meta])* $rust:ty => $sql:literal;)+) => {
        $($(#[$attribute])*
        impl PgType for $rust {
            const TYPE: Type = Type::sql($sql);
        })+
    };
}

types! {
    i16 => "smallint";
    i32 => "integer";
    i64 => "bigint";
    f32 => "real";
    f64 => "double precision";
    bool => "boolean";
    str => "text";
    String => "text";
    core::net::IpAddr => "inet";
    core::net::Ipv4Addr => "inet";
    core::net::Ipv6Addr => "inet";
    #[cfg(feature = "uuid")] uuid::Uuid => "uuid";
    #[cfg(feature = "chrono")] chrono::NaiveDateTime => "timestamp";
    #[cfg(feature = "chrono")] chrono::NaiveDate => "date";
    #[cfg(feature = "chrono")] chrono::NaiveTime => "time";
    #[cfg(feature = "chrono")] chrono::TimeDelta => "interval";
    #[cfg(feature = "time")] time::OffsetDateTime => "timestamptz";
    #[cfg(feature = "time")] time::UtcDateTime => "timestamptz";
    #[cfg(feature = "time")] time::PrimitiveDateTime => "timestamp";
    #[cfg(feature = "time")] time::Date => "date";
    #[cfg(feature = "time")] time::Time => "time";
    #[cfg(feature = "time")] time::Duration => "interval";
    #[cfg(feature = "jiff")] jiff::Timestamp => "timestamptz";
    #[cfg(feature = "jiff")] jiff::Zoned => "timestamptz";
    #[cfg(feature = "jiff")] jiff::civil::DateTime => "timestamp";
    #[cfg(feature = "jiff")] jiff::civil::Date => "date";
    #[cfg(feature = "jiff")] jiff::civil::Time => "time";
    #[cfg(feature = "jiff")] jiff::Span => "interval";
    #[cfg(feature = "jiff")] jiff::SignedDuration => "interval";
    #[cfg(feature = "rust_decimal")] rust_decimal::Decimal => "numeric";
    #[cfg(feature = "bigdecimal")] bigdecimal::BigDecimal => "numeric";
    #[cfg(feature = "serde_json")] serde_json::Value => "jsonb";
    #[cfg(feature = "ipnetwork")] ipnetwork::IpNetwork => "inet";
    #[cfg(feature = "ipnetwork")] ipnetwork::Ipv4Network => "inet";
    #[cfg(feature = "ipnetwork")] ipnetwork::Ipv6Network => "inet";
    #[cfg(feature = "bit-vec")] bit_vec::BitVec => "bit varying";
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> PgType for chrono::DateTime<Z> {
    const TYPE: Type = Type::sql("timestamptz");
}
