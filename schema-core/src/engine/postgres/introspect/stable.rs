//! Expressions as PostgreSQL prints them again. It prints an array whose elements it had to convert, as `IN` does with
//! `varchar`, as a conversion of the array; reading that, it converts the elements, and prints the same expression
//! differently from then on. Here the first form becomes the second. Nothing else is touched.

use crate::engine::printed::find;

/// The text that does not change any more when PostgreSQL reads and prints it.
pub fn stable(text: &str) -> String {
    let Some(start) = find(text, "(ARRAY[") else { return text.to_owned() };
    let rest = &text[start + "(ARRAY[".len()..];
    let converted = find(rest, "]").and_then(|end| {
        let ty = rest[end..].strip_prefix("])::")?;
        let length = find(ty, "[]")?;
        Some((&rest[..end], &ty[..length], &ty[length + 2..]))
    });
    match converted {
        Some((elements, ty, after)) => {
            let array = array(elements, ty);
            format!("{}{array}{}", &text[..start], stable(after))
        }
        None => format!("{}(ARRAY[{}", &text[..start], stable(rest)),
    }
}

/// `ARRAY[...]` with each element converted; the elements of a nested array, not the array.
fn array(elements: &str, ty: &str) -> String {
    let mut converted = Vec::new();
    let mut rest = elements;
    while !rest.is_empty() {
        let (element, after) = match find(rest, ", ") {
            Some(end) => (&rest[..end], &rest[end + 2..]),
            None => (rest, ""),
        };
        converted.push(match element.strip_prefix("ARRAY[").and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => array(inner, ty),
            None => format!("({})::{ty}", stable(element)),
        });
        rest = after;
    }
    format!("ARRAY[{}]", converted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::stable;

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
}
