//! `[lint]` of schema.toml: its keys, and what they come to.

use super::File;
use schema_core::engine::error::Error;
use schema_core::engine::lint::config::{Config, Level, NAMED, Naming, Profile, level};
use schema_core::engine::lint::pattern::Pattern;
use schema_core::engine::lint::unknown;
use schema_core::engine::lint::waiver::{ObjectWaiver, Waiver, is_date};
use schema_core::engine::nearest::did_you_mean;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// `[lint]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Lint {
    /// `dev`, `ci` or `prod`.
    pub(crate) profile: Option<Spanned<String>>,
    /// The first migration that is linted.
    pub(crate) since: Option<String>,
    /// The oldest major of PostgreSQL that the migrations must run on.
    pub(crate) postgres: Option<u32>,
    /// How much rules matter.
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, Spanned<String>>,
    /// The same for one profile.
    #[serde(default)]
    pub(crate) profiles: BTreeMap<String, BTreeMap<String, Spanned<String>>>,
    /// How names are written.
    #[serde(default)]
    pub(crate) naming: BTreeMap<String, Spanned<String>>,
    /// Waivers.
    #[serde(default)]
    pub(crate) allow: Vec<Allow>,
}

/// One of `[[lint.allow]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Allow {
    /// The rule.
    pub(crate) rule: Spanned<String>,
    /// The object, as findings name it; none stands for all.
    pub(crate) object: Option<String>,
    /// Why.
    #[serde(default)]
    pub(crate) reason: String,
    /// The last day on which it holds.
    pub(crate) until: Option<Spanned<String>>,
}

pub(super) const KEYS: &[&str] = &["profile", "since", "postgres", "rules", "profiles", "naming", "allow"];
pub(super) const ALLOW_KEYS: &[&str] = &["rule", "object", "reason", "until"];

/// What a file asks for, with this profile or its own.
pub(crate) fn read(file: &File, profile: Option<Profile>) -> Result<Config, Error> {
    let lint = &file.config.lint;
    let own =
        lint.profile.as_ref().map(|name| named_profile(file, name.get_ref(), file.line(name))).transpose()?;
    let profile = profile.or(own).unwrap_or_default();
    let mut levels = BTreeMap::new();
    add(file, &mut levels, &lint.rules)?;
    for (name, rules) in &lint.profiles {
        let line = rules.values().next().map_or(1, |level| file.line(level));
        // All are read, so that a mistake is not found in production first.
        let mut of_profile = BTreeMap::new();
        add(file, &mut of_profile, rules)?;
        if named_profile(file, name, line)? == profile {
            levels.extend(of_profile);
        }
    }
    let mut naming = Naming::default();
    for (what, pattern) in &lint.naming {
        if !NAMED.contains(&what.as_str()) {
            let error = Error::usage(format!("[lint.naming] has no key `{what}`"));
            return Err(error
                .at(file.name(), file.line(pattern))
                .next(format!("there is {}", NAMED.join(", "))));
        }
        if let Err(why) = Pattern::parse(pattern.get_ref()) {
            let error = Error::usage(format!("`{}` is no regular expression: {why}", pattern.get_ref()));
            return Err(error
                .at(file.name(), file.line(pattern))
                .next("write the expression between slashes, `snake_case`, or text with *"));
        }
        naming.patterns.insert(what.clone(), pattern.get_ref().clone());
    }
    let mut allow = Vec::new();
    for waiver in &lint.allow {
        if let Some(until) = waiver.until.as_ref().filter(|until| !is_date(until.get_ref())) {
            let error = Error::usage(format!("`{}` is no day", until.get_ref()));
            return Err(error.at(file.name(), file.line(until)).next("write it as 2027-01-31"));
        }
        let said = Waiver {
            rule: waiver.rule.get_ref().clone(),
            reason: waiver.reason.clone(),
            until: waiver.until.as_ref().map(|until| until.get_ref().clone()),
            line: file.line(&waiver.rule),
            statement: None,
        };
        allow.push(ObjectWaiver { waiver: said, object: waiver.object.clone(), file: file.name() });
    }
    let (postgres, since) = (lint.postgres, lint.since.clone());
    Ok(Config { profile, levels, postgres, naming, allow, since, today: None, now: None })
}

fn named_profile(file: &File, name: &str, line: u32) -> Result<Profile, Error> {
    Profile::ALL.into_iter().find(|profile| profile.name() == name).ok_or_else(|| {
        let known = Profile::ALL.map(Profile::name);
        let error = Error::usage(format!("there is no profile `{name}`{}", did_you_mean(name, &known)));
        error.at(file.name(), line).next(format!("there is {}", known.join(", ")))
    })
}

fn add(
    file: &File,
    levels: &mut BTreeMap<String, Level>,
    rules: &BTreeMap<String, Spanned<String>>,
) -> Result<(), Error> {
    for (rule, word) in rules {
        let at = |error: Error| error.at(file.name(), file.line(word));
        known(rule).map_err(at)?;
        let Some(level) = level(word.get_ref()) else {
            let hint = did_you_mean(word.get_ref(), &["off", "info", "warn", "error"]);
            let error = Error::usage(format!("`{}` is no level of {rule}{hint}", word.get_ref()));
            return Err(at(error).next("write off, info, warn or error"));
        };
        levels.insert(rule.clone(), level);
    }
    Ok(())
}

/// Refuses the name of a rule that does not exist.
pub(crate) fn known(rule: &str) -> Result<(), Error> {
    match unknown(rule) {
        Some(what) => Err(Error::usage(what).next("`schema lint --list` has their names")),
        None => Ok(()),
    }
}
