//! The code before it is text: structs and enums with their Rust names, around the records that they will leave.

use super::ForeignCrate;
use super::definition::quoted_collation;
use super::expression;
use super::names::{self, Scope};
use super::parts::{serial_type, with};
use super::share::Share;
use super::types::{Rust, Types};
use super::words::{Case, snake};
use crate::engine::catalog::Catalog;
use crate::engine::id::ObjectId;
use crate::engine::kind::Object;
use crate::engine::kind::column::{Column as LiveColumn, Generated};
use crate::engine::kind::index::Index as LiveIndex;
use crate::engine::name::{Ident, QName};
use crate::engine::record::{
    Base, Column, Constraint, ConstraintKind, Enum, Identity, Index, KeyPart, Label, Name, Origin,
    ReplicaIdentity, Table, Type, View,
};
use std::collections::{BTreeMap, BTreeSet};

/// All of the code.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    /// One for each PostgreSQL schema that has structs or enums.
    pub(super) modules: Vec<Module>,
    /// Where each struct and enum is: the place of its module, and its name.
    pub(super) places: BTreeMap<QName, (usize, String)>,
    /// Foreign crates whose types are used.
    pub(super) crates: BTreeSet<ForeignCrate>,
    /// The line of the next origin: each is a place of its own, so that a name leads back to what it is of.
    next: u32,
}

/// The structs and enums of one PostgreSQL schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Module {
    /// Its Rust name, which is that of a file too.
    pub(super) name: String,
    /// The PostgreSQL schema.
    pub(super) schema: String,
    pub(super) enums: Vec<EnumItem>,
    pub(super) tables: Vec<TableItem>,
    pub(super) views: Vec<ViewItem>,
}

/// An enum.
#[derive(Debug, Clone)]
pub(super) struct EnumItem {
    pub(super) ident: String,
    pub(super) record: Enum,
    pub(super) case: Case,
    pub(super) variants: Vec<String>,
}

/// A struct.
#[derive(Debug, Clone)]
pub(super) struct TableItem {
    pub(super) ident: String,
    pub(super) record: Table,
    /// As many as there are columns.
    pub(super) fields: Vec<Field>,
    /// As many as there are constraints: the field that it is written on.
    pub(super) constraint_fields: Vec<Option<usize>>,
    /// As many as there are indexes: the field that it is written on.
    pub(super) index_fields: Vec<Option<usize>>,
}

/// A struct that is a view.
#[derive(Debug, Clone)]
pub(super) struct ViewItem {
    pub(super) ident: String,
    pub(super) record: View,
    /// The name of the file with the query.
    pub(super) file: String,
    /// As many as there are columns.
    pub(super) fields: Vec<Field>,
    /// As many as there are indexes: the field that it is written on.
    pub(super) index_fields: Vec<Option<usize>>,
}

/// A field.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) ident: String,
    pub(super) rust: Rust,
    pub(super) sql_type: Option<String>,
}

/// What is inside of each table.
#[derive(Debug, Default)]
struct OfTable<'a> {
    columns: BTreeMap<&'a QName, Vec<&'a LiveColumn>>,
    indexes: BTreeMap<&'a QName, Vec<&'a LiveIndex>>,
    serials: BTreeSet<(&'a QName, &'a Ident)>,
}

/// What origins say until the code has lines.
pub(super) const FILE: &str = "pulled";

/// Makes the code of what the derives say.
pub(super) fn model(live: &Catalog, share: &Share, crates: &BTreeSet<ForeignCrate>, folder: &str) -> Model {
    let mut model = Model { next: 1, ..Model::default() };
    let mut of = OfTable::default();
    for object in share.said.values() {
        if let Object::Column(column) = object {
            of.columns.entry(&column.table).or_default().push(column);
        } else if let Object::Index(index) = object {
            of.indexes.entry(&index.table).or_default().push(index);
        } else if let Object::Sequence(sequence) = object
            && let Some((table, column)) = &sequence.owned_by
        {
            of.serials.insert((table, column));
        }
    }
    let tables: Vec<&QName> = share.said.keys().filter_map(ObjectId::as_table).collect();
    let enums: Vec<&QName> = share
        .said
        .keys()
        .filter_map(|id| if let ObjectId::Enum(name) = id { Some(name) } else { None })
        .collect();
    let views: Vec<&QName> = share.said.keys().filter_map(view_name).collect();
    let schemas: BTreeSet<&str> =
        tables.iter().chain(&views).chain(&enums).map(|name| name.schema.as_str()).collect();
    let mut files = Scope::default();
    let _ = files.take(&["mod".to_owned()]);
    for (at, schema) in schemas.into_iter().enumerate() {
        let here = |names: &[&QName]| -> Vec<QName> {
            names.iter().filter(|name| name.schema.as_str() == schema).map(|name| (*name).clone()).collect()
        };
        model.name_all(at, &here(&enums), &here(&tables), &here(&views));
        let name = names::module(schema, &mut files);
        model.modules.push(Module { name, schema: schema.to_owned(), ..Module::default() });
    }
    let enum_names: BTreeMap<QName, Name> =
        enums.iter().map(|name| ((*name).clone(), record_name(name))).collect();
    let domains: BTreeMap<&QName, &str> = live.objects.values().filter_map(domain).collect();
    let types = Types { crates, enums: &enum_names, domains: &domains };
    for name in enums {
        model.add_enum(share, name);
    }
    for name in tables {
        model.add_table(live, share, name, &of, &types);
    }
    let mut files = Scope::default();
    for name in views {
        let file = format!("views/{}.sql", names::module(name.name.as_str(), &mut files));
        model.add_view(share, name, &of, &types, (folder, file));
    }
    model
}

fn domain(object: &Object) -> Option<(&QName, &str)> {
    if let Object::Domain(domain) = object { Some((&domain.name, &domain.base)) } else { None }
}

fn view_name(id: &ObjectId) -> Option<&QName> {
    if let ObjectId::View(name) | ObjectId::MaterializedView(name) = id { Some(name) } else { None }
}

/// A name as a record has it: `public` is not said.
pub(super) fn record_name(name: &QName) -> Name {
    let schema = name.schema.as_str();
    Name { schema: (schema != "public").then(|| schema.to_owned()), name: name.name.as_str().to_owned() }
}

impl Model {
    /// Types that are named by themselves come before those that are named for one of their rows.
    fn name_all(&mut self, module: usize, enums: &[QName], tables: &[QName], views: &[QName]) {
        let mut scope = Scope::types();
        for name in enums {
            let ident = scope.take(&names::type_wishes(name.name.as_str()));
            self.places.insert(name.clone(), (module, ident));
        }
        for relations in [tables, views] {
            let wanted = names::wanted(relations.iter().map(|name| name.name.as_str()));
            for name in relations {
                let ident = scope.take(&names::table_wishes(name.name.as_str(), &wanted));
                self.places.insert(name.clone(), (module, ident));
            }
        }
    }

    fn origin(&mut self, path: &str) -> Origin {
        let line = self.next;
        self.next += 1;
        Origin { file: FILE.to_owned(), line, path: path.to_owned() }
    }

    fn place(&self, name: &QName) -> (usize, String) {
        self.places.get(name).cloned().unwrap_or_default()
    }

    fn add_enum(&mut self, share: &Share, name: &QName) {
        let id = ObjectId::Enum(name.clone());
        let Some(Object::Enum(said)) = share.said.get(&id) else { return };
        let (module, ident) = self.place(name);
        let mut scope = Scope::default();
        let variants: Vec<String> =
            said.labels.iter().map(|label| names::variant(label, &mut scope)).collect();
        let fit = |case: Case| {
            variants.iter().zip(&said.labels).filter(|(v, label)| case.apply(v) == **label).count()
        };
        // The first of the best, and the default is the first of all.
        let case = Case::ALL.into_iter().rev().max_by_key(|case| fit(*case)).unwrap_or(Case::Snake);
        let label = |name: &String| Label { name: name.clone(), renamed_from: None };
        let record = Enum {
            origin: self.origin(&ident),
            name: record_name(name),
            comment: comment(share, &id),
            renamed_from: None,
            labels: said.labels.iter().map(label).collect(),
        };
        self.modules[module].enums.push(EnumItem { ident, record, case, variants });
    }

    fn add_table(
        &mut self,
        live: &Catalog,
        share: &Share,
        name: &QName,
        of: &OfTable<'_>,
        types: &Types<'_>,
    ) {
        let id = ObjectId::Table(name.clone());
        let Some(Object::Table(said)) = share.said.get(&id) else { return };
        let (module, ident) = self.place(name);
        let mut table = Table {
            origin: self.origin(&ident),
            name: record_name(name),
            comment: comment(share, &id),
            renamed_from: None,
            unlogged: said.unlogged,
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            with: (!said.parameters.is_empty()).then(|| with(&said.parameters)),
            replica_identity: ReplicaIdentity::Default,
            row_security: said.row_security,
            force_row_security: said.force_row_security,
            policies: Vec::new(),
            partition_by: None,
            partitions: Vec::new(),
            allow: Vec::new(),
        };
        let mut fields = Vec::new();
        let mut columns = of.columns.get(name).cloned().unwrap_or_default();
        columns.sort_by_key(|column| column.position);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        for (column, field) in columns.into_iter().zip(names::fields(&names)) {
            let serial = of.serials.contains(&(name, &column.name));
            let origin = self.origin(&format!("{ident}.{field}"));
            let (record, field) = self.column(share, (column, serial), field, origin, types);
            table.columns.push(record);
            fields.push(field);
        }
        let mut constraints = self.constraints(live, share, name, &ident);
        let position = |column: &String| table.columns.iter().position(|c| c.name == *column);
        let field_of = |constraint: &Constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. }
            | ConstraintKind::Unique { columns, .. }
            | ConstraintKind::ForeignKey { columns, .. } => match columns.as_slice() {
                [one] => position(one),
                _several => None,
            },
            ConstraintKind::Check { column, .. } => column.as_ref().and_then(position),
            ConstraintKind::Exclude { .. } => None,
        };
        // In the order in which the derive finds them: those of the table, then those of its fields.
        constraints.sort_by_key(field_of);
        let mut indexes = self.indexes(share, of.indexes.get(name).into_iter().flatten(), &ident);
        let field_of_index = |index: &Index| index_field(index, &table.columns);
        indexes.sort_by_key(field_of_index);
        let constraint_fields = constraints.iter().map(field_of).collect();
        let index_fields = indexes.iter().map(field_of_index).collect();
        (table.constraints, table.indexes) = (constraints, indexes);
        self.modules[module].tables.push(TableItem {
            ident,
            record: table,
            fields,
            constraint_fields,
            index_fields,
        });
    }

    fn add_view(
        &mut self,
        share: &Share,
        name: &QName,
        of: &OfTable<'_>,
        types: &Types<'_>,
        (folder, file): (&str, String),
    ) {
        let ids = [ObjectId::View(name.clone()), ObjectId::MaterializedView(name.clone())];
        let (id, columns, sql, options) = match ids.iter().find_map(|id| share.said.get(id)) {
            Some(Object::View(view)) => (&ids[0], &view.columns, &view.definition, &view.options),
            Some(Object::MaterializedView(view)) => (&ids[1], &view.columns, &view.definition, &view.options),
            _not_said => return,
        };
        let (module, ident) = self.place(name);
        let mut view = View {
            origin: self.origin(&ident),
            name: record_name(name),
            comment: comment(share, id),
            materialized: *id == ids[1],
            with: (!options.is_empty()).then(|| with(options)),
            with_no_data: false,
            sql: format!("{}\n", sql.trim()),
            file: Some(format!("{folder}/{file}")),
            after: Vec::new(),
            columns: Vec::new(),
            indexes: self.indexes(share, of.indexes.get(name).into_iter().flatten(), &ident),
            allow: Vec::new(),
        };
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut fields = Vec::new();
        for (column, field) in columns.iter().zip(names::fields(&names)) {
            // PostgreSQL does not know of a view's column whether it can be NULL.
            let ty = types.field(&column.data_type, true);
            self.crates.extend(ty.krate);
            let id = ObjectId::Column(name.clone(), column.name.clone());
            view.columns.push(Column {
                origin: self.origin(&format!("{ident}.{field}")),
                name: column.name.as_str().to_owned(),
                ty: ty.ty,
                default: None,
                identity: None,
                generated: None,
                is_virtual: false,
                storage: None,
                compression: None,
                statistics: None,
                collation: None,
                comment: comment(share, &id),
                renamed_from: None,
                allow: Vec::new(),
            });
            fields.push(Field { ident: field, rust: ty.rust, sql_type: ty.sql_type });
        }
        let mut indexes = std::mem::take(&mut view.indexes);
        indexes.sort_by_key(|index| index_field(index, &view.columns));
        let index_fields = indexes.iter().map(|index| index_field(index, &view.columns)).collect();
        view.indexes = indexes;
        self.modules[module].views.push(ViewItem { ident, record: view, file, fields, index_fields });
    }

    fn column(
        &mut self,
        share: &Share,
        (column, serial): (&LiveColumn, bool),
        ident: String,
        origin: Origin,
        types: &Types<'_>,
    ) -> (Column, Field) {
        let mut field = types.field(&column.data_type, !column.not_null);
        let mut default = column.default.as_deref();
        if serial && let Some(serial) = serial_type(&column.data_type) {
            default = None;
            field.sql_type = Some(serial.to_owned());
            field.ty = Type { base: Base::Sql(serial.to_owned()), ..field.ty };
        }
        self.crates.extend(field.krate);
        let (default, generated) = match column.generated {
            Some(Generated::Stored | Generated::Virtual) => (None, default.map(expression::bare)),
            None => (default.map(|sql| expression::default(sql, &column.data_type)), None),
        };
        let id = ObjectId::Column(column.table.clone(), column.name.clone());
        let record = Column {
            origin,
            name: column.name.as_str().to_owned(),
            ty: field.ty,
            default: default.map(str::to_owned),
            identity: column
                .identity
                .as_ref()
                .map(|identity| if identity.always { Identity::Always } else { Identity::ByDefault }),
            generated: generated.map(str::to_owned),
            is_virtual: column.generated == Some(Generated::Virtual),
            storage: column.storage.map(|storage| storage.as_str().to_lowercase()),
            compression: column.compression.map(|method| method.as_str().to_owned()),
            statistics: column.statistics.and_then(|target| u32::try_from(target).ok()),
            collation: column
                .collation
                .as_ref()
                .map(|collation| quoted_collation(Some(collation.schema.as_str()), collation.name.as_str())),
            comment: comment(share, &id),
            renamed_from: None,
            allow: Vec::new(),
        };
        (record, Field { ident, rust: field.rust, sql_type: field.sql_type })
    }

    /// As people write them: keys first.
    fn constraints(&mut self, live: &Catalog, share: &Share, table: &QName, ident: &str) -> Vec<Constraint> {
        let first = ObjectId::Constraint(table.clone(), Ident::from(""));
        let mut found = Vec::new();
        for (id, read) in share.parts.constraints.range(first..) {
            let (ObjectId::Constraint(on, name), Some(Object::Constraint(constraint))) = (id, live.get(id))
            else {
                break;
            };
            if on != table {
                break;
            }
            let mut kind = read.kind.clone();
            if let (ConstraintKind::ForeignKey { target, .. }, Some(references)) =
                (&mut kind, &constraint.references)
            {
                *target = record_name(references);
            }
            let record = Constraint {
                origin: self.origin(ident),
                name: Some(name.as_str().to_owned()),
                kind,
                deferrable: read.deferrable,
            };
            found.push((constraint.form as u8, record));
        }
        found.sort_by_key(|(form, _)| *form);
        found.into_iter().map(|(_, record)| record).collect()
    }

    fn indexes<'a>(
        &mut self,
        share: &Share,
        indexes: impl Iterator<Item = &'a &'a LiveIndex>,
        ident: &str,
    ) -> Vec<Index> {
        let mut found = Vec::new();
        for index in indexes {
            let Some(read) = share.parts.indexes.get(&ObjectId::Index(index.name.clone())) else { continue };
            found.push(Index {
                origin: self.origin(ident),
                name: Some(index.name.name.as_str().to_owned()),
                unique: index.unique,
                method: read.method.clone(),
                keys: read.keys.clone(),
                include: read.include.clone(),
                nulls_not_distinct: read.nulls_not_distinct,
                predicate: read.predicate.clone(),
                with: read.with.clone(),
            });
        }
        found
    }
}

/// The field that an index of one plain column is written on.
fn index_field(index: &Index, columns: &[Column]) -> Option<usize> {
    match index.keys.as_slice() {
        [key] if !key.descending && key.nulls_first.is_none() => match &key.on {
            KeyPart::Column(name) => columns.iter().position(|column| column.name == *name),
            KeyPart::Expression(_) => None,
        },
        _other => None,
    }
}

fn comment(share: &Share, on: &ObjectId) -> Option<String> {
    match share.said.get(&ObjectId::Comment(Box::new(on.clone()))) {
        Some(Object::Comment(comment)) => Some(comment.text.clone()),
        _none => None,
    }
}

/// Whether the derive makes this SQL name of the identifier by itself.
pub(super) fn is_own_name(ident: &str, name: &str) -> bool {
    // rustc brings other letters into one form; what they were is then not known.
    name.is_ascii() && snake(ident) == name
}
