//! Expressions: units of every operation, lags at the Query's grain, groups of folds.

use bigdecimal::Zero as _;
use jinsheng_core::{Base, Grain, Unit};
use jinsheng_semantics::query::{BinaryOp, ChangeKind, Expr, OverWhat, Stat};

use super::{Binder, Context};
use crate::naive::node::{Level, Node, PeersNode, PeersWhat, Truth};
use crate::naive::refusal::NaiveRefusal;
use crate::naive::units::Known;
use crate::naive::{number, period};

/// A bound expression and its unit.
pub(super) struct Typed {
    pub(super) node: Node,
    pub(super) unit: Known,
    pub(super) approximate: bool,
}

impl Typed {
    /// The value in another unit.
    pub(super) fn in_unit(self, unit: Known) -> Result<Node, NaiveRefusal> {
        let power = self.unit.power_to(unit)?;
        Ok(self.scaled(power))
    }

    /// The value in the unit that it shares with what it stands against. A constant without a unit cannot stand
    /// against a value in `%`, for 5 might mean 5 % or 500 %; 0 can.
    pub(super) fn against(self, common: Known) -> Result<Node, NaiveRefusal> {
        if let (Known::Bare(_), Known::Unit(to)) = (self.unit, common)
            && to.base == Base::Ratio
            && to.power != 0
            && !is_zero(&self.node)
        {
            return Err(NaiveRefusal::Units {
                left: to,
                right: Unit::PLAIN,
            });
        }
        self.in_unit(common)
    }

    /// The value times a power of ten.
    pub(super) fn scaled(self, power: i32) -> Node {
        scaled(self.node, power)
    }

    /// The same unit over another node.
    fn map(self, make: impl FnOnce(Box<Node>) -> Node) -> Self {
        Self {
            node: make(Box::new(self.node)),
            ..self
        }
    }

    fn with_unit(self, unit: Unit) -> Self {
        Self {
            unit: Known::Unit(unit),
            ..self
        }
    }
}

impl<'a> Binder<'a> {
    pub(super) fn expr(&mut self, expr: &'a Expr, context: &Context) -> Result<Typed, NaiveRefusal> {
        match expr {
            Expr::Metric(metric) => self.metric(metric, context),
            Expr::Number(quantity) => Ok(Typed {
                node: Node::Constant(number::exact(quantity.value)),
                unit: Known::constant(quantity.unit),
                approximate: false,
            }),
            Expr::Negate(inner) => Ok(self.expr(inner, context)?.map(Node::Negate)),
            Expr::Abs(inner) => Ok(self.expr(inner, context)?.map(Node::Abs)),
            Expr::Binary(op, left, right) => {
                let (left, right) = (self.expr(left, context)?, self.expr(right, context)?);
                binary(*op, left, right)
            }
            Expr::Coalesce(parts) => self.coalesce(parts, context),
            Expr::Shift(inner, lag) => {
                let periods = self.lag(lag.count, lag.grain, "shift", context)?;
                Ok(self.expr(inner, context)?.map(|node| Node::Shift(node, periods)))
            }
            Expr::Change(kind, inner) => self.change(*kind, inner, context),
            Expr::Cagr(inner, years) => {
                let periods = self.lag(*years, Grain::Year, "cagr", context)?;
                let value = self.expr(inner, context)?.with_unit(Unit::PERCENT);
                Ok(Typed {
                    approximate: true,
                    ..value.map(|node| Node::Cagr(node, periods, *years))
                })
            }
            Expr::Peers(stat, inner, within) => {
                let value = self.peers(PeersWhat::Stat(*stat), inner, within, context)?;
                Ok(if *stat == Stat::Count {
                    value.with_unit(Unit::COUNT)
                } else {
                    value
                })
            }
            Expr::Share(inner, within) => {
                let value = self.peers(PeersWhat::Share, inner, within, context)?;
                Ok(value.with_unit(Unit::PERCENT))
            }
            Expr::Rank(inner, direction, within) => {
                let value = self.peers(PeersWhat::Rank(*direction), inner, within, context)?;
                Ok(value.with_unit(Unit::PLAIN))
            }
            Expr::Over(stat, inner, what) => {
                let value = match what {
                    OverWhat::Dimensions(names) => self.over(*stat, inner, names, context)?,
                    OverWhat::Period => self.over_period(*stat, inner, context)?,
                };
                Ok(if *stat == Stat::Count {
                    value.with_unit(Unit::COUNT)
                } else {
                    value
                })
            }
            Expr::Streak(condition) => {
                self.require_period("streak", context)?;
                let condition = self.condition(condition, context)?;
                let id = self.next_id();
                Ok(Typed {
                    node: Node::Streak(id, Box::new(condition)),
                    unit: Known::Unit(Unit::PLAIN),
                    approximate: false,
                })
            }
        }
    }

    fn next_id(&mut self) -> usize {
        self.ids += 1;
        self.ids
    }

    /// The Query's grain, where a value has a period.
    fn require_period(&self, what: &'static str, context: &Context) -> Result<Grain, NaiveRefusal> {
        if self.folded && !context.over_period {
            return Err(NaiveRefusal::PeriodFold {
                what: what.to_owned(),
            });
        }
        self.grain.ok_or(NaiveRefusal::NoPeriod { what })
    }

    fn lag(
        &self,
        count: u32,
        lag: Grain,
        what: &'static str,
        context: &Context,
    ) -> Result<i32, NaiveRefusal> {
        period::lag(count, lag, self.require_period(what, context)?)
    }

    fn coalesce(&mut self, parts: &'a [Expr], context: &Context) -> Result<Typed, NaiveRefusal> {
        let mut values = Vec::new();
        for part in parts {
            values.push(self.expr(part, context)?);
        }
        let common = values
            .iter()
            .fold(Known::Bare(0), |unit, value| unit.common(value.unit));
        let approximate = values.iter().any(|value| value.approximate);
        let nodes: Result<Vec<Node>, _> = values.into_iter().map(|value| value.against(common)).collect();
        Ok(Typed {
            node: Node::Coalesce(nodes?),
            unit: common,
            approximate,
        })
    }

    fn change(
        &mut self,
        kind: ChangeKind,
        inner: &'a Expr,
        context: &Context,
    ) -> Result<Typed, NaiveRefusal> {
        let mut context = context.clone();
        let lag = match kind {
            ChangeKind::Yoy | ChangeKind::YoyDiff => self.lag(1, Grain::Year, "yoy", &context)?,
            ChangeKind::Qoq | ChangeKind::QoqDiff => {
                self.require_period("qoq", &context)?;
                context.single = true;
                1
            }
        };
        let value = self.expr(inner, &context)?;
        let percent = matches!(kind, ChangeKind::Yoy | ChangeKind::Qoq);
        let unit = if percent {
            Known::Unit(Unit::PERCENT)
        } else {
            value.unit.difference()
        };
        Ok(Typed {
            unit,
            ..value.map(|node| Node::Change(node, lag, percent))
        })
    }

    fn peers(
        &mut self,
        what: PeersWhat,
        inner: &'a Expr,
        within: &[String],
        context: &Context,
    ) -> Result<Typed, NaiveRefusal> {
        let within = self.places(context.level(), within)?;
        let id = self.next_id();
        Ok(self.expr(inner, context)?.map(|value| {
            Node::Peers(PeersNode {
                id,
                what,
                value,
                within,
            })
        }))
    }

    /// A fold over finer groups: a level of its own, whose dimensions begin with those of the level around it.
    fn over(
        &mut self,
        stat: Stat,
        inner: &'a Expr,
        names: &[String],
        context: &Context,
    ) -> Result<Typed, NaiveRefusal> {
        let around = self.levels.get(context.level());
        let mut dimensions = around.map(|level| level.dimensions.clone()).unwrap_or_default();
        for name in names {
            self.add_dimension(name, &mut dimensions)?;
        }
        let level = self.levels.len();
        self.levels.push(Level {
            dimensions,
            leaves: Vec::new(),
        });
        let mut finer = context.clone();
        finer.levels.push(level);
        let id = self.next_id();
        let value = self.expr(inner, &finer)?;
        require_metric(&value.node)?;
        let leaves = self
            .levels
            .get(level)
            .map(|level| level.leaves.as_slice())
            .unwrap_or_default();
        let periodic = leaves
            .iter()
            .any(|(leaf, _)| self.leaves.get(*leaf).is_some_and(|leaf| leaf.periodic));
        if needs_time(&value.node) && !periodic {
            return Err(NaiveRefusal::NoPeriod {
                what: "a fold over static values",
            });
        }
        Ok(value.map(|node| Node::Over(id, stat, node, level)))
    }

    fn over_period(&mut self, stat: Stat, inner: &'a Expr, context: &Context) -> Result<Typed, NaiveRefusal> {
        if self.grain.is_none() {
            return Err(NaiveRefusal::NoPeriod { what: "over period" });
        }
        if context.over_period || context.levels.len() > 1 {
            return Err(NaiveRefusal::PeriodFold {
                what: "another fold".to_owned(),
            });
        }
        let inside = Context {
            over_period: true,
            ..context.clone()
        };
        let id = self.next_id();
        let value = self.expr(inner, &inside)?;
        require_metric(&value.node)?;
        Ok(value.map(|node| Node::OverPeriod(id, stat, node)))
    }
}

fn is_zero(node: &Node) -> bool {
    match node {
        Node::Constant(value) => value.is_zero(),
        Node::Negate(inner) | Node::Abs(inner) | Node::Scale(inner, _) => is_zero(inner),
        _ => false,
    }
}

fn scaled(node: Node, power: i32) -> Node {
    if power == 0 {
        node
    } else {
        Node::Scale(Box::new(node), power)
    }
}

fn binary(op: BinaryOp, left: Typed, right: Typed) -> Result<Typed, NaiveRefusal> {
    let approximate = left.approximate || right.approximate;
    let common = left.unit.common(right.unit);
    let (node, unit) = match op {
        BinaryOp::Add => {
            let (left, right) = (left.against(common)?, right.against(common)?);
            (Node::Add(Box::new(left), Box::new(right)), common)
        }
        BinaryOp::Subtract => {
            let (left, right) = (left.against(common)?, right.against(common)?);
            (
                Node::Subtract(Box::new(left), Box::new(right)),
                common.difference(),
            )
        }
        BinaryOp::Multiply => {
            let how = left.unit.product(right.unit)?;
            let (left, right) = (left.scaled(how.left), right.scaled(how.right));
            let product = Node::Multiply(Box::new(left), Box::new(right));
            (scaled(product, how.result), how.unit)
        }
        BinaryOp::Divide => {
            let how = left.unit.quotient(right.unit)?;
            let (left, right) = (left.scaled(how.left), right.scaled(how.right));
            let quotient = Node::Divide(Box::new(left), Box::new(right));
            (scaled(quotient, how.result), how.unit)
        }
    };
    Ok(Typed {
        node,
        unit,
        approximate,
    })
}

/// Whether a value looks at earlier periods, other than inside a fold.
fn needs_time(node: &Node) -> bool {
    match node {
        Node::Shift(..) | Node::Change(..) | Node::Cagr(..) | Node::Streak(..) => true,
        Node::Constant(_) | Node::Leaf(_) | Node::Over(..) | Node::OverPeriod(..) => false,
        Node::Scale(inner, _) | Node::Negate(inner) | Node::Abs(inner) => needs_time(inner),
        Node::Peers(peers) => needs_time(&peers.value),
        Node::Add(left, right)
        | Node::Subtract(left, right)
        | Node::Multiply(left, right)
        | Node::Divide(left, right) => needs_time(left) || needs_time(right),
        Node::Coalesce(parts) => parts.iter().any(needs_time),
    }
}

/// A fold goes over the rows of metrics; without any there is nothing to fold.
fn require_metric(node: &Node) -> Result<(), NaiveRefusal> {
    if names_metric(node) {
        return Ok(());
    }
    Err(NaiveRefusal::Malformed {
        what: "a fold names at least one metric",
    })
}

fn names_metric(node: &Node) -> bool {
    match node {
        Node::Leaf(_) => true,
        Node::Constant(_) => false,
        Node::Scale(inner, _)
        | Node::Negate(inner)
        | Node::Abs(inner)
        | Node::Shift(inner, _)
        | Node::Change(inner, _, _)
        | Node::Cagr(inner, _, _)
        | Node::Over(_, _, inner, _)
        | Node::OverPeriod(_, _, inner) => names_metric(inner),
        Node::Peers(peers) => names_metric(&peers.value),
        Node::Add(left, right)
        | Node::Subtract(left, right)
        | Node::Multiply(left, right)
        | Node::Divide(left, right) => names_metric(left) || names_metric(right),
        Node::Coalesce(parts) => parts.iter().any(names_metric),
        Node::Streak(_, condition) => condition_names_metric(condition),
    }
}

fn condition_names_metric(condition: &Truth) -> bool {
    match condition {
        Truth::Compare(left, _, right) => names_metric(left) || names_metric(right),
        Truth::Missing(node, _) => names_metric(node),
        Truth::Not(inner) => condition_names_metric(inner),
        Truth::All(parts) | Truth::Any(parts) => parts.iter().any(condition_names_metric),
    }
}
