//! What few tables have: storage, row security, partitions. As definition and as bytes.

use super::constraint::path;
use super::wire::Record;
use super::{index, optional, origin};
use crate::ast::{
    Bound, Partition, PartitionBy, Policy, PolicyCommand, ReplicaIdentity, Strategy, Table, TableExtra,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

/// The fields of the `TableDef`.
pub(super) fn fields(table: &Table, extra: &TableExtra) -> TokenStream {
    let TableExtra {
        with,
        replica_identity,
        row_security,
        force_row_security,
        policies,
        partition_by,
        partitions,
    } = extra;
    let with = optional(with.as_ref().map(|with| &with.value));
    let replica_identity = match replica_identity {
        None => quote!(Default),
        Some(ReplicaIdentity::Full) => quote!(Full),
        Some(ReplicaIdentity::Nothing) => quote!(Nothing),
        Some(ReplicaIdentity::Index(name)) => quote!(Index(#name)),
    };
    let row_security = row_security.is_some();
    let force_row_security = force_row_security.is_some();
    let policies = policies.iter().map(|p| policy(table, p));
    let partition_by = partition_by_def(table, partition_by.as_ref());
    let partitions = partitions.iter().map(|p| partition(table, p));
    quote! {
        with: #with,
        replica_identity: _s::ReplicaIdentity::#replica_identity,
        row_security: #row_security,
        force_row_security: #force_row_security,
        policies: &[#(#policies),*],
        partition_by: #partition_by,
        partitions: &[#(#partitions),*],
    }
}

fn policy(table: &Table, policy: &Policy) -> TokenStream {
    let Policy { word, name, restrictive, command, to, using, with_check } = policy;
    let origin = origin(word.span(), &path(table, None));
    let command = match command.value {
        PolicyCommand::All => quote!(All),
        PolicyCommand::Select => quote!(Select),
        PolicyCommand::Insert => quote!(Insert),
        PolicyCommand::Update => quote!(Update),
        PolicyCommand::Delete => quote!(Delete),
    };
    let using = optional(using.as_ref());
    let with_check = optional(with_check.as_ref());
    quote! {
        _s::PolicyDef {
            origin: #origin,
            name: #name,
            restrictive: #restrictive,
            command: _s::PolicyCommand::#command,
            to: &[#(#to),*],
            using: #using,
            with_check: #with_check,
        }
    }
}

fn partition_by_def(table: &Table, by: Option<&PartitionBy>) -> TokenStream {
    let Some(PartitionBy { word: _, strategy, keys }) = by else {
        return quote!(_s::None);
    };
    let strategy = match strategy {
        Strategy::Range => quote!(Range),
        Strategy::List => quote!(List),
        Strategy::Hash => quote!(Hash),
    };
    let keys = keys.iter().map(|key| index::key(table, key));
    quote! {
        _s::Some(_s::PartitionBy { strategy: _s::PartitionStrategy::#strategy, keys: &[#(#keys),*] })
    }
}

fn partition(table: &Table, of: &Partition) -> TokenStream {
    let Partition { word, name, schema: _, bound, with, partition_by, partitions } = of;
    let origin = origin(word.span(), &path(table, None));
    let schema = optional(schema_of(table, of));
    let bound = match bound {
        Bound::Range { from, to } => quote!(Range { from: #from, to: #to }),
        Bound::In(values) => quote!(In(#values)),
        Bound::Hash { modulus, remainder } => quote!(Hash { modulus: #modulus, remainder: #remainder }),
        Bound::Default => quote!(Default),
    };
    let with = optional(with.as_ref());
    let partition_by = partition_by_def(table, partition_by.as_ref());
    let partitions = partitions.iter().map(|p| partition(table, p));
    quote! {
        _s::PartitionDef {
            origin: #origin,
            name: _s::Name { schema: #schema, name: #name },
            bound: _s::PartitionBound::#bound,
            with: #with,
            partition_by: #partition_by,
            partitions: &[#(#partitions),*],
        }
    }
}

/// A partition lies in the schema of its table, if it doesn't say another.
fn schema_of<'a>(table: &'a Table, partition: &'a Partition) -> Option<&'a LitStr> {
    partition.schema.as_ref().or(table.attrs.schema.as_ref())
}

/// The bytes of all of it, in the order of the fields.
pub(super) fn record(record: &mut Record, table: &Table, extra: &TableExtra) {
    let TableExtra {
        with,
        replica_identity,
        row_security,
        force_row_security,
        policies,
        partition_by,
        partitions,
    } = extra;
    record.optional(with.as_ref().map(|with| with.value.as_str()));
    match replica_identity {
        None => record.byte(0),
        Some(ReplicaIdentity::Full) => record.byte(1),
        Some(ReplicaIdentity::Nothing) => record.byte(2),
        Some(ReplicaIdentity::Index(name)) => {
            record.byte(3);
            record.text(&name.value());
        }
    }
    record.flag(row_security.is_some());
    record.flag(force_row_security.is_some());
    record.count(policies.len());
    for policy in policies {
        policy_record(record, table, policy);
    }
    partition_by_record(record, table, partition_by.as_ref());
    record.count(partitions.len());
    for partition in partitions {
        partition_record(record, table, partition);
    }
}

fn policy_record(record: &mut Record, table: &Table, policy: &Policy) {
    let Policy { word, name, restrictive, command, to, using, with_check } = policy;
    record.origin(word.span(), &path(table, None));
    record.text(&name.value());
    record.flag(*restrictive);
    record.byte(match command.value {
        PolicyCommand::All => 0,
        PolicyCommand::Select => 1,
        PolicyCommand::Insert => 2,
        PolicyCommand::Update => 3,
        PolicyCommand::Delete => 4,
    });
    record.count(to.len());
    for role in to {
        record.text(&role.value());
    }
    record.written(using.as_ref());
    record.written(with_check.as_ref());
}

fn partition_by_record(record: &mut Record, table: &Table, by: Option<&PartitionBy>) {
    record.flag(by.is_some());
    if let Some(PartitionBy { word: _, strategy, keys }) = by {
        record.byte(match strategy {
            Strategy::Range => 0,
            Strategy::List => 1,
            Strategy::Hash => 2,
        });
        record.count(keys.len());
        for key in keys {
            record.index_key(table, key);
        }
    }
}

fn partition_record(record: &mut Record, table: &Table, partition: &Partition) {
    let Partition { word, name, schema: _, bound, with, partition_by, partitions } = partition;
    record.origin(word.span(), &path(table, None));
    record.written(schema_of(table, partition));
    record.text(&name.value());
    match bound {
        Bound::Range { from, to } => {
            record.byte(0);
            record.text(from);
            record.text(to);
        }
        Bound::In(values) => {
            record.byte(1);
            record.text(values);
        }
        Bound::Hash { modulus, remainder } => {
            record.byte(2);
            record.number(*modulus);
            record.number(*remainder);
        }
        Bound::Default => record.byte(3),
    }
    record.optional(with.as_deref());
    partition_by_record(record, table, partition_by.as_ref());
    record.count(partitions.len());
    for partition in partitions {
        partition_record(record, table, partition);
    }
}
