//! `schema migrate` for many databases, or for the tenants of one.

use super::{
    Call, End, SHOWN, Tally, Tenancy, Words, count, databases, is_named, only, order, tell_end, tell_event,
};
use crate::args::MigrateArgs;
use crate::progress::Progress;
use crate::report::Outcome;
use schema_core::engine::error::Error;
use schema_core::engine::postgres::dry::dry_run;
use schema_core::engine::postgres::fleet::each;
use schema_core::engine::postgres::run::{self, Allow};
use schema_core::engine::postgres::tenant_proof;
use schema_core::engine::postgres::tenants::{self, Rollout};
use schema_core::engine::postgres::workbench::Workbench;
use schema_core::engine::tenant::Template;
use schema_core::migrate::postgres::Client;
use serde_json::json;

const WORDS: Words = Words {
    done: "migrated",
    idle: "had everything",
    nothing: "nothing to apply",
    left: "behind",
    keys: ["migrated", "applied"],
};

/// Runs the command.
pub(crate) fn run(call: Call<'_>, args: &MigrateArgs) -> Result<Outcome, Error> {
    if args.fleet.many.of_tenants() { of_tenants(call, args) } else { of_databases(call, args) }
}

fn of_databases(call: Call<'_>, args: &MigrateArgs) -> Result<Outcome, Error> {
    let Call { global, history, options, report, .. } = call;
    let targets = databases(call, &args.fleet.many)?;
    let mut names: Vec<String> = targets.keys().cloned().collect();
    let fleet = order(&mut names, &args.fleet, WORDS)?;
    if args.dry_run {
        let mut objects = Vec::new();
        for (name, target) in &targets {
            let sql = dry_run(&mut target.connect()?, history, options)?.sql(global.verbose);
            report.result(&format!("-- {name}\n{sql}\n\n"));
            objects.push(json!({"name": name, "database": target.display(), "sql": sql}));
        }
        report.object(&json!({"dry_run": true, "databases": objects}));
        return Ok(Outcome::Fine);
    }
    let progress = Progress::many(report, names.len());
    let work = |(): &mut (), name: &str| {
        let mut client = targets[name].connect_directly()?;
        let mut observer = |event: &run::Event<'_>| tell_event(&progress, name, event);
        Ok(run::migrate(&mut client, history, options, &mut observer)?.applied)
    };
    let tell = |name: &str, ended: &_| tell_end(WORDS, &progress, report, true, name, ended);
    let ended = each(&names, fleet, &|| Ok(()), &work, &tell);
    progress.clear();
    let place = |name: &str| json!(targets[name].display());
    let end = End { words: WORDS, what: "database", names: &names, ended: &ended, already: 0, place: &place };
    Ok(end.close(json!({}), report))
}

fn of_tenants(call: Call<'_>, args: &MigrateArgs) -> Result<Outcome, Error> {
    let Call { global, history, options, report, .. } = call;
    let Tenancy { template, source, target, mut client } = Tenancy::open(call)?;
    let mut standing = tenants::standing(&mut client, &source, &template, options)?;
    let known = standing.all.len();
    only(&mut standing.all, &args.fleet.many)?;
    let mut names = standing.behind.clone();
    names.retain(|name| is_named(&args.fleet.many, name));
    let fleet = order(&mut names, &args.fleet, WORDS)?;
    if args.dry_run {
        return dry(call, &template, &names, &mut client, &target.display());
    }
    let already = standing.all.len() - names.len();
    let place = |_: &str| json!(target.display());
    if names.is_empty() {
        report.say(&format!("nothing to apply: all of {} have everything", count(known, "tenant")));
        let end = End { words: WORDS, what: "tenant", names: &[], ended: &[], already: known, place: &place };
        report.object(&end.object(&Tally::default()));
        return Ok(Outcome::Fine);
    }
    prove(call, &template)?;
    let mut waiting = Progress::new(report);
    tenants::prepare(&mut client, history, &names, options, &mut |event| waiting.tell(event))?;
    waiting.clear();
    let progress = Progress::many(report, names.len());
    let each = global.verbose || names.len() <= SHOWN;
    let rollout = Rollout {
        target: &target,
        template: &template,
        options,
        fleet,
        tell: &|name, ended| tell_end(WORDS, &progress, report, each, name, ended),
        observe: &|name, event| tell_event(&progress, name, event),
    };
    let ended = rollout.migrate(&standing, &names);
    progress.clear();
    let end = End { words: WORDS, what: "tenant", names: &names, ended: &ended, already, place: &place };
    Ok(end.close(json!({}), report))
}

/// What cannot be proven is not run, unless that is allowed.
fn prove(call: Call<'_>, template: &Template) -> Result<(), Error> {
    if call.options.allow.contains(&Allow::Unproven) {
        return Ok(());
    }
    let progress = Progress::new(call.report);
    progress.busy("proving the migrations for two tenants on scratch");
    let proven = tenant_proof::prove(&mut Workbench::new(call.settings.scratch()?), template);
    progress.clear();
    proven.map_err(|mut error| {
        let next = error.next.take();
        let unproven = "`--allow unproven` runs them all the same";
        error.next(next.map_or_else(|| unproven.to_owned(), |next| format!("{next}\n  or: {unproven}")))
    })
}

fn dry(
    call: Call<'_>,
    template: &Template,
    names: &[String],
    client: &mut Client,
    place: &str,
) -> Result<Outcome, Error> {
    let Call { global, options, report, .. } = call;
    let shown = if global.verbose { names.len() } else { 1 };
    let mut objects = Vec::new();
    for name in names.iter().take(shown) {
        let sql = tenants::dry_run(client, template, name, options)?.sql(global.verbose);
        report.result(&format!("-- tenant {name}\n{sql}\n\n"));
        objects.push(json!({"name": name, "sql": sql}));
    }
    report.note(&format!(
        "{} behind{}",
        if names.len() == 1 { "1 tenant is".to_owned() } else { format!("{} tenants are", names.len()) },
        if names.len() > shown { "; --verbose shows the SQL of each" } else { "" }
    ));
    report.object(&json!({"database": place, "dry_run": true, "behind": names, "tenants": objects}));
    Ok(Outcome::Fine)
}
