//! Enum types: labels added, renamed, removed.

use super::column::{Column, holds_types};
use super::{Alteration, Context, Object, Rules, row_type};
use crate::engine::hazard::HazardKind;
use crate::engine::id::ObjectId;
use crate::engine::ids::Ids;
use crate::engine::name::{Ident, QName, literal};
use crate::engine::step::{LockMode, Step, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An enum type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enum {
    /// Its name.
    pub name: QName,
    /// The values, in sort order.
    pub labels: Vec<String>,
}

impl Enum {
    fn create_sql(&self) -> String {
        let labels: Vec<String> = self.labels.iter().map(|label| literal(label)).collect();
        format!("CREATE TYPE {} AS ENUM ({})", self.name, labels.join(", "))
    }

    /// `ADD VALUE` for each label that is new; the others keep their order.
    fn add_labels(&self, new: &Self) -> Vec<Step> {
        let mut steps = Vec::new();
        for (i, label) in new.labels.iter().enumerate() {
            if self.labels.contains(label) {
                continue;
            }
            let old_follows = new.labels[i..].iter().find(|later| self.labels.contains(later));
            let place = match (old_follows, i.checked_sub(1)) {
                (None, _) => String::new(),
                (Some(_), Some(before)) => format!(" AFTER {}", literal(&new.labels[before])),
                (Some(next), None) => format!(" BEFORE {}", literal(next)),
            };
            let sql = format!("ALTER TYPE {} ADD VALUE {}{place}", self.name, literal(label));
            let mut step = Step::statement(self.id(), sql).builds(self.id());
            step.transaction = Transaction::CommitBeforeUse;
            steps.push(step);
        }
        steps
    }

    /// A new type takes the place of the old one, because PostgreSQL cannot remove or move a label.
    fn replace(&self, new: &Self, cx: &Context<'_>) -> Alteration {
        let removed: Vec<&String> = self.labels.iter().filter(|label| !new.labels.contains(label)).collect();
        let users: Vec<(&Column, &Column)> = self.columns_in_both(cx);
        let aside = self.name.sibling(&aside(&self.name.name));
        let mut steps = Vec::new();
        if !removed.is_empty() {
            steps.extend(users.iter().map(|(column, _)| self.check_not_held(column, &removed)));
        }
        steps.push(Step::statement(self.id(), format!("ALTER TYPE {} RENAME TO {}", self.name, aside.name)));
        steps.push(Step::statement(self.id(), new.create_sql()));
        // The comment has gone aside with the old type.
        let comment = ObjectId::Comment(Box::new(self.id()));
        if let Some(kept) = cx.new.get(&comment).filter(|kept| cx.old.get(&comment) == Some(kept)) {
            steps.extend(kept.rules().create(cx));
        }
        for (old, new) in &users {
            steps.extend(self.move_column(old, new, cx));
        }
        let mut end = Step::statement(self.id(), format!("DROP TYPE {aside}"));
        end.afterthought = true;
        end.needs = self.columns_retyped(cx);
        steps.push(end);
        let touches = users.iter().map(|(column, _)| column.id()).collect();
        Alteration::InPlace { steps, rebuild: self.bound_to_old_type(cx, &users), touches }
    }

    /// The columns of this type that stay of this type.
    fn columns_in_both<'a>(&self, cx: &Context<'a>) -> Vec<(&'a Column, &'a Column)> {
        let id = self.id();
        let users = cx.old.edges.users(&id);
        users
            .filter_map(|user| match (cx.old.get(user), cx.new.get(user)) {
                (Some(Object::Column(old)), Some(Object::Column(new)))
                    if old.data_type == new.data_type
                        && old.generated.is_none()
                        && new.generated.is_none() =>
                {
                    Some((old, new))
                }
                _not_a_column_in_both => None,
            })
            .collect()
    }

    /// The columns of this type whose own change leads to another form of it, as from `s[]` to `s`: they use the old
    /// type until then.
    fn columns_retyped(&self, cx: &Context<'_>) -> Ids {
        let id = self.id();
        let uses = |user: &ObjectId| match (cx.old.get(user), cx.new.get(user)) {
            (Some(Object::Column(old)), Some(Object::Column(new))) => old.data_type != new.data_type,
            _not_a_column_in_both => false,
        };
        let in_both = cx.old.edges.users(&id).filter(|user| cx.new.edges.contains(user, &id));
        in_both.filter(|user| uses(user)).cloned().collect()
    }

    /// What has the old type inside an expression, or compares columns of it with each other.
    fn bound_to_old_type(&self, cx: &Context<'_>, users: &[(&Column, &Column)]) -> Vec<ObjectId> {
        let id = self.id();
        let moved: Vec<ObjectId> = users.iter().map(|(column, _)| column.id()).collect();
        let bound = |user: &ObjectId, on: &ObjectId| match cx.old.get(user) {
            Some(Object::Constraint(c)) if c.references.is_some() => *on != id,
            Some(Object::Column(c)) => c.generated.is_some(),
            Some(Object::Comment(_)) | None => false,
            Some(other) => *on == id || holds_types(&other.id()),
        };
        let of = |on| cx.old.edges.users(on).filter(move |user| bound(user, on)).cloned();
        let all: BTreeSet<ObjectId> = std::iter::once(&id).chain(&moved).flat_map(of).collect();
        all.into_iter().collect()
    }

    fn check_not_held(&self, column: &Column, removed: &[&String]) -> Step {
        let labels: Vec<String> = removed.iter().map(|label| literal(label)).collect();
        let labels = format!("ARRAY[{}]::{}[]", labels.join(", "), self.name);
        let held = if column.data_type.ends_with("[]") {
            format!("{} && {labels}", column.name)
        } else {
            format!("{} = ANY ({labels})", column.name)
        };
        let list: Vec<&str> = removed.iter().map(|label| label.as_str()).collect();
        let message = literal(&format!(
            "%s rows of {}.{} hold a value that is being removed ({})",
            column.table.short(),
            column.name.as_str(),
            list.join(", ").replace('%', "%%")
        ));
        let body = format!(
            "DECLARE\n    held bigint;\nBEGIN\n    SELECT count(*) INTO held FROM {} WHERE {held};\n    IF held > 0 THEN\n        \
             RAISE EXCEPTION USING MESSAGE = format({message}, held), HINT = 'Give these rows another value first.';\n    \
             END IF;\nEND",
            column.table
        );
        let tag = dollar_tag(&body);
        Step::statement(self.id(), format!("DO {tag}\n{body}\n{tag}"))
            .locks(LockMode::AccessShare, &column.table)
            .hazard(HazardKind::MayFail, "rows that hold a removed value stand in the way")
    }

    fn move_column(&self, old: &Column, new: &Column, cx: &Context<'_>) -> Vec<Step> {
        let (table, name, to) = (&old.table, &old.name, &old.data_type);
        let text = if to.ends_with("[]") { "text[]" } else { "text" };
        let mut actions = Vec::new();
        if old.default.is_some() {
            actions.push(format!("ALTER COLUMN {name} DROP DEFAULT"));
        }
        actions.push(format!("ALTER COLUMN {name} TYPE {to} USING {name}::{text}::{to}"));
        // Another default is the column's own change.
        if let Some(default) = old.default.as_ref().filter(|_| old.default == new.default) {
            actions.push(format!("ALTER COLUMN {name} SET DEFAULT {default}"));
        }
        let steps = actions.into_iter().map(|action| Step::alter_table(self.id(), table, action));
        let mut steps: Vec<Step> = steps.collect();
        if let Some(first) = steps.first_mut() {
            *first = first.clone().hazard(HazardKind::Rewrite, "the whole table is written anew");
        }
        steps.into_iter().map(|step| row_type::between(step, table, cx)).collect()
    }
}

/// A name for what is old while the new takes its place.
pub(super) fn aside(name: &Ident) -> Ident {
    let mut kept = name.as_str();
    while kept.len() > 63 - "__old".len() {
        let mut chars = kept.chars();
        chars.next_back();
        kept = chars.as_str();
    }
    Ident::new(format!("{kept}__old"))
}

/// A dollar quote that does not occur in the body.
fn dollar_tag(body: &str) -> String {
    let mut tag = "$$".to_owned();
    let mut n = 0;
    while body.contains(&tag) {
        n += 1;
        tag = format!("$check{n}$");
    }
    tag
}

/// The Step that renames one value.
pub fn rename_label(name: &QName, old: &str, new: &str) -> Step {
    let sql = format!("ALTER TYPE {name} RENAME VALUE {} TO {}", literal(old), literal(new));
    Step::statement(ObjectId::Enum(name.clone()), sql)
        .hazard(HazardKind::BreaksRunningCode, format!("programs that know the value as {old} stop working"))
}

impl Rules for Enum {
    fn id(&self) -> ObjectId {
        ObjectId::Enum(self.name.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), self.create_sql())
                .builds(self.id())
                .builds(ObjectId::TypeName(self.name.clone())),
        ]
    }

    fn drop(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![
            Step::statement(self.id(), format!("DROP TYPE {}", self.name))
                .destroys(self.id())
                .destroys(ObjectId::TypeName(self.name.clone())),
        ]
    }

    fn alter(&self, new: &Object, cx: &Context<'_>) -> Alteration {
        let (Self { name: _, labels }, Object::Enum(new)) = (self, new) else {
            return Alteration::Recreate;
        };
        if *labels == new.labels {
            return Alteration::Same;
        }
        let kept: Vec<&String> = new.labels.iter().filter(|label| labels.contains(label)).collect();
        if kept.iter().copied().eq(labels.iter()) {
            Alteration::in_place(self.add_labels(new))
        } else {
            self.replace(new, cx)
        }
    }

    fn rename(&self, new: &ObjectId) -> Vec<Step> {
        let ObjectId::Enum(to) = new else {
            return Vec::new();
        };
        let mut steps = Vec::new();
        let mut at = self.name.clone();
        if at.schema != to.schema {
            steps.push(Step::statement(new.clone(), format!("ALTER TYPE {at} SET SCHEMA {}", to.schema)));
            at.schema = to.schema.clone();
        }
        if at.name != to.name {
            steps.push(Step::statement(new.clone(), format!("ALTER TYPE {at} RENAME TO {}", to.name)));
        }
        steps
    }

    /// Half of the labels, or more, are the same.
    fn resembles(&self, new: &Object, _cx: &Context<'_>) -> bool {
        let Object::Enum(new) = new else { return false };
        let common = self.labels.iter().filter(|label| new.labels.contains(label)).count();
        common > 0 && common * 2 >= self.labels.len().min(new.labels.len())
    }
}
