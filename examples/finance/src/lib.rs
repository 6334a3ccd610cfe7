//! An example: the tables of a small ledger. `../finance.sh` runs the whole line on it.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use schema_core::{Enum, Table};

/// Somebody who owns accounts.
#[derive(Table)]
#[table(name = "users", comment = "People who can log in", index(columns(expr("lower(email)")), unique))]
pub struct User {
    /// Given by the database.
    #[column(primary_key, identity)]
    pub id: i64,
    /// Unique, whatever the case of its letters.
    #[column(check = "email LIKE '%_@_%'")]
    pub email: String,
    /// How the user wants to be called.
    pub display_name: Option<String>,
    /// When the user signed up.
    #[column(default = "now()")]
    pub created_at: DateTime<Utc>,
}

/// Money of one user in one currency.
#[derive(Table)]
#[table(name = "accounts", unique(owner_id, currency, name))]
pub struct Account {
    /// Given by the database.
    #[column(primary_key, identity)]
    pub id: i64,
    /// Who owns the money.
    #[column(references = User::id, on_delete = restrict)]
    pub owner_id: i64,
    /// Chosen by the owner.
    #[column(sql_type = "varchar(80)")]
    pub name: String,
    /// ISO 4217.
    #[column(sql_type = "char(3)", check = "currency = upper(currency)", comment = "ISO 4217")]
    pub currency: String,
    /// Kept up to date by the program.
    #[column(sql_type = "numeric(18,2)", default = 0)]
    pub balance: Decimal,
    /// Closed accounts stay for the books.
    pub closed_at: Option<DateTime<Utc>>,
}

/// How far a transaction has come.
#[derive(Enum)]
pub enum TransactionStatus {
    /// Waits for the bank.
    Pending,
    /// The money has moved.
    Posted,
    /// The bank said no.
    Failed,
}

/// Money that moves from one account to another.
#[derive(Table)]
#[table(
    name = "transactions",
    check(name = "transactions_two_accounts", "from_account_id <> to_account_id"),
    index(columns(from_account_id, created_at desc)),
    index(columns(created_at), name = "transactions_pending_idx", where = "status = 'pending'")
)]
pub struct Transaction {
    /// Given by the database.
    #[column(primary_key, identity = always)]
    pub id: i64,
    /// Where the money comes from.
    #[column(references = Account::id, on_delete = restrict)]
    pub from_account_id: i64,
    /// Where it goes.
    #[column(references = Account::id, on_delete = restrict, index)]
    pub to_account_id: i64,
    /// More than nothing.
    #[column(sql_type = "numeric(18,2)", check = "amount > 0")]
    pub amount: Decimal,
    /// How far it has come.
    #[column(default = "'pending'")]
    pub status: TransactionStatus,
    /// What the sender wrote.
    #[column(default = "''")]
    pub note: String,
    /// When it was ordered.
    #[column(default = "now()")]
    pub created_at: DateTime<Utc>,
    /// When the money moved.
    pub posted_at: Option<DateTime<Utc>>,
}
