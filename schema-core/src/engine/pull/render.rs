//! The code as text, laid out as rustfmt would.

use super::ForeignCrate;
use super::literal::{Arg, attribute, call, text};
use super::model::{EnumItem, Field, Model, Module, TableItem, ViewItem, is_own_name};
use super::names::code;
use super::types::Rust;
use super::words::Case;
use crate::engine::name::QName;
use crate::engine::record::{
    Action, Column, Constraint, ConstraintKind, Deferrable, Identity, Index, IndexKey, KeyPart, Name,
};

/// One raw SQL file of the code.
#[derive(Debug, Clone)]
pub(super) struct SqlFile {
    /// Its name in the folder.
    pub(super) name: String,
    /// Whether it runs before the tables.
    pub(super) before_tables: bool,
}

/// Where a path is written: the place of the module, and whether all modules are one.
#[derive(Clone, Copy)]
struct Here<'a> {
    model: &'a Model,
    module: usize,
}

/// `mod.rs`: with one PostgreSQL schema all of the code, with several the list of their modules.
pub(super) fn root(model: &Model, folder: &str, of: &str, sql: &[SqlFile]) -> String {
    let mut out = format!("//! What {} has, written by `schema pull`.\n", of.replace('\n', " "));
    let crates: Vec<&str> = model.crates.iter().map(|krate: &ForeignCrate| krate.name()).collect();
    if let Some((last, rest)) = crates.split_last() {
        let list =
            if rest.is_empty() { (*last).to_owned() } else { format!("{} and {last}", rest.join(", ")) };
        out.push_str(&format!(
            "//!\n//! Needs schema-core with the features of these names, and the crates themselves:\n//! {list}.\n"
        ));
    }
    if let [module] = model.modules.as_slice() {
        out.push_str(&uses(module));
    } else if !model.modules.is_empty() {
        out.push('\n');
        for module in &model.modules {
            out.push_str(&format!("pub mod {};\n", module.name));
        }
    }
    if !sql.is_empty() {
        out.push('\n');
    }
    for file in sql {
        let place = if file.before_tables { "before_tables, " } else { "" };
        let path = text(&format!("{folder}/{}", file.name));
        out.push_str(&sql_call(place, &path));
    }
    if let [module] = model.modules.as_slice() {
        out.push_str(&items(model, 0, module));
    }
    out
}

/// rustfmt breaks the arguments of a call that are wider than this, though a line could take them.
const CALL_WIDTH: usize = 60;

fn sql_call(place: &str, path: &str) -> String {
    let args = format!("{place}file = {path}");
    if place.is_empty() || args.chars().count() <= CALL_WIDTH {
        format!("schema_core::sql!({args});\n")
    } else {
        format!("schema_core::sql!(\n    before_tables,\n    file = {path}\n);\n")
    }
}

/// The file of one PostgreSQL schema among several.
pub(super) fn module(model: &Model, at: usize) -> String {
    let Some(module) = model.modules.get(at) else { return String::new() };
    let schema = module.schema.replace('\n', " ");
    format!("//! The PostgreSQL schema {schema}.\n{}{}", uses(module), items(model, at, module))
}

fn uses(module: &Module) -> String {
    let mut plain = Vec::new();
    let views = module.views.iter().flat_map(|view| &view.fields);
    for field in module.tables.iter().flat_map(|table| &table.fields).chain(views) {
        plain.push(plain_type(&field.rust));
    }
    let has = |name: &str| plain.iter().any(|rust| rust.as_deref() == Some(name));
    let mut out = "\n".to_owned();
    if has("DateTime<Utc>") {
        out.push_str("use chrono::{DateTime, Utc};\n");
    }
    if has("Decimal") {
        out.push_str("use rust_decimal::Decimal;\n");
    }
    let derives = [
        ("Enum", module.enums.is_empty()),
        ("Table", module.tables.is_empty()),
        ("View", module.views.is_empty()),
    ];
    let derives: Vec<&str> =
        derives.into_iter().filter(|(_, unused)| !unused).map(|(derive, _)| derive).collect();
    match derives.as_slice() {
        [] => {}
        [one] => out.push_str(&format!("use schema_core::{one};\n")),
        several => out.push_str(&format!("use schema_core::{{{}}};\n", several.join(", "))),
    }
    if has("Uuid") {
        out.push_str("use uuid::Uuid;\n");
    }
    out
}

fn plain_type(rust: &Rust) -> Option<String> {
    match rust {
        Rust::Plain(name) => Some((*name).to_owned()),
        Rust::Vec(inner) => plain_type(inner),
        Rust::Enum(_) => None,
    }
}

fn items(model: &Model, at: usize, module: &Module) -> String {
    let here = Here { model, module: at };
    let mut out = String::new();
    for item in &module.enums {
        out.push('\n');
        out.push_str(&enumeration(item));
    }
    for table in &module.tables {
        out.push('\n');
        out.push_str(&structure(table, here));
    }
    for view in &module.views {
        out.push('\n');
        out.push_str(&view_structure(view, here));
    }
    out
}

fn enumeration(item: &EnumItem) -> String {
    let mut args = names(&item.ident, &item.record.name);
    if item.case != Case::Snake {
        args.push(format!("rename_all = {}", text(item.case.word())).into());
    }
    args.extend(item.record.comment.as_ref().map(|comment| format!("comment = {}", text(comment)).into()));
    let mut out = format!("#[derive(Enum)]\n{}pub enum {} {{\n", attribute("pg_enum", &args, 0), item.ident);
    for (variant, label) in item.variants.iter().zip(&item.record.labels) {
        if !(label.name.is_ascii() && item.case.apply(variant) == label.name) {
            out.push_str(&attribute("label", &[format!("name = {}", text(&label.name)).into()], 4));
        }
        out.push_str(&format!("    {variant},\n"));
    }
    out.push_str("}\n");
    out
}

/// `name` and `schema`, where the identifier does not say them.
fn names(ident: &str, name: &Name) -> Vec<Arg> {
    let mut args = Vec::new();
    if !is_own_name(ident, &name.name) {
        args.push(format!("name = {}", text(&name.name)).into());
    }
    args.extend(name.schema.as_ref().map(|schema| format!("schema = {}", text(schema)).into()));
    args
}

fn structure(table: &TableItem, here: Here<'_>) -> String {
    let record = &table.record;
    let mut args = names(&table.ident, &record.name);
    args.extend(record.comment.as_ref().map(|comment| format!("comment = {}", text(comment)).into()));
    if record.unlogged {
        args.push("unlogged".to_owned().into());
    }
    args.extend(record.with.as_ref().map(|with| format!("with = {}", text(with)).into()));
    for (is_on, word) in
        [(record.row_security, "row_security"), (record.force_row_security, "force_row_security")]
    {
        if is_on {
            args.push(word.to_owned().into());
        }
    }
    let field = |column: &String| field_of(&record.columns, &table.fields, column);
    for (constraint, _) in
        record.constraints.iter().zip(&table.constraint_fields).filter(|(_, on)| on.is_none())
    {
        args.push(table_constraint(constraint, &field, here));
    }
    for (index, _) in record.indexes.iter().zip(&table.index_fields).filter(|(_, on)| on.is_none()) {
        args.push(table_index(index, &field));
    }
    let mut out = format!("#[derive(Table)]\n{}pub struct {} {{", attribute("table", &args, 0), table.ident);
    for (at, (column, written)) in record.columns.iter().zip(&table.fields).enumerate() {
        out.push('\n');
        let mut args = column_args(column, written);
        let keys: Vec<&Constraint> = record
            .constraints
            .iter()
            .zip(&table.constraint_fields)
            .filter(|(_, on)| **on == Some(at))
            .map(|(constraint, _)| constraint)
            .collect();
        let references = keys.iter().filter(|c| matches!(c.kind, ConstraintKind::ForeignKey { .. })).count();
        args.extend(
            keys.iter().flat_map(|constraint| column_constraint(constraint, references == 1, &field, here)),
        );
        let indexes = record.indexes.iter().zip(&table.index_fields).filter(|(_, on)| **on == Some(at));
        args.extend(indexes.map(|(index, _)| column_index(index, &field)));
        out.push_str(&attribute("column", &args, 4));
        let rust = rust(&written.rust, here);
        let rust = if column.ty.nullable { format!("Option<{rust}>") } else { rust };
        out.push_str(&format!("    pub {}: {rust},", code(&written.ident)));
    }
    out.push_str(if table.fields.is_empty() { "}\n" } else { "\n}\n" });
    out
}

fn view_structure(view: &ViewItem, here: Here<'_>) -> String {
    let record = &view.record;
    let mut args = names(&view.ident, &record.name);
    args.extend(record.comment.as_ref().map(|comment| format!("comment = {}", text(comment)).into()));
    if record.materialized {
        args.push("materialized".to_owned().into());
    }
    args.extend(record.with.as_ref().map(|with| format!("with = {}", text(with)).into()));
    args.extend(record.file.as_ref().map(|file| format!("sql_file = {}", text(file)).into()));
    let field = |column: &String| field_of(&record.columns, &view.fields, column);
    for (index, _) in record.indexes.iter().zip(&view.index_fields).filter(|(_, on)| on.is_none()) {
        args.push(table_index(index, &field));
    }
    let mut out = format!("#[derive(View)]\n{}pub struct {} {{\n", attribute("view", &args, 0), view.ident);
    for (at, (column, written)) in record.columns.iter().zip(&view.fields).enumerate() {
        let mut args = column_args(column, written);
        let indexes = record.indexes.iter().zip(&view.index_fields).filter(|(_, on)| **on == Some(at));
        args.extend(indexes.map(|(index, _)| column_index(index, &field)));
        out.push_str(&attribute("column", &args, 4));
        out.push_str(&format!("    pub {}: Option<{}>,\n", code(&written.ident), rust(&written.rust, here)));
    }
    out.push_str("}\n");
    out
}

/// The field of a column, as code.
fn field_of(columns: &[Column], fields: &[Field], column: &str) -> String {
    let position = columns.iter().position(|c| c.name == column);
    position.and_then(|at| fields.get(at)).map(|field| code(&field.ident)).unwrap_or_default()
}

fn rust(rust: &Rust, here: Here<'_>) -> String {
    match rust {
        Rust::Plain(name) => (*name).to_owned(),
        Rust::Vec(inner) => format!("Vec<{}>", self::rust(inner, here)),
        Rust::Enum(name) => path(name, here),
    }
}

/// The path of a struct or an enum.
fn path(name: &QName, here: Here<'_>) -> String {
    let Some((module, ident)) = here.model.places.get(name) else { return String::new() };
    if *module == here.module {
        ident.clone()
    } else {
        format!("super::{}::{ident}", here.model.modules[*module].name)
    }
}

fn column_args(column: &Column, field: &Field) -> Vec<Arg> {
    let mut args: Vec<String> = Vec::new();
    if !(column.name.is_ascii() && field.ident == column.name) {
        args.push(format!("name = {}", text(&column.name)));
    }
    args.extend(field.sql_type.as_ref().map(|sql| format!("sql_type = {}", text(sql))));
    args.extend(column.collation.as_ref().map(|sql| format!("collation = {}", text(short_collation(sql)))));
    args.extend(column.identity.map(|identity| match identity {
        Identity::Always => "identity = always".to_owned(),
        Identity::ByDefault => "identity".to_owned(),
    }));
    args.extend(column.default.as_ref().map(|sql| format!("default = {}", default(sql))));
    args.extend(column.generated.as_ref().map(|sql| match column.is_virtual {
        true => format!("generated({}, virtual)", text(sql)),
        false => format!("generated = {}", text(sql)),
    }));
    args.extend(column.storage.as_ref().map(|storage| format!("storage = {storage}")));
    args.extend(column.compression.as_ref().map(|method| format!("compression = {method}")));
    args.extend(column.statistics.map(|target| format!("statistics = {target}")));
    args.extend(column.comment.as_ref().map(|comment| format!("comment = {}", text(comment))));
    args.into_iter().map(Arg::Text).collect()
}

/// Numbers and truth need no quotes.
fn default(sql: &str) -> String {
    let number = !sql.is_empty() && sql.len() < 19 && sql.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = sql.len() > 1 && sql.starts_with('0');
    if sql == "true" || sql == "false" || (number && !leading_zero) { sql.to_owned() } else { text(sql) }
}

/// The derive puts a plain name into quotes itself.
fn short_collation(sql: &str) -> &str {
    match sql.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if !inner.contains('"') && !inner.trim().is_empty() => inner,
        Some(_) | None => sql,
    }
}

fn named(name: Option<&String>) -> Option<String> {
    name.map(|name| format!("name = {}", text(name)))
}

fn deferrable(when: Deferrable) -> Option<String> {
    match when {
        Deferrable::No => None,
        Deferrable::Immediate => Some("deferrable".to_owned()),
        Deferrable::Deferred => Some("deferrable = \"deferred\"".to_owned()),
    }
}

fn action(word: &str, action: Action) -> Option<String> {
    let action = match action {
        Action::NoAction => return None,
        Action::Restrict => "restrict",
        Action::Cascade => "cascade",
        Action::SetNull => "set_null",
        Action::SetDefault => "set_default",
    };
    Some(format!("{word} = {action}"))
}

/// Fields in parentheses, if there are any.
fn list(word: &str, fields: Vec<String>) -> Option<String> {
    (!fields.is_empty()).then(|| call(word, &fields))
}

fn table_constraint(constraint: &Constraint, field: &dyn Fn(&String) -> String, here: Here<'_>) -> Arg {
    let name = named(constraint.name.as_ref());
    let when = deferrable(constraint.deferrable);
    let fields = |columns: &[String]| columns.iter().map(field).collect::<Vec<_>>();
    // Fields could be words of the attribute: `name`, `deferrable`.
    let columns = |columns: &[String]| Some(call("columns", &fields(columns)));
    let (word, args): (&'static str, Vec<Option<String>>) = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns: key, include } => {
            ("primary_key", vec![columns(key), list("include", fields(include)), name, when])
        }
        ConstraintKind::Unique { columns: key, include, nulls_not_distinct } => {
            let nulls = nulls_not_distinct.then(|| "nulls_not_distinct".to_owned());
            ("unique", vec![columns(key), list("include", fields(include)), nulls, name, when])
        }
        ConstraintKind::Check { expression, no_inherit, column: _ } => {
            ("check", vec![name, Some(text(expression)), no_inherit.then(|| "no_inherit".to_owned())])
        }
        ConstraintKind::ForeignKey {
            columns: own,
            target,
            target_columns,
            match_full,
            on_delete,
            on_update,
        } => {
            let to =
                target_columns.iter().map(|column| target_path(target, column, here)).collect::<Vec<_>>();
            let args = vec![
                columns(own),
                Some(call("references", &to)),
                name,
                action("on_delete", *on_delete),
                action("on_update", *on_update),
                match_full.then(|| "match_full".to_owned()),
                when,
            ];
            ("foreign_key", args)
        }
        ConstraintKind::Exclude { method, elements, predicate } => {
            let method = (method != "btree").then(|| format!("method = {}", text(method)));
            let filter = predicate.as_ref().map(|sql| format!("where = {}", text(sql)));
            ("exclude", vec![name, method, Some(text(elements)), filter, when])
        }
    };
    Arg::Call(word, args.into_iter().flatten().collect())
}

/// A constraint of one column, on its field. `alone`: the only reference there, whose actions stand beside it.
fn column_constraint(
    constraint: &Constraint,
    alone: bool,
    field: &dyn Fn(&String) -> String,
    here: Here<'_>,
) -> Vec<Arg> {
    let fields = |columns: &[String]| columns.iter().map(field).collect::<Vec<_>>();
    let name = named(constraint.name.as_ref());
    let when = deferrable(constraint.deferrable);
    let word = |word: &'static str, args: Vec<Option<String>>| {
        let args: Vec<String> = args.into_iter().flatten().collect();
        vec![if args.is_empty() { Arg::Text(word.to_owned()) } else { Arg::Call(word, args) }]
    };
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns: _, include } => {
            word("primary_key", vec![name, list("include", fields(include)), when])
        }
        ConstraintKind::Unique { columns: _, include, nulls_not_distinct } => {
            let nulls = nulls_not_distinct.then(|| "nulls_not_distinct".to_owned());
            word("unique", vec![name, list("include", fields(include)), nulls, when])
        }
        ConstraintKind::Check { expression, no_inherit, column: _ } => match (&name, no_inherit) {
            (None, false) => vec![format!("check = {}", text(expression)).into()],
            (_, no_inherit) => {
                word("check", vec![name, Some(text(expression)), no_inherit.then(|| "no_inherit".to_owned())])
            }
        },
        ConstraintKind::ForeignKey {
            columns: _,
            target,
            target_columns,
            match_full,
            on_delete,
            on_update,
        } => {
            let to =
                target_columns.first().map(|column| target_path(target, column, here)).unwrap_or_default();
            let actions = [action("on_delete", *on_delete), action("on_update", *on_update), when];
            if name.is_none() && !match_full && alone {
                let mut args = vec![format!("references = {to}").into()];
                args.extend(actions.into_iter().flatten().map(Arg::Text));
                return args;
            }
            let full = match_full.then(|| "match_full".to_owned());
            let mut args = vec![Some(to), name, full];
            args.extend(actions);
            word("references", args)
        }
        // Names its columns in SQL.
        ConstraintKind::Exclude { .. } => Vec::new(),
    }
}

/// `User::id`, `super::billing::Plan::r#type`.
fn target_path(target: &Name, column: &str, here: Here<'_>) -> String {
    let name = QName::new(target.schema.as_deref().unwrap_or("public"), target.name.as_str());
    let field = here.model.places.get(&name).and_then(|(module, ident)| {
        here.model.modules[*module].tables.iter().find(|table| table.ident == *ident)
    });
    format!(
        "{}::{}",
        path(&name, here),
        field.map(|table| field_of(&table.record.columns, &table.fields, column)).unwrap_or_default()
    )
}

fn index_options(index: &Index, fields: Vec<String>) -> Vec<Option<String>> {
    vec![
        named(index.name.as_ref()),
        index.unique.then(|| "unique".to_owned()),
        index.method.as_ref().map(|method| format!("method = {}", text(method))),
        list("include", fields),
        index.nulls_not_distinct.then(|| "nulls_not_distinct".to_owned()),
        index.with.as_ref().map(|sql| format!("with = {}", text(sql))),
        index.predicate.as_ref().map(|sql| format!("where = {}", text(sql))),
    ]
}

fn table_index(index: &Index, field: &dyn Fn(&String) -> String) -> Arg {
    let keys: Vec<String> = index.keys.iter().map(|key| index_key(key, field)).collect();
    let mut args = vec![call("columns", &keys)];
    args.extend(index_options(index, index.include.iter().map(field).collect()).into_iter().flatten());
    Arg::Call("index", args)
}

fn index_key(key: &IndexKey, field: &dyn Fn(&String) -> String) -> String {
    let mut out = match &key.on {
        KeyPart::Column(column) => field(column),
        KeyPart::Expression(sql) => format!("expr({})", text(sql)),
    };
    if let Some(opclass) = &key.opclass {
        out.push_str(&format!(" opclass = {}", text(opclass)));
    }
    if let Some(collation) = &key.collation {
        out.push_str(&format!(" collation = {}", text(short_collation(collation))));
    }
    if key.descending {
        out.push_str(" desc");
    }
    match key.nulls_first {
        Some(true) => out.push_str(" nulls first"),
        Some(false) => out.push_str(" nulls last"),
        None => {}
    }
    out
}

fn column_index(index: &Index, field: &dyn Fn(&String) -> String) -> Arg {
    let mut args = index_options(index, index.include.iter().map(field).collect());
    if let [key] = index.keys.as_slice() {
        args.push(key.opclass.as_ref().map(|sql| format!("opclass = {}", text(sql))));
        args.push(key.collation.as_ref().map(|sql| format!("collation = {}", text(short_collation(sql)))));
    }
    let args: Vec<String> = args.into_iter().flatten().collect();
    if args.is_empty() { Arg::Text("index".to_owned()) } else { Arg::Call("index", args) }
}
