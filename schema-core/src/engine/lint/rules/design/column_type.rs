//! Types that are seldom what is meant: `json-instead-of-jsonb`, `timestamp-without-tz`, `char-n`, `varchar-n`,
//! `float-for-money`, `reg-type-column`, `enum-type-discouraged`.

use crate::engine::id::ObjectId;
use crate::engine::kind::column::Column;
use crate::engine::lint::keys::columns;
use crate::engine::lint::prelude::*;

pub(in crate::engine::lint) const JSON: Rule = Rule {
    name: "json-instead-of-jsonb",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A column is json.",
    why: "It is text that is parsed at each use: it has no equality, so no DISTINCT and no UNION, and no useful index.",
    recipe: "Take jsonb, unless white space and the order of keys matter.",
    checks: &[Check::Catalog(json)],
};

pub(in crate::engine::lint) const TIMESTAMP: Rule = Rule {
    name: "timestamp-without-tz",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A column is a timestamp without time zone.",
    why: "It is no moment: what it means depends on where the reader believes it was written.",
    recipe: "Take timestamptz, in Rust a moment such as DateTime<Utc>. It is as large.",
    checks: &[Check::Catalog(timestamp)],
};

pub(in crate::engine::lint) const CHAR: Rule = Rule {
    name: "char-n",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A column is character(n).",
    why: "It is filled up with blanks, which some operators count and others do not, and it saves nothing.",
    recipe: "Take text, with a check where the length matters.",
    checks: &[Check::Catalog(char_n)],
};

pub(in crate::engine::lint) const VARCHAR: Rule = Rule {
    name: "varchar-n",
    group: Group::Design,
    levels: Levels::INFO,
    summary: "A column is varchar(n).",
    why: "A smaller limit cannot be set later without reading all rows under a strong lock, and the limit saves nothing.",
    recipe: "Take text, with a check that can be changed: CHECK (length(c) <= 80).",
    checks: &[Check::Catalog(varchar)],
};

pub(in crate::engine::lint) const FLOAT: Rule = Rule {
    name: "float-for-money",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A column that seems to hold money is a floating point number, or of the type money.",
    why: "Tenths have no exact value in it: sums do not add up. The type money depends on lc_monetary.",
    recipe: "Take numeric, or whole cents in a bigint.",
    checks: &[Check::Catalog(float)],
};

pub(in crate::engine::lint) const REG_TYPE: Rule = Rule {
    name: "reg-type-column",
    group: Group::Design,
    levels: Levels::WARN,
    summary: "A column holds the number of a catalog entry: regclass, regproc and the like.",
    why: "The number is another one after a dump and restore, and pg_upgrade refuses a database that has such columns.",
    recipe: "Store the name as text.",
    checks: &[Check::Catalog(reg_type)],
};

pub(in crate::engine::lint) const ENUM: Rule = Rule {
    name: "enum-type-discouraged",
    group: Group::Design,
    levels: Levels::OFF,
    summary: "A column is of an enum type.",
    why: "Labels cannot be removed or moved without making the type anew. Some teams prefer a table that is referenced.",
    recipe: "Take a table of labels with a foreign key, or text with a check.",
    checks: &[Check::Catalog(enumeration)],
};

fn each(site: &CatalogSite<'_>, found: &mut Found, is_meant: impl Fn(&Column) -> bool) {
    for (id, column) in columns(site.catalog) {
        if is_meant(column) {
            let message = format!("{}.{} is {}", column.table.short(), column.name, column.data_type);
            found.object(site, id, message);
        }
    }
}

fn base(column: &Column) -> &str {
    column.data_type.trim_end_matches("[]")
}

fn json(site: &CatalogSite<'_>, found: &mut Found) {
    each(site, found, |column| base(column) == "json");
}

fn timestamp(site: &CatalogSite<'_>, found: &mut Found) {
    each(site, found, |column| {
        base(column).starts_with("timestamp") && base(column).ends_with("without time zone")
    });
}

fn char_n(site: &CatalogSite<'_>, found: &mut Found) {
    each(site, found, |column| base(column).starts_with("character("));
}

fn varchar(site: &CatalogSite<'_>, found: &mut Found) {
    each(site, found, |column| base(column).starts_with("character varying("));
}

fn float(site: &CatalogSite<'_>, found: &mut Found) {
    let words =
        ["amount", "balance", "cost", "fee", "price", "salary", "subtotal", "tax", "total", "money", "cents"];
    each(site, found, |column| {
        let float = ["real", "double precision"].contains(&base(column));
        let named = column.name.as_str().to_ascii_lowercase();
        base(column) == "money" || (float && named.split('_').any(|word| words.contains(&word)))
    });
}

fn reg_type(site: &CatalogSite<'_>, found: &mut Found) {
    // These two are the ones that pg_upgrade carries over.
    each(site, found, |column| {
        base(column).starts_with("reg") && !["regrole", "regtype"].contains(&base(column))
    });
}

fn enumeration(site: &CatalogSite<'_>, found: &mut Found) {
    let enums: Vec<String> = site
        .catalog
        .objects
        .keys()
        .filter_map(|id| if let ObjectId::Enum(name) = id { Some(name.to_string()) } else { None })
        .collect();
    each(site, found, |column| enums.iter().any(|name| name == base(column)));
}
