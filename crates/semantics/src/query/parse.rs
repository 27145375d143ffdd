//! Reads the one-line form of a Query. Bounded in depth and length, so that no input takes long.

use std::collections::BTreeSet;

use jinsheng_core::{Code, Decimal, Fault, Grain, Lang, Period, Quantity, Unit};

use super::lexer::{Placed, Token, tokens};
use super::{
    BinaryOp, ChangeKind, CompareOp, Condition, Direction, Expr, Filter, Form, Item, Lag, MetricRef, OrderBy,
    OrderKey, OverWhat, Periods, Query, Stat, Test, Top,
};

/// Longest line in characters.
const MAX_LENGTH: usize = 20_000;
/// Deepest nesting of brackets.
const MAX_DEPTH: usize = 48;
/// Most bracketed readings tried; keeps backtracking over nested brackets linear in practice.
const MAX_STEPS: usize = 20_000;

/// Why a line is no Query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxError {
    /// A quote without its end.
    Unclosed {
        /// Character position, from 0.
        at: usize,
        /// The quote.
        quote: char,
    },
    /// A character that begins nothing.
    Character {
        /// Character position, from 0.
        at: usize,
        /// The character.
        character: char,
    },
    /// Something else stands where `expected` should.
    Expected {
        /// Character position, from 0.
        at: usize,
        /// What may stand here: (zh, en).
        expected: (&'static str, &'static str),
        /// What stands there.
        found: String,
    },
    /// Too long or too deep.
    TooLarge {
        /// Character position, from 0.
        at: usize,
    },
}

impl SyntaxError {
    /// Where, in characters from 0.
    pub fn at(&self) -> usize {
        match self {
            Self::Unclosed { at, .. }
            | Self::Character { at, .. }
            | Self::Expected { at, .. }
            | Self::TooLarge { at } => *at,
        }
    }
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for SyntaxError {}

impl Fault for SyntaxError {
    fn code(&self) -> Code {
        Code::QUERY_SYNTAX
    }

    fn message(&self, lang: Lang) -> String {
        let column = self.at() + 1;
        match (self, lang) {
            (Self::Unclosed { quote, .. }, Lang::Zh) => {
                format!("第 {column} 个字符：引号 `{quote}` 没有闭合")
            }
            (Self::Unclosed { quote, .. }, Lang::En) => {
                format!("column {column}: quote `{quote}` is not closed")
            }
            (Self::Character { character, .. }, Lang::Zh) => {
                format!("第 {column} 个字符：不认识 `{character}`")
            }
            (Self::Character { character, .. }, Lang::En) => {
                format!("column {column}: `{character}` means nothing here")
            }
            (Self::Expected { expected, found, .. }, Lang::Zh) => {
                format!("第 {column} 个字符：此处应为{}，却是{found}", expected.0)
            }
            (Self::Expected { expected, found, .. }, Lang::En) => {
                format!("column {column}: expected {}, found {found}", expected.1)
            }
            (Self::TooLarge { .. }, Lang::Zh) => {
                format!("查询过长或嵌套过深（至多 {MAX_LENGTH} 个字符、{MAX_DEPTH} 层）")
            }
            (Self::TooLarge { .. }, Lang::En) => {
                format!(
                    "the query is too long or too deep (at most {MAX_LENGTH} characters, {MAX_DEPTH} levels)"
                )
            }
        }
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        Some(
            lang.pick(
                "写法示例：revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue",
                "for example: revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue",
            )
            .to_owned(),
        )
    }
}

/// Reads a whole Query.
///
/// # Errors
/// [`SyntaxError`] with the place of the first thing that does not fit.
pub fn parse_query(line: &str) -> Result<Query, SyntaxError> {
    let mut parser = Parser::new(line)?;
    let query = parser.query()?;
    parser.end()?;
    Ok(query)
}

/// Reads one expression, such as a metric's formula.
///
/// # Errors
/// [`SyntaxError`] with the place of the first thing that does not fit.
pub fn parse_expr(text: &str) -> Result<Expr, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let expr = parser.expr()?;
    parser.end()?;
    Ok(expr)
}

/// Reads one condition on values.
///
/// # Errors
/// [`SyntaxError`] with the place of the first thing that does not fit.
pub fn parse_condition(text: &str) -> Result<Condition, SyntaxError> {
    let mut parser = Parser::new(text)?;
    let condition = parser.condition()?;
    parser.end()?;
    Ok(condition)
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
    steps: usize,
}

type Parsed<T> = Result<T, SyntaxError>;

impl Parser {
    fn new(line: &str) -> Parsed<Self> {
        if line.chars().nth(MAX_LENGTH).is_some() {
            return Err(SyntaxError::TooLarge { at: MAX_LENGTH });
        }
        Ok(Self {
            tokens: tokens(line)?,
            next: 0,
            depth: 0,
            steps: 0,
        })
    }

    fn peek(&self) -> &Token {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |placed| &placed.token)
    }

    fn peek_second(&self) -> &Token {
        self.tokens
            .get(self.next + 1)
            .map_or(&Token::End, |placed| &placed.token)
    }

    fn at(&self) -> usize {
        self.tokens
            .get(self.next)
            .or(self.tokens.last())
            .map_or(0, |placed| placed.at)
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.peek().is_word(word);
        self.next += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(next) if *next == sign);
        self.next += usize::from(found);
        found
    }

    fn expected<T>(&self, zh: &'static str, en: &'static str) -> Parsed<T> {
        let found = match self.peek() {
            Token::Word(text) | Token::Quoted(text) | Token::Number(text) => format!("`{text}`"),
            Token::Text(text) => format!("'{text}'"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "<end>".to_owned(),
        };
        Err(SyntaxError::Expected {
            at: self.at(),
            expected: (zh, en),
            found,
        })
    }

    fn require_sign(&mut self, sign: &str, zh: &'static str, en: &'static str) -> Parsed<()> {
        if self.sign(sign) {
            Ok(())
        } else {
            self.expected(zh, en)
        }
    }

    fn end(&self) -> Parsed<()> {
        if *self.peek() == Token::End {
            Ok(())
        } else {
            self.expected("结尾或下一个子句", "the end or another clause")
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.steps += 1;
        if self.depth >= MAX_DEPTH || self.steps > MAX_STEPS {
            return Err(SyntaxError::TooLarge { at: self.at() });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn query(&mut self) -> Parsed<Query> {
        let mut items = vec![self.item()?];
        while self.sign(",") {
            items.push(self.item()?);
        }
        let mut query = Query {
            items,
            by: Vec::new(),
            of: Vec::new(),
            filters: Vec::new(),
            periods: None,
            having: None,
            top: None,
            order: Vec::new(),
            limit: None,
        };
        if self.word("by") {
            query.by = self.names()?;
        }
        if self.word("of") {
            query.of = self.filters()?;
        }
        if self.word("where") {
            query.filters = self.filters()?;
        }
        query.periods = self.periods()?;
        if self.word("having") {
            query.having = Some(self.condition()?);
        }
        query.top = self.top()?;
        if self.word("order") {
            if !self.word("by") {
                return self.expected("by", "by");
            }
            query.order.push(self.order_key(&query.by)?);
            while self.sign(",") {
                query.order.push(self.order_key(&query.by)?);
            }
        }
        if self.word("limit") {
            query.limit = Some(u64::from(self.count()?));
        }
        Ok(query)
    }

    fn item(&mut self) -> Parsed<Item> {
        let expr = self.expr()?;
        let alias = if self.word("as") { Some(self.name()?) } else { None };
        Ok(Item { expr, alias })
    }

    fn name(&mut self) -> Parsed<String> {
        match self.peek() {
            Token::Quoted(text) => {
                let text = text.clone();
                self.next += 1;
                Ok(text)
            }
            Token::Word(text) if !self.peek().is_keyword() => {
                let text = text.clone();
                self.next += 1;
                Ok(text)
            }
            _ => self.expected("名称", "a name"),
        }
    }

    fn names(&mut self) -> Parsed<Vec<String>> {
        let mut names = vec![self.name()?];
        while self.sign(",") {
            names.push(self.name()?);
        }
        Ok(names)
    }

    fn count(&mut self) -> Parsed<u32> {
        if let Token::Number(text) = self.peek()
            && let Ok(count) = text.parse::<u32>()
        {
            self.next += 1;
            return Ok(count);
        }
        self.expected("整数", "a whole number")
    }

    fn filters(&mut self) -> Parsed<Vec<Filter>> {
        let mut filters = vec![self.filter()?];
        while self.word("and") {
            filters.push(self.filter()?);
        }
        Ok(filters)
    }

    fn filter(&mut self) -> Parsed<Filter> {
        let dimension = self.name()?;
        let negated = self.word("not");
        if self.word("in") {
            let values = self.values()?;
            let test = if negated {
                Test::NotIn(values)
            } else {
                Test::In(values)
            };
            return Ok(Filter { dimension, test });
        }
        if negated {
            return self.expected("in", "in");
        }
        if self.word("contains") {
            return Ok(Filter {
                dimension,
                test: Test::Contains(self.value()?),
            });
        }
        let Some(op) = self.compare_op() else {
            return self.expected("=、!=、<、>、in 或 contains", "=, !=, <, >, in or contains");
        };
        let value = self.value()?;
        let test = match op {
            CompareOp::Eq => Test::In(BTreeSet::from([value])),
            CompareOp::Ne => Test::NotIn(BTreeSet::from([value])),
            _ => Test::Compare(op, value),
        };
        Ok(Filter { dimension, test })
    }

    fn value(&mut self) -> Parsed<String> {
        let negative = self.sign("-");
        match self.peek().clone() {
            Token::Number(text) => {
                self.next += 1;
                Ok(if negative { format!("-{text}") } else { text })
            }
            Token::Text(text) | Token::Quoted(text) if !negative => {
                self.next += 1;
                Ok(text)
            }
            Token::Word(text) if !negative && !self.peek().is_keyword() => {
                self.next += 1;
                Ok(text)
            }
            _ => self.expected("一个值（文字写在单引号里）", "a value (text in single quotes)"),
        }
    }

    fn values(&mut self) -> Parsed<BTreeSet<String>> {
        self.require_sign("(", "(", "(")?;
        let mut values = BTreeSet::new();
        if self.sign(")") {
            return Ok(values);
        }
        loop {
            values.insert(self.value()?);
            if self.sign(")") {
                return Ok(values);
            }
            self.require_sign(",", "逗号或 )", "a comma or )")?;
        }
    }

    fn compare_op(&mut self) -> Option<CompareOp> {
        let op = match self.peek() {
            Token::Sign("=") => CompareOp::Eq,
            Token::Sign("!=" | "<>") => CompareOp::Ne,
            Token::Sign("<") => CompareOp::Lt,
            Token::Sign("<=") => CompareOp::Le,
            Token::Sign(">") => CompareOp::Gt,
            Token::Sign(">=") => CompareOp::Ge,
            _ => return None,
        };
        self.next += 1;
        Some(op)
    }

    fn grain(&mut self) -> Parsed<Grain> {
        for grain in Grain::ALL {
            if self.word(grain.as_str()) || self.word(&format!("{grain}s")) {
                return Ok(grain);
            }
        }
        self.expected("day、month、quarter 或 year", "day, month, quarter or year")
    }

    fn period(&mut self) -> Parsed<Period> {
        if let Token::Number(text) = self.peek()
            && let Ok(period) = text.parse::<Period>()
        {
            self.next += 1;
            return Ok(period);
        }
        self.expected(
            "期间，如 2025Q3、2024、2025-09",
            "a period such as 2025Q3, 2024 or 2025-09",
        )
    }

    fn periods(&mut self) -> Parsed<Option<Periods>> {
        if self.word("at") {
            let mut periods = vec![self.period()?];
            while self.sign(",") {
                periods.push(self.period()?);
            }
            return Ok(Some(Periods::At(periods)));
        }
        if self.word("from") {
            let from = self.period()?;
            if !self.word("to") {
                return self.expected("to", "to");
            }
            return Ok(Some(Periods::Range(from, self.period()?)));
        }
        if self.word("last") {
            let count = self.count()?;
            return Ok(Some(Periods::Last(count, self.grain()?)));
        }
        if self.word("latest") {
            let grain = matches!(self.peek(), Token::Word(text) if text.parse::<Grain>().is_ok());
            return if grain {
                Ok(Some(Periods::Last(1, self.grain()?)))
            } else {
                Ok(None)
            };
        }
        if self.word("each") {
            return Ok(Some(Periods::Each(self.grain()?)));
        }
        Ok(None)
    }

    fn top(&mut self) -> Parsed<Option<Top>> {
        let direction = if self.word("top") {
            Direction::Desc
        } else if self.word("bottom") {
            Direction::Asc
        } else {
            return Ok(None);
        };
        let count = self.count()?;
        if !self.word("by") {
            return self.expected("by", "by");
        }
        let by = self.expr()?;
        Ok(Some(Top {
            count,
            direction,
            by,
            within: self.within()?,
        }))
    }

    fn within(&mut self) -> Parsed<Vec<String>> {
        if self.word("within") {
            self.names()
        } else {
            Ok(Vec::new())
        }
    }

    fn direction(&mut self, default: Direction) -> Direction {
        if self.word("asc") {
            Direction::Asc
        } else if self.word("desc") {
            Direction::Desc
        } else {
            default
        }
    }

    fn order_key(&mut self, by: &[String]) -> Parsed<OrderBy> {
        let key = if self.word("period") {
            OrderKey::Period
        } else {
            match self.expr()? {
                Expr::Metric(metric)
                    if metric == MetricRef::plain(&*metric.name) && by.contains(&metric.name) =>
                {
                    OrderKey::Dimension(metric.name)
                }
                expr => OrderKey::Value(expr),
            }
        };
        Ok(OrderBy {
            by: key,
            direction: self.direction(Direction::Asc),
        })
    }

    fn condition(&mut self) -> Parsed<Condition> {
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
        // `(` opens a condition or a bracketed expression; which one shows only behind the closing bracket.
        if matches!(self.peek(), Token::Sign("(")) {
            let start = self.next;
            self.next += 1;
            let bracketed = self.deeper(Self::condition);
            if bracketed.is_ok() && self.sign(")") && !self.continues_expr() {
                return bracketed;
            }
            self.next = start;
            let compared = self.comparison();
            // Of two failed readings the one that came further says more.
            return match (bracketed, compared) {
                (Err(left), Err(right)) if left.at() > right.at() => Err(left),
                (_, compared) => compared,
            };
        }
        self.comparison()
    }

    fn continues_expr(&self) -> bool {
        matches!(
            self.peek(),
            Token::Sign("+" | "-" | "*" | "/" | "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=")
        ) || self.peek().is_word("is")
            || self.peek().is_word("between")
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

    fn expr(&mut self) -> Parsed<Expr> {
        self.deeper(|parser| parser.binary(1))
    }

    fn binary(&mut self, strength: u8) -> Parsed<Expr> {
        let mut left = if strength > 2 {
            return self.primary();
        } else {
            self.binary(strength + 1)?
        };
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
            let right = self.binary(strength + 1)?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
    }

    fn primary(&mut self) -> Parsed<Expr> {
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
        let (Ok(value), Ok(mut unit)) = (digits.parse::<Decimal>(), suffix.parse::<Unit>()) else {
            return self.expected(expected.0, expected.1);
        };
        self.next += 1;
        // `200 亿元` and `10 %`: a unit that stands apart.
        if suffix.is_empty() {
            let apart = match self.peek() {
                Token::Sign("%") => Some(Unit::PERCENT),
                Token::Word(word) if !self.peek().is_keyword() => word.parse().ok(),
                Token::Quoted(word) => word.parse().ok().or_else(|| scientific(word)),
                _ => None,
            };
            if let Some(apart) = apart {
                unit = apart;
                self.next += 1;
            }
        }
        Ok(Quantity::new(if negative { -value } else { value }, unit))
    }

    fn metric(&mut self) -> Parsed<MetricRef> {
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

/// `1e5元`, as units with rare powers print.
fn scientific(text: &str) -> Option<Unit> {
    let rest = text.strip_prefix("1e")?;
    let digits: String = rest
        .chars()
        .take_while(|character| character.is_ascii_digit() || *character == '-')
        .collect();
    let base: Unit = rest
        .chars()
        .skip(digits.chars().count())
        .collect::<String>()
        .parse()
        .ok()?;
    Some(Unit::new(base.base, digits.parse().ok()?))
}
