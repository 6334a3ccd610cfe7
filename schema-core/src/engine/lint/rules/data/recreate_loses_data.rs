//! `recreate-object-loses-data`.

use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const RECREATE: Rule = Rule {
    name: "recreate-object-loses-data",
    group: Group::Data,
    levels: Levels::ERROR,
    summary: "A table or column is dropped and made again under its name.",
    why: "It looks the same afterwards and is empty.",
    recipe: "Change it in place; where PostgreSQL cannot, add a new column, fill it from the old one, then exchange their \
             names:\nALTER TABLE public.t ADD COLUMN c_new bigint;",
    checks: &[Check::Unit(check)],
};

fn check(site: &UnitSite<'_>, found: &mut Found) {
    if site.unit.part == Part::Down {
        return;
    }
    for (index, step) in site.walked.iter().enumerate() {
        let later = &site.walked[index + 1..];
        match &step.placed.action {
            Action::Drop(drop) if drop.kind == Kind::Table => {
                for table in drop.names.iter().filter(|table| made_again(later, table)) {
                    found
                        .step(site.unit, step, format!("{table} is dropped here and made again below"))
                        .of(table);
                }
            }
            Action::Alter { table, change: Change::DropColumn { column, .. } } if !step.fresh => {
                let added = |later: &Walked<'_>| {
                    matches!(&later.placed.action,
                        Action::Alter { table: on, change: Change::AddColumn { column: new, .. } }
                            if on.full() == table.full() && new.name == *column)
                };
                if later.iter().any(added) {
                    let message = format!("{table}.{column} is dropped here and added again below");
                    found.step(site.unit, step, message).of(format!("{table}.{column}"));
                }
            }
            _other => {}
        }
    }
}

fn made_again(later: &[Walked<'_>], table: &Name) -> bool {
    later.iter().any(|step| {
        if let Action::CreateTable(new) = &step.placed.action {
            new.name.full() == table.full()
        } else {
            false
        }
    })
}
