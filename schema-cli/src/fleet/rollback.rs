//! `schema rollback` for many databases, or for the tenants of one: what is lost anywhere is known before anything begins.

use super::status::read;
use super::{
    Call, Databases, End, SHOWN, Tenancy, Words, count, databases, only, order, tell_end, tell_event,
};
use crate::args::back::{RollbackAllow, RollbackArgs};
use crate::cmd::rollback::may_lose;
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::report::Outcome;
use crate::sources;
use schema_core::engine::error::Error;
use schema_core::engine::name::QName;
use schema_core::engine::postgres::alike::{Alike, Asked, Groups};
use schema_core::engine::postgres::back::Back;
use schema_core::engine::postgres::connect::Target;
use schema_core::engine::postgres::fleet::{Ended, FleetOptions, each};
use schema_core::engine::postgres::losses::{Tried, losses, refuse_losses, refuse_unproven};
use schema_core::engine::postgres::push::major;
use schema_core::engine::postgres::rollback::{Request, dry_rollback, rollback};
use schema_core::engine::postgres::rows::Obstacle;
use schema_core::engine::postgres::run::{self, Applied};
use schema_core::engine::postgres::tenant_proof::prove_back;
use schema_core::engine::postgres::tenants::{self, Rollout, WayBack};
use schema_core::engine::script::Script;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const WORDS: Words = Words {
    done: "rolled back",
    idle: "had nothing to roll back",
    nothing: "nothing to roll back",
    left: "not there yet",
    keys: ["rolled_back", "rolled_back"],
};

/// What is rolled back.
enum Many {
    Databases(Databases),
    Tenants(Box<Tenancy>),
}

impl Many {
    fn what(&self) -> &'static str {
        match self {
            Self::Databases(_) => "database",
            Self::Tenants(_) => "tenant",
        }
    }

    fn place(&self, name: &str) -> Option<String> {
        match self {
            Self::Databases(targets) => targets.get(name).map(Target::display),
            Self::Tenants(tenancy) => Some(tenancy.target.display()),
        }
    }
}

/// Those that stand alike, with what trying their way back has shown.
struct Tries<'a> {
    alike: &'a Alike,
    tried: Tried,
    /// What undoes each of the migrations, in order.
    ways: Vec<Script>,
}

/// One call of the command.
#[derive(Clone, Copy)]
struct Retreat<'a> {
    call: Call<'a>,
    args: &'a RollbackArgs,
    asked: Asked<'a>,
}

/// Runs the command.
pub(crate) fn run(call: Call<'_>, args: &RollbackArgs, back: &Back) -> Result<Outcome, Error> {
    if matches!(back, Back::Steps(_)) {
        return Err(Error::usage(
            "over many, a number of steps ends at another place for each, and the next run goes further",
        )
        .next("say where to: --to ID, or --to none"));
    }
    let asked = Asked { history: call.history, back, options: call.options };
    Retreat { call, args, asked }.run()
}

impl Retreat<'_> {
    fn run(self) -> Result<Outcome, Error> {
        let Self { call, args, .. } = self;
        let report = call.report;
        let mut groups = Groups::default();
        let mut many = self.look(&mut groups)?;
        if !args.fleet.keep_going {
            refuse_some(&groups)?;
        }
        let names = groups.alike().flat_map(|alike| &alike.names);
        let mut names: Vec<String> =
            names.chain(groups.refused.iter().map(|(name, _)| name)).cloned().collect();
        names.sort();
        let fleet = order(&mut names, &args.fleet, WORDS)?;
        let already = groups.idle.len();
        if names.is_empty() {
            report.say(&format!("nothing to roll back in {}", count(already, many.what())));
        }
        let tries = self.try_all(&groups, &many)?;
        let losses = self.count_all(&tries, &many)?;
        let lines = lines(&losses);
        if args.dry_run {
            return self.dry(&tries, &losses, &lines, &mut many);
        }
        let prompt = Prompt::new(call.global, report);
        if !args.allow.contains(&RollbackAllow::DataLoss) && !may_lose(&lines, &prompt, report)? {
            refuse_losses(&lines)?;
        }
        let progress = Progress::many(report, names.len());
        let ended = if names.is_empty() {
            Vec::new()
        } else {
            self.undo(&tries, &mut many, &names, fleet, &progress)?
        };
        progress.clear();
        let place = |name: &str| json!(many.place(name));
        let end =
            End { words: WORDS, what: many.what(), names: &names, ended: &ended, already, place: &place };
        Ok(end.close(json!({"losses": object(&losses)}), report))
    }

    /// Finds out where all of them stand.
    fn look(self, groups: &mut Groups) -> Result<Many, Error> {
        let Self { call, args, asked } = self;
        if args.fleet.many.of_tenants() {
            let mut tenancy = Box::new(Tenancy::open(call)?);
            let Tenancy { template, source, client, .. } = &mut *tenancy;
            let mut names = tenants::list(client, source, template.name())?;
            only(&mut names, &args.fleet.many)?;
            let major = major(client)?;
            tenants::stand(client, &names, call.history, call.options, &mut |name, status| {
                groups.add(name, major, status, asked);
            })?;
            return Ok(Many::Tenants(tenancy));
        }
        let targets = databases(call, &args.fleet.many)?;
        let names: Vec<String> = targets.keys().cloned().collect();
        let ended = read(&args.fleet.many, &names, &|name| {
            let mut client = targets[name].connect()?;
            Ok((major(&mut client)?, run::status(&mut client, call.history, call.options)?))
        });
        for (name, ended) in names.iter().zip(ended) {
            match ended {
                Ended::Done((major, status), _) => groups.add(name, major, status, asked),
                Ended::Failed(error) => groups.refused.push((name.clone(), error)),
                // A failure stops nobody here.
                Ended::NotTried => {}
            }
        }
        Ok(Many::Databases(targets))
    }

    /// Tries each way back on scratch, once.
    fn try_all<'g>(self, groups: &'g Groups, many: &Many) -> Result<Vec<Tries<'g>>, Error> {
        let progress = Progress::new(self.call.report);
        progress.busy("trying the ways back on scratch");
        let tries = groups.alike().map(|alike| self.try_one(alike, many)).collect();
        progress.clear();
        tries
    }

    fn try_one<'g>(self, alike: &'g Alike, many: &Many) -> Result<Tries<'g>, Error> {
        let Self { call, args, asked } = self;
        let managed = call.settings.managed(true);
        let mut bench = sources::workbench(call.settings, Some(alike.major), &managed)?;
        let tried = alike.try_back(&mut bench, asked)?;
        let chosen = alike.chosen(asked)?;
        let ways = chosen.iter().map(|one| one.way(&tried.half).cloned()).collect::<Result<Vec<_>, _>>()?;
        if !args.allow.contains(&RollbackAllow::Unproven) {
            refuse_unproven(&tried)?;
            if let Many::Tenants(tenancy) = many {
                prove_back(&mut bench, &tenancy.template, &tried.began, &ways, &tried.left)?;
            }
        }
        sources::tell_times(&mut bench, call.report);
        Ok(Tries { alike, tried, ways })
    }

    /// What each of them would lose.
    fn count_all(self, tries: &[Tries<'_>], many: &Many) -> Result<Vec<(String, Obstacle)>, Error> {
        let progress = Progress::new(self.call.report);
        progress.busy("counting the rows that would be lost");
        let mut all = Vec::new();
        for Tries { alike, tried, .. } in tries {
            match many {
                Many::Databases(targets) => {
                    for name in &alike.names {
                        let found = losses(&mut targets[name].connect()?, tried, &QName::clone)?;
                        all.extend(found.into_iter().map(|loss| (name.clone(), loss)));
                    }
                }
                Many::Tenants(tenancy) => {
                    all.extend(alike.losses_of_tenants(tried, &tenancy.target, &tenancy.template)?);
                }
            }
        }
        progress.clear();
        Ok(all)
    }

    /// Shows what would run: of tenants, in one of them, unless more is asked for.
    fn dry(
        self,
        tries: &[Tries<'_>],
        losses: &[(String, Obstacle)],
        lines: &[String],
        many: &mut Many,
    ) -> Result<Outcome, Error> {
        let Self { call, asked, .. } = self;
        let (verbose, report) = (call.global.verbose, call.report);
        for line in lines {
            report.warn(&format!("this loses data: {}", line.trim_start()));
        }
        let mut objects = Vec::new();
        for of in tries {
            for (index, name) in of.alike.names.iter().enumerate() {
                let expected = &of.alike.expected;
                let dry = match many {
                    Many::Databases(targets) => {
                        let Asked { history, back, options } = asked;
                        let request = Request { history, back, others: &of.tried.half, expected };
                        dry_rollback(&mut targets[name].connect()?, &request, options)?
                    }
                    Many::Tenants(_) if index > 0 && !verbose => continue,
                    Many::Tenants(tenancy) => {
                        let Tenancy { template, client, .. } = &mut **tenancy;
                        let way = WayBack { expected, ways: &of.ways };
                        tenants::dry_rollback(client, template, name, asked.back, way, asked.options)?
                    }
                };
                let sql = dry.sql(verbose);
                report.result(&format!("-- {} {name}\n{sql}\n\n", many.what()));
                objects.push(json!({"name": name, "database": many.place(name), "sql": sql}));
            }
            if matches!(many, Many::Tenants(_)) && of.alike.names.len() > 1 && !verbose {
                let others = count(of.alike.names.len() - 1, "tenant");
                report.note(&format!("the same for {others} more; --verbose shows the SQL of each"));
            }
        }
        let names: Vec<&String> = tries.iter().flat_map(|of| &of.alike.names).collect();
        report.object(&json!({
            "of": many.what(),
            "dry_run": true,
            "would": names,
            "each": objects,
            "losses": object(losses),
        }));
        Ok(Outcome::Fine)
    }

    fn undo(
        self,
        tries: &[Tries<'_>],
        many: &mut Many,
        names: &[String],
        fleet: FleetOptions,
        progress: &Progress,
    ) -> Result<Vec<Ended<Vec<Applied>>>, Error> {
        let Self { call, asked: Asked { history, back, options }, .. } = self;
        let each_one = call.global.verbose || names.len() <= SHOWN;
        let tell = |name: &str, ended: &_| tell_end(WORDS, progress, call.report, each_one, name, ended);
        let ways: BTreeMap<&str, &Tries<'_>> =
            tries.iter().flat_map(|of| of.alike.names.iter().map(move |name| (name.as_str(), of))).collect();
        match many {
            Many::Databases(targets) => {
                let none = BTreeMap::new();
                let work = |(): &mut (), name: &str| {
                    let (others, expected) = match ways.get(name) {
                        Some(of) => (&of.tried.half, of.alike.expected.as_slice()),
                        None => (&none, &[][..]),
                    };
                    let request = Request { history, back, others, expected };
                    let mut client = targets[name].connect_directly()?;
                    rollback(&mut client, &request, options, &mut |event| tell_event(progress, name, event))
                };
                Ok(each(names, fleet, &|| Ok(()), &work, &tell))
            }
            Many::Tenants(tenancy) => {
                let mut waiting = Progress::new(call.report);
                tenants::prepare_back(&mut tenancy.client, options, &mut |event| waiting.tell(event))?;
                waiting.clear();
                let ways = ways
                    .iter()
                    .map(|(name, of)| (*name, WayBack { expected: &of.alike.expected, ways: &of.ways }))
                    .collect();
                let rollout = Rollout {
                    target: &tenancy.target,
                    template: &tenancy.template,
                    options,
                    fleet,
                    tell: &tell,
                    observe: &|name, event| tell_event(progress, name, event),
                };
                Ok(rollout.rollback(back, &ways, names))
            }
        }
    }
}

/// Refuses all, where some cannot be rolled back.
fn refuse_some(groups: &Groups) -> Result<(), Error> {
    let [(name, error), others @ ..] = groups.refused.as_slice() else { return Ok(()) };
    let mut error = error.clone();
    error.what = format!("nowhere was anything rolled back, because of {name}: {}", error.what);
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).take(SHOWN).collect();
        error.what += &format!("\nand so it is with {} more: {}", others.len(), names.join(", "));
    }
    let next = error.next.take().map(|next| format!("{next}\n  or: ")).unwrap_or_default();
    Err(error.next(format!("{next}`--keep-going` rolls back the others")))
}

/// What is lost, a line each, with those who lose it; of many lines the first.
fn lines(losses: &[(String, Obstacle)]) -> Vec<String> {
    let mut of: Vec<(&str, &str, usize)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, loss) in losses {
        let place = *places.entry(&loss.what).or_insert(of.len());
        match of.get_mut(place) {
            Some((.., others)) => *others += 1,
            None => of.push((name, &loss.what, 0)),
        }
    }
    let line = |(name, what, others): &(&str, &str, usize)| match others {
        0 => format!("  {name}: {what}"),
        others => format!("  {name} and {others} more: {what}"),
    };
    let mut lines: Vec<String> = of.iter().take(SHOWN).map(line).collect();
    if of.len() > SHOWN {
        lines.push(format!("  and {} more of the kind", of.len() - SHOWN));
    }
    lines
}

fn object(losses: &[(String, Obstacle)]) -> Value {
    losses.iter().map(|(name, loss)| json!({"name": name, "what": loss.what, "rows": loss.count})).collect()
}
