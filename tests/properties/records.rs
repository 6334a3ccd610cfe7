//! A model as records and as rows. Parts that do not fit (any more) are left out here, in one place.

use super::model::{Base, Check, Column, Enum, Index, Key, KeyForm, Model, Reference, Table};
use super::sql::{ALL, COMMENTS, Family, computed, condition, name};
use schema_core::engine::name::{literal, quoted};
use schema_core::engine::record::{self, Action, ConstraintKind, Deferrable, Identity, KeyPart};
use schema_core::engine::record::{IndexKey, Origin, Records};
use std::collections::BTreeSet;

/// The records, and statements that insert some rows, each of which may be refused.
pub(crate) fn records(model: &Model) -> (Records, Vec<String>) {
    let writer = Writer::new(model);
    let enums = writer.model.enums.iter().map(|e| writer.enumeration(e)).collect();
    let tables = writer.model.tables.iter().map(|table| writer.table(table)).collect();
    let rows = (1..=2).flat_map(|row| writer.model.tables.iter().map(move |table| (row, table)));
    let rows = rows.map(|(row, table)| writer.row(table, row)).collect();
    (Records { tables, enums, ..Records::default() }, rows)
}

struct Writer {
    model: Model,
    /// Names by the place of the table or enum.
    enums: Vec<record::Name>,
    tables: Vec<record::Name>,
}

fn origin(path: &str) -> Origin {
    Origin { file: "src/models.rs".to_owned(), line: 1, path: path.to_owned() }
}

fn free(taken: &mut BTreeSet<String>, number: usize) -> String {
    let mut again = 0;
    while !taken.insert(name(number, again)) {
        again += 1;
    }
    name(number, again)
}

fn own_name(taken: &mut BTreeSet<String>, number: usize) -> Option<String> {
    number.checked_sub(1).map(|number| free(taken, number))
}

fn deferrable(choice: usize) -> Deferrable {
    [Deferrable::No, Deferrable::Immediate, Deferrable::Deferred][choice % 3]
}

fn action(choice: usize) -> Action {
    [Action::NoAction, Action::Restrict, Action::Cascade, Action::SetNull, Action::SetDefault][choice % 5]
}

impl Writer {
    fn new(model: &Model) -> Self {
        let mut model = model.clone();
        unite_types(&mut model);
        let mut taken = BTreeSet::new();
        let mut place = |number, schema| record::Name {
            schema: (schema == 1).then(|| "Other Schema".to_owned()),
            name: free(&mut taken, number),
        };
        let enums = model.enums.iter().map(|e| place(e.name, e.schema)).collect();
        let tables = model.tables.iter().map(|t| place(t.name, t.schema)).collect();
        Self { model, enums, tables }
    }

    fn enumeration(&self, e: &Enum) -> record::Enum {
        let place = self.model.enums.iter().position(|other| other.id == e.id).unwrap_or(0);
        let labels = labels(e).into_iter().map(|name| record::Label { name, renamed_from: None });
        record::Enum {
            origin: origin("Enum"),
            name: self.enums[place].clone(),
            comment: COMMENTS[e.comment % 5].map(str::to_owned),
            renamed_from: None,
            labels: labels.collect(),
        }
    }

    fn table_name(&self, id: usize) -> record::Name {
        let place = self.model.tables.iter().position(|table| table.id == id).unwrap_or(0);
        self.tables[place].clone()
    }

    fn table(&self, table: &Table) -> record::Table {
        let names = column_names(table);
        let columns = table.columns.iter().zip(&names).map(|(column, name)| {
            let generated = computed_of(table, column).map(|(of, variant)| {
                let source = quoted(&names[place(table, of.id)]);
                match self.labels_of(of) {
                    Some(labels) if variant % 2 == 1 => {
                        ("boolean", format!("{source} = {}", literal(&labels[0])))
                    }
                    Some(_) | None => computed(family(of), &source, variant),
                }
            });
            let plain = generated.is_none();
            let identity = identity(table, column);
            record::Column {
                origin: origin(name),
                name: name.clone(),
                ty: record::Type {
                    base: match &generated {
                        Some((ty, _)) => record::Base::Sql((*ty).to_owned()),
                        None => self.base(column),
                    },
                    dimensions: u8::from(column.array && plain),
                    nullable: column.nullable && identity.is_none() && !in_primary_key(table, column.id),
                },
                default: (plain && identity.is_none()).then(|| self.default(column)).flatten(),
                identity,
                generated: generated.map(|(_, expression)| expression),
                is_virtual: false,
                storage: None,
                compression: None,
                statistics: None,
                collation: (plain && is_text(column) && column.collation > 0)
                    .then(|| ["\"C\"", "pg_catalog.\"POSIX\""][column.collation % 2].to_owned()),
                comment: COMMENTS[column.comment % 5].map(str::to_owned),
                renamed_from: None,
                allow: Vec::new(),
            }
        });
        let mut taken = BTreeSet::new();
        let mut constraints = Vec::new();
        let mut indexes = Vec::new();
        for key in keys(table) {
            let columns: Vec<String> =
                key.columns.iter().map(|id| names[place(table, *id)].clone()).collect();
            self.key(table, key, columns, &names, &mut constraints, &mut indexes, &mut taken);
        }
        for check in &table.checks {
            constraints.extend(self.check(table, check, &names, &mut taken));
        }
        for reference in &table.references {
            constraints.extend(self.reference(table, reference, &names, &mut taken));
        }
        for index in &table.indexes {
            indexes.extend(self.index(table, index, &names, &mut taken));
        }
        record::Table {
            origin: origin("Table"),
            name: self.table_name(table.id),
            comment: COMMENTS[table.comment % 5].map(str::to_owned),
            renamed_from: None,
            unlogged: table.unlogged,
            columns: columns.collect(),
            constraints,
            indexes,
            with: None,
            replica_identity: record::ReplicaIdentity::Default,
            row_security: false,
            force_row_security: false,
            policies: Vec::new(),
            partition_by: None,
            partitions: Vec::new(),
            allow: Vec::new(),
        }
    }

    fn base(&self, column: &Column) -> record::Base {
        match column.base {
            Base::Type(n) => record::Base::Sql(ALL[n].sql.to_owned()),
            Base::Enum(id) => match self.model.enums.iter().position(|e| e.id == id) {
                Some(place) => record::Base::Enum(self.enums[place].clone()),
                None => record::Base::Sql("text".to_owned()),
            },
        }
    }

    fn labels_of(&self, column: &Column) -> Option<Vec<String>> {
        let Base::Enum(id) = column.base else { return None };
        let e = self.model.enums.iter().find(|e| e.id == id)?;
        (!column.array).then(|| labels(e))
    }

    fn default(&self, column: &Column) -> Option<String> {
        let choice = column.default.checked_sub(1)?;
        if column.array {
            return Some("'{}'".to_owned());
        }
        match column.base {
            Base::Type(n) => Some(ALL[n].defaults[choice % 4].to_owned()),
            Base::Enum(_) => Some(match self.labels_of(column) {
                Some(labels) => literal(&labels[choice % labels.len()]),
                None => "'x'".to_owned(),
            }),
        }
    }

    fn condition(&self, table: &Table, column: &Column, variant: usize, names: &[String]) -> String {
        let sql = quoted(&names[place(table, column.id)]);
        match self.labels_of(column) {
            Some(labels) if computed_of(table, column).is_none() && variant > 0 => {
                let labels: Vec<String> = labels.iter().map(|label| literal(label)).collect();
                match variant {
                    1 => format!("{sql} <> {}", labels[labels.len() - 1]),
                    _ => format!("{sql} IN ({})", labels.join(", ")),
                }
            }
            Some(_) | None => condition(real_family(table, column), &sql, variant),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a key can become one of two lists")]
    fn key(
        &self,
        table: &Table,
        key: &Key,
        columns: Vec<String>,
        names: &[String],
        constraints: &mut Vec<record::Constraint>,
        indexes: &mut Vec<record::Index>,
        taken: &mut BTreeSet<String>,
    ) {
        let include: Vec<String> = key
            .include
            .filter(|id| !key.columns.contains(id) && key.form != KeyForm::Exclude)
            .and_then(|id| table.columns.iter().position(|column| column.id == id))
            .map(|place| names[place].clone())
            .into_iter()
            .collect();
        let own = own_name(taken, key.name).map(|name| self.qualified(table, &name));
        let nulls_not_distinct = key.nulls_not_distinct;
        let kind = match key.form {
            KeyForm::Primary => ConstraintKind::PrimaryKey { columns, include },
            KeyForm::Unique => ConstraintKind::Unique { columns, include, nulls_not_distinct },
            KeyForm::Exclude => {
                let ranges = key.columns.iter().all(|id| {
                    let column = &table.columns[place(table, *id)];
                    real_family(table, column) == Family::Range && !column.array
                });
                let (method, operator) = if ranges { ("gist", "&&") } else { ("btree", "=") };
                let elements: Vec<String> =
                    columns.iter().map(|column| format!("{} WITH {operator}", quoted(column))).collect();
                ConstraintKind::Exclude {
                    method: method.to_owned(),
                    elements: elements.join(", "),
                    predicate: key.nulls_not_distinct.then(|| "true".to_owned()),
                }
            }
            KeyForm::UniqueIndex => {
                let keys = columns.into_iter().map(|column| plain_key(KeyPart::Column(column))).collect();
                indexes.push(record::Index {
                    name: own,
                    unique: true,
                    include,
                    nulls_not_distinct,
                    ..index(keys)
                });
                return;
            }
        };
        constraints.push(record::Constraint {
            origin: origin("Key"),
            name: own,
            kind,
            deferrable: deferrable(key.deferrable),
        });
    }

    /// Relations of one schema share their names: the table makes a name its own.
    fn qualified(&self, table: &Table, own: &str) -> String {
        name_of(own, table.id)
    }

    fn check(
        &self,
        table: &Table,
        check: &Check,
        names: &[String],
        taken: &mut BTreeSet<String>,
    ) -> Option<record::Constraint> {
        let column = table.columns.iter().find(|column| column.id == check.column)?;
        let own = own_name(taken, check.name);
        Some(record::Constraint {
            origin: origin("Check"),
            name: own,
            kind: ConstraintKind::Check {
                expression: self.condition(table, column, check.variant, names),
                no_inherit: check.no_inherit,
                column: check.variant.is_multiple_of(2).then(|| names[place(table, column.id)].clone()),
            },
            deferrable: Deferrable::No,
        })
    }

    fn reference(
        &self,
        table: &Table,
        reference: &Reference,
        names: &[String],
        taken: &mut BTreeSet<String>,
    ) -> Option<record::Constraint> {
        let (target, key) = referenced(&self.model, table, reference)?;
        let target_names = column_names(target);
        Some(record::Constraint {
            origin: origin("Reference"),
            name: own_name(taken, reference.name),
            kind: ConstraintKind::ForeignKey {
                columns: reference.columns.iter().map(|id| names[place(table, *id)].clone()).collect(),
                target: self.table_name(target.id),
                target_columns: key
                    .columns
                    .iter()
                    .map(|id| target_names[place(target, *id)].clone())
                    .collect(),
                match_full: reference.match_full,
                on_delete: action(reference.on_delete),
                on_update: action(reference.on_update),
            },
            deferrable: deferrable(reference.deferrable),
        })
    }

    fn index(
        &self,
        table: &Table,
        parts: &Index,
        names: &[String],
        taken: &mut BTreeSet<String>,
    ) -> Option<record::Index> {
        let column = table.columns.iter().find(|column| column.id == parts.column)?;
        let (column_name, family) = (names[place(table, column.id)].clone(), real_family(table, column));
        let array = column.array && computed_of(table, column).is_none();
        let mut index = index(vec![plain_key(KeyPart::Column(column_name.clone()))]);
        match (parts.form, family) {
            (2, Family::Text) if !array => {
                index.keys[0].on = KeyPart::Expression(format!("lower({})", quoted(&column_name)));
            }
            (3, Family::Text) if !array => {
                let class =
                    if is_type(column, "char(3)") { "bpchar_pattern_ops" } else { "text_pattern_ops" };
                index.keys[0].opclass = Some(class.to_owned());
                index.keys[0].collation = Some("\"C\"".to_owned());
            }
            (4, Family::Jsonb) => index.method = Some("gin".to_owned()),
            (_, Family::Json) => return None,
            (5, _) => index.method = Some("hash".to_owned()),
            (6, Family::Integer) if !array => index.method = Some("brin".to_owned()),
            (7, Family::Integer) if !array => {
                index.keys[0].on = KeyPart::Expression(format!("({} % 10)", quoted(&column_name)));
                index.with = Some("fillfactor = 70".to_owned());
            }
            (form, _) => {
                index.keys[0].descending = form % 2 == 1;
                index.keys[0].nulls_first = [None, Some(true), Some(false)][form % 3];
                let second = table.columns.iter().find(|column| Some(column.id) == parts.second);
                if let Some(second) =
                    second.filter(|second| second.id != column.id && comparable(table, second))
                {
                    index.keys.push(plain_key(KeyPart::Column(names[place(table, second.id)].clone())));
                }
            }
        }
        if let Some((on, variant)) = parts.filter {
            let on = table.columns.iter().find(|column| column.id == on)?;
            index.predicate = Some(self.condition(table, on, variant, names));
        }
        index.name = own_name(taken, parts.name).map(|name| self.qualified(table, &name));
        Some(index)
    }

    /// `INSERT` of one row.
    fn row(&self, table: &Table, row: usize) -> String {
        let names = column_names(table);
        let mut columns = Vec::new();
        let mut values = Vec::new();
        for (column, name) in table.columns.iter().zip(&names) {
            if computed_of(table, column).is_some()
                || identity(table, column).is_some()
                || (row == 2 && column.default > 0)
            {
                continue;
            }
            columns.push(quoted(name));
            values.push(self.value(table, column, row));
        }
        let table = self.table_name(table.id);
        let schema = quoted(table.schema.as_deref().unwrap_or("public"));
        if columns.is_empty() {
            return format!("INSERT INTO {schema}.{} DEFAULT VALUES", quoted(&table.name));
        }
        let (columns, values) = (columns.join(", "), values.join(", "));
        format!("INSERT INTO {schema}.{} ({columns}) VALUES ({values})", quoted(&table.name))
    }

    fn value(&self, table: &Table, column: &Column, row: usize) -> String {
        for reference in &table.references {
            let Some(part) = reference.columns.iter().position(|id| *id == column.id) else { continue };
            let Some((target, key)) = referenced(&self.model, table, reference) else { continue };
            if column.nullable && row == 1 {
                return "NULL".to_owned();
            }
            let place = place(target, key.columns[part]);
            let target_name = self.table_name(target.id);
            let schema = quoted(target_name.schema.as_deref().unwrap_or("public"));
            let (name, from) = (quoted(&column_names(target)[place]), quoted(&target_name.name));
            return format!("(SELECT {name} FROM {schema}.{from} LIMIT 1)");
        }
        let value = match column.base {
            Base::Type(n) => ALL[n].value.replace('$', &row.to_string()),
            Base::Enum(id) => match self.model.enums.iter().find(|e| e.id == id) {
                Some(e) => literal(&labels(e)[row % e.labels.len()]),
                None => "'text'".to_owned(),
            },
        };
        let ty = match self.base(column) {
            record::Base::Sql(sql) => sql,
            record::Base::Enum(name) | record::Base::Composite(name) | record::Base::Domain(name) => {
                format!("{}.{}", quoted(name.schema.as_deref().unwrap_or("public")), quoted(&name.name))
            }
        };
        if column.array { format!("ARRAY[{value}]::{ty}[]") } else { format!("({value})::{ty}") }
    }
}

fn name_of(own: &str, table: usize) -> String {
    let suffix = format!("_{table}");
    format!("{}{suffix}", &own[..own.floor_char_boundary(own.len().min(63 - suffix.len()))])
}

fn plain_key(on: KeyPart) -> IndexKey {
    IndexKey { on, collation: None, opclass: None, descending: false, nulls_first: None }
}

fn index(keys: Vec<IndexKey>) -> record::Index {
    record::Index {
        origin: origin("Index"),
        name: None,
        unique: false,
        method: None,
        keys,
        include: Vec::new(),
        nulls_not_distinct: false,
        predicate: None,
        with: None,
    }
}

fn labels(e: &Enum) -> Vec<String> {
    let mut taken = BTreeSet::new();
    e.labels.iter().map(|label| free(&mut taken, *label)).collect()
}

fn column_names(table: &Table) -> Vec<String> {
    let mut taken = BTreeSet::new();
    table.columns.iter().map(|column| free(&mut taken, column.name)).collect()
}

fn place(table: &Table, column: usize) -> usize {
    table.columns.iter().position(|other| other.id == column).unwrap_or(0)
}

fn is_type(column: &Column, sql: &str) -> bool {
    matches!(column.base, Base::Type(n) if ALL[n].sql == sql)
}

fn is_text(column: &Column) -> bool {
    matches!(column.base, Base::Type(n) if ALL[n].family == Family::Text)
}

fn family(column: &Column) -> Family {
    match column.base {
        Base::Type(n) if !column.array || ALL[n].family == Family::Json => ALL[n].family,
        Base::Type(_) | Base::Enum(_) => Family::Plain,
    }
}

/// The column that a generated one is computed from, if that still works.
fn computed_of<'a>(table: &'a Table, column: &Column) -> Option<(&'a Column, usize)> {
    let (of, variant) = column.generated?;
    let referencing = table.references.iter().any(|reference| reference.columns.contains(&column.id));
    let of = table.columns.iter().find(|other| other.id == of && other.generated.is_none())?;
    (!referencing && of.id != column.id).then_some((of, variant))
}

fn real_family(table: &Table, column: &Column) -> Family {
    match computed_of(table, column) {
        Some(_) => Family::Plain,
        None => family(column),
    }
}

fn comparable(table: &Table, column: &Column) -> bool {
    real_family(table, column) != Family::Json
}

fn in_primary_key(table: &Table, column: usize) -> bool {
    keys(table).iter().any(|key| key.form == KeyForm::Primary && key.columns.contains(&column))
}

fn identity(table: &Table, column: &Column) -> Option<Identity> {
    let free = computed_of(table, column).is_none()
        && family(column) == Family::Integer
        && !table.references.iter().any(|reference| reference.columns.contains(&column.id));
    [None, Some(Identity::Always), Some(Identity::ByDefault)][column.identity % 3].filter(|_| free)
}

/// The keys that make sense, columns without repetition.
fn keys(table: &Table) -> Vec<&Key> {
    let mut seen: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    let mut primary = false;
    let mut good = Vec::new();
    for key in &table.keys {
        let columns: BTreeSet<usize> = key.columns.iter().copied().collect();
        let fits = columns.len() == key.columns.len()
            && columns
                .iter()
                .all(|id| table.columns.iter().any(|column| column.id == *id && comparable(table, column)));
        if fits && !(primary && key.form == KeyForm::Primary) && seen.insert(columns) {
            primary |= key.form == KeyForm::Primary;
            good.push(key);
        }
    }
    good
}

/// The target of a foreign key, if it still can be one.
fn referenced<'a>(model: &'a Model, table: &Table, reference: &Reference) -> Option<(&'a Table, &'a Key)> {
    let target = model.tables.iter().find(|other| other.id == reference.target)?;
    let key = keys(target).into_iter().find(|key| key.id == reference.key)?;
    let unique = match key.form {
        KeyForm::Primary | KeyForm::Unique => key.deferrable == 0,
        KeyForm::UniqueIndex => true,
        KeyForm::Exclude => false,
    };
    let same = key.columns.len() == reference.columns.len()
        && key.columns.iter().zip(&reference.columns).all(|(theirs, ours)| {
            let theirs = &target.columns[place(target, *theirs)];
            let Some(ours) = table.columns.iter().find(|column| column.id == *ours) else { return false };
            // PostgreSQL 15 cannot check foreign keys of arrays of varchar.
            let plain = computed_of(target, theirs).is_none();
            plain && !theirs.array && (theirs.base, theirs.array) == (ours.base, ours.array)
        });
    (unique && same && (table.unlogged || !target.unlogged)).then_some((target, key))
}

/// Columns of foreign keys get the types of those that they reference.
fn unite_types(model: &mut Model) {
    for _ in 0..5 {
        for place_of_table in 0..model.tables.len() {
            for reference in model.tables[place_of_table].references.clone() {
                let Some(target) = model.tables.iter().find(|table| table.id == reference.target).cloned()
                else {
                    continue;
                };
                let Some(key) = target.keys.iter().find(|key| key.id == reference.key) else { continue };
                for (theirs, ours) in key.columns.iter().zip(&reference.columns) {
                    let Some(theirs) = target.columns.iter().find(|column| column.id == *theirs) else {
                        continue;
                    };
                    let columns = &mut model.tables[place_of_table].columns;
                    if let Some(ours) = columns.iter_mut().find(|column| column.id == *ours) {
                        ours.base = theirs.base;
                        ours.array = theirs.array;
                    }
                }
            }
        }
    }
}
