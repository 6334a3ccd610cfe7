//! `#[derive(Domain)]`: the SQL type, the definition and its record.

use super::table::{quoted_collation, written_type};
use super::wire::Record;
use super::{file, krate, name, optional, origin, type_stub};
use crate::ast::{Constraint, ConstraintKind, Domain};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::LitStr;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// All that the derive gives.
pub(crate) fn expand(domain: &Domain) -> TokenStream {
    let Domain { ident, member, ty, attrs } = domain;
    let krate = krate(attrs.krate.as_ref());
    let sql_name = name(attrs.schema.as_ref(), &domain.name());
    let rust_file = file(ident.span());
    let path = ident.unraw().to_string();
    let domain_origin = origin(ident.span(), &path);
    let base = match &attrs.sql_type {
        Some(sql) => written_type(&sql.value()),
        None => quote_spanned!(ty.span()=> <#ty as _s::PgType>::TYPE),
    };
    let comment = optional(attrs.comment.as_ref());
    let renamed_from = optional(attrs.renamed_from.as_ref());
    let collation = optional(attrs.collation.as_ref().map(|c| quoted_collation(&c.value())));
    let default = optional(attrs.default.as_ref().map(|default| &default.value));
    let not_null = attrs.not_null.is_some();
    let checks = checks(domain).map(|(check, expression)| {
        let origin = origin(check.word.span(), &path);
        let name = optional(check.name.as_ref());
        quote!(_s::DomainCheckDef { origin: #origin, name: #name, expression: #expression })
    });
    let record = record(domain);
    quote! {
        const _: () = {
            use #krate::__private as _s;
            #rust_file
            const NAME: _s::Name = #sql_name;
            #[automatically_derived]
            impl _s::PgType for #ident {
                const TYPE: _s::Type = _s::Type::domain(NAME);
            }
            #[automatically_derived]
            impl _s::Domain for #ident {
                const DEF: &'static _s::DomainDef = &_s::DomainDef {
                    origin: #domain_origin,
                    name: NAME,
                    comment: #comment,
                    renamed_from: #renamed_from,
                    ty: #base,
                    collation: #collation,
                    default: #default,
                    not_null: #not_null,
                    checks: &[#(#checks),*],
                };
                const RECORD: _s::Parts = #record;
            }
            // A newtype that only describes its domain is no dead code.
            #[allow(dead_code)]
            fn value(value: &#ident) {
                let _ = value.#member;
            }
            #krate::__record!(KIND_DOMAIN, <#ident as _s::Domain>::RECORD);
        };
    }
}

/// What tables need of a domain that has mistakes, so that they don't get errors of their own.
pub(crate) fn stub(domain: &Domain) -> TokenStream {
    let sql_name = name(domain.attrs.schema.as_ref(), &domain.name());
    type_stub(domain.attrs.krate.as_ref(), &domain.ident, quote!(domain(#sql_name)))
}

fn checks(domain: &Domain) -> impl Iterator<Item = (&Constraint, &LitStr)> {
    domain.attrs.checks.iter().filter_map(|check| {
        if let ConstraintKind::Check { expression, .. } = &check.kind {
            Some((check, expression))
        } else {
            None
        }
    })
}

fn record(domain: &Domain) -> TokenStream {
    let Domain { ident, member: _, ty, attrs } = domain;
    let mut record = Record::default();
    record.head(ident, attrs.schema.as_ref(), &domain.name());
    record.written(attrs.comment.as_ref());
    record.written(attrs.renamed_from.as_ref());
    match &attrs.sql_type {
        Some(sql) => record.written_type(&sql.value(), false),
        None => record.part(quote_spanned!(ty.span()=> <#ty as _s::PgType>::WIRE)),
    }
    record.optional(attrs.collation.as_ref().map(|c| quoted_collation(&c.value())).as_deref());
    record.optional(attrs.default.as_ref().map(|default| default.value.as_str()));
    record.flag(attrs.not_null.is_some());
    record.count(checks(domain).count());
    for (check, expression) in checks(domain) {
        record.origin(check.word.span(), &ident.unraw().to_string());
        record.written(check.name.as_ref());
        record.text(&expression.value());
    }
    record.finish()
}
