//! `schema inspect`: one schema as SQL, as JSON, or as a diagram.

use crate::args::{Format, Global, InspectArgs};
use crate::report::{Outcome, Report};
use crate::settings::Settings;
use crate::sources::{self, Needs, Word, major};
use schema_core::engine::catalog::Catalog;
use schema_core::engine::diagram::Diagram;
use schema_core::engine::dot::dot;
use schema_core::engine::error::Error;
use schema_core::engine::id::ObjectId;
use schema_core::engine::mermaid::mermaid;
use schema_core::engine::name::Ident;
use schema_core::engine::nearest::did_you_mean;
use schema_core::engine::plan::{Plan, plan_whole};
use schema_core::engine::render;

/// Runs the command.
pub(crate) fn run(global: &Global, args: &InspectArgs, report: Report) -> Result<Outcome, Error> {
    let settings = Settings::load(global, report)?;
    let managed = settings.managed(false);
    let needs = Needs { settings: &settings, global, cargo: &args.cargo, report, managed: &managed };
    let [read] = sources::read([Word { text: &args.source, argument: "SOURCE" }], needs)?;
    let mut catalog = read.catalog;
    let names: Vec<Ident> = args.schema.iter().map(|name| Ident::from(name.as_str())).collect();
    if !names.is_empty() {
        check(&names, &catalog)?;
        catalog.keep_schemas(&names);
    }
    let unmodeled = catalog.unmodeled.clone();
    match report.format() {
        Format::Text => {
            let plan = plan_of(catalog, &names, &settings)?;
            render::dump(&plan).for_each(|piece| report.sql(&piece));
        }
        Format::Json => {
            let text = serde_json::to_string_pretty(&catalog);
            report.object_text(&text.map_err(|error| Error::failed(format!("no JSON: {error}")))?);
        }
        Format::Mermaid => report.sql(&mermaid(&Diagram::of(&catalog))),
        Format::Dot => report.sql(&dot(&Diagram::of(&catalog))),
        // `cmd::run` has refused them.
        Format::Github | Format::Sarif => {}
    }
    for (kind, names) in &unmodeled {
        for name in names {
            report.warn(&format!("not managed yet, so it is not shown: {kind} {name}"));
        }
    }
    Ok(Outcome::Fine)
}

/// The plan that makes this schema in an empty database.
fn plan_of(catalog: Catalog, names: &[Ident], settings: &Settings) -> Result<Plan, Error> {
    let mut nothing =
        sources::workbench(settings, Some(major(&catalog)), &settings.managed(false))?.loaded(&[])?;
    if !names.is_empty() {
        nothing.keep_schemas(names);
    }
    plan_whole(&nothing, catalog)
}

fn check(names: &[Ident], catalog: &Catalog) -> Result<(), Error> {
    let schema = |id: &ObjectId| {
        if let ObjectId::Schema(name) = id { Some(name.as_str().to_owned()) } else { None }
    };
    let known: Vec<String> = catalog.objects.keys().filter_map(schema).collect();
    let Some(unknown) = names.iter().find(|name| !known.iter().any(|known| known == name.as_str())) else {
        return Ok(());
    };
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let hint = did_you_mean(unknown.as_str(), &known);
    Err(Error::usage(format!("there is no PostgreSQL schema {}{hint}", unknown.as_str()))
        .next(format!("there is {}", known.join(", "))))
}
