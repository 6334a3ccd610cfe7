//! Arrays whose elements PostgreSQL had to convert, as `IN` does with `varchar`: it prints a conversion of the array;
//! reading that, it converts the elements, and prints the same expression differently from then on. Nothing else is
//! touched here.

use super::find;

const OPENS: &str = "(ARRAY[";

/// `(ARRAY[...])::ty[]` in a text.
#[derive(Clone, Copy)]
struct Converted<'a> {
    before: &'a str,
    elements: &'a str,
    ty: &'a str,
    after: &'a str,
}

/// The text in the second form, which no longer changes.
pub(crate) fn stable(text: &str) -> String {
    rewritten(text, |array| {
        let array = of_twice(array).unwrap_or(*array);
        (array.before, by_elements(array.elements, array.ty), array.after)
    })
}

/// The text in words that PostgreSQL prints just as it has printed this one. An array that already has its type is converted
/// as an array; only where the elements do not tell the type is it the second form.
/// None if it is that already.
pub(super) fn lasting(text: &str) -> Option<String> {
    find(text, OPENS)?;
    Some(rewritten(text, |array| {
        let Converted { before, elements, ty, after } = *array;
        let sql = match type_of(elements) {
            Some(own) if own == ty => format!("(ARRAY[{elements}])::{ty}[]"),
            Some(own) => format!("((ARRAY[{elements}])::{own}[])::{ty}[]"),
            None => by_elements(elements, ty),
        };
        (before, sql, after)
    }))
}

/// Each converted array in other words; what stands before it, the words, and what stands after it.
fn rewritten<'a>(text: &'a str, words: fn(&Converted<'a>) -> (&'a str, String, &'a str)) -> String {
    let Some(start) = find(text, OPENS) else { return text.to_owned() };
    let (before, rest) = (&text[..start], &text[start + OPENS.len()..]);
    let converted = find(rest, "]").and_then(|end| {
        let (ty, after) = array_type(rest[end..].strip_prefix("])::")?)?;
        Some(Converted { before, elements: &rest[..end], ty, after })
    });
    match converted {
        Some(array) => {
            let (before, sql, after) = words(&array);
            format!("{before}{sql}{}", rewritten(after, words))
        }
        None => format!("{before}{OPENS}{}", rewritten(rest, words)),
    }
}

/// The type before `[]`, and what follows.
fn array_type(text: &str) -> Option<(&str, &str)> {
    let length = find(text, "[]")?;
    Some((&text[..length], &text[length + 2..]))
}

/// The conversion around one that changes nothing: what `lasting` writes.
fn of_twice<'a>(array: &Converted<'a>) -> Option<Converted<'a>> {
    let before = array.before.strip_suffix('(').filter(|_| type_of(array.elements) == Some(array.ty))?;
    let (ty, after) = array_type(array.after.strip_prefix(")::")?)?;
    Some(Converted { before, elements: array.elements, ty, after })
}

/// The type that all elements say they have, if all are literals.
fn type_of(elements: &str) -> Option<&str> {
    let mut types = split(elements).into_iter().map(|element| {
        let (value, ty) = element.rsplit_once("::")?;
        let plain = value == "NULL" || value.strip_prefix('E').unwrap_or(value).starts_with('\'');
        let alone = find(value, " ").is_none() && find(value, "::").is_none();
        Some(ty).filter(|ty| plain && alone && !ty.contains(['\'', '"', '(']))
    });
    let first = types.next()??;
    types.all(|ty| ty == Some(first)).then_some(first)
}

/// The elements of a list.
fn split(elements: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = elements;
    while !rest.is_empty() {
        let (element, after) = match find(rest, ", ") {
            Some(end) => (&rest[..end], &rest[end + 2..]),
            None => (rest, ""),
        };
        found.push(element);
        rest = after;
    }
    found
}

/// `ARRAY[...]` with each element converted; the elements of a nested array, not the array.
fn by_elements(elements: &str, ty: &str) -> String {
    let converted = split(elements).into_iter().map(|element| {
        match element.strip_prefix("ARRAY[").and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => by_elements(inner, ty),
            None => format!("({})::{ty}", stable(element)),
        }
    });
    format!("ARRAY[{}]", converted.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::{lasting, stable};

    #[test]
    fn conversions_move_to_the_elements() {
        for (first, second) in [
            (
                "CHECK (((a)::text = ANY ((ARRAY['x, ]'::character varying, 'it''s'::character varying])::text[])))",
                "CHECK (((a)::text = ANY (ARRAY[('x, ]'::character varying)::text, ('it''s'::character varying)::text])))",
            ),
            (
                "(ARRAY[ARRAY[a, b], ARRAY[c, d]])::text[]",
                "ARRAY[ARRAY[(a)::text, (b)::text], ARRAY[(c)::text, (d)::text]]",
            ),
            (
                "f((ARRAY[a])::\"X[]\".\"y\"[]) AND '(ARRAY[a])::text[]' = b",
                "f(ARRAY[(a)::\"X[]\".\"y\"]) AND '(ARRAY[a])::text[]' = b",
            ),
            ("(ARRAY[1, 2])[1]", "(ARRAY[1, 2])[1]"),
            ("(ARRAY[g(a, b)])::numeric(4,1)[]", "ARRAY[(g(a, b))::numeric(4,1)]"),
        ] {
            assert_eq!(stable(first), second);
            assert_eq!(stable(second), second);
        }
    }

    #[test]
    fn arrays_that_tell_their_type_stay_as_printed() {
        let first = "a = ANY ((ARRAY['x, ]'::character varying, NULL::character varying])::text[])";
        let again = "a = ANY (((ARRAY['x, ]'::character varying, NULL::character varying])::character varying[])::text[])";
        assert_eq!(lasting(first).as_deref(), Some(again));
        assert_eq!(lasting(again).as_deref(), Some(again));
        assert_eq!(stable(again), stable(first));
        for unknown in [
            "(ARRAY[b, 'x'::character varying])::text[]",
            "(ARRAY['x'::text || 'y'::text, 'x'::text])::name[]",
            "(ARRAY['x'::character(3), 'y'::character(3)])::text[]",
            "(ARRAY['x'::text, 'y'::name])::text[]",
        ] {
            assert_eq!(lasting(unknown), Some(stable(unknown)));
        }
        let both = "(f((ARRAY['a'::name])::text[]) AND g((ARRAY[b])::text[]))";
        let kept = "(f(((ARRAY['a'::name])::name[])::text[]) AND g(ARRAY[(b)::text]))";
        assert_eq!(lasting(both).as_deref(), Some(kept));
        assert_eq!(lasting("a = 'x'"), None);
    }
}
