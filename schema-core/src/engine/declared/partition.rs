//! The partitions of a table, which have its columns, constraints and indexes under names that PostgreSQL chooses.

use super::names::{Default, Names};
use super::{BlockId, Declared, clause, location, qname, schema_needed, storage, written};
use crate::engine::error::Error;
use crate::engine::id::ObjectId;
use crate::engine::name::QName;
use crate::engine::record::{Origin, Partition, PartitionBound};

/// All partitions, those of partitions too, each after its parent.
pub(super) fn all(partitions: &[Partition]) -> Vec<&Partition> {
    let mut all = Vec::new();
    for partition in partitions {
        all.push(partition);
        all.extend(self::all(&partition.partitions));
    }
    all
}

/// Adds the partitions of `of` to `declared`.
pub(super) fn create_partitions(
    of: &QName,
    partitions: &[Partition],
    names: &mut Names,
    declared: &mut Declared,
) -> Result<(), Error> {
    for partition in partitions {
        let (name, at) = (qname(&partition.name), &partition.origin);
        let id = ObjectId::Table(name.clone());
        names.relation(name.clone(), id.clone(), at)?;
        let by = partition.partition_by.as_ref();
        let sql = format!(
            "CREATE TABLE {} PARTITION OF {} {}{};",
            written(&name),
            written(of),
            bound(&partition.bound, at)?,
            storage::suffix(by, partition.with.as_deref(), at)?
        );
        let mut needs = schema_needed(&name);
        needs.push(BlockId::Object(ObjectId::Table(of.clone())));
        declared.push(id, sql, needs, location(at));
        create_partitions(&name, &partition.partitions, names, declared)?;
    }
    Ok(())
}

/// What an index of the table is called in each partition.
pub(super) fn name_indexes(
    partitions: &[Partition],
    default: &Default<'_>,
    names: &mut Names,
) -> Result<(), Error> {
    for partition in all(partitions) {
        names.index(&qname(&partition.name), None, default, &partition.origin)?;
    }
    Ok(())
}

fn bound(bound: &PartitionBound, at: &Origin) -> Result<String, Error> {
    Ok(match bound {
        PartitionBound::Range { from, to } => format!(
            "FOR VALUES FROM {} TO {}",
            clause::parenthesised(from, at)?,
            clause::parenthesised(to, at)?
        ),
        PartitionBound::In(values) => format!("FOR VALUES IN {}", clause::parenthesised(values, at)?),
        PartitionBound::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
        PartitionBound::Default => "DEFAULT".to_owned(),
    })
}
