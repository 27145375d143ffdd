//! Reads the one-line form of a Query. Bounded in depth and length, so that no input takes long.

mod error;
mod size;
mod value;

use std::collections::{BTreeSet, HashMap};

use jinsheng_core::{Grain, Period};

pub use error::SyntaxError;

use super::lexer::{Placed, Token, tokens};
use super::{
    CompareOp, Condition, Direction, Expr, Filter, Item, MetricRef, OrderBy, OrderKey, Periods, Query, Test,
    Top,
};

/// Longest line in characters.
const MAX_LENGTH: usize = 20_000;
/// Deepest nesting of values and conditions. The JSON form spends two of its 128 levels on each.
const MAX_DEPTH: usize = 48;
/// Deepest nesting of brackets. A level of values prints with at most two, and a few more stand around it.
const MAX_BRACKETS: usize = 2 * MAX_DEPTH + 8;
/// Most decimals of a number, as many as values have where they are computed.
const MAX_DECIMALS: usize = 20;
/// Most values in one Query: `x between 1 and 2` holds `x` twice, and so would not stay in proportion to its line.
const MAX_NODES: usize = 20_000;

/// Reads a whole Query.
///
/// # Errors
/// [`SyntaxError`] with the place of the first thing that does not fit.
pub fn parse_query(line: &str) -> Result<Query, SyntaxError> {
    let mut parser = Parser::new(line)?;
    let query = parser.query()?;
    parser.end()?;
    size::fits(&query, query.depth())?;
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
    size::fits(&expr, expr.depth())?;
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
    size::fits(&condition, condition.depth())?;
    Ok(condition)
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    /// For each `(`, where the token behind its `)` is.
    behind: HashMap<usize, usize>,
    depth: usize,
    nodes: usize,
}

type Parsed<T> = Result<T, SyntaxError>;

impl Parser {
    fn new(line: &str) -> Parsed<Self> {
        if line.chars().nth(MAX_LENGTH).is_some() {
            return Err(SyntaxError::TooLarge { at: MAX_LENGTH });
        }
        let tokens = tokens(line)?;
        Ok(Self {
            behind: size::behind_brackets(&tokens),
            tokens,
            next: 0,
            depth: 0,
            nodes: 0,
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
            Token::End => String::new(),
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
        if self.depth >= MAX_BRACKETS {
            return Err(SyntaxError::TooLarge { at: self.at() });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Counts values that were read.
    fn count_nodes(&mut self, nodes: usize) -> Parsed<()> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return Err(SyntaxError::TooLarge { at: self.at() });
        }
        Ok(())
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
            if self.word(grain.as_str()) || self.word(plural(grain)) {
                return Ok(grain);
            }
        }
        self.expected(
            "day、month、quarter、half 或 year",
            "day, month, quarter, half or year",
        )
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
}

fn plural(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "days",
        Grain::Month => "months",
        Grain::Quarter => "quarters",
        Grain::Half => "halves",
        Grain::Year => "years",
    }
}
