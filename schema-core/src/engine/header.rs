//! The head of a migration that a person writes or has edited: made for an empty one, and brought up to date after a
//! proof. Pure; nothing below the head is touched.

use super::render::{self, Header};

const BY_HAND: &str = "-- Written by hand, not proven yet: `schema prove` runs it up and down.";
const PROVEN: &str = "-- Proven on ";
const TOOL: &str = "-- schema:tool ";

/// What a proof has shown of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The down undoes the up.
    BothWays,
    /// There is no down.
    OneWay,
}

/// The texts of a migration without statements: `up.sql`, `down.sql`.
pub fn empty(header: &Header<'_>) -> (String, String) {
    let directives = render::directives(header);
    let up = format!("-- {}\n{BY_HAND}\n{directives}\n", header.id);
    (up, format!("-- Undoes {}.\n{directives}\n", header.id))
}

/// The line of `up.sql` that says what was proven.
pub fn proven_line(proven_on: &str, shown: Shown) -> String {
    let what = match shown {
        Shown::BothWays => "ran up and down, and read back.",
        Shown::OneWay => "ran up; there is no way back.",
    };
    format!("{PROVEN}{proven_on}: {what}")
}

/// `up.sql` with what a proof has shown, and with the version of the tool where one stands.
pub fn refreshed_up(text: &str, id: &str, proven_on: &str, shown: Shown, tool: &str) -> String {
    let line = proven_line(proven_on, shown);
    let is_old = |old: &str| old.starts_with(PROVEN) || old == BY_HAND;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let head = head(&lines);
    let mut out = String::new();
    let known = lines[..head].iter().any(|old| is_old(old.trim_end()));
    let titled = lines.first().is_some_and(|first| first.trim_end() == format!("-- {id}"));
    let end = if lines.first().is_some_and(|first| first.ends_with("\r\n")) { "\r\n" } else { "\n" };
    if !known && !titled {
        out.push_str(&line);
        out.push_str(end);
    }
    for (at, old) in lines.iter().enumerate() {
        if at < head && is_old(old.trim_end()) {
            out.push_str(&line);
            out.push_str(&old[old.trim_end().len()..]);
        } else if at < head {
            out.push_str(&with_tool(old, tool));
        } else {
            out.push_str(old);
        }
        if at == 0 && !known && titled {
            if !old.ends_with('\n') {
                out.push_str(end);
            }
            out.push_str(&line);
            out.push_str(end);
        }
    }
    out
}

/// `down.sql` with the version of the tool, where one stands.
pub fn refreshed_down(text: &str, tool: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let head = head(&lines);
    let refresh = |(at, line): (usize, &&str)| {
        if at < head { with_tool(line, tool) } else { (*line).to_owned() }
    };
    lines.iter().enumerate().map(refresh).collect()
}

/// How many lines come before the first one that is no comment.
fn head(lines: &[&str]) -> usize {
    let is_comment = |line: &&&str| line.trim_start_matches('\u{feff}').starts_with("--");
    lines.iter().take_while(is_comment).count()
}

fn with_tool(line: &str, tool: &str) -> String {
    if line.starts_with(TOOL) {
        format!("{TOOL}{tool}{}", &line[line.trim_end().len()..])
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::history::{Down, Migration};

    const HEADER: Header<'_> =
        Header { id: "2_b", parent: Some("1_a"), tool: "0.1.0", proven_on: "PostgreSQL 15" };

    #[test]
    fn an_empty_migration_has_a_head() {
        let (up, down) = empty(&HEADER);
        let read = Migration::read("2_b", "m/2_b", &up, Some(&down)).expect("valid");
        assert_eq!((read.parent.as_deref(), read.tool.as_deref()), (Some("1_a"), Some("0.1.0")));
        assert!(read.up.sections.is_empty() && read.down == Down::Absent);
        let proven = refreshed_up(&(up + "select 1;\n"), "2_b", "PostgreSQL 17.2", Shown::BothWays, "0.2.0");
        assert_eq!(
            proven,
            "-- 2_b\n-- Proven on PostgreSQL 17.2: ran up and down, and read back.\n-- schema:parent 1_a\n\
             -- schema:tool 0.2.0\n\nselect 1;\n"
        );
        assert_eq!(refreshed_up(&proven, "2_b", "PostgreSQL 17.2", Shown::BothWays, "0.2.0"), proven);
        assert!(refreshed_down(&down, "0.2.0").ends_with("-- schema:tool 0.2.0\n\n"));
    }

    #[test]
    fn nothing_else_changes() {
        let refresh = |text| refreshed_up(text, "2_b", "X", Shown::OneWay, "9");
        let line = "-- Proven on X: ran up; there is no way back.";
        assert_eq!(refresh(""), format!("{line}\n"));
        assert_eq!(refresh("select 1"), format!("{line}\nselect 1"));
        assert_eq!(refresh("-- 2_b\r\n\r\nselect 1;\r\n"), format!("-- 2_b\r\n{line}\r\n\r\nselect 1;\r\n"));
        assert_eq!(refresh("-- 2_b"), format!("-- 2_b\n{line}\n"));
        let below = "\nselect '\n-- Proven on Y\n-- schema:tool 1\n';\n";
        assert_eq!(refresh(&format!("-- Proven on Y: z\r\n{below}")), format!("{line}\r\n{below}"));
        assert_eq!(refreshed_down(below, "9"), below);
    }
}
