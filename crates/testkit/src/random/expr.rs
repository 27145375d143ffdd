//! Random expressions: units fit most of the time, because the sides of a sum are taken from values of one kind.

use jinsheng_core::{Base, Decimal, Grain, Quantity, Unit};
use jinsheng_semantics::query::{BinaryOp, ChangeKind, Expr, Form, Lag, MetricRef, OverWhat};

use super::pool::{MetricInfo, rounded};
use super::query::Maker;

impl<'p> Maker<'p> {
    /// A value for groups of these dimensions, nested at most so deep.
    pub(super) fn expr(&mut self, cut: &[usize], depth: u32) -> Expr {
        if depth == 0 {
            return self.metric(cut);
        }
        let timed = if self.grain.is_some() { 1 } else { 0 };
        let kinds = [
            (38, Kind::Metric),
            (14, Kind::Arithmetic),
            (4, Kind::Around),
            (4 * timed, Kind::Shift),
            (16 * timed, Kind::Change),
            (3 * timed, Kind::Cagr),
            (6, Kind::Peers),
            (4, Kind::Share),
            (6, Kind::Rank),
            (12, Kind::Over),
            (5 * timed, Kind::Streak),
            (3, Kind::Coalesce),
            (1, Kind::Number),
        ];
        let inner = |maker: &mut Self| Box::new(maker.expr(cut, depth - 1));
        match self.rng.weighted(&kinds).unwrap_or(Kind::Metric) {
            Kind::Metric => self.metric(cut),
            Kind::Arithmetic => self.arithmetic(cut, depth),
            Kind::Around => {
                let inner = inner(self);
                if self.rng.percent(50) {
                    Expr::Abs(inner)
                } else {
                    Expr::Negate(inner)
                }
            }
            Kind::Shift => Expr::Shift(inner(self), self.lag()),
            Kind::Change => Expr::Change(self.change(), inner(self)),
            Kind::Cagr => Expr::Cagr(inner(self), self.rng.between(1, 3)),
            Kind::Peers => Expr::Peers(self.stat(), inner(self), self.within(cut)),
            Kind::Share => Expr::Share(inner(self), self.within(cut)),
            Kind::Rank => Expr::Rank(inner(self), self.direction(), self.within(cut)),
            Kind::Over => self.over(cut, depth),
            Kind::Streak => Expr::Streak(Box::new(self.condition_of(cut, depth - 1, 1))),
            Kind::Coalesce => self.coalesce(cut, depth),
            Kind::Number => Expr::Number(self.number_near(&Expr::Metric(MetricRef::plain("")))),
        }
    }

    fn change(&mut self) -> ChangeKind {
        use ChangeKind::{Qoq, QoqDiff, Yoy, YoyDiff};
        let yoy = [Yoy, Yoy, YoyDiff];
        let qoq = [Qoq, Qoq, QoqDiff];
        let from = if self.grain == Some(Grain::Day) || self.rng.percent(40) {
            qoq
        } else {
            yoy
        };
        self.rng.pick(&from).copied().unwrap_or(Yoy)
    }

    fn lag(&mut self) -> Lag {
        let own = self.grain.unwrap_or(Grain::Year);
        let grain = if self.rng.percent(80) { own } else { Grain::Year };
        Lag {
            count: self.rng.between(1, 3),
            grain,
        }
    }

    /// A metric that can be cut by these dimensions, perhaps in another form, from another source, over part of the rows.
    fn metric(&mut self, cut: &[usize]) -> Expr {
        let usable = self.usable(cut);
        let chosen = match self.rng.pick(&usable) {
            Some(metric) if self.rng.percent(98) => *metric,
            _ => match self.rng.pick(&self.pool.metrics) {
                Some(metric) => metric,
                None => return Expr::Number(Quantity::new(Decimal::ONE, Unit::PLAIN)),
            },
        };
        self.metric_of(chosen)
    }

    fn metric_of(&mut self, chosen: &MetricInfo) -> Expr {
        let mut metric = MetricRef::plain(&*chosen.name);
        if chosen.variants.len() > 1 && self.rng.percent(12) {
            metric.variant = self.rng.pick(&chosen.variants).cloned();
        }
        if (chosen.flow && self.rng.percent(25)) || self.rng.percent(1) {
            // Twelve months of days are refused.
            let forms: &[Form] = if self.grain == Some(Grain::Day) && self.rng.percent(90) {
                &[Form::Ytd, Form::Single]
            } else {
                &[Form::Ytd, Form::Single, Form::Ttm]
            };
            metric.form = self.rng.pick(forms).copied();
        }
        if self.rng.percent(8) {
            let reach = self.reachable(chosen);
            let count = self.rng.between(1, 2);
            for at in self.rng.some(&reach, count) {
                metric.filters.extend(self.filter(at));
            }
        }
        Expr::Metric(metric)
    }

    fn arithmetic(&mut self, cut: &[usize], depth: u32) -> Expr {
        let left = self.expr(cut, depth - 1);
        let op = [
            (30, BinaryOp::Divide),
            (25, BinaryOp::Subtract),
            (20, BinaryOp::Add),
            (15, BinaryOp::Multiply),
        ];
        let op = self.rng.weighted(&op).unwrap_or(BinaryOp::Divide);
        let right = match op {
            BinaryOp::Add | BinaryOp::Subtract => self.like(&left, cut),
            BinaryOp::Divide if self.rng.percent(50) => self.like(&left, cut),
            BinaryOp::Multiply | BinaryOp::Divide if self.rng.percent(50) => self.plain_number(),
            BinaryOp::Multiply | BinaryOp::Divide => self.expr(cut, depth - 1),
        };
        if self.rng.percent(85) {
            Expr::Binary(op, Box::new(left), Box::new(right))
        } else {
            Expr::Binary(op, Box::new(right), Box::new(left))
        }
    }

    /// Another value of the same kind as this one.
    pub(super) fn like(&mut self, expr: &Expr, cut: &[usize]) -> Expr {
        let timed = if self.grain.is_some() { 1 } else { 0 };
        match self
            .rng
            .weighted(&[(50, 0), (20, 1), (15 * timed, 2), (15, 3)])
            .unwrap_or(0)
        {
            1 => Expr::Number(self.number_near(expr)),
            2 => Expr::Shift(Box::new(expr.clone()), self.lag()),
            3 => Expr::Peers(self.stat(), Box::new(expr.clone()), self.within(cut)),
            _ => {
                let base = self.base_of(expr);
                let usable = self.usable(cut);
                let same: Vec<&MetricInfo> = usable
                    .into_iter()
                    .filter(|metric| base.is_none_or(|base| metric.unit.base == base))
                    .collect();
                match self.rng.pick(&same) {
                    Some(metric) => self.metric_of(metric),
                    None => Expr::Number(self.number_near(expr)),
                }
            }
        }
    }

    fn coalesce(&mut self, cut: &[usize], depth: u32) -> Expr {
        let first = self.expr(cut, depth - 1);
        let mut parts = vec![first.clone()];
        for _ in 0..self.rng.between(0, 2) {
            parts.push(self.like(&first, cut));
        }
        Expr::Coalesce(parts)
    }

    /// A fold over a finer dimension that metrics here can be cut by; rates come in where their key is complete.
    fn over(&mut self, cut: &[usize], depth: u32) -> Expr {
        let usable = self.usable(cut);
        let reach: Vec<usize> = match self.rng.pick(&usable) {
            Some(metric) => self.reachable(metric),
            None => Vec::new(),
        };
        let mut finer: Vec<usize> = reach.into_iter().filter(|at| !cut.contains(at)).collect();
        let entities: Vec<usize> = finer
            .iter()
            .copied()
            .filter(|at| {
                self.pool
                    .dimensions
                    .get(*at)
                    .is_some_and(|dimension| dimension.entity)
            })
            .collect();
        if !entities.is_empty() && self.rng.percent(70) {
            finer = entities;
        }
        let count = self.rng.weighted(&[(80, 1), (20, 2)]).unwrap_or(1);
        let mut over = self.rng.some(&finer, count);
        if over.is_empty() {
            over = self.rng.some(cut, 1);
        }
        let inner_cut: Vec<usize> = cut.iter().chain(&over).copied().collect();
        let inner = self.expr(&inner_cut, depth - 1);
        let names: Vec<String> = over.into_iter().filter_map(|at| self.name(at)).collect();
        if names.is_empty() {
            return inner;
        }
        Expr::Over(self.stat(), Box::new(inner), OverWhat::Dimensions(names))
    }

    /// The base of an expression's unit, as far as it shows; wrong guesses become refusals.
    fn base_of(&self, expr: &Expr) -> Option<Base> {
        match expr {
            Expr::Metric(metric) => {
                let known = self.pool.metrics.iter().find(|known| known.name == metric.name);
                if let Some((_, expr)) = self.aliases.iter().find(|(alias, _)| *alias == metric.name) {
                    return self.base_of(expr);
                }
                known.map(|known| known.unit.base)
            }
            Expr::Number(quantity) => Some(quantity.unit.base),
            Expr::Negate(inner)
            | Expr::Abs(inner)
            | Expr::Shift(inner, _)
            | Expr::Over(_, inner, _)
            | Expr::Peers(_, inner, _) => self.base_of(inner),
            Expr::Change(ChangeKind::Yoy | ChangeKind::Qoq, _) | Expr::Cagr(..) | Expr::Share(..) => {
                Some(Base::Ratio)
            }
            Expr::Change(_, inner) => self.base_of(inner).map(|base| match base {
                Base::Ratio => Base::RatioPoints,
                other => other,
            }),
            Expr::Binary(BinaryOp::Divide, left, right) => {
                let (left, right) = (self.base_of(left)?, self.base_of(right)?);
                Some(if left == right { Base::Ratio } else { left })
            }
            Expr::Binary(_, left, _) => self.base_of(left),
            Expr::Coalesce(parts) => parts.first().and_then(|part| self.base_of(part)),
            Expr::Rank(..) | Expr::Streak(_) => Some(Base::Plain),
        }
    }

    fn plain_number(&mut self) -> Expr {
        let values = ["2", "0.5", "100", "3", "-1", "0", "7.25", "0.1"];
        let text = self.rng.pick(&values).copied().unwrap_or("2");
        Expr::Number(Quantity::new(text.parse().unwrap_or(Decimal::TWO), Unit::PLAIN))
    }

    /// A number against which a value can stand, in some unit of its kind or without a unit.
    pub(super) fn number_near(&mut self, expr: &Expr) -> Quantity {
        let base = self.base_of(expr).unwrap_or(Base::Plain);
        // Without a unit only 0 can stand against %.
        let bare = self.rng.percent(if base == Base::Ratio { 3 } else { 25 });
        let units: &[(u64, Unit)] = match base {
            Base::Ratio => &[(6, Unit::PERCENT), (1, Unit::TIMES)],
            Base::RatioPoints => &[(3, Unit::PERCENT_POINTS), (1, Unit::BASIS_POINTS)],
            Base::Plain => &[(1, Unit::PLAIN)],
            _ => &[],
        };
        let unit = if units.is_empty() {
            let power = self.rng.weighted(&[(2, 0_i8), (2, 4), (3, 8)]).unwrap_or(0);
            Unit::new(base, power)
        } else {
            self.rng.weighted(units).unwrap_or(Unit::PLAIN)
        };
        let value = match self.metric_inside(expr) {
            Some(metric) if !matches!(base, Base::Ratio | Base::RatioPoints) && metric.unit.base == base => {
                let power = i32::from(metric.sample_unit.power) - i32::from(unit.power);
                self.rng
                    .pick(&metric.samples)
                    .and_then(|sample| rounded(sample, power))
            }
            _ => None,
        };
        let small = [
            "0", "1", "2", "3", "5", "10", "12.5", "30", "50", "60", "-5", "-20", "100",
        ];
        let small = self.rng.pick(&small).copied().unwrap_or("1");
        let value = value.or_else(|| small.parse().ok()).unwrap_or(Decimal::ONE);
        Quantity::new(value, if bare { Unit::PLAIN } else { unit })
    }

    /// A metric whose size says something of the expression's.
    fn metric_inside(&self, expr: &Expr) -> Option<&'p MetricInfo> {
        match expr {
            Expr::Metric(metric) => self.pool.metrics.iter().find(|known| known.name == metric.name),
            Expr::Negate(inner)
            | Expr::Abs(inner)
            | Expr::Shift(inner, _)
            | Expr::Over(_, inner, _)
            | Expr::Peers(_, inner, _) => self.metric_inside(inner),
            Expr::Binary(_, left, _) => self.metric_inside(left),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Metric,
    Arithmetic,
    Around,
    Shift,
    Change,
    Cagr,
    Peers,
    Share,
    Rank,
    Over,
    Streak,
    Coalesce,
    Number,
}
