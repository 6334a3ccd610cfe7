//! Columns and constraints, as sqlparser reads them.

use super::parsed;
use crate::engine::lint::action::{Column, Constraint, Form};
use crate::engine::name::Ident;
use sqlparser::ast::{
    ColumnDef, ColumnOption, ConstraintCharacteristics, Expr, GeneratedAs, GeneratedExpressionMode,
    IndexColumn, TableConstraint,
};

/// A column, and the constraints that stand with it.
pub(super) fn read(definition: &ColumnDef) -> Option<(Column, Vec<Constraint>)> {
    let name = parsed::ident(&definition.name);
    let (data_type, serial) = parsed::data_type(&definition.data_type);
    let mut column = Column {
        name: name.clone(),
        data_type,
        not_null: serial,
        default: None,
        generated: None,
        identity: false,
        serial,
    };
    let mut constraints = Vec::new();
    for option in &definition.options {
        let constraint = |form: Form| Constraint {
            columns: vec![name.clone()],
            ..Constraint::new(option.name.as_ref().map(parsed::ident), form)
        };
        #[allow(clippy::wildcard_enum_match_arm, reason = "sqlparser knows the options of twenty databases")]
        match &option.option {
            ColumnOption::NotNull => column.not_null = true,
            ColumnOption::Default(value) => column.default = Some(value.to_string()),
            ColumnOption::PrimaryKey(_) => {
                column.not_null = true;
                constraints.push(constraint(Form::PrimaryKey));
            }
            ColumnOption::Unique(_) => constraints.push(constraint(Form::Unique)),
            ColumnOption::ForeignKey(key) => {
                let references = Some(parsed::name(&key.foreign_table)?);
                let not_enforced = not_enforced(key.characteristics.as_ref());
                constraints.push(Constraint { references, not_enforced, ..constraint(Form::ForeignKey) });
            }
            ColumnOption::Check(check) => {
                let expression = Some(check.expr.to_string());
                let not_enforced = check.enforced == Some(false);
                constraints.push(Constraint { expression, not_enforced, ..constraint(Form::Check) });
            }
            ColumnOption::Generated { generated_as, generation_expr, generation_expr_mode, .. } => {
                match (generation_expr, generated_as) {
                    (Some(expression), _) => {
                        column.default = Some(expression.to_string());
                        column.generated =
                            Some(*generation_expr_mode == Some(GeneratedExpressionMode::Stored));
                    }
                    (None, GeneratedAs::Always | GeneratedAs::ByDefault | GeneratedAs::ExpStored) => {
                        column.identity = true;
                        column.not_null = true;
                    }
                }
            }
            _ => {}
        }
    }
    Some((column, constraints))
}

/// A constraint of a table.
pub(super) fn constraint(constraint: &TableConstraint) -> Option<Constraint> {
    let named = |name: &Option<sqlparser::ast::Ident>| name.as_ref().map(parsed::ident);
    Some(match constraint {
        TableConstraint::PrimaryKey(key) => Constraint {
            columns: columns(&key.columns),
            ..Constraint::new(named(&key.name), Form::PrimaryKey)
        },
        TableConstraint::Unique(key) => {
            Constraint { columns: columns(&key.columns), ..Constraint::new(named(&key.name), Form::Unique) }
        }
        TableConstraint::ForeignKey(key) => Constraint {
            columns: key.columns.iter().map(parsed::ident).collect(),
            references: Some(parsed::name(&key.foreign_table)?),
            not_enforced: not_enforced(key.characteristics.as_ref()),
            ..Constraint::new(named(&key.name), Form::ForeignKey)
        },
        TableConstraint::Check(check) => Constraint {
            expression: Some(check.expr.to_string()),
            not_enforced: check.enforced == Some(false),
            ..Constraint::new(named(&check.name), Form::Check)
        },
        TableConstraint::PrimaryKeyUsingIndex(using) => Constraint {
            using_index: Some(parsed::ident(&using.index_name)),
            ..Constraint::new(named(&using.name), Form::PrimaryKey)
        },
        TableConstraint::UniqueUsingIndex(using) => Constraint {
            using_index: Some(parsed::ident(&using.index_name)),
            ..Constraint::new(named(&using.name), Form::Unique)
        },
        TableConstraint::Exclude(exclude) => Constraint::new(named(&exclude.name), Form::Exclude),
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => return None,
    })
}

fn not_enforced(characteristics: Option<&ConstraintCharacteristics>) -> bool {
    characteristics.is_some_and(|said| said.enforced == Some(false))
}

fn columns(columns: &[IndexColumn]) -> Vec<Ident> {
    let name = |column: &IndexColumn| {
        if let Expr::Identifier(name) = &column.column.expr { Some(parsed::ident(name)) } else { None }
    };
    columns.iter().filter_map(name).collect()
}
