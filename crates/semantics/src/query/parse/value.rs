//! Values and conditions: arithmetic, functions, metrics, numbers with units, comparisons.

use jinsheng_core::{Quantity, Unit, exact_decimal};

use super::super::lexer::Token;
use super::super::{
    BinaryOp, ChangeKind, CompareOp, Condition, Direction, Expr, Form, Lag, MetricRef, OverWhat, Stat,
};
use super::{MAX_DECIMALS, MAX_DEPTH, Parsed, Parser, SyntaxError};

impl Parser {
    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        let mut parts = vec![self.conjunction()?];
        while self.word("or") {
            parts.push(self.conjunction()?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn conjunction(&mut self) -> Parsed<Condition> {
        let mut parts = vec![self.negation()?];
        while self.word("and") {
            parts.push(self.negation()?);
        }
        Ok(one_or(parts, Condition::All))
    }

    fn negation(&mut self) -> Parsed<Condition> {
        if self.word("not") {
            return Ok(Condition::Not(Box::new(self.deeper(Self::negation)?)));
        }
        // `(` opens a condition or a bracketed value; what stands behind its `)` tells which.
        if matches!(self.peek(), Token::Sign("(")) && !self.brackets_value() {
            self.next += 1;
            let condition = self.deeper(Self::condition)?;
            self.require_sign(")", ")", ")")?;
            return Ok(condition);
        }
        self.comparison()
    }

    /// Whether the value goes on, or is compared, behind the bracket that closes the one that opens here.
    fn brackets_value(&self) -> bool {
        let behind = self.behind.get(&self.next);
        let Some(token) = behind.and_then(|place| self.tokens.get(*place)) else {
            return false;
        };
        let token = &token.token;
        matches!(
            token,
            Token::Sign("+" | "-" | "*" | "/" | "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=")
        ) || token.is_word("is")
            || token.is_word("between")
    }

    fn comparison(&mut self) -> Parsed<Condition> {
        let left = self.expr()?;
        if self.word("is") {
            let negated = self.word("not");
            if !self.word("missing") {
                return self.expected("missing", "missing");
            }
            return Ok(Condition::Missing(left, !negated));
        }
        if self.word("between") {
            let low = self.expr()?;
            if !self.word("and") {
                return self.expected("and", "and");
            }
            let high = self.expr()?;
            self.count_nodes(left.nodes())?;
            return Ok(Condition::All(vec![
                Condition::Compare(left.clone(), CompareOp::Ge, low),
                Condition::Compare(left, CompareOp::Le, high),
            ]));
        }
        match self.compare_op() {
            Some(op) => Ok(Condition::Compare(left, op, self.expr()?)),
            None => self.expected(
                "比较符（=、<、>、between、is missing）",
                "a comparison (=, <, >, between, is missing)",
            ),
        }
    }

    pub(super) fn expr(&mut self) -> Parsed<Expr> {
        self.deeper(|parser| parser.binary(1))
    }

    fn binary(&mut self, strength: u8) -> Parsed<Expr> {
        let mut left = if strength > 2 {
            return self.primary();
        } else {
            self.binary(strength + 1)?
        };
        let mut levels = 0;
        loop {
            let op = match self.peek() {
                Token::Sign("+") => BinaryOp::Add,
                Token::Sign("-") => BinaryOp::Subtract,
                Token::Sign("*") => BinaryOp::Multiply,
                Token::Sign("/") => BinaryOp::Divide,
                _ => return Ok(left),
            };
            if op.strength() != strength {
                return Ok(left);
            }
            self.next += 1;
            levels += 1;
            // Each sign is a level, and what drops or prints a value goes down all of them.
            if levels > MAX_DEPTH {
                return Err(SyntaxError::TooLarge { at: self.at() });
            }
            let right = self.binary(strength + 1)?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
    }

    fn primary(&mut self) -> Parsed<Expr> {
        self.count_nodes(1)?;
        if self.sign("(") {
            let inner = self.expr()?;
            self.require_sign(")", ")", ")")?;
            return Ok(inner);
        }
        if self.sign("-") {
            if matches!(self.peek(), Token::Number(_)) {
                return Ok(Expr::Number(self.quantity(true)?));
            }
            return Ok(Expr::Negate(Box::new(self.deeper(Self::primary)?)));
        }
        match self.peek() {
            Token::Number(_) => Ok(Expr::Number(self.quantity(false)?)),
            Token::Word(word) if matches!(self.peek_second(), Token::Sign("(")) => {
                let word = word.to_ascii_lowercase();
                self.call(&word)
            }
            Token::Word(_) | Token::Quoted(_) => self.metric().map(Expr::Metric),
            _ => self.expected("指标、数字或函数", "a metric, a number or a function"),
        }
    }

    fn quantity(&mut self, negative: bool) -> Parsed<Quantity> {
        let expected = (
            "数字和单位，如 200亿元、10%",
            "a number with a unit such as 200亿元 or 10%",
        );
        let Token::Number(raw) = self.peek().clone() else {
            return self.expected(expected.0, expected.1);
        };
        let digits: String = raw
            .chars()
            .take_while(|character| character.is_ascii_digit() || *character == '.')
            .collect();
        let suffix: String = raw.chars().skip(digits.chars().count()).collect();
        // Rounded to what fits, a tiny number would silently be another one: zero.
        let decimals = digits.split_once('.').map_or("", |(_, decimals)| decimals);
        if decimals.trim_end_matches('0').len() > MAX_DECIMALS {
            return Err(SyntaxError::Decimals { at: self.at() });
        }
        let (Some(value), Ok(mut unit)) = (exact_decimal(&digits), suffix.parse::<Unit>()) else {
            return self.expected(expected.0, expected.1);
        };
        self.next += 1;
        // `200 亿元` and `10 %`: a unit that stands apart.
        if suffix.is_empty() {
            let apart = match self.peek() {
                Token::Sign("%") => Some(Unit::PERCENT),
                Token::Word(word) if !self.peek().is_keyword() => word.parse().ok(),
                Token::Quoted(word) => Unit::from_printed(word).ok(),
                _ => None,
            };
            if let Some(apart) = apart {
                unit = apart;
                self.next += 1;
            }
        }
        Ok(Quantity::new(if negative { -value } else { value }, unit))
    }

    pub(super) fn metric(&mut self) -> Parsed<MetricRef> {
        let mut metric = MetricRef::plain(self.name()?);
        if self.sign("@") {
            metric.variant = Some(self.name()?);
        }
        if self.sign(":") {
            let forms = [Form::Ytd, Form::Single, Form::Ttm];
            match forms.into_iter().find(|form| self.word(form.as_str())) {
                Some(form) => metric.form = Some(form),
                None => return self.expected("ytd、single 或 ttm", "ytd, single or ttm"),
            }
        }
        if self.sign("[") {
            metric.filters = self.filters()?;
            self.require_sign("]", "]", "]")?;
        }
        Ok(metric)
    }

    fn call(&mut self, function: &str) -> Parsed<Expr> {
        let start = self.next;
        self.next += 2;
        let expr = self.deeper(|parser| parser.arguments(function));
        let expr = match expr {
            Ok(Some(expr)) => expr,
            Ok(None) => {
                self.next = start;
                return self.expected(
                    "函数名（yoy、qoq、cagr、shift、rank、share、peers_mean、sum、mean …）",
                    "a function (yoy, qoq, cagr, shift, rank, share, peers_mean, sum, mean …)",
                );
            }
            Err(error) => return Err(error),
        };
        self.require_sign(")", ")", ")")?;
        Ok(expr)
    }

    /// What stands between the brackets; `None` when the function is unknown.
    fn arguments(&mut self, function: &str) -> Parsed<Option<Expr>> {
        let kind = match function {
            "yoy" => Some(ChangeKind::Yoy),
            "yoy_diff" => Some(ChangeKind::YoyDiff),
            "qoq" => Some(ChangeKind::Qoq),
            "qoq_diff" => Some(ChangeKind::QoqDiff),
            _ => None,
        };
        if let Some(kind) = kind {
            return Ok(Some(Expr::Change(kind, Box::new(self.expr()?))));
        }
        if let Some(stat) = function.strip_prefix("peers_").and_then(stat) {
            let inner = Box::new(self.expr()?);
            return Ok(Some(Expr::Peers(stat, inner, self.within()?)));
        }
        if let Some(stat) = stat(function) {
            let inner = Box::new(self.expr()?);
            if !self.word("over") {
                return self.expected("over 维度 或 over period", "over and dimensions, or over period");
            }
            let what = if self.word("period") {
                OverWhat::Period
            } else {
                OverWhat::Dimensions(self.names()?)
            };
            return Ok(Some(Expr::Over(stat, inner, what)));
        }
        Ok(Some(match function {
            "abs" => Expr::Abs(Box::new(self.expr()?)),
            "coalesce" => {
                let mut parts = vec![self.expr()?];
                while self.sign(",") {
                    parts.push(self.expr()?);
                }
                Expr::Coalesce(parts)
            }
            "shift" => {
                let inner = Box::new(self.expr()?);
                self.require_sign(",", "逗号和期数，如 1 year", "a comma and a lag such as 1 year")?;
                let count = self.count()?;
                Expr::Shift(
                    inner,
                    Lag {
                        count,
                        grain: self.grain()?,
                    },
                )
            }
            "cagr" => {
                let inner = Box::new(self.expr()?);
                self.require_sign(",", "逗号和年数", "a comma and a number of years")?;
                Expr::Cagr(inner, self.count()?)
            }
            "share" => {
                let inner = Box::new(self.expr()?);
                Expr::Share(inner, self.within()?)
            }
            "rank" => {
                let inner = Box::new(self.expr()?);
                let direction = self.direction(Direction::Desc);
                Expr::Rank(inner, direction, self.within()?)
            }
            "streak" => Expr::Streak(Box::new(self.condition()?)),
            _ => return Ok(None),
        }))
    }
}

fn one_or(mut parts: Vec<Condition>, join: impl FnOnce(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

fn stat(name: &str) -> Option<Stat> {
    [
        Stat::Sum,
        Stat::Mean,
        Stat::Median,
        Stat::Min,
        Stat::Max,
        Stat::Count,
    ]
    .into_iter()
    .find(|stat| stat.as_str() == name)
}
