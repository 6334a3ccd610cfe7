//! Waivers: what is allowed although a rule speaks against it, with a reason. In SQL a comment before the statement:
//! `-- schema:allow drop-table until 2027-01-01: nobody has used it since May`. The code has `allow(...)`, schema.toml
//! `[[lint.allow]]`.

/// One waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's name, as it is written.
    pub rule: String,
    /// Why; empty where nobody says it.
    pub reason: String,
    /// The last day on which it holds, as `2027-01-01`.
    pub until: Option<String>,
    /// Its line.
    pub line: u32,
    /// In SQL, the first and the last line of the statement that it stands before; none at the end of a file.
    pub statement: Option<(u32, u32)>,
}

impl Waiver {
    /// Reads what follows `-- schema:allow`.
    pub fn parse(text: &str, line: u32, statement: Option<(u32, u32)>) -> Self {
        let (head, reason) = text.split_once(':').unwrap_or((text, ""));
        let (rule, until) = match head.split_once(" until ") {
            Some((rule, until)) => (rule, Some(until.trim().to_owned())),
            None => (head, None),
        };
        Self { rule: rule.trim().to_owned(), reason: reason.trim().to_owned(), until, line, statement }
    }

    /// Whether the day on which it ends can be read.
    pub fn has_date(&self) -> bool {
        self.until.as_deref().is_none_or(is_date)
    }

    /// Whether its last day is over.
    pub fn is_over(&self, today: Option<&str>) -> bool {
        match (&self.until, today) {
            (Some(until), Some(today)) => is_date(until) && until.as_str() < today,
            (Some(_) | None, _) => false,
        }
    }
}

/// A waiver of `schema.toml`, for findings without a place in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectWaiver {
    /// What it says.
    pub waiver: Waiver,
    /// The object, as findings name it; none stands for all.
    pub object: Option<String>,
    /// Where it stands.
    pub file: String,
}

/// `2027-01-01`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize, most: u32| {
        part.len() == digits && part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    matches!(parts.as_slice(), [year, month, day] if number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_a_day_and_a_reason() {
        let waiver = Waiver::parse("drop-table until 2027-01-01: gone since May: see #12", 3, Some((4, 5)));
        assert_eq!((waiver.rule.as_str(), waiver.until.as_deref()), ("drop-table", Some("2027-01-01")));
        assert_eq!(waiver.reason, "gone since May: see #12");
        assert!(
            !waiver.is_over(Some("2027-01-01"))
                && waiver.is_over(Some("2027-01-02"))
                && !waiver.is_over(None)
        );
        let bare = Waiver::parse("drop-table", 1, None);
        assert_eq!((bare.rule.as_str(), bare.reason.as_str(), bare.until), ("drop-table", "", None));
        assert!(!Waiver::parse("a until soon: x", 1, None).has_date());
        assert!(is_date("2027-01-31") && !is_date("2027-13-01") && !is_date("27-01-01"));
    }
}
