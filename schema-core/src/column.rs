//! The typed name of a column, which the derive makes a const of: `User::ID`. Builds no SQL itself.

use crate::def::{Name, Type};
use core::fmt;
use core::marker::PhantomData;

/// A column of the table `T` that holds a `V`.
///
/// `#[derive(Table)]` gives the struct one const per field: `User::ID`, `User::CREATED_AT`. With the feature
/// `sea-query` it is a `sea_query::Iden`.
pub struct Column<T: ?Sized, V: ?Sized> {
    table: Name,
    name: &'static str,
    ty: Type,
    // A function pointer: the column is Copy, Send and Sync whatever the types are.
    types: PhantomData<fn(&T) -> &V>,
}

impl<T: ?Sized, V: ?Sized> Column<T, V> {
    #[doc(hidden)]
    pub const fn new(table: Name, name: &'static str, ty: Type) -> Self {
        Self { table, name, ty, types: PhantomData }
    }

    /// The table's name.
    pub const fn table(&self) -> Name {
        self.table
    }

    /// The column's name, unquoted.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The column's SQL type.
    pub const fn sql_type(&self) -> Type {
        self.ty
    }
}

impl<T: ?Sized, V: ?Sized> Clone for Column<T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized, V: ?Sized> Copy for Column<T, V> {}

impl<T: ?Sized, V: ?Sized> fmt::Debug for Column<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Column({}.{})", self.table.name, self.name)
    }
}

#[cfg(feature = "sea-query")]
impl<T: ?Sized + 'static, V: ?Sized + 'static> sea_query::Iden for Column<T, V> {
    fn unquoted(&self) -> &str {
        self.name
    }
}

#[cfg(feature = "sea-query")]
impl<T: ?Sized + 'static, V: ?Sized + 'static> sea_query::IdenStatic for Column<T, V> {
    fn as_str(&self) -> &'static str {
        self.name
    }
}
