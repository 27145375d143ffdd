//! What a value means, as a digest: the same in every Query that asks for it, another one whenever the catalog gives it another meaning.

use jinsheng_core::{Digest, Digester, Unit};
use jinsheng_grounding::SourceVersion;
use jinsheng_semantics::bind::{Bound, BoundCondition, BoundFilter, Context, Leaf};
use jinsheng_semantics::query::Form;

use super::Maker;

#[derive(Clone)]
pub(super) struct Definition {
    pub(super) digest: Digest,
    pub(super) sources: Vec<SourceVersion>,
}

impl Maker<'_> {
    pub(super) fn definition(&mut self, expr: &Bound, unit: Unit) -> Definition {
        if let Some((_, known)) = self.definitions.iter().find(|(known, _)| known == expr) {
            return known.clone();
        }
        let grounds = self.grounds;
        let mut sources = Vec::new();
        grounds.sources_of(expr, &grounds.query.context, &mut sources);
        sources.sort();
        sources.dedup();
        let mut digester = Digester::new("definition");
        digester.field(&unit.to_string());
        self.describe(expr, &grounds.query.context, &mut digester);
        let definition = Definition {
            digest: digester.finish(),
            sources,
        };
        self.definitions.push((expr.clone(), definition.clone()));
        definition
    }

    /// Everything that an expression means. Leaves are described where they stand, so that the same value has the
    /// same definition in every Query.
    fn describe(&self, expr: &Bound, context: &Context, into: &mut Digester) {
        match expr {
            Bound::Leaf(index) => match context.leaves.get(*index) {
                Some(Leaf::Measure(leaf)) => {
                    let measure = self
                        .grounds
                        .catalog
                        .table(&leaf.table)
                        .and_then(|table| table.measures.get(&leaf.measure));
                    into.field("measure").field(&leaf.table).field(&leaf.measure);
                    into.field(leaf.form.map_or("", Form::as_str))
                        .field(&format!("{measure:?}"));
                    leaf.filters.iter().for_each(|filter| {
                        into.field(&filter_text(filter));
                    });
                }
                Some(Leaf::Fold(fold)) => {
                    let dimensions: Vec<&str> = fold
                        .context
                        .dimensions
                        .iter()
                        .map(|dimension| dimension.name.as_str())
                        .collect();
                    into.field("fold")
                        .field(fold.stat.as_str())
                        .field(&dimensions.join(","));
                    into.field(&fold.over_period.to_string());
                    self.describe(&fold.inner, &fold.context, into);
                }
                None => {}
            },
            Bound::Streak(condition) => {
                into.field("streak");
                self.describe_condition(condition, context, into);
            }
            other => {
                into.field(&self.shape(other, context));
                other
                    .children()
                    .into_iter()
                    .for_each(|child| self.describe(child, context, into));
            }
        }
    }

    fn describe_condition(&self, condition: &BoundCondition, context: &Context, into: &mut Digester) {
        match condition {
            BoundCondition::Compare(left, op, right) => {
                into.field(op.as_str());
                self.describe(left, context, into);
                self.describe(right, context, into);
            }
            BoundCondition::Missing(expr, missing) => {
                into.field(if *missing { "missing" } else { "known" });
                self.describe(expr, context, into);
            }
            BoundCondition::Not(inner) => {
                into.field("not");
                self.describe_condition(inner, context, into);
            }
            BoundCondition::All(parts) | BoundCondition::Any(parts) => {
                let all = matches!(condition, BoundCondition::All(_));
                into.field(if all { "all" } else { "any" })
                    .field(&parts.len().to_string());
                parts
                    .iter()
                    .for_each(|part| self.describe_condition(part, context, into));
            }
        }
    }

    /// Name and parameters of one node, without its operands.
    fn shape(&self, expr: &Bound, context: &Context) -> String {
        let names = |indices: &[usize]| {
            let found = indices.iter().filter_map(|index| context.dimensions.get(*index));
            found
                .map(|dimension| dimension.name.as_str())
                .collect::<Vec<_>>()
                .join(",")
        };
        match expr {
            Bound::Leaf(_) => "leaf".to_owned(),
            Bound::Number(value) => format!("number {}", value.normalize()),
            Bound::Scale(_, power) => format!("scale {power}"),
            Bound::Negate(_) => "negate".to_owned(),
            Bound::Add(..) => "add".to_owned(),
            Bound::Subtract(..) => "subtract".to_owned(),
            Bound::Multiply(..) => "multiply".to_owned(),
            Bound::Divide(..) => "divide".to_owned(),
            Bound::Abs(_) => "abs".to_owned(),
            Bound::Coalesce(parts) => format!("coalesce {}", parts.len()),
            Bound::Shift(_, periods) => format!("shift {periods}"),
            Bound::Peers(stat, _, within) => format!("peers {} {}", stat.as_str(), names(within)),
            Bound::Rank(_, direction, within) => format!("rank {} {}", direction.as_str(), names(within)),
            Bound::Cagr(_, periods, years) => format!("cagr {periods} {years}"),
            Bound::Streak(_) => "streak".to_owned(),
        }
    }
}

/// What a filter asks; which keys it finds by their names is a matter of the data.
pub(super) fn filter_text(filter: &BoundFilter) -> String {
    format!("{:?} {:?}", filter.dimension, filter.test)
}
