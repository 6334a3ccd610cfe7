//! Constraints: primary key, unique, foreign key, check, exclusion. NOT NULL belongs to the column.

use crate::engine::name::{Ident, QName};
use serde::{Deserialize, Serialize};

/// A constraint of a table. The index inside a primary key, unique or exclusion constraint is part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// The table.
    pub table: QName,
    /// Its name.
    pub name: Ident,
    /// Which of the five it is.
    pub form: Form,
    /// `pg_get_constraintdef` with an empty search_path: `CHECK ((amount > 0))`.
    pub definition: String,
    /// The columns of the table that it names, in its order.
    pub columns: Vec<Ident>,
    /// The table that a foreign key references.
    pub references: Option<QName>,
    /// `convalidated`.
    pub validated: bool,
}

/// The forms of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique,
    /// `FOREIGN KEY`.
    ForeignKey,
    /// `CHECK`.
    Check,
    /// `EXCLUDE`.
    Exclude,
}
