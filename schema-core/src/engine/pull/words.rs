//! The words of names: cases, and the singular of a table's name. Knows English, but no Rust.

/// How labels become variants' names and back; the names are those of `rename_all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Snake,
    Lower,
    Upper,
    Pascal,
    Camel,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    /// The default comes first.
    pub(super) const ALL: [Self; 8] = [
        Self::Snake,
        Self::Lower,
        Self::Upper,
        Self::Pascal,
        Self::Camel,
        Self::ScreamingSnake,
        Self::Kebab,
        Self::ScreamingKebab,
    ];

    /// The word that `rename_all` takes.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::Lower => "lowercase",
            Self::Upper => "UPPERCASE",
            Self::Pascal => "PascalCase",
            Self::Camel => "camelCase",
            Self::ScreamingSnake => "SCREAMING_SNAKE_CASE",
            Self::Kebab => "kebab-case",
            Self::ScreamingKebab => "SCREAMING-KEBAB-CASE",
        }
    }

    /// A variant's name in this case, as the derive has it.
    pub(super) fn apply(self, name: &str) -> String {
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

/// `HTTPServer` is `http_server`, as the derives have it; what is snake_case stays so.
pub(super) fn snake(name: &str) -> String {
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

/// The words of a name, in lower case: what is no letter and no digit separates.
pub(super) fn words(name: &str) -> Vec<String> {
    // A name in capitals is no row of acronyms.
    let shouted = !name.chars().any(char::is_lowercase);
    let plain: String =
        name.chars().map(|c| if unicode_ident::is_xid_continue(c) { c } else { '_' }).collect();
    let snake = if shouted { plain.to_lowercase() } else { snake(&plain) };
    snake.split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// `OrderItem` of `order`, `item`.
pub(super) fn pascal(words: &[String]) -> String {
    let capital = |word: &String| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    words.iter().map(capital).collect()
}

/// The name of one row of a table: its last word in the singular.
pub(super) fn singular(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        *last = singular_word(last);
    }
    words
}

/// Words whose singular no rule finds.
const IRREGULAR: &[(&str, &str)] = &[
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("caches", "cache"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("indices", "index"),
    ("matrices", "matrix"),
    ("men", "man"),
    ("movies", "movie"),
    ("people", "person"),
    ("quizzes", "quiz"),
    ("series", "series"),
    ("shoes", "shoe"),
    ("species", "species"),
    ("vertices", "vertex"),
    ("women", "woman"),
];

/// Words that look like plurals.
const SINGULAR: &[&str] = &["news", "https", "always", "canvas", "bias", "atlas", "kubernetes", "postgres"];

fn singular_word(word: &str) -> String {
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    if SINGULAR.contains(&word) || word.chars().count() <= 3 || !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return if stem.len() > 1 { format!("{stem}y") } else { word.trim_end_matches('s').to_owned() };
    }
    for ending in ["sses", "shes", "ches", "xes", "statuses", "viruses", "bonuses", "campuses", "heroes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !["s", "u", "i"].iter().any(|end| stem.ends_with(end)) => stem.to_owned(),
        Some(_) | None => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_of_a_table() {
        for (table, row) in [
            ("users", "User"),
            ("order_items", "OrderItem"),
            ("categories", "Category"),
            ("addresses", "Address"),
            ("status", "Status"),
            ("order_statuses", "OrderStatus"),
            ("boxes", "Box"),
            ("branches", "Branch"),
            ("courses", "Course"),
            ("databases", "Database"),
            ("people", "Person"),
            ("series", "Series"),
            ("ties", "Tie"),
            ("sms", "Sms"),
            ("news", "News"),
            ("data", "Data"),
            ("analysis", "Analysis"),
            ("menus", "Menus"),
            ("UserAccounts", "UserAccount"),
            ("USER_ACCOUNTS", "UserAccount"),
            ("order-lines", "OrderLine"),
            ("größen", "Größen"),
            ("🦀", ""),
        ] {
            assert_eq!(pascal(&singular(&words(table))), row, "{table}");
        }
    }

    /// What the derives do with the same names.
    #[test]
    fn cases() {
        let all = Case::ALL.map(|case| case.apply("InFlight"));
        let expected = [
            "in_flight",
            "inflight",
            "INFLIGHT",
            "InFlight",
            "inFlight",
            "IN_FLIGHT",
            "in-flight",
            "IN-FLIGHT",
        ];
        assert_eq!(all, expected);
        for (name, expected) in
            [("HTTPServer", "http_server"), ("IPAddress2", "ip_address2"), ("V2Api", "v2_api"), ("A", "a")]
        {
            assert_eq!(snake(name), expected);
        }
    }
}
