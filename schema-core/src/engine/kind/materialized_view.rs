//! Materialized views. Their query cannot be changed in place.

use super::parameter;
use super::view::{ViewColumn, drop_step};
use super::{Alteration, Context, Object, Rules};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::name::{Ident, QName};
use crate::engine::printed::Printed;
use crate::engine::step::{LockMode, Step};
use serde::{Deserialize, Serialize};

/// A materialized view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterializedView {
    /// Its name.
    pub name: QName,
    /// Its columns, in order.
    pub columns: Vec<ViewColumn>,
    /// `pg_get_viewdef` with an empty search_path, without the semicolon.
    pub definition: Printed,
    /// Storage parameters: `fillfactor=70`, `toast.autovacuum_enabled=false`.
    pub options: Vec<String>,
    /// `USING`, where it is not `heap`.
    pub access_method: Option<Ident>,
    /// `TABLESPACE`, where it is not the database's.
    pub tablespace: Option<Ident>,
    /// What is set on columns, in their order.
    pub settings: Vec<ColumnSettings>,
    /// Whether it has its rows. Not part of the definition: `REFRESH` changes it.
    pub populated: bool,
}

/// What is set on one column, beyond what follows from its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSettings {
    /// The column.
    pub column: Ident,
    /// `SET STATISTICS`.
    pub statistics: Option<i16>,
    /// `SET STORAGE`.
    pub storage: Option<String>,
    /// `SET COMPRESSION`.
    pub compression: Option<String>,
    /// `SET (n_distinct = ...)`.
    pub options: Vec<String>,
    /// The storage of its type.
    pub usual_storage: String,
}

impl ColumnSettings {
    fn none(&self) -> Self {
        let (column, usual_storage) = (self.column.clone(), self.usual_storage.clone());
        Self {
            column,
            statistics: None,
            storage: None,
            compression: None,
            options: Vec::new(),
            usual_storage,
        }
    }

    /// The actions of `ALTER COLUMN` that make it the new one.
    fn changes(&self, new: &Self) -> Vec<String> {
        let Self { column, statistics, storage, compression, options, usual_storage } = self;
        let mut actions = Vec::new();
        if *statistics != new.statistics {
            actions.push(format!("SET STATISTICS {}", new.statistics.unwrap_or(-1)));
        }
        if *storage != new.storage {
            actions.push(format!("SET STORAGE {}", new.storage.as_ref().unwrap_or(usual_storage)));
        }
        if *compression != new.compression {
            actions.push(format!("SET COMPRESSION {}", new.compression.as_deref().unwrap_or("DEFAULT")));
        }
        actions.extend(parameter::changes(options, &new.options));
        actions.into_iter().map(|action| format!("ALTER COLUMN {column} {action}")).collect()
    }
}

impl MaterializedView {
    fn alter_view(&self, action: &str) -> Step {
        Step::statement(self.id(), format!("ALTER MATERIALIZED VIEW {} {action}", self.name))
            .locks(LockMode::AccessExclusive, &self.name)
    }

    fn change_settings(&self, old: &[ColumnSettings]) -> Vec<Step> {
        let of = |list: &[ColumnSettings], one: &ColumnSettings| {
            list.iter().find(|other| other.column == one.column).cloned().unwrap_or_else(|| one.none())
        };
        let set = self.settings.iter().flat_map(|new| of(old, new).changes(new));
        let gone = old.iter().filter(|old| !self.settings.iter().any(|new| new.column == old.column));
        let unset = gone.flat_map(|old| old.changes(&old.none()));
        unset.chain(set).map(|action| self.alter_view(&action)).collect()
    }
}

impl Rules for MaterializedView {
    fn id(&self) -> ObjectId {
        ObjectId::MaterializedView(self.name.clone())
    }

    fn create(&self, cx: &Context<'_>) -> Vec<Step> {
        let before = cx.old.get(&self.id());
        let was_populated = matches!(before, Some(Object::MaterializedView(old)) if old.populated);
        let using = self.access_method.as_ref().map(|method| format!(" USING {method}")).unwrap_or_default();
        let tablespace =
            self.tablespace.as_ref().map(|space| format!(" TABLESPACE {space}")).unwrap_or_default();
        let data = if self.populated || was_populated { "" } else { "\n  WITH NO DATA" };
        let with = parameter::with(&self.options);
        let sql = format!(
            "CREATE MATERIALIZED VIEW {}{using}{with}{tablespace} AS\n{}{data}",
            self.name, self.definition
        );
        let mut step = Step::statement(self.id(), sql)
            .builds(self.id())
            .builds(ObjectId::RelationName(self.name.clone()))
            .builds(ObjectId::TypeName(self.name.clone()));
        if was_populated {
            step = step.hazard(HazardKind::LongLock, "who reads it waits until its query has run again");
        }
        let mut steps = vec![step];
        steps.extend(self.change_settings(&[]));
        steps
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let sql = format!("DROP MATERIALIZED VIEW {}", self.name);
        vec![drop_step(self.id(), sql, (&self.name, &self.columns), cx)]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let Object::MaterializedView(new) = new else {
            return Alteration::Recreate;
        };
        let Self { name: _, columns, definition, options, access_method, tablespace, settings, populated: _ } =
            self;
        if *columns != new.columns || *definition != new.definition {
            return Alteration::Recreate;
        }
        let mut steps = Vec::new();
        if *access_method != new.access_method {
            // PostgreSQL 14 cannot change it in place.
            if cx.old.server_version < 150_000 {
                return Alteration::Recreate;
            }
            let method = new.access_method.as_ref().map_or_else(|| "heap".to_owned(), ToString::to_string);
            let step = self.alter_view(&format!("SET ACCESS METHOD {method}"));
            steps.push(step.hazard(HazardKind::Rewrite, "the whole materialized view is written anew"));
        }
        if *tablespace != new.tablespace {
            let space = new.tablespace.as_ref().map_or_else(|| "pg_default".to_owned(), ToString::to_string);
            let step = self.alter_view(&format!("SET TABLESPACE {space}"));
            steps.push(step.hazard(HazardKind::Rewrite, "the whole materialized view is written anew"));
        }
        steps.extend(parameter::changes(options, &new.options).iter().map(|action| self.alter_view(action)));
        steps.extend(new.change_settings(settings));
        Alteration::in_place(steps)
    }
}
