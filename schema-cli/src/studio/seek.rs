//! Pages by key: where a page goes on after the last row of the one before, NULLs and ties included, without counting
//! rows. The rows after a place are cut into ranges that an index can serve one after the other.

use super::failure::Failure;
use super::relation::Relation;
use super::sql_text::{Sort, column, typed};
use sea_query::{Alias, Expr, ExprTrait, Order};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Where a row lies: the column that every table has.
pub(super) const PLACE: &str = "ctid";

/// A part of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) cast: String,
    pub(super) descending: bool,
    pub(super) nullable: bool,
}

/// The order of rows, and how one place in it is told from another.
pub(super) struct Sequence {
    pub(super) parts: Vec<Part>,
    /// No two rows have the same place.
    pub(super) total: bool,
}

/// A place between two rows; the page keeps it as JSON and sends it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    /// The values of a row at the order's parts.
    Row(Vec<Option<String>>),
    /// After so many rows, where nothing tells rows apart.
    Count(u64),
}

impl Sequence {
    /// What is asked for, with ties broken by what tells rows apart.
    pub(super) fn of(relation: &Relation, sort: &[Sort]) -> Result<Self, Failure> {
        let mut parts: Vec<Part> = Vec::new();
        for wish in sort {
            let of = relation.column(&wish.column)?;
            if !of.ordered {
                return Err(Failure::wrong(format!("{} has no order: its type is {}", of.name, of.shown)));
            }
            if !parts.iter().any(|part| part.name == of.name) {
                parts.push(Part {
                    name: of.name.clone(),
                    cast: of.cast.clone(),
                    descending: wish.descending,
                    nullable: of.nullable,
                });
            }
        }
        let descending = parts.last().is_some_and(|part| part.descending);
        let key = relation.unique.iter().map(|&index| &relation.columns[index]);
        for of in key {
            if !parts.iter().any(|part| part.name == of.name) {
                let (name, cast) = (of.name.clone(), of.cast.clone());
                parts.push(Part { name, cast, descending, nullable: false });
            }
        }
        let mut total = !relation.unique.is_empty();
        if !total && matches!(relation.kind, 'r' | 'm') {
            // Where a row lies tells it apart as long as nobody moves it.
            let (name, cast) = (PLACE.to_owned(), "tid".to_owned());
            parts.push(Part { name, cast, descending: false, nullable: false });
            total = true;
        }
        Ok(Self { parts, total })
    }

    /// The same order, or the other way round.
    pub(super) fn directed(mut self, backwards: bool) -> Self {
        for part in &mut self.parts {
            part.descending ^= backwards;
        }
        self
    }

    /// For ORDER BY: PostgreSQL's own place for NULLs is last, and first when descending. With the table's name, because
    /// a name alone is that of a text in the SELECT.
    pub(super) fn order(&self, relation: &Relation) -> impl Iterator<Item = (Expr, Order)> {
        self.parts.iter().map(|part| {
            let name = Expr::col((Alias::new(&relation.name), Alias::new(&part.name)));
            (name, part.order())
        })
    }

    /// Conditions whose rows, one after the other, are the rows after this place.
    pub(super) fn after(&self, values: &[Option<String>]) -> Vec<Vec<Expr>> {
        let mut ranges = Vec::new();
        for (last, part) in self.parts.iter().enumerate().rev() {
            let same = self.parts[..last].iter().zip(values).map(|(part, value)| match value {
                Some(value) => column(&part.name).eq(typed(value, &part.cast)),
                None => column(&part.name).is_null(),
            });
            let same: Vec<Expr> = same.collect();
            let name = || column(&part.name);
            let further = match (&values[last], part.descending) {
                (Some(value), false) => {
                    let mut further = vec![name().gt(typed(value, &part.cast))];
                    if part.nullable {
                        further.push(name().is_null());
                    }
                    further
                }
                (None, false) => Vec::new(),
                (Some(value), true) => vec![name().lt(typed(value, &part.cast))],
                (None, true) => vec![name().is_not_null()],
            };
            ranges.extend(further.into_iter().map(|one| {
                let mut range = same.clone();
                range.push(one);
                range
            }));
        }
        ranges
    }
}

impl Part {
    pub(super) fn order(&self) -> Order {
        if self.descending { Order::Desc } else { Order::Asc }
    }
}

impl Place {
    /// As the page keeps it.
    pub(super) fn text(&self) -> String {
        json!(self).to_string()
    }

    /// Reads what the page sends back; it must fit the order.
    pub(super) fn read(text: &str, sequence: &Sequence) -> Result<Self, Failure> {
        let fits = |place: &Self| match place {
            Self::Row(values) => values.len() == sequence.parts.len(),
            Self::Count(_) => !sequence.total,
        };
        serde_json::from_str(text).ok().filter(fits).ok_or_else(|| {
            Failure::wrong("this place is not of this order").next("begin with the first page")
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use sea_query::{PostgresQueryBuilder, Query};

    fn part(name: &str, descending: bool, nullable: bool) -> Part {
        Part { name: name.to_owned(), cast: "int4".to_owned(), descending, nullable }
    }

    fn ranges(parts: Vec<Part>, values: &[Option<&str>]) -> Vec<String> {
        let values: Vec<Option<String>> = values.iter().map(|value| value.map(ToOwned::to_owned)).collect();
        let shown = |range: Vec<Expr>| {
            let mut select = Query::select();
            for one in range {
                select.and_where(one);
            }
            let sql = select.from(Alias::new("t")).to_string(PostgresQueryBuilder);
            sql.split_once("WHERE ").unwrap().1.replace("CAST(CAST('", "").replace("' AS text) AS int4)", "")
        };
        Sequence { parts, total: true }.after(&values).into_iter().map(shown).collect()
    }

    #[test]
    fn what_comes_after_a_row() {
        let (a, b) = (|descending, nullable| part("a", descending, nullable), part("b", false, false));
        assert_eq!(ranges(vec![b.clone()], &[Some("1")]), [r#""b" > 1"#]);
        assert_eq!(
            ranges(vec![a(false, true), b.clone()], &[Some("1"), Some("2")]),
            [r#""a" = 1 AND "b" > 2"#, r#""a" > 1"#, r#""a" IS NULL"#]
        );
        assert_eq!(
            ranges(vec![a(false, true), b.clone()], &[None, Some("2")]),
            [r#""a" IS NULL AND "b" > 2"#]
        );
        assert_eq!(
            ranges(vec![a(true, true), b.clone()], &[None, Some("2")]),
            [r#""a" IS NULL AND "b" > 2"#, r#""a" IS NOT NULL"#]
        );
        assert_eq!(
            ranges(vec![a(true, false), b], &[Some("1"), Some("2")]),
            [r#""a" = 1 AND "b" > 2"#, r#""a" < 1"#]
        );
    }

    #[test]
    fn places_are_read_as_they_are_written() {
        let sequence = Sequence { parts: vec![part("a", false, true), part("b", false, false)], total: true };
        let place = Place::Row(vec![None, Some("it's \"2\"".to_owned())]);
        assert_eq!(Place::read(&place.text(), &sequence).unwrap(), place);
        for wrong in ["", "{}", "{\"row\":[1,2]}", "{\"row\":[null]}", "{\"count\":1}", "[]"] {
            assert!(Place::read(wrong, &sequence).is_err(), "{wrong}");
        }
        let counted = Sequence { parts: Vec::new(), total: false };
        assert_eq!(Place::read("{\"count\":7}", &counted).unwrap(), Place::Count(7));
    }
}
