//! What follows the columns of a table: how it is partitioned and stored, and what no CREATE TABLE can say.

use super::{BlockId, Declared, clause, qname, written};
use crate::engine::error::Error;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName, quoted};
use crate::engine::record::{Origin, PartitionBy, PartitionStrategy, ReplicaIdentity, Table};

/// ` PARTITION BY RANGE (created_at)`, ` WITH (fillfactor = 70)`.
pub(super) fn suffix(by: Option<&PartitionBy>, with: Option<&str>, at: &Origin) -> Result<String, Error> {
    let mut sql = String::new();
    if let Some(by) = by {
        let strategy = match by.strategy {
            PartitionStrategy::Range => "RANGE",
            PartitionStrategy::List => "LIST",
            PartitionStrategy::Hash => "HASH",
        };
        let keys: Vec<String> =
            by.keys.iter().map(|key| clause::index_key(key, at)).collect::<Result<_, _>>()?;
        sql.push_str(&format!(" PARTITION BY {strategy} ({})", keys.join(", ")));
    }
    if let Some(with) = with {
        sql.push_str(&format!(" WITH {}", clause::parenthesised(with, at)?));
    }
    Ok(sql)
}

/// The statements that follow CREATE TABLE, each on a line.
pub(super) fn alterations(table: &Table) -> String {
    let name = written(&qname(&table.name));
    let mut sql = String::new();
    let mut alter = |what: &str| sql.push_str(&format!("\nALTER TABLE {name} {what};"));
    for column in &table.columns {
        let column_name = quoted(&column.name);
        if let Some(storage) = &column.storage {
            alter(&format!("ALTER COLUMN {column_name} SET STORAGE {}", storage.to_uppercase()));
        }
        if let Some(statistics) = column.statistics {
            alter(&format!("ALTER COLUMN {column_name} SET STATISTICS {statistics}"));
        }
    }
    if table.row_security {
        alter("ENABLE ROW LEVEL SECURITY");
    }
    if table.force_row_security {
        alter("FORCE ROW LEVEL SECURITY");
    }
    match &table.replica_identity {
        ReplicaIdentity::Default | ReplicaIdentity::Index(_) => {}
        ReplicaIdentity::Full => alter("REPLICA IDENTITY FULL"),
        ReplicaIdentity::Nothing => alter("REPLICA IDENTITY NOTHING"),
    }
    sql
}

/// An index as replica identity: said where the index has been made, which can be the table itself.
pub(super) fn replica_index(table: &Table, on: &QName, declared: &mut Declared) {
    let ReplicaIdentity::Index(name) = &table.replica_identity else { return };
    let name = Ident::from(name.as_str());
    let index = BlockId::Object(ObjectId::Index(on.sibling(&name)));
    let block = declared.blocks.iter().rposition(|block| block.id == index);
    let table = BlockId::Object(ObjectId::Table(on.clone()));
    let block = block.or_else(|| declared.blocks.iter().rposition(|block| block.id == table));
    if let Some(block) = block {
        let sql = format!("\nALTER TABLE {} REPLICA IDENTITY USING INDEX {name};", written(on));
        declared.blocks[block].sql.push_str(&sql);
    }
}
