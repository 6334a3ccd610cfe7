//! Letter cases of names, and the nearest of several names. Knows nothing about tables.

/// How the names of variants become labels; the names are serde's.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// The cases by the names that `rename_all` takes.
pub(crate) const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// A variant's name in this case.
    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Pascal => name.to_owned(),
            Self::Camel => {
                let mut chars = name.chars();
                chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
            }
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_uppercase().replace('_', "-"),
        }
    }
}

/// `HTTPServer` is `http_server`, `InFlight` is `in_flight`; what is snake_case stays so.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if c.is_uppercase() {
            let before = i.checked_sub(1).map(|i| chars[i]);
            let after = chars.get(i + 1);
            let word_ends = before.is_some_and(|b| b != '_' && !b.is_uppercase());
            let acronym_ends =
                before.is_some_and(char::is_uppercase) && after.is_some_and(|a| a.is_lowercase());
            if word_ends || acronym_ends {
                out.push('_');
            }
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The one of the names that is close to the wrong one, if any.
pub(crate) fn did_you_mean<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (distance(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + wrong.len().min(name.len()) / 4)
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case() {
        for (name, expected) in [
            ("User", "user"),
            ("InFlight", "in_flight"),
            ("HTTPServer", "http_server"),
            ("IPAddress2", "ip_address2"),
            ("V2Api", "v2_api"),
            ("already_snake", "already_snake"),
            ("ABC", "abc"),
            ("A", "a"),
            ("Mixed_Case", "mixed_case"),
            ("Übung", "übung"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }

    #[test]
    fn cases() {
        let all = CASES.map(|(_, case)| case.apply("InFlight"));
        assert_eq!(
            all,
            [
                "inflight",
                "INFLIGHT",
                "InFlight",
                "inFlight",
                "in_flight",
                "IN_FLIGHT",
                "in-flight",
                "IN-FLIGHT"
            ]
        );
    }

    #[test]
    fn nearest_name() {
        let names = ["name", "schema", "comment", "created_at"];
        assert_eq!(did_you_mean("nmae", names), Some("name"));
        assert_eq!(did_you_mean("createdat", names), Some("created_at"));
        assert_eq!(did_you_mean("Schema", names), Some("schema"));
        assert_eq!(did_you_mean("primary_key", names), None);
    }
}
