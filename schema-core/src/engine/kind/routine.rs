//! Functions, procedures and aggregates: one name space, one struct.

use super::base_type::made_of;
use super::enumeration::aside;
use super::{Alteration, Context, Object, Rules};
use crate::engine::id::ObjectId;
use crate::engine::lex;
use crate::engine::name::QName;
use crate::engine::step::Step;
use arcstr::ArcStr;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// A function, procedure or aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routine {
    /// Its name.
    pub name: QName,
    /// The types of its input arguments: `integer, text[]`. With the name they are its identity.
    pub arguments: ArcStr,
    /// Which of the four it is.
    pub form: Form,
    /// What follows `CREATE`, as `pg_get_functiondef` prints it: `FUNCTION public.add(a integer) RETURNS ...`.
    pub definition: String,
    /// The names of its input arguments, empty where one has none.
    pub inputs: Vec<String>,
    /// How many of them have defaults.
    pub defaults: i16,
    /// What it gives back: the type, and where that is a record of its own, the names and types of its columns.
    pub returns: String,
    /// The body is a text that PostgreSQL keeps as it is and reads when it runs, in a language where it can name objects.
    pub text_body: bool,
}

/// The forms of routines; none can become another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// `FUNCTION`.
    Function,
    /// A `FUNCTION` with `WINDOW`.
    Window,
    /// `PROCEDURE`.
    Procedure,
    /// `AGGREGATE`.
    Aggregate,
}

impl Routine {
    /// `FUNCTION public.add(integer, integer)`, as statements about it address it.
    pub(super) fn target(&self) -> String {
        let word = match self.form {
            Form::Function | Form::Window => "FUNCTION",
            Form::Procedure => "PROCEDURE",
            Form::Aggregate => "AGGREGATE",
        };
        let arguments = match (self.form, &*self.arguments) {
            (Form::Aggregate, "") => "*",
            (_, arguments) => arguments,
        };
        format!("{word} {}({arguments})", self.name)
    }

    fn statement(&self, create: &str) -> Step {
        let step = Step::statement(self.id(), format!("{create} {}", self.definition)).builds(self.id());
        if self.text_body {
            // Its text may name what comes later, and is then not read before it runs.
            step.mentions(lex::names(&self.definition)).under("check_function_bodies = off")
        } else {
            // An overload of the same name that goes should be gone: what calls by name must find this one.
            step.mentions([self.name.name.as_str().to_owned()])
        }
    }

    /// How many arguments a call can have.
    fn takes(&self) -> RangeInclusive<usize> {
        let all = self.inputs.len();
        let least = all.saturating_sub(usize::try_from(self.defaults).unwrap_or_default());
        least..=if self.definition.contains("VARIADIC ") { usize::MAX } else { all }
    }

    /// New overloads that something calls while this one is still there, where the call could mean either.
    fn rivals<'a>(&self, cx: &Context<'a>) -> Vec<&'a Self> {
        if !self.is_let_go_late(cx) {
            return Vec::new();
        }
        let from = ObjectId::Routine(self.name.clone(), ArcStr::new());
        let overloads = cx.new.objects.range(from..).map_while(|(_, object)| {
            let Object::Routine(routine) = object else { return None };
            (routine.name == self.name).then_some(&**routine)
        });
        overloads.filter(|new| self.is_rival(new, cx)).collect()
    }

    /// Whether something that calls it goes over to another in place: only then this can be dropped.
    fn is_let_go_late(&self, cx: &Context<'_>) -> bool {
        let id = self.id();
        cx.old.edges.users(&id).filter(|user| !cx.new.edges.contains(user, &id)).any(|user| {
            let (Some(old), Some(new)) = (cx.old.get(user), cx.new.get(user)) else { return false };
            old != new && matches!(old.rules().alter(new, cx), Alteration::InPlace { .. })
        })
    }

    fn is_rival(&self, new: &Self, cx: &Context<'_>) -> bool {
        let (a, b, id) = (self.takes(), new.takes(), new.id());
        let is_called = || cx.new.edges.users(&id).any(|user| user.parent().as_ref() != Some(&id));
        cx.old.get(&id).is_none() && a.start() <= b.end() && b.start() <= a.end() && is_called()
    }

    /// What `CREATE OR REPLACE` refuses to change: then views and the like could no longer call it.
    fn replaceable_by(&self, new: &Self) -> bool {
        let same_names = self
            .inputs
            .iter()
            .enumerate()
            .all(|(i, name)| name.is_empty() || new.inputs.get(i).is_some_and(|other| other == name));
        self.form == new.form && self.returns == new.returns && same_names && self.defaults <= new.defaults
    }
}

impl Rules for Routine {
    fn id(&self) -> ObjectId {
        ObjectId::Routine(self.name.clone(), self.arguments.clone())
    }

    fn create(&self, _cx: &Context<'_>) -> Vec<Step> {
        vec![self.statement("CREATE")]
    }

    fn drop(&self, cx: &Context<'_>) -> Vec<Step> {
        let hosts = made_of(self, cx.old);
        let rivals = if hosts.is_empty() { self.rivals(cx) } else { Vec::new() };
        if rivals.is_empty() {
            let step = Step::statement(self.id(), format!("DROP {}", self.target())).destroys(self.id());
            return vec![hosts.into_iter().fold(step, Step::hosted_by)];
        }
        // What calls the new one must not find two.
        let aside = Self { name: self.name.sibling(&aside(&self.name.name)), ..self.clone() };
        let sql = format!("ALTER {} RENAME TO {}", self.target(), aside.name.name);
        let rename = Step::statement(self.id(), sql);
        vec![
            rivals.into_iter().fold(rename, |step, rival| step.destroys(rival.id())),
            Step::statement(self.id(), format!("DROP {}", aside.target())).destroys(self.id()),
        ]
    }

    fn alter(&self, new: &Object, _cx: &Context<'_>) -> Alteration {
        let Object::Routine(new) = new else {
            return Alteration::Recreate;
        };
        let Self {
            name: _,
            arguments: _,
            form: _,
            definition,
            inputs: _,
            defaults: _,
            returns,
            text_body: _,
        } = self;
        if *definition == new.definition && *returns == new.returns {
            Alteration::Same
        } else if self.replaceable_by(new) {
            Alteration::in_place(vec![new.statement("CREATE OR REPLACE").destroys(self.id())])
        } else {
            Alteration::Recreate
        }
    }
}
