//! Views. What their columns are follows from the query; only what is set on the columns is said beside it.

use super::parameter;
use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its name.
    pub name: QName,
    /// Its columns, in order.
    pub columns: Vec<ViewColumn>,
    /// `pg_get_viewdef` with an empty search_path, without the semicolon.
    pub definition: Printed,
    /// `reloptions`: `security_invoker=true`, `check_option=local`.
    pub options: Vec<String>,
    /// The defaults that columns have for rows that are inserted into the view, in the order of the columns.
    pub defaults: Vec<(Ident, Printed)>,
}

/// A column of a view or of a materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// Its name.
    pub name: Ident,
    /// `format_type` with an empty search_path.
    pub data_type: String,
    /// `COLLATE`, where it differs from the type's own.
    pub collation: Option<QName>,
}

impl View {
    /// `VIEW name WITH (...) AS query WITH CHECK OPTION`.
    fn definition(&self) -> String {
        let is_check = |option: &&String| option.starts_with("check_option=");
        let (check, others): (Vec<&String>, Vec<&String>) = self.options.iter().partition(is_check);
        let others: Vec<String> = others.into_iter().cloned().collect();
        let check: String = check
            .iter()
            .filter_map(|option| option.split_once('='))
            .map(|(_, value)| format!("\n  WITH {} CHECK OPTION", value.to_uppercase()))
            .collect();
        format!("VIEW {}{} AS\n{}{check}", self.name, parameter::with(&others), self.definition)
    }

    fn alter_view(&self, action: &str) -> Step {
        Step::statement(self.id(), format!("ALTER VIEW {} {action}", self.name))
            .locks(LockMode::AccessExclusive, &self.name)
    }

    fn set_default(&self, column: &Ident, default: &str) -> Step {
        self.alter_view(&format!("ALTER COLUMN {column} SET DEFAULT {default}"))
    }

    fn change_defaults(&self, new: &Self) -> Vec<Step> {
        let gone =
            self.defaults.iter().filter(|(column, _)| !new.defaults.iter().any(|(kept, _)| kept == column));
        let gone = gone.map(|(column, _)| self.alter_view(&format!("ALTER COLUMN {column} DROP DEFAULT")));
        let set = new.defaults.iter().filter(|default| !self.defaults.contains(default));
        gone.chain(set.map(|(column, default)| self.set_default(column, default))).collect()
    }
}

/// The drop of a relation with these columns that a query makes.
pub(super) fn drop_step(
    id: ObjectId,
    sql: String,
    (name, columns): (&QName, &[ViewColumn]),
    cx: &Context<'_>,
) -> Step {
    let step = Step::statement(id.clone(), sql)
        .destroys(id)
        .destroys(ObjectId::RelationName(name.clone()))
        .destroys(ObjectId::TypeName(name.clone()))
        .locks(LockMode::AccessExclusive, name);
    match breaks(name, columns, cx) {
        Some(why) => step.hazard(HazardKind::BreaksRunningCode, why),
        None => step,
    }
}

/// What a program that reads the relation can no longer do when it is dropped, be it created again or not.
fn breaks(relation: &QName, columns: &[ViewColumn], cx: &Context<'_>) -> Option<String> {
    let ids = [ObjectId::View(relation.clone()), ObjectId::MaterializedView(relation.clone())];
    let gone = match ids.iter().find_map(|id| cx.new.get(id)) {
        Some(Object::View(new)) => lost(columns, &new.columns),
        Some(Object::MaterializedView(new)) => lost(columns, &new.columns),
        Some(_) | None if cx.new.get(&ObjectId::Table(relation.clone())).is_some() => return None,
        Some(_) | None => return Some(format!("programs that read {} stop working", relation.short())),
    };
    (!gone.is_empty())
        .then(|| format!("programs that read {} of {} can stop working", gone.join(", "), relation.short()))
}

fn lost<'a>(columns: &'a [ViewColumn], kept: &'a [ViewColumn]) -> Vec<&'a str> {
    // Longer or shorter values are the same to a program.
    let facts = |column: &'a ViewColumn| (&column.name, column.data_type.split('(').next());
    let stays = |column: &&'a ViewColumn| !kept.iter().any(|kept| facts(kept) == facts(column));
    columns.iter().filter(stays).map(|column| column.name.as_str()).collect()
}

impl Rules for View {
    fn id(&self) -> ObjectId {
        ObjectId::View(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        let create = Step::statement(self.id(), format!("CREATE {}", self.definition()))
            .builds(self.id())
            .builds(ObjectId::RelationName(self.name.clone()))
            .builds(ObjectId::TypeName(self.name.clone()));
        let defaults = self.defaults.iter().map(|(column, default)| self.set_default(column, default));
        std::iter::once(create).chain(defaults).collect()
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        vec![drop_step(self.id(), format!("DROP VIEW {}", self.name), (&self.name, &self.columns), cx)]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::View(new) = new else {
            return Alteration::Recreate;
        };
        let Self { name, columns, definition, options, defaults: _ } = self;
        // PostgreSQL can only add columns at the end.
        if !new.columns.starts_with(columns) {
            return Alteration::Recreate;
        }
        let mut steps = Vec::new();
        if *definition != new.definition {
            // It takes the options from here, all of them.
            let step = Step::statement(self.id(), format!("CREATE OR REPLACE {}", new.definition()))
                .locks(LockMode::AccessExclusive, name);
            steps.push(step);
        } else {
            steps.extend(
                parameter::changes(options, &new.options).iter().map(|action| self.alter_view(action)),
            );
        }
        steps.extend(self.change_defaults(new));
        Alteration::in_place(steps)
    }
}
