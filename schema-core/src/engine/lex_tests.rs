//! The lexer's cases. They fix the token boundaries for good: a case may be added, none may change.

use super::{LexError, names, statements, tokens};

/// The tokens' texts.
fn cut(text: &str) -> Vec<&str> {
    tokens(text).expect("valid").into_iter().map(|token| &text[token.range]).collect()
}

fn split(text: &str) -> Vec<(u32, &str)> {
    let tokens = tokens(text).expect("valid tokens");
    let spans = statements(text, &tokens).expect("valid statements");
    spans.into_iter().map(|span| (span.line, &text[span.range])).collect()
}

fn fails(text: &str) -> LexError {
    match tokens(text) {
        Err(error) => error,
        Ok(tokens) => statements(text, &tokens).expect_err("must not be valid"),
    }
}

#[test]
fn token_boundaries() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (" \t\r\n\x0b\x0c", &[]),
        ("\u{feff}select 1", &["select", "1"]),
        ("select a,b", &["select", "a", ",", "b"]),
        ("naïve_1$x é 🦀", &["naïve_1$x", "é", "🦀"]),
        ("a\u{a0}b", &["a\u{a0}b"]),
        // Comments.
        ("a -- b 'c\nd", &["a", "-- b 'c", "d"]),
        ("a --\r\nb", &["a", "--", "b"]),
        ("a/* x /* y */ ' */b", &["a", "/* x /* y */ ' */", "b"]),
        ("/**/", &["/**/"]),
        ("/*/**/*/x", &["/*/**/*/", "x"]),
        ("1 --2", &["1", "--2"]),
        ("1 - -2", &["1", "-", "-", "2"]),
        // Strings.
        ("''", &["''"]),
        ("'it''s' 'b'", &["'it''s'", "'b'"]),
        (r"'a\' b", &[r"'a\'", "b"]),
        (r"E'a\' b'c", &[r"E'a\' b'", "c"]),
        (r"e'\\'c", &[r"e'\\'", "c"]),
        (r"e'a''b\''c", &[r"e'a''b\''", "c"]),
        ("U&'d\\0061t' UESCAPE '!'", &["U&'d\\0061t'", "UESCAPE", "'!'"]),
        ("u & 'a'", &["u", "&", "'a'"]),
        ("B'01' x'1F' N'x'", &["B'01'", "x'1F'", "N", "'x'"]),
        ("'a'\n'b'", &["'a'", "'b'"]),
        ("E'a'\n'b\\' ; c'", &["E'a'", "'b\\' ; c'"]),
        ("E'a' -- x\n  -- y\n 'b\\'' c", &["E'a'", "-- x", "-- y", "'b\\''", "c"]),
        ("E'a' 'b\\' c", &["E'a'", "'b\\'", "c"]),
        ("E'a'\n/* x */'b\\' c", &["E'a'", "/* x */", "'b\\'", "c"]),
        ("E'a'\nx 'b\\' c", &["E'a'", "x", "'b\\'", "c"]),
        ("E'a'\n'b'\n'c\\''", &["E'a'", "'b'", "'c\\''"]),
        ("E'a', 'x'\n'b\\' c", &["E'a'", ",", "'x'", "'b\\'", "c"]),
        ("'🦀''' '\n;'", &["'🦀'''", "'\n;'"]),
        // Quoted names.
        (r#""a""b" "c""#, &[r#""a""b""#, r#""c""#]),
        (r#"U&"d\0061" "it's""#, &[r#"U&"d\0061""#, r#""it's""#]),
        (r#""a\"b"#, &[r#""a\""#, "b"]),
        // Dollars.
        ("$$a;b$$ c", &["$$a;b$$", "c"]),
        ("$q$ $$ $Q$ $q$", &["$q$ $$ $Q$ $q$"]),
        ("$a$ $b$a$c", &["$a$ $b$a$", "c"]),
        ("$é1$ ' $é1$", &["$é1$ ' $é1$"]),
        ("a$$b", &["a$$b"]),
        ("$1 $12a", &["$1", "$12", "a"]),
        ("$ a $b", &["$", "a", "$", "b"]),
        ("$1$2$ x", &["$1", "$2", "$", "x"]),
        // Numbers.
        ("1 1.5 .5 5. 1e5 1.5E-3 1e+2", &["1", "1.5", ".5", "5.", "1e5", "1.5E-3", "1e+2"]),
        ("1..10", &["1", "..", "10"]),
        ("0x1F 0b10 0o17 1_000 0x_1f", &["0x1F", "0b10", "0o17", "1_000", "0x_1f"]),
        ("1__0 1_ 0xg", &["1", "__0", "1", "_", "0", "xg"]),
        ("1e 1e+ 1a", &["1", "e", "1", "e", "+", "1", "a"]),
        ("a.1 a[1:2]", &["a", ".1", "a", "[", "1", ":", "2", "]"]),
        // Operators.
        ("a::text b:=1 c=>2", &["a", "::", "text", "b", ":=", "1", "c", "=>", "2"]),
        ("a<=b<>c!=d>=e", &["a", "<=", "b", "<>", "c", "!=", "d", ">=", "e"]),
        ("a->>'b' #>> c", &["a", "->>", "'b'", "#>>", "c"]),
        ("a=-1 b*-1 c<-1", &["a", "=", "-", "1", "b", "*", "-", "1", "c", "<", "-", "1"]),
        ("a @- b ~+ c", &["a", "@-", "b", "~+", "c"]),
        ("a=+-1", &["a", "=", "+", "-", "1"]),
        ("+- 1", &["+", "-", "1"]),
        ("a*/**/b", &["a", "*", "/**/", "b"]),
        ("a=--c\nb", &["a", "=", "--c", "b"]),
        ("a+--c\nb", &["a", "+", "--c", "b"]),
        ("(*)", &["(", "*", ")"]),
        ("\\x", &["\\", "x"]),
        ("{}", &["{", "}"]),
    ];
    for (text, expected) in cases {
        assert_eq!(cut(text), *expected, "in {text:?}");
    }
}

#[test]
fn statements_end_where_psql_ends_them() {
    let cases: &[(&str, &[(u32, &str)])] = &[
        ("", &[]),
        (" ;; ;", &[]),
        ("-- only\n/* comments */", &[]),
        ("select 1", &[(1, "select 1")]),
        ("select 1;\n\n-- c\nselect 2 ; ", &[(1, "select 1"), (4, "select 2")]),
        ("select ';', \";\", $$;$$, E'\\';' ; x", &[(1, "select ';', \";\", $$;$$, E'\\';'"), (1, "x")]),
        ("select 1 -- a;b\n, 2 /* ; */; x", &[(1, "select 1 -- a;b\n, 2"), (2, "x")]),
        (
            "create rule r as on insert to t do (select 1; select 2); x",
            &[(1, "create rule r as on insert to t do (select 1; select 2)"), (1, "x")],
        ),
        (
            "create function f() returns int begin atomic select 1; select case when true then 1 end; end; x",
            &[
                (
                    1,
                    "create function f() returns int begin atomic select 1; select case when true then 1 end; end",
                ),
                (1, "x"),
            ],
        ),
        (
            "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT 1; END; x",
            &[(1, "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT 1; END"), (1, "x")],
        ),
        ("begin; select 1; end;", &[(1, "begin"), (1, "select 1"), (1, "end")]),
        (
            "create table begin_ (x int default (case when true then 1 end)); x",
            &[(1, "create table begin_ (x int default (case when true then 1 end))"), (1, "x")],
        ),
        ("select 1); x", &[(1, "select 1)"), (1, "x")]),
        (
            "create view v as select case 1 when 1 then 2 end; x",
            &[(1, "create view v as select case 1 when 1 then 2 end"), (1, "x")],
        ),
        ("\r\nselect\r\n1;\r\nx", &[(2, "select\r\n1"), (4, "x")]),
        ("\u{feff}x", &[(1, "x")]),
        ("select '\n\n'\n;x", &[(1, "select '\n\n'"), (4, "x")]),
    ];
    for (text, expected) in cases {
        assert_eq!(split(text), *expected, "in {text:?}");
    }
}

#[test]
fn what_is_never_closed_is_named_with_its_line() {
    let cases = [
        ("a\n'b\n", 2, "a string ' "),
        ("E'\\'", 1, "a string ' "),
        ("E'\\", 1, "a string ' "),
        ("\n\n\"b", 3, "a quoted name"),
        ("a /* /* */\n", 1, "a comment /*"),
        ("x\n$q$ $Q$", 2, "a dollar-quoted"),
        ("a (\n(b", 2, "a ( "),
        ("create function f() begin atomic\nselect 1;", 1, "BEGIN ATOMIC"),
        ("a\nb\0", 2, "a NUL byte"),
    ];
    for (text, line, what) in cases {
        let error = fails(text);
        assert_eq!(error.line, line, "in {text:?}");
        assert!(error.what.starts_with(what), "{} in {text:?}", error.what);
    }
}

#[test]
fn tokens_cover_all_but_white_space() {
    let text =
        "create table \"t\" (a int default 1_0, b text default E'\\'' -- c\n); /* x */ select $1 || $$a$$;";
    let tokens = tokens(text).expect("valid");
    let mut at = 0;
    for token in &tokens {
        assert!(text[at..token.range.start].trim().is_empty());
        assert!(!token.range.is_empty());
        at = token.range.end;
    }
    assert!(text[at..].trim().is_empty());
}

/// Any sequence of awkward pieces is lexed without a panic, at character boundaries, and the same way when white space
/// around a token changes.
#[test]
fn awkward_sequences() {
    const PIECES: &[&str] = &[
        "'",
        "\"",
        "$",
        "$a$",
        "$$",
        "E'",
        "U&",
        "U&'",
        "é",
        "🦀",
        "\\",
        "--",
        "/*",
        "*/",
        "\n",
        " ",
        "1",
        ".",
        "e",
        "+",
        "-",
        "@",
        "(",
        ")",
        ";",
        ":",
        "=",
        "a",
        "_",
        "0x",
        "begin",
        "end",
        "create function",
        "\r\n",
    ];
    let mut state = 1_u64;
    let mut valid = 0;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            // A linear congruential generator is random enough here.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PIECES[usize::try_from(state >> 33).expect("fits") % PIECES.len()]);
        }
        let Ok(found) = tokens(&text) else { continue };
        valid += 1;
        let parts: Vec<&str> = found.iter().map(|token| &text[token.range.clone()]).collect();
        let spaced = parts.join("\n ");
        // Where two segments of a literal are moved to two lines, they become one literal: not the same text any more.
        if !spaced.to_ascii_uppercase().contains("E'") {
            assert_eq!(cut(&spaced), parts, "{text:?}");
        }
        if let Ok(spans) = statements(&text, &found) {
            assert!(spans.iter().all(|span| !text[span.range.clone()].trim().is_empty()), "{text:?}");
        }
    }
    assert!(valid > 2_000, "{valid}");
}

#[test]
fn names_are_found_inside_of_literals() {
    let body = "BEGIN EXECUTE 'INSERT INTO \"Log\" VALUES (''it'', E''\\n'')'; PERFORM app.Next(); /* not_this */ END";
    let found = names(&format!("FUNCTION public.f(a integer) AS $body$ {body} $body$"));
    for name in ["public", "f", "a", "app", "next", "Log", "it"] {
        assert!(found.contains(name), "{name} in {found:?}");
    }
    assert!(!found.contains("not_this") && !found.contains("Next") && !found.contains("body"), "{found:?}");
    assert!(names("AS $$ no 'end $$").contains("as"), "what cannot be read says nothing");
}
