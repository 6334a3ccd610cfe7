//! All rules, by group.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a rule is about a few of many actions; `locks` and `world` know all"
)]

mod code;
mod data;
mod design;
mod history;
pub(super) mod lint;
mod locks;
mod security;

use super::rule::Rule;

/// The only list of rules.
pub const RULES: &[Rule] = &[
    data::drop_cascade::DROP_CASCADE,
    data::drop_column::DROP_COLUMN,
    data::drop_enum_value::DROP_ENUM_VALUE,
    data::drop_extension::DROP_EXTENSION,
    data::drop_schema::DROP_SCHEMA,
    data::drop_schema::DROP_DATABASE,
    data::drop_table::DROP_TABLE,
    data::recreate_loses_data::RECREATE,
    data::restart::SEQUENCE_RESTART,
    data::restart::IDENTITY_RESET,
    data::truncate::TRUNCATE,
    data::truncate::TRUNCATE_CASCADE,
    data::type_change::NARROWING,
    data::type_change::LOSSY,
    data::without_where::DELETE,
    data::without_where::UPDATE,
    locks::add_column::REQUIRED,
    locks::add_column::VOLATILE,
    locks::add_column::SERIAL,
    locks::add_column::STORED,
    locks::add_column::DOMAIN,
    locks::add_column::INLINE,
    locks::alter_type::CHANGE_TYPE,
    locks::alter_type::INT_TO_BIGINT,
    locks::backfill::DATA_AND_DDL,
    locks::backfill::UNBATCHED,
    locks::check_not_valid::CHECK_NOT_VALID,
    locks::concurrently::IN_TRANSACTION,
    locks::concurrently::IF_NOT_EXISTS,
    locks::concurrently::MANY,
    locks::exclusion::EXCLUSION,
    locks::fk_not_valid::FK_NOT_VALID,
    locks::index::CREATE,
    locks::index::DROP,
    locks::index_replace_gap::REPLACE_GAP,
    locks::key_blocking::UNIQUE,
    locks::key_blocking::PRIMARY,
    locks::long_running::LONG_RUNNING,
    locks::multiple_alter::MULTIPLE_ALTER,
    locks::observed::LOCK,
    locks::observed::REWRITE,
    locks::partition::ATTACH,
    locks::partition::DETACH,
    locks::rebuild::REBUILD,
    locks::refresh::REFRESH,
    locks::refresh::CONCURRENT,
    locks::reindex::REINDEX,
    locks::row_security::ENABLE,
    locks::row_security::FORCE,
    locks::set_not_null::SET_NOT_NULL,
    locks::storage::ACCESS_METHOD,
    locks::storage::LOGGED,
    locks::storage::TABLESPACE,
    locks::timeouts::LOCK,
    locks::timeouts::STATEMENT,
    locks::timeouts::IDLE,
    locks::trigger::CREATE,
    locks::trigger::TOGGLE,
    locks::trigger::DROP,
    locks::validate::VALIDATE,
    locks::window::AFTER,
    locks::window::WIDE,
    code::cached_plan::CACHED_PLAN,
    code::constraint_dropped::FK,
    code::constraint_dropped::UNIQUE,
    code::constraint_dropped::CONSTRAINT,
    code::default::DROP,
    code::default::CHANGE,
    code::enumeration::RENAME,
    code::enumeration::UNKNOWN,
    code::enumeration::ORDER,
    code::enumeration::SAME_TX,
    code::index_dropped::INDEX_DROPPED,
    code::nullability::READERS,
    code::nullability::WRITERS,
    code::rename::COLUMN,
    code::rename::TABLE,
    code::rename::SCHEMA,
    code::required_column::REQUIRED_COLUMN,
    code::routine::SIGNATURE,
    code::routine::VOLATILITY,
    code::tighten::TIGHTEN,
    code::view_column::VIEW_COLUMN,
    security::definer::DEFINER,
    security::dynamic_sql::DYNAMIC_SQL,
    security::extension::IN_PUBLIC,
    security::grant::BROAD,
    security::grant::REVOKE,
    security::owner::OWNER,
    security::policy::ALWAYS_TRUE,
    security::role::ROLE,
    security::row_security::DISABLED,
    security::row_security::NO_POLICY,
    security::row_security::WITHOUT_RLS,
    security::secret::SECRET,
    security::view::NOT_INVOKER,
    history::down::MISSING,
    history::down::WITHOUT_REASON,
    history::ledger::EDITED,
    history::ledger::MISSING,
    history::names::UNQUALIFIED,
    history::names::MIXED,
    history::names::TOO_LONG,
    history::names::QUOTED,
    history::order::OUT_OF_ORDER,
    history::order::FUTURE,
    history::order::DIVERGED,
    history::proof::NON_COMMUTATIVE,
    history::proof::SNAPSHOT,
    history::proof::MODELS_AHEAD,
    history::proof::HISTORY_AHEAD,
    history::repeatable::NON_IDEMPOTENT,
    history::robust::GUARD,
    history::transaction::CONTROL,
    history::transaction::UNCOMMITTED,
    design::column_type::JSON,
    design::column_type::TIMESTAMP,
    design::column_type::CHAR,
    design::column_type::VARCHAR,
    design::column_type::FLOAT,
    design::column_type::REG_TYPE,
    design::column_type::ENUM,
    design::default_type::DEFAULT_TYPE,
    design::feature::FEATURE,
    design::foreign_key::MISSING_INDEX,
    design::foreign_key::TYPE_MISMATCH,
    design::foreign_key::SET_NULL,
    design::foreign_key::SET_DEFAULT,
    design::index::DUPLICATE,
    design::index::PREFIX,
    design::index::WIDE,
    design::naming::NAMING,
    design::null_unique::NULLS_DISTINCT,
    design::primary_key::NO_PRIMARY_KEY,
    design::primary_key::SMALL,
    design::primary_key::SERIAL,
    design::row::PACKING,
    design::row::WIDE,
    design::usage::UNUSED,
    design::usage::BLOAT,
    lint::UNPARSED,
    lint::WITHOUT_REASON,
    lint::UNKNOWN,
    lint::UNUSED,
    lint::EXPIRED,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        let kebab =
            |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(names.iter().all(|name| kebab(name)));
    }

    #[test]
    fn every_rule_says_all_that_it_must() {
        for rule in RULES {
            let summary = rule.summary;
            assert!(summary.ends_with('.') && !summary.contains('\n'), "{}", rule.name);
            assert!(
                rule.why.ends_with('.') && !rule.recipe.is_empty() && !rule.checks.is_empty(),
                "{}",
                rule.name
            );
        }
    }
}
