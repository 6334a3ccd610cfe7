//! Two texts line by line, for messages. Pure.

/// A line of one of the texts, by its number, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Only the old text has it.
    Old(usize),
    /// Only the new text has it.
    New(usize),
}

/// What is worth comparing line by line; of more, everything between the first and the last difference differs.
const WORTH: usize = 4_000_000;

/// The lines in which two texts differ: as few as there can be, in order.
pub fn differing(old: &[&str], new: &[&str]) -> Vec<Line> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (olds, news) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if olds.len() * news.len() > WORTH {
        let olds = (0..olds.len()).map(|at| Line::Old(head + at));
        return olds.chain((0..news.len()).map(|at| Line::New(head + at))).collect();
    }
    // longest[i][j]: of the lines that olds[i..] and news[j..] share in order.
    let width = news.len() + 1;
    let mut longest = vec![0_u32; (olds.len() + 1) * width];
    for i in (0..olds.len()).rev() {
        for j in (0..news.len()).rev() {
            longest[i * width + j] = if olds[i] == news[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < olds.len() || j < news.len() {
        if i < olds.len() && j < news.len() && olds[i] == news[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == news.len()
            || (i < olds.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        {
            lines.push(Line::Old(head + i));
            i += 1;
        } else {
            lines.push(Line::New(head + j));
            j += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let (old, new): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
        let one = |line: Line| match line {
            Line::Old(at) => format!("-{}", old[at]),
            Line::New(at) => format!("+{}", new[at]),
        };
        differing(&old, &new).into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn as_few_as_there_can_be() {
        assert_eq!(shown("a b c", "a b c"), "");
        assert_eq!(shown("a b c d", "a x c d y"), "-b +x +y");
        assert_eq!(shown("a b c", "b c a"), "-a +a");
        assert_eq!(shown("a", "b"), "-a +b");
        assert_eq!(shown("a a", "a"), "-a");
    }

    #[test]
    fn long_texts_are_not_compared_for_ever() {
        let text = |first: usize| (0..3000).map(|n| (first + n).to_string()).collect::<Vec<_>>().join(" ");
        let (old, new) = (text(0), text(1));
        let (old, new): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
        assert_eq!(differing(&old, &new).len(), 6000);
    }
}
