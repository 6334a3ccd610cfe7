//! "Did you mean": the nearest of some known words. Not a spell checker.

/// `; did you mean ..?`, or nothing where no known word is near.
pub fn did_you_mean(word: &str, known: &[&str]) -> String {
    nearest(word, known.iter().copied()).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// The known word with the fewest edits, where these are at most a third of the word's length (at least one).
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let near = known.into_iter().map(|candidate| (edits(word, candidate), candidate));
    near.filter(|(edits, _)| *edits <= limit).min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

/// How many letters must be added, removed or exchanged (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let exchange = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = exchange.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_near_and_only_the_near() {
        let known = ["section", "parent", "tool"];
        assert_eq!(nearest("sektion", known), Some("section"));
        assert_eq!(nearest("sections", known), Some("section"));
        assert_eq!(nearest("toll", known), Some("tool"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
