//! Plans as SQL text of a dialect: provenance for people, and the seam for engines of banks.

mod steps;

use datafusion::common::Result;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::sqlparser::ast;
use datafusion::sql::unparser::Unparser;
use datafusion::sql::unparser::dialect::{Dialect, PostgreSqlDialect, SqliteDialect};
use jinsheng_core::Grain;

use crate::calendar::{Calendar, REPORT_ENDINGS};
use crate::decimal::Op;
use crate::error::EngineError;

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlDialect {
    /// PostgreSQL 12 and later.
    Postgres,
    /// SQLite 3.28 and later. Decimals are floats there.
    Sqlite,
}

/// Room for the writer, which goes down the plan by recursion with large frames: 2 MB are used up by forty steps.
const STACK: usize = 256 << 20;

/// Writes a plan as one statement.
pub(crate) fn unparse(plan: &LogicalPlan, dialect: SqlDialect) -> Result<String, EngineError> {
    let failed = || EngineError::internal("the statement could not be written");
    std::thread::scope(|scope| {
        let writer = std::thread::Builder::new().stack_size(STACK);
        let written = writer
            .spawn_scoped(scope, || write(plan, dialect))
            .map_err(|_| failed())?;
        Ok(written.join().map_err(|_| failed())??)
    })
}

fn write(plan: &LogicalPlan, dialect: SqlDialect) -> Result<String> {
    let statement = match dialect {
        SqlDialect::Postgres => Unparser::new(&Functions {
            base: PostgreSqlDialect {},
            dialect,
        })
        .plan_to_sql(plan),
        SqlDialect::Sqlite => Unparser::new(&Functions {
            base: SqliteDialect {},
            dialect,
        })
        .plan_to_sql(plan),
    };
    steps::text(statement?)
}

/// A dialect that knows the functions of this engine.
struct Functions<D> {
    base: D,
    dialect: SqlDialect,
}

impl<D: Dialect> Dialect for Functions<D> {
    fn identifier_quote_style(&self, _identifier: &str) -> Option<char> {
        Some('"')
    }
    fn supports_nulls_first_in_sort(&self) -> bool {
        true
    }
    fn interval_style(&self) -> datafusion::sql::unparser::dialect::IntervalStyle {
        self.base.interval_style()
    }
    fn float64_ast_dtype(&self) -> ast::DataType {
        self.base.float64_ast_dtype()
    }
    fn utf8_cast_dtype(&self) -> ast::DataType {
        ast::DataType::Text
    }
    fn int64_cast_dtype(&self) -> ast::DataType {
        self.base.int64_cast_dtype()
    }
    fn int32_cast_dtype(&self) -> ast::DataType {
        self.base.int32_cast_dtype()
    }
    fn date32_cast_dtype(&self) -> ast::DataType {
        match self.dialect {
            // SQLite keeps dates as text; a cast to DATE would make a number of them.
            SqlDialect::Sqlite => ast::DataType::Text,
            SqlDialect::Postgres => self.base.date32_cast_dtype(),
        }
    }
    fn distinct_from_style(&self) -> datafusion::sql::unparser::dialect::DistinctFromStyle {
        self.base.distinct_from_style()
    }
    fn requires_derived_table_alias(&self) -> bool {
        true
    }
    fn full_qualified_col(&self) -> bool {
        false
    }
    fn supports_qualify(&self) -> bool {
        false
    }
    fn scalar_function_to_sql_overrides(
        &self,
        unparser: &Unparser<'_>,
        name: &str,
        args: &[Expr],
    ) -> Result<Option<ast::Expr>> {
        let sql: Vec<String> = args
            .iter()
            .map(|arg| unparser.expr_to_sql(arg).map(|expr| expr.to_string()))
            .collect::<Result<_>>()?;
        match function(name, &sql, self.dialect) {
            Some(text) => parse_expr(&text).map(Some),
            None => self.base.scalar_function_to_sql_overrides(unparser, name, args),
        }
    }
}

/// Text made here, from text made by the unparser, as a syntax tree again.
fn parse_expr(text: &str) -> Result<ast::Expr> {
    use datafusion::sql::sqlparser::dialect::GenericDialect;
    use datafusion::sql::sqlparser::parser::Parser;
    let parsed = Parser::new(&GenericDialect {})
        .try_with_sql(text)
        .and_then(|mut parser| parser.parse_expr());
    parsed
        .map(|expr| ast::Expr::Nested(Box::new(expr)))
        .map_err(|error| {
            datafusion::common::DataFusionError::Internal(format!(
                "emitted expression does not parse: {error}"
            ))
        })
}

fn function(name: &str, args: &[String], dialect: SqlDialect) -> Option<String> {
    let arg = |index: usize| args.get(index).cloned().unwrap_or_default();
    let postgres = dialect == SqlDialect::Postgres;
    let is = |op: Op| name == op.name();
    if is(Op::Quotient) {
        return Some(if postgres {
            format!(
                "round(CAST({} AS NUMERIC(38, 20)) / NULLIF({}, 0), 16)",
                arg(0),
                arg(1)
            )
        } else {
            format!("({} * 1.0) / NULLIF({}, 0)", arg(0), arg(1))
        });
    }
    if is(Op::Product) {
        let product = format!("({}) * ({})", arg(0), arg(1));
        return Some(if postgres {
            format!("round({product}, 16)")
        } else {
            product
        });
    }
    if is(Op::PowerOfTen) {
        let power: i64 = arg(1).trim_matches(['(', ')']).parse().ok()?;
        let digits = usize::try_from(power.unsigned_abs()).ok()?;
        let factor = if power >= 0 {
            format!("1{}", "0".repeat(digits))
        } else {
            format!("0.{}1", "0".repeat(digits.saturating_sub(1)))
        };
        return Some(format!("({}) * {factor}", arg(0)));
    }
    if is(Op::GrowthRate) {
        let (now, then, years) = (arg(0), arg(1), arg(2));
        let double = if postgres { "DOUBLE PRECISION" } else { "REAL" };
        return Some(format!(
            "CASE WHEN {now} > 0 AND {then} > 0 THEN (power(CAST({now} AS {double}) / CAST({then} AS {double}), 1.0 / {years}) - 1) * 100 END"
        ));
    }
    if name == crate::same::NAME {
        return Some(format!("{} = {}", arg(0), arg(1)));
    }
    calendar(name, &arg(0), postgres)
}

fn calendar(name: &str, arg: &str, postgres: bool) -> Option<String> {
    let integer = if postgres { "BIGINT" } else { "INTEGER" };
    let text = format!("CAST({arg} AS TEXT)");
    let part = |what: &str, format: &str| {
        if postgres {
            format!("CAST(date_part('{what}', {arg}) AS BIGINT)")
        } else {
            format!("CAST(strftime('{format}', {arg}) AS INTEGER)")
        }
    };
    let (year, month) = (part("year", "%Y"), part("month", "%m"));
    let year_of = |text: &str| format!("CAST(substr({text}, 1, 4) AS {integer})");
    let is = |what: Calendar| name == what.name();
    for grain in Grain::ALL {
        if is(Calendar::OfDay(grain)) {
            let date = if postgres {
                format!("(DATE '1970-01-01' + CAST({arg} AS INTEGER))")
            } else {
                format!("date({arg} * 86400, 'unixepoch')")
            };
            return calendar(Calendar::OfDate(grain).name(), &date, postgres);
        }
    }
    if is(Calendar::OfDate(Grain::Day)) {
        return Some(if postgres {
            format!("CAST({arg} - DATE '1970-01-01' AS BIGINT)")
        } else {
            format!("CAST(julianday({arg}) - 2440587.5 AS INTEGER)")
        });
    }
    if is(Calendar::OfDate(Grain::Year)) {
        return Some(year);
    }
    if is(Calendar::OfDate(Grain::Half)) {
        return Some(format!("{year} * 2 + ({month} - 1) / 6"));
    }
    if is(Calendar::OfDate(Grain::Quarter)) {
        return Some(format!("{year} * 4 + ({month} - 1) / 3"));
    }
    if is(Calendar::OfDate(Grain::Month)) {
        return Some(format!("{year} * 12 + {month} - 1"));
    }
    if is(Calendar::MonthText) {
        let digits = format!("replace({text}, '-', '')");
        return Some(format!(
            "{} * 12 + CAST(substr({digits}, 5, 2) AS {integer}) - 1",
            year_of(&digits)
        ));
    }
    if is(Calendar::LeadingYear) {
        return Some(year_of(&text));
    }
    if is(Calendar::ReportQuarter) {
        let cases: Vec<String> = REPORT_ENDINGS
            .iter()
            .map(|(ending, quarter)| format!("WHEN upper({text}) LIKE '%{ending}' THEN {quarter}"))
            .collect();
        return Some(format!("CASE {} END", cases.join(" ")));
    }
    None
}
