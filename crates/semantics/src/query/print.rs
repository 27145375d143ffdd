//! The one-line form of a Query; `parse` reads it back to the same value.

use std::fmt;

use jinsheng_core::Quantity;

use super::{
    BinaryOp, ChangeKind, CompareOp, Condition, Direction, Expr, Filter, Form, Item, Lag, MetricRef, OrderBy,
    OrderKey, OverWhat, Periods, Query, Stat, Test, Top,
};

/// Prints a name bare when it lexes as one word, else in double quotes.
pub(super) struct Name<'a>(pub(super) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if super::lexer::is_plain_name(self.0) {
            f.write_str(self.0)
        } else {
            write!(f, "\"{}\"", self.0.replace('"', "\"\""))
        }
    }
}

struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.0.replace('\'', "''"))
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    parts: &[T],
    show: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(", ")?;
        }
        show(f, part)?;
    }
    Ok(())
}

fn names(f: &mut fmt::Formatter<'_>, parts: &[String]) -> fmt::Result {
    list(f, parts, |f, name| write!(f, "{}", Name(name)))
}

fn within(f: &mut fmt::Formatter<'_>, dimensions: &[String]) -> fmt::Result {
    if dimensions.is_empty() {
        return Ok(());
    }
    f.write_str(" within ")?;
    names(f, dimensions)
}

fn filters(f: &mut fmt::Formatter<'_>, parts: &[Filter]) -> fmt::Result {
    for (position, filter) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(" and ")?;
        }
        write!(f, "{filter}")?;
    }
    Ok(())
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, &self.items, |f, item| write!(f, "{item}"))?;
        if !self.by.is_empty() {
            f.write_str(" by ")?;
            names(f, &self.by)?;
        }
        if !self.of.is_empty() {
            f.write_str(" of ")?;
            filters(f, &self.of)?;
        }
        if !self.filters.is_empty() {
            f.write_str(" where ")?;
            filters(f, &self.filters)?;
        }
        if let Some(periods) = &self.periods {
            write!(f, " {periods}")?;
        }
        if let Some(having) = &self.having {
            write!(f, " having {having}")?;
        }
        if let Some(top) = &self.top {
            write!(f, " {top}")?;
        }
        if !self.order.is_empty() {
            f.write_str(" order by ")?;
            list(f, &self.order, |f, key| write!(f, "{key}"))?;
        }
        if let Some(limit) = self.limit {
            write!(f, " limit {limit}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.expr)?;
        match &self.alias {
            Some(alias) => write!(f, " as {}", Name(alias)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for MetricRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Name(&self.name))?;
        if let Some(variant) = &self.variant {
            write!(f, "@{}", Name(variant))?;
        }
        if let Some(form) = self.form {
            write!(f, ":{}", form.as_str())?;
        }
        if !self.filters.is_empty() {
            f.write_str("[")?;
            filters(f, &self.filters)?;
            f.write_str("]")?;
        }
        Ok(())
    }
}

impl Form {
    /// The word after the colon.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ytd => "ytd",
            Self::Single => "single",
            Self::Ttm => "ttm",
        }
    }
}

impl BinaryOp {
    /// Its sign.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }

    pub(super) fn strength(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
        }
    }
}

impl ChangeKind {
    /// Its function name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yoy => "yoy",
            Self::YoyDiff => "yoy_diff",
            Self::Qoq => "qoq",
            Self::QoqDiff => "qoq_diff",
        }
    }
}

impl Stat {
    /// Its function name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
        }
    }
}

impl CompareOp {
    /// Its sign.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

impl Direction {
    /// `asc` or `desc`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

fn number(f: &mut fmt::Formatter<'_>, quantity: &Quantity) -> fmt::Result {
    let unit = quantity.unit.to_string();
    if unit.starts_with("1e") {
        write!(f, "{} \"{unit}\"", quantity.value)
    } else {
        write!(f, "{}{unit}", quantity.value)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(self, 0, f)
    }
}

fn print(expr: &Expr, outer: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match expr {
        Expr::Metric(metric) => write!(f, "{metric}"),
        Expr::Number(quantity) => number(f, quantity),
        Expr::Negate(inner) => {
            f.write_str("-(")?;
            print(inner, 0, f)?;
            f.write_str(")")
        }
        Expr::Binary(op, left, right) => {
            let strength = op.strength();
            let brackets = strength < outer;
            if brackets {
                f.write_str("(")?;
            }
            print(left, strength, f)?;
            write!(f, " {} ", op.as_str())?;
            // The right side needs brackets at equal strength: a - (b - c).
            print(right, strength + 1, f)?;
            if brackets { f.write_str(")") } else { Ok(()) }
        }
        Expr::Abs(inner) => write!(f, "abs({inner})"),
        Expr::Coalesce(parts) => {
            f.write_str("coalesce(")?;
            list(f, parts, |f, part| write!(f, "{part}"))?;
            f.write_str(")")
        }
        Expr::Shift(inner, lag) => write!(f, "shift({inner}, {lag})"),
        Expr::Change(kind, inner) => write!(f, "{}({inner})", kind.as_str()),
        Expr::Cagr(inner, years) => write!(f, "cagr({inner}, {years})"),
        Expr::Peers(stat, inner, dimensions) => {
            write!(f, "peers_{}({inner}", stat.as_str())?;
            within(f, dimensions)?;
            f.write_str(")")
        }
        Expr::Share(inner, dimensions) => {
            write!(f, "share({inner}")?;
            within(f, dimensions)?;
            f.write_str(")")
        }
        Expr::Rank(inner, direction, dimensions) => {
            write!(f, "rank({inner}")?;
            if *direction == Direction::Asc {
                f.write_str(" asc")?;
            }
            within(f, dimensions)?;
            f.write_str(")")
        }
        Expr::Over(stat, inner, what) => {
            write!(f, "{}({inner} over ", stat.as_str())?;
            match what {
                OverWhat::Dimensions(dimensions) => names(f, dimensions)?,
                OverWhat::Period => f.write_str("period")?,
            }
            f.write_str(")")
        }
        Expr::Streak(condition) => write!(f, "streak({condition})"),
    }
}

impl fmt::Display for Lag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.grain)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Self], word: &str| {
            for (position, part) in parts.iter().enumerate() {
                if position > 0 {
                    write!(f, " {word} ")?;
                }
                match part {
                    Self::All(_) | Self::Any(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Compare(left, op, right) => write!(f, "{left} {} {right}", op.as_str()),
            Self::Missing(expr, true) => write!(f, "{expr} is missing"),
            Self::Missing(expr, false) => write!(f, "{expr} is not missing"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::All(parts) => joined(f, parts, "and"),
            Self::Any(parts) => joined(f, parts, "or"),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Name(&self.dimension))?;
        let texts = |f: &mut fmt::Formatter<'_>, values: &std::collections::BTreeSet<String>| {
            let values: Vec<&String> = values.iter().collect();
            f.write_str("(")?;
            list(f, &values, |f, value| write!(f, "{}", Text(value)))?;
            f.write_str(")")
        };
        match &self.test {
            Test::In(values) if values.len() == 1 => values
                .iter()
                .try_for_each(|value| write!(f, " = {}", Text(value))),
            Test::NotIn(values) if values.len() == 1 => values
                .iter()
                .try_for_each(|value| write!(f, " != {}", Text(value))),
            Test::In(values) => {
                f.write_str(" in ")?;
                texts(f, values)
            }
            Test::NotIn(values) => {
                f.write_str(" not in ")?;
                texts(f, values)
            }
            Test::Compare(op, value) => write!(f, " {} {}", op.as_str(), Text(value)),
            Test::Contains(value) => write!(f, " contains {}", Text(value)),
        }
    }
}

impl fmt::Display for Periods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(periods) => {
                f.write_str("at ")?;
                list(f, periods, |f, period| write!(f, "{period}"))
            }
            Self::Range(from, to) => write!(f, "from {from} to {to}"),
            Self::Last(count, grain) => write!(f, "last {count} {grain}"),
            Self::Each(grain) => write!(f, "each {grain}"),
        }
    }
}

impl fmt::Display for Top {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.direction {
            Direction::Desc => "top",
            Direction::Asc => "bottom",
        };
        write!(f, "{word} {} by {}", self.count, self.by)?;
        within(f, &self.within)
    }
}

impl fmt::Display for OrderBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            OrderKey::Value(expr) => write!(f, "{expr}")?,
            OrderKey::Dimension(name) => write!(f, "{}", Name(name))?,
            OrderKey::Period => f.write_str("period")?,
        }
        match self.direction {
            Direction::Asc => Ok(()),
            Direction::Desc => f.write_str(" desc"),
        }
    }
}
