//! Decodes the records that [`crate::wire`] encoded. Doesn't know where the bytes come from.

use super::error::Error;
use super::record::{
    Action, Allow, Base, Column, Composite, Constraint, ConstraintKind, Deferrable, Domain, DomainCheck,
    Enum, Identity, Index, IndexKey, KeyPart, Label, Name, Origin, Partition, PartitionBound, PartitionBy,
    PartitionStrategy, Place, Policy, PolicyCommand, RawSql, Records, ReplicaIdentity, Table, Type, View,
};
use crate::wire;

/// The records of one section, which may hold any number of them, with zeros between. An empty section has none.
pub fn decode(section: &[u8]) -> Result<Records, Error> {
    let mut records = Records::default();
    let mut at = 0;
    while let Some(zeros) = section[at..].iter().position(|byte| *byte != 0) {
        at += zeros;
        let mut reader = Reader::new(&section[at..]);
        record(&mut reader, &mut records).map_err(|fault| fault.explain(at))?;
        at += reader.at;
    }
    Ok(records)
}

/// What is wrong with the bytes.
enum Fault {
    /// They are no record, or only a part of one.
    Malformed,
    /// Another version of the crate wrote them.
    Version { wire: u32, written_by: String },
}

impl Fault {
    fn explain(self, at: usize) -> Error {
        match self {
            Self::Malformed => Error::failed(format!(
                "the build holds table definitions that cannot be read (byte {at} of their section)"
            ))
            .next("remove the build with `cargo clean` and try again; if it stays so, it is a bug of schema"),
            Self::Version { wire, written_by } => Error::failed(format!(
                "the program was built with schema-core {written_by} (format {wire}), \
                 but this is schema {} (format {})",
                wire::CRATE_VERSION,
                wire::VERSION
            ))
            .next(format!(
                "install the tool of the same version (`cargo install schema-cli --version {written_by}`), \
                 or set schema-core to \"{}\" in Cargo.toml",
                wire::CRATE_VERSION
            )),
        }
    }
}

type Read<T> = Result<T, Fault>;

fn record(reader: &mut Reader<'_>, records: &mut Records) -> Read<()> {
    if reader.take(wire::MAGIC.len())? != wire::MAGIC {
        return Err(Fault::Malformed);
    }
    let wire = reader.number()?;
    let length = reader.length()?;
    let written_by = reader.text()?;
    if wire != wire::VERSION {
        return Err(Fault::Version { wire, written_by });
    }
    // A damaged length must not let one record read into the next.
    reader.bytes = reader.bytes.get(..length).ok_or(Fault::Malformed)?;
    match reader.byte()? {
        wire::KIND_TABLE => records.tables.push(table(reader)?),
        wire::KIND_ENUM => records.enums.push(enumeration(reader)?),
        wire::KIND_VIEW => records.views.push(view(reader)?),
        wire::KIND_COMPOSITE => records.composites.push(composite(reader)?),
        wire::KIND_DOMAIN => records.domains.push(domain(reader)?),
        wire::KIND_SQL => records.sql.push(raw_sql(reader)?),
        _ => return Err(Fault::Malformed),
    }
    if reader.at == length { Ok(()) } else { Err(Fault::Malformed) }
}

fn table(r: &mut Reader<'_>) -> Read<Table> {
    let origin = r.origin()?;
    let mut table = Table {
        origin,
        name: r.name()?,
        comment: r.optional()?,
        renamed_from: r.optional()?,
        unlogged: r.flag()?,
        columns: r.list(column)?,
        constraints: r.list(constraint)?,
        indexes: r.list(index)?,
        with: None,
        replica_identity: ReplicaIdentity::Default,
        row_security: false,
        force_row_security: false,
        policies: Vec::new(),
        partition_by: None,
        partitions: Vec::new(),
        allow: r.list(allow)?,
    };
    if r.flag()? {
        table.with = r.optional()?;
        table.replica_identity = replica_identity(r)?;
        table.row_security = r.flag()?;
        table.force_row_security = r.flag()?;
        table.policies = r.list(policy)?;
        table.partition_by = partition_by(r)?;
        table.partitions = partitions(r, 0)?;
    }
    Ok(table)
}

fn allow(r: &mut Reader<'_>) -> Read<Allow> {
    Ok(Allow { origin: r.inner_origin()?, rule: r.text()?, reason: r.text()?, until: r.optional()? })
}

fn replica_identity(r: &mut Reader<'_>) -> Read<ReplicaIdentity> {
    Ok(match r.byte()? {
        0 => ReplicaIdentity::Default,
        1 => ReplicaIdentity::Full,
        2 => ReplicaIdentity::Nothing,
        3 => ReplicaIdentity::Index(r.text()?),
        _ => return Err(Fault::Malformed),
    })
}

fn policy(r: &mut Reader<'_>) -> Read<Policy> {
    Ok(Policy {
        origin: r.inner_origin()?,
        name: r.text()?,
        restrictive: r.flag()?,
        command: match r.byte()? {
            0 => PolicyCommand::All,
            1 => PolicyCommand::Select,
            2 => PolicyCommand::Insert,
            3 => PolicyCommand::Update,
            4 => PolicyCommand::Delete,
            _ => return Err(Fault::Malformed),
        },
        to: r.list(Reader::text)?,
        using: r.optional()?,
        with_check: r.optional()?,
    })
}

fn partition_by(r: &mut Reader<'_>) -> Read<Option<PartitionBy>> {
    if !r.flag()? {
        return Ok(None);
    }
    let strategy = match r.byte()? {
        0 => PartitionStrategy::Range,
        1 => PartitionStrategy::List,
        2 => PartitionStrategy::Hash,
        _ => return Err(Fault::Malformed),
    };
    Ok(Some(PartitionBy { strategy, keys: r.list(index_key)? }))
}

/// Partitions inside of partitions, so deep as nobody has them: damage must not end in an overflow of the stack.
const DEPTH: u8 = 64;

fn partitions(r: &mut Reader<'_>, depth: u8) -> Read<Vec<Partition>> {
    if depth > DEPTH {
        return Err(Fault::Malformed);
    }
    r.list(|r| {
        Ok(Partition {
            origin: r.inner_origin()?,
            name: r.name()?,
            bound: match r.byte()? {
                0 => PartitionBound::Range { from: r.text()?, to: r.text()? },
                1 => PartitionBound::In(r.text()?),
                2 => PartitionBound::Hash { modulus: r.number()?, remainder: r.number()? },
                3 => PartitionBound::Default,
                _ => return Err(Fault::Malformed),
            },
            with: r.optional()?,
            partition_by: partition_by(r)?,
            partitions: partitions(r, depth + 1)?,
        })
    })
}

fn column(r: &mut Reader<'_>) -> Read<Column> {
    let mut column = Column {
        origin: r.inner_origin()?,
        name: r.text()?,
        ty: ty(r)?,
        default: r.optional()?,
        identity: match r.byte()? {
            0 => None,
            1 => Some(Identity::Always),
            2 => Some(Identity::ByDefault),
            _ => return Err(Fault::Malformed),
        },
        generated: r.optional()?,
        is_virtual: false,
        storage: None,
        compression: None,
        statistics: None,
        collation: None,
        comment: None,
        renamed_from: None,
        allow: Vec::new(),
    };
    if r.flag()? {
        column.is_virtual = r.flag()?;
        column.storage = r.optional()?;
        column.compression = r.optional()?;
        let (is_set, statistics) = (r.flag()?, r.number()?);
        column.statistics = is_set.then_some(statistics);
        column.allow = r.list(allow)?;
    }
    column.collation = r.optional()?;
    column.comment = r.optional()?;
    column.renamed_from = r.optional()?;
    Ok(column)
}

fn ty(r: &mut Reader<'_>) -> Read<Type> {
    Ok(Type {
        base: match r.byte()? {
            0 => Base::Sql(r.text()?),
            1 => Base::Enum(r.name()?),
            2 => Base::Composite(r.name()?),
            3 => Base::Domain(r.name()?),
            _ => return Err(Fault::Malformed),
        },
        dimensions: r.byte()?,
        nullable: r.flag()?,
    })
}

fn constraint(r: &mut Reader<'_>) -> Read<Constraint> {
    Ok(Constraint {
        origin: r.inner_origin()?,
        name: r.optional()?,
        kind: constraint_kind(r)?,
        deferrable: match r.byte()? {
            0 => Deferrable::No,
            1 => Deferrable::Immediate,
            2 => Deferrable::Deferred,
            _ => return Err(Fault::Malformed),
        },
    })
}

fn constraint_kind(r: &mut Reader<'_>) -> Read<ConstraintKind> {
    Ok(match r.byte()? {
        0 => ConstraintKind::PrimaryKey { columns: r.list(Reader::text)?, include: r.list(Reader::text)? },
        1 => ConstraintKind::Unique {
            columns: r.list(Reader::text)?,
            include: r.list(Reader::text)?,
            nulls_not_distinct: r.flag()?,
        },
        2 => ConstraintKind::Check { expression: r.text()?, no_inherit: r.flag()?, column: r.optional()? },
        3 => ConstraintKind::ForeignKey {
            columns: r.list(Reader::text)?,
            target: r.name()?,
            target_columns: r.list(Reader::text)?,
            match_full: r.flag()?,
            on_delete: action(r)?,
            on_update: action(r)?,
        },
        4 => ConstraintKind::Exclude { method: r.text()?, elements: r.text()?, predicate: r.optional()? },
        _ => return Err(Fault::Malformed),
    })
}

fn action(r: &mut Reader<'_>) -> Read<Action> {
    Ok(match r.byte()? {
        0 => Action::NoAction,
        1 => Action::Restrict,
        2 => Action::Cascade,
        3 => Action::SetNull,
        4 => Action::SetDefault,
        _ => return Err(Fault::Malformed),
    })
}

fn index(r: &mut Reader<'_>) -> Read<Index> {
    Ok(Index {
        origin: r.inner_origin()?,
        name: r.optional()?,
        unique: r.flag()?,
        method: r.optional()?,
        keys: r.list(index_key)?,
        include: r.list(Reader::text)?,
        nulls_not_distinct: r.flag()?,
        predicate: r.optional()?,
        with: r.optional()?,
    })
}

fn index_key(r: &mut Reader<'_>) -> Read<IndexKey> {
    Ok(IndexKey {
        on: match r.byte()? {
            0 => KeyPart::Column(r.text()?),
            1 => KeyPart::Expression(r.text()?),
            _ => return Err(Fault::Malformed),
        },
        collation: r.optional()?,
        opclass: r.optional()?,
        descending: r.flag()?,
        nulls_first: match r.byte()? {
            0 => None,
            1 => Some(false),
            2 => Some(true),
            _ => return Err(Fault::Malformed),
        },
    })
}

fn enumeration(r: &mut Reader<'_>) -> Read<Enum> {
    Ok(Enum {
        origin: r.origin()?,
        name: r.name()?,
        comment: r.optional()?,
        renamed_from: r.optional()?,
        labels: r.list(label)?,
    })
}

fn view(r: &mut Reader<'_>) -> Read<View> {
    let origin = r.origin()?;
    Ok(View {
        origin,
        name: r.name()?,
        comment: r.optional()?,
        materialized: r.flag()?,
        with: r.optional()?,
        with_no_data: r.flag()?,
        sql: r.text()?,
        file: r.optional()?,
        after: r.list(Reader::name)?,
        columns: r.list(column)?,
        indexes: r.list(index)?,
        allow: r.list(allow)?,
    })
}

fn composite(r: &mut Reader<'_>) -> Read<Composite> {
    let origin = r.origin()?;
    Ok(Composite {
        origin,
        name: r.name()?,
        comment: r.optional()?,
        renamed_from: r.optional()?,
        columns: r.list(column)?,
    })
}

fn domain(r: &mut Reader<'_>) -> Read<Domain> {
    let origin = r.origin()?;
    Ok(Domain {
        origin,
        name: r.name()?,
        comment: r.optional()?,
        renamed_from: r.optional()?,
        ty: ty(r)?,
        collation: r.optional()?,
        default: r.optional()?,
        not_null: r.flag()?,
        checks: r.list(|r| {
            Ok(DomainCheck { origin: r.inner_origin()?, name: r.optional()?, expression: r.text()? })
        })?,
    })
}

fn label(r: &mut Reader<'_>) -> Read<Label> {
    Ok(Label { name: r.text()?, renamed_from: r.optional()? })
}

fn raw_sql(r: &mut Reader<'_>) -> Read<RawSql> {
    Ok(RawSql {
        origin: r.origin()?,
        place: match r.byte()? {
            0 => Place::BeforeTables,
            1 => Place::AfterTables,
            _ => return Err(Fault::Malformed),
        },
        sql: r.text()?,
        file: r.optional()?,
    })
}

/// Reads the parts that every definition is made of.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The file of the record, for the origins inside it.
    file: String,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, file: String::new() }
    }

    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let end = self.at.checked_add(length).ok_or(Fault::Malformed)?;
        let taken = self.bytes.get(self.at..end).ok_or(Fault::Malformed)?;
        self.at = end;
        Ok(taken)
    }

    fn byte(&mut self) -> Read<u8> {
        self.take(1)?.first().copied().ok_or(Fault::Malformed)
    }

    fn flag(&mut self) -> Read<bool> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Fault::Malformed),
        }
    }

    fn number(&mut self) -> Read<u32> {
        let bytes = self.take(4)?.try_into().map_err(|_| Fault::Malformed)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn length(&mut self) -> Read<usize> {
        usize::try_from(self.number()?).map_err(|_| Fault::Malformed)
    }

    fn text(&mut self) -> Read<String> {
        let length = self.length()?;
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| Fault::Malformed)?;
        Ok(text.to_owned())
    }

    fn optional(&mut self) -> Read<Option<String>> {
        if self.flag()? { self.text().map(Some) } else { Ok(None) }
    }

    /// Grows as it reads: a damaged length reserves nothing.
    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        (0..self.length()?).map(|_| item(self)).collect()
    }

    fn origin(&mut self) -> Read<Origin> {
        self.file = self.text()?;
        self.inner_origin()
    }

    fn inner_origin(&mut self) -> Read<Origin> {
        Ok(Origin { file: self.file.clone(), line: self.number()?, path: self.text()? })
    }

    fn name(&mut self) -> Read<Name> {
        Ok(Name { schema: self.optional()?, name: self.text()? })
    }
}
