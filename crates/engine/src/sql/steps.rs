//! Nested subqueries as steps, one after the other: `WITH step1 AS (…), step2 AS (… step1 …) SELECT …`.
//!
//! Parsers of databases go only so deep (SQLite 100 levels), and people less. Steps with the same text are one.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::common::{DataFusionError, Result};
use datafusion::sql::sqlparser::ast::{ObjectName, Query, SetExpr, Statement, TableFactor, visit_relations};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// A statement as text, its subqueries in `FROM` made steps.
pub(super) fn text(mut statement: Statement) -> Result<String> {
    let mut taken = BTreeSet::new();
    let _ = visit_relations(&statement, |name: &ObjectName| {
        taken.extend(
            name.0
                .last()
                .map(|part| part.to_string().trim_matches('"').to_lowercase()),
        );
        ControlFlow::<()>::Continue(())
    });
    let mut steps = Steps {
        taken,
        made: Vec::new(),
    };
    if let Statement::Query(query) = &mut statement {
        steps.query(query)?;
    }
    let with: Vec<String> = steps
        .made
        .iter()
        .map(|(name, text)| format!("{name} AS ({text})"))
        .collect();
    Ok(if with.is_empty() {
        statement.to_string()
    } else {
        format!("WITH {} {statement}", with.join(", "))
    })
}

struct Steps {
    /// Names of tables, which no step may hide.
    taken: BTreeSet<String>,
    /// Name and text, each after those that it reads.
    made: Vec<(String, String)>,
}

impl Steps {
    fn query(&mut self, query: &mut Query) -> Result<()> {
        self.body(&mut query.body)
    }

    fn body(&mut self, body: &mut SetExpr) -> Result<()> {
        match body {
            SetExpr::Select(select) => {
                for from in &mut select.from {
                    self.relation(&mut from.relation)?;
                    for join in &mut from.joins {
                        self.relation(&mut join.relation)?;
                    }
                }
                Ok(())
            }
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left)?;
                self.body(right)
            }
            _ => Ok(()),
        }
    }

    fn relation(&mut self, relation: &mut TableFactor) -> Result<()> {
        let TableFactor::Derived {
            lateral: false,
            subquery,
            alias,
            sample: None,
        } = relation
        else {
            return Ok(());
        };
        self.query(subquery)?;
        let name = self.step(subquery.to_string());
        let alias = alias
            .as_ref()
            .map(|alias| format!(" {alias}"))
            .unwrap_or_default();
        *relation = Parser::new(&GenericDialect {})
            .try_with_sql(&format!("{name}{alias}"))
            .and_then(|mut parser| parser.parse_table_factor())
            .map_err(|error| DataFusionError::Internal(format!("emitted step does not parse: {error}")))?;
        Ok(())
    }

    /// The step with this text.
    fn step(&mut self, text: String) -> String {
        if let Some((name, _)) = self.made.iter().find(|(_, known)| *known == text) {
            return name.clone();
        }
        let mut number = self.made.len() + 1;
        while self.taken.contains(&format!("step{number}")) {
            number += 1;
        }
        let name = format!("step{number}");
        self.taken.insert(name.clone());
        self.made.push((name.clone(), text));
        name
    }
}
