//! Foreign keys as the database's own catalog has them, seen from either end.

use super::failure::Failure;
use super::pool::Lease;
use super::relation::Named;
use tokio_postgres::Row;

/// A foreign key.
pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) from: Side,
    pub(super) to: Side,
}

/// A table, and its columns that take part, in the order of the key.
pub(super) struct Side {
    pub(super) table: Named,
    pub(super) columns: Vec<String>,
}

/// Those of partitions belong to the partitioned table's.
const FOREIGN_KEYS: &str = "
    SELECT k.conname::text, fn.nspname::text, f.relname::text, x.from_columns, tn.nspname::text, t.relname::text, x.to_columns
    FROM pg_constraint k
    JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
    JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
    CROSS JOIN LATERAL (SELECT array_agg(a.attname::text ORDER BY o) from_columns, array_agg(b.attname::text ORDER BY o) to_columns
        FROM unnest(k.conkey, k.confkey) WITH ORDINALITY u (a, b, o)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.a
        JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.b) x
    WHERE k.contype = 'f' AND k.conparentid = 0";
const IN_ORDER: &str = "ORDER BY 2, 3, 1";

impl ForeignKey {
    /// Those that a table has.
    pub(super) async fn of(lease: &Lease, oid: u32) -> Result<Vec<Self>, Failure> {
        let sql = format!("{FOREIGN_KEYS} AND k.conrelid = $1 {IN_ORDER}");
        Ok(lease.query(&sql, &[&oid]).await?.iter().map(Self::read).collect())
    }

    /// Those that reference it.
    pub(super) async fn to(lease: &Lease, oid: u32) -> Result<Vec<Self>, Failure> {
        let sql = format!("{FOREIGN_KEYS} AND k.confrelid = $1 {IN_ORDER}");
        Ok(lease.query(&sql, &[&oid]).await?.iter().map(Self::read).collect())
    }

    fn read(row: &Row) -> Self {
        let side = |at: usize| Side {
            table: Named { schema: row.get(at), name: row.get(at + 1) },
            columns: row.get(at + 2),
        };
        Self { name: row.get(0), from: side(1), to: side(4) }
    }
}
