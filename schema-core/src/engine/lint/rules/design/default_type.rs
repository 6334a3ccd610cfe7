//! `default-type-mismatch`.

use crate::engine::lint::keys::columns;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const DEFAULT_TYPE: Rule = Rule {
    name: "default-type-mismatch",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A default has another type than its column.",
    why: "It is converted at each insert: a moment becomes the local time of whoever inserts, digits are cut off, or it fails.",
    recipe: "Write a default of the column's type, such as (now() AT TIME ZONE 'UTC') for a timestamp.",
    checks: &[Check::Catalog(check)],
};

fn check(site: &CatalogSite<'_>, found: &mut Found) {
    for (id, column) in columns(site.catalog).filter(|(_, column)| column.generated.is_none()) {
        let Some(default) = &column.default else { continue };
        if let Some(has) = type_of(default).filter(|has| !fits(has, &column.data_type)) {
            let name = format!("{}.{}", column.table.short(), column.name);
            found.object(
                site,
                id,
                format!("{name} is {}, and its default {default} is {has}", column.data_type),
            );
        }
    }
}

/// The type of an expression, where its text tells.
fn type_of(default: &str) -> Option<&str> {
    match default {
        "now()"
        | "CURRENT_TIMESTAMP"
        | "clock_timestamp()"
        | "statement_timestamp()"
        | "transaction_timestamp()" => Some("timestamp with time zone"),
        "CURRENT_DATE" => Some("date"),
        "LOCALTIMESTAMP" => Some("timestamp without time zone"),
        "gen_random_uuid()" => Some("uuid"),
        _literal => {
            let (literal, has) = default.strip_prefix('\'')?.rsplit_once("'::")?;
            Some(has).filter(|_| !literal.replace("''", "").contains('\''))
        }
    }
}

/// Whether nothing is converted, but the length of a text.
fn fits(has: &str, wants: &str) -> bool {
    let base = |name: &str| {
        let name = name.split('(').next().unwrap_or(name).trim();
        let text = ["text", "character varying", "character", "bpchar", "name"].contains(&name);
        if text { "text".to_owned() } else { name.to_owned() }
    };
    let zone = |name: &str| name.ends_with("with time zone");
    base(has) == base(wants) && (!has.starts_with("timestamp") || zone(has) == zone(wants))
        || base(has).split(' ').next() == base(wants).split(' ').next() && zone(has) == zone(wants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_converted() {
        let differs = |default: &str, wants: &str| type_of(default).is_some_and(|has| !fits(has, wants));
        assert!(differs("now()", "timestamp without time zone") && differs("now()", "date"));
        assert!(
            !differs("now()", "timestamp with time zone") && !differs("now()", "timestamp(3) with time zone")
        );
        assert!(!differs("''::text", "character varying(10)") && !differs("'{}'::jsonb", "jsonb"));
        assert!(
            differs("'1'::text", "integer")
                && !differs("0", "bigint")
                && !differs("'-1'::integer", "integer")
        );
        assert!(!differs("'a'::public.e", "public.e"));
    }
}
