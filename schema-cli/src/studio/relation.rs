//! One table or view as the database's own catalog has it: the only source of names for the SQL that is built here.

use super::failure::Failure;
use super::pool::{Lease, Reading};
use super::state::Studio;
use schema_core::engine::name::QName;
use serde::Deserialize;
use tokio_postgres::types::Type;

/// Which one a request is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Named {
    pub(super) schema: String,
    pub(super) name: String,
}

/// A table, a view or the like.
pub(super) struct Relation {
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) name: String,
    /// `pg_class.relkind`.
    pub(super) kind: char,
    pub(super) columns: Vec<Column>,
    /// The columns of the primary key, in its order.
    pub(super) primary: Vec<usize>,
    /// The columns that tell rows apart: the primary key, else a unique index over columns that cannot be NULL.
    pub(super) unique: Vec<usize>,
}

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    /// As PostgreSQL prints it: `numeric(12,2)`.
    pub(super) shown: String,
    /// What a text is cast to: without what would cut it (the 20 of `varchar(20)`), and of a domain what is below it.
    pub(super) cast: String,
    /// `pg_type.typcategory` of that.
    pub(super) category: char,
    /// `pg_type.typname` of that.
    pub(super) base: String,
    pub(super) nullable: bool,
    pub(super) default: Option<String>,
    pub(super) generated: bool,
    /// ALWAYS or BY DEFAULT.
    pub(super) identity: bool,
    pub(super) identity_always: bool,
    pub(super) comment: Option<String>,
    /// The labels of an enum.
    pub(super) labels: Option<Vec<String>>,
    /// Values can be long.
    pub(super) long: bool,
    /// There is an order of values.
    pub(super) ordered: bool,
}

const RELATION: &str = "
    SELECT c.oid, c.relkind::text,
        COALESCE((SELECT x.indkey::int2[] FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary), '{}'),
        COALESCE((SELECT (x.indkey::int2[])[0:x.indnkeyatts - 1] FROM pg_index x
            WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate
                AND x.indpred IS NULL AND x.indexprs IS NULL
                AND NOT EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid
                    AND k.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1]) AND NOT k.attnotnull)
            ORDER BY x.indisprimary DESC, x.indnkeyatts, x.indexrelid LIMIT 1), '{}')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')";

const COLUMNS: &str = "
    SELECT a.attnum, a.attname::text, format_type(a.atttypid, a.atttypmod), format_type(b.oid, -1),
        b.typcategory::text, b.typname::text, NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
        a.attgenerated <> '', a.attidentity::text, col_description(a.attrelid, a.attnum),
        CASE WHEN b.typtype = 'e' THEN
            (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid) END,
        b.typlen < 0 AND b.typname <> 'numeric',
        b.typtype = 'e' OR b.typcategory IN ('A', 'R') OR EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
            WHERE m.amname = 'btree' AND o.opcdefault AND (o.opcintype = b.oid OR EXISTS (SELECT FROM pg_cast k
                WHERE k.castsource = b.oid AND k.casttarget = o.opcintype AND k.castmethod = 'b' AND k.castcontext = 'i')))
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    CROSS JOIN LATERAL (WITH RECURSIVE below (oid, typtype, typbasetype) AS (
            SELECT t.oid, t.typtype, t.typbasetype
            UNION ALL SELECT x.oid, x.typtype, x.typbasetype FROM below JOIN pg_type x ON x.oid = below.typbasetype
            WHERE below.typtype = 'd')
        SELECT x.* FROM below JOIN pg_type x USING (oid) WHERE x.typtype <> 'd') b
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum";

impl Named {
    /// It, and a transaction to read its rows in; a statement there takes no longer than this.
    pub(super) async fn open(&self, studio: &Studio, seconds: u64) -> Result<(Lease, Relation), Failure> {
        let lease = studio.reader.read(Reading::rows(seconds, studio.viewer())).await?;
        let relation = Relation::find(&lease, self).await?;
        Ok((lease, relation))
    }
}

impl Relation {
    /// Asks the catalog; an error if there is no such relation.
    pub(super) async fn find(lease: &Lease, named: &Named) -> Result<Self, Failure> {
        let Named { schema, name } = named;
        let found = lease.query_typed(RELATION, &[(schema, Type::NAME), (name, Type::NAME)]).await?;
        let Some(row) = found.first() else {
            return Err(Failure::missing(format!("there is no table or view {schema}.{name}")));
        };
        let oid: u32 = row.get(0);
        let kind = row.get::<_, &str>(1).chars().next().unwrap_or('r');
        let rows = lease.query_typed(COLUMNS, &[(&oid, Type::OID)]).await?;
        let numbers: Vec<i16> = rows.iter().map(|row| row.get(0)).collect();
        let first = |row: &tokio_postgres::Row, index: usize| {
            row.get::<_, &str>(index).chars().next().unwrap_or_default()
        };
        let columns = rows
            .iter()
            .map(|row| Column {
                name: row.get(1),
                shown: row.get(2),
                cast: row.get(3),
                category: first(row, 4),
                base: row.get(5),
                nullable: row.get(6),
                default: row.get(7),
                generated: row.get(8),
                identity: !row.get::<_, &str>(9).is_empty(),
                identity_always: row.get::<_, &str>(9) == "a",
                comment: row.get(10),
                labels: row.get(11),
                long: row.get(12),
                ordered: row.get(13),
            })
            .collect();
        let places = |index: usize| -> Vec<usize> {
            let keys: Vec<i16> = row.get(index);
            keys.iter().filter_map(|key| numbers.iter().position(|number| number == key)).collect()
        };
        Ok(Self {
            oid,
            schema: schema.clone(),
            name: name.clone(),
            kind,
            columns,
            primary: places(2),
            unique: places(3),
        })
    }

    /// The column of this name.
    pub(super) fn column(&self, name: &str) -> Result<&Column, Failure> {
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| self.no_column(name))
    }

    fn no_column(&self, name: &str) -> Failure {
        Failure::wrong(format!("{}.{} has no column {name}", self.schema, self.name))
    }

    /// As SQL names it.
    pub(super) fn qname(&self) -> QName {
        QName::new(self.schema.as_str(), self.name.as_str())
    }

    /// The names of the primary key's columns.
    pub(super) fn key_names(&self) -> Vec<&str> {
        self.primary.iter().map(|&index| self.columns[index].name.as_str()).collect()
    }

    /// Why rows cannot be edited, if they cannot.
    pub(super) fn why_not(&self) -> Option<&'static str> {
        match self.kind {
            'v' | 'm' => Some("a view's rows are those of its tables: edit them there"),
            'f' => Some("the rows are another server's"),
            _ if self.primary.is_empty() => Some("without a primary key nothing says which row is meant"),
            _ => None,
        }
    }

    /// Whether rows have versions that an edit can be checked against.
    pub(super) fn versioned(&self) -> bool {
        self.why_not().is_none()
    }

    /// Whether an INSERT can give it rows.
    pub(super) fn takes_rows(&self) -> bool {
        matches!(self.kind, 'r' | 'p' | 'f')
    }

    /// In the page's words.
    pub(super) fn kind_name(&self) -> &'static str {
        kind_name(self.kind)
    }
}

/// `pg_class.relkind` in the page's words.
pub(super) fn kind_name(kind: char) -> &'static str {
    match kind {
        'p' => "partitioned",
        'v' => "view",
        'm' => "materialized view",
        'f' => "foreign table",
        _ => "table",
    }
}

impl Column {
    /// What the page shows and edits it as.
    pub(super) fn family(&self) -> &'static str {
        if self.labels.is_some() {
            return "enum";
        }
        match (self.category, self.base.as_str()) {
            (_, "json" | "jsonb") => "json",
            (_, "bytea") => "bytea",
            (_, "uuid") => "uuid",
            (_, "timestamp" | "timestamptz") => "timestamp",
            (_, "date") => "date",
            (_, "time" | "timetz") => "time",
            ('A', _) => "array",
            ('B', _) => "boolean",
            ('N', _) => "number",
            ('S', _) => "text",
            _ => "other",
        }
    }
}
