//! Evidence for the values of a result: cells where a value stands in one, computations with their operands else.

mod definition;

use std::collections::BTreeMap;
use std::sync::Arc;

use jinsheng_core::{Decimal, Digest, Digester, Period, Scope, Unit};
use jinsheng_data::Unpivoted;
use jinsheng_grounding::{Evidence, EvidenceId, FactKey, Origin, SourceVersion, Strength};
use jinsheng_semantics::bind::{Bound, BoundQuery, Context, DimensionRef, Leaf, MeasureLeaf};
use jinsheng_semantics::catalog::{Agg, Catalog, PeriodColumns, TimeBehaviour};
use jinsheng_semantics::query::Form;

use crate::coverage::{Coverage, Place};
use crate::tables::Tables;
use definition::{Definition, filter_text};

/// What the values of one result mean and rest on.
#[derive(Debug)]
pub(crate) struct Grounds {
    pub(crate) query: BoundQuery,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) coverage: Coverage,
    scope_class: Digest,
    /// By imported table.
    versions: BTreeMap<String, SourceVersion>,
    /// By imported table: those whose values stood in columns for periods.
    unpivoted: BTreeMap<String, Unpivoted>,
}

impl Grounds {
    pub(crate) fn new(
        query: BoundQuery,
        catalog: Arc<Catalog>,
        tables: &Tables,
        scope: &Scope,
        coverage: Coverage,
    ) -> Self {
        let mut versions = BTreeMap::new();
        versions_of(&query.context, &catalog, tables, &mut versions);
        let unpivoted = versions
            .keys()
            .filter_map(|table| Some((table.clone(), tables.unpivoted(table)?.clone())))
            .collect();
        Self {
            query,
            catalog,
            coverage,
            scope_class: scope.class(),
            versions,
            unpivoted,
        }
    }

    /// Every source that a value of the result comes from.
    pub(crate) fn sources(&self) -> Vec<SourceVersion> {
        let mut sources = Vec::new();
        for item in &self.query.items {
            self.sources_of(&item.expr, &self.query.context, &mut sources);
        }
        sources.sort();
        sources.dedup();
        sources
    }

    fn sources_of(&self, expr: &Bound, context: &Context, into: &mut Vec<SourceVersion>) {
        let mut leaves = Vec::new();
        leaf_indices(expr, &mut leaves);
        for index in leaves {
            match context.leaves.get(index) {
                Some(Leaf::Measure(leaf)) => into.extend(
                    self.catalog
                        .table(&leaf.table)
                        .and_then(|table| self.versions.get(&table.source))
                        .cloned(),
                ),
                Some(Leaf::Fold(fold)) => self.sources_of(&fold.inner, &fold.context, into),
                None => {}
            }
        }
    }
}

fn versions_of(
    context: &Context,
    catalog: &Catalog,
    tables: &Tables,
    into: &mut BTreeMap<String, SourceVersion>,
) {
    for leaf in &context.leaves {
        match leaf {
            Leaf::Fold(fold) => versions_of(&fold.context, catalog, tables, into),
            Leaf::Measure(leaf) => {
                let Some(table) = catalog.table(&leaf.table) else {
                    continue;
                };
                if let Some((name, digest)) = tables.version(&table.source) {
                    into.entry(table.source.clone()).or_insert_with(|| SourceVersion {
                        source: name.to_owned(),
                        digest: digest.clone(),
                        strength: Strength::Pinned,
                    });
                }
            }
        }
    }
}

/// Makes evidence for one result.
pub(crate) struct Maker<'a> {
    grounds: &'a Grounds,
    filters: Digest,
    known: BTreeMap<EvidenceId, Evidence>,
    /// By expression: what it means, as a digest, and the sources of its leaves.
    definitions: Vec<(Bound, Definition)>,
}

/// One value of a row.
pub(crate) struct Fact<'f> {
    pub(crate) expr: &'f Bound,
    pub(crate) text: &'f str,
    pub(crate) value: Option<Decimal>,
    pub(crate) unit: Unit,
    pub(crate) approximate: bool,
}

/// Columns and values that find a row, and its period.
type Found = (Vec<(String, String)>, Option<Period>);

/// Where a row stands and the operands in it.
pub(crate) struct Row<'a> {
    pub(crate) subject: &'a [(String, String)],
    pub(crate) period: Option<Period>,
    pub(crate) operands: &'a [(&'a Bound, Option<Decimal>)],
}

impl<'a> Maker<'a> {
    pub(crate) fn new(grounds: &'a Grounds) -> Self {
        let query = &grounds.query;
        let mut digester = Digester::new("filters");
        for filter in &query.filters {
            digester.field(&filter_text(filter));
        }
        // Peers and folds over the period depend on more than the row's own period.
        if query.folds_period {
            digester.field(
                &query
                    .periods
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            );
        }
        Self {
            grounds,
            filters: digester.finish(),
            known: BTreeMap::new(),
            definitions: Vec::new(),
        }
    }

    /// All evidence made, by id.
    pub(crate) fn finish(self) -> BTreeMap<EvidenceId, Evidence> {
        self.known
    }

    /// Evidence for a value, and for its operands.
    pub(crate) fn evidence(&mut self, fact: &Fact<'_>, row: &Row<'_>) -> EvidenceId {
        let Definition { digest, sources } = self.definition(fact.expr, fact.unit);
        // What has no period is as of now, whatever period it is shown beside.
        let dated = !self.undated(fact.expr);
        let period = row.period.filter(|_| dated);
        let key = FactKey {
            definition: &digest,
            subject: row.subject,
            period,
            grain: self.grounds.query.grain.filter(|_| dated),
            filters: &self.filters,
            scope_class: &self.grounds.scope_class,
        };
        let fact_id = key.id();
        let id = EvidenceId::new(&fact_id, fact.value, fact.unit, &sources);
        if self.known.contains_key(&id) {
            return id;
        }
        let origin = match fact.expr {
            Bound::Leaf(index) => self.leaf_origin(*index, fact, row),
            Bound::Scale(inner, _) if matches!(**inner, Bound::Leaf(_)) => match **inner {
                Bound::Leaf(index) => self.leaf_origin(index, fact, row),
                _ => Origin::Computation {
                    expression: fact.text.to_owned(),
                    operands: Vec::new(),
                },
            },
            other => Origin::Computation {
                expression: fact.text.to_owned(),
                operands: self.operands(other, row),
            },
        };
        let evidence = Evidence {
            id: id.clone(),
            fact: fact_id,
            metric: fact.text.to_owned(),
            subject: row.subject.to_vec(),
            period,
            value: fact.value,
            unit: fact.unit,
            approximate: fact.approximate,
            origin,
            sources,
        };
        self.known.insert(id.clone(), evidence);
        id
    }

    /// Whether a value is read from a table without periods.
    fn undated(&self, expr: &Bound) -> bool {
        match expr {
            Bound::Scale(inner, _) => self.undated(inner),
            Bound::Leaf(index) => match self.grounds.query.context.leaves.get(*index) {
                Some(Leaf::Measure(leaf)) => {
                    let table = self.grounds.catalog.table(&leaf.table);
                    table.is_some_and(|table| table.period.is_none())
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Leaves, and earlier values of leaves, that an expression is made of.
    fn operands(&mut self, expr: &Bound, row: &Row<'_>) -> Vec<EvidenceId> {
        let mut parts: Vec<&Bound> = Vec::new();
        gather(expr, &mut parts);
        let query = &self.grounds.query;
        let mut ids = Vec::new();
        for part in parts {
            let Some((_, value)) = row.operands.iter().find(|(bound, _)| *bound == part) else {
                continue;
            };
            let (index, earlier) = match part {
                Bound::Leaf(index) => (*index, 0),
                Bound::Shift(inner, back) => match **inner {
                    Bound::Leaf(index) => (index, *back),
                    _ => continue,
                },
                _ => continue,
            };
            let Some(leaf) = query.context.leaves.get(index) else {
                continue;
            };
            let period = row
                .period
                .map(|period| period.offset(-i32::try_from(earlier).unwrap_or(0)));
            let base = Bound::Leaf(index);
            let fact = Fact {
                expr: &base,
                text: &leaf_text(leaf),
                value: *value,
                unit: self.leaf_unit(leaf),
                approximate: false,
            };
            let earlier_row = Row {
                subject: row.subject,
                period,
                operands: &[],
            };
            ids.push(self.evidence(&fact, &earlier_row));
        }
        ids.dedup();
        ids
    }

    fn leaf_unit(&self, leaf: &Leaf) -> Unit {
        match leaf {
            Leaf::Measure(leaf) => {
                let measure = self
                    .grounds
                    .catalog
                    .table(&leaf.table)
                    .and_then(|table| table.measures.get(&leaf.measure));
                measure.map_or(Unit::PLAIN, |measure| measure.unit)
            }
            Leaf::Fold(_) => Unit::PLAIN,
        }
    }

    fn leaf_origin(&self, index: usize, fact: &Fact<'_>, row: &Row<'_>) -> Origin {
        let computed = || Origin::Computation {
            expression: fact.text.to_owned(),
            operands: Vec::new(),
        };
        let Some(Leaf::Measure(leaf)) = self.grounds.query.context.leaves.get(index) else {
            return computed();
        };
        let Some(table) = self.grounds.catalog.table(&leaf.table) else {
            return computed();
        };
        let Some(measure) = table.measures.get(&leaf.measure) else {
            return computed();
        };
        if let Some((found, at)) = self.cell(leaf, row)
            && let Some(column) = &measure.column
        {
            let unpivoted = self.grounds.unpivoted.get(&table.source);
            return Origin::Cell {
                table: table.source.clone(),
                column: column.clone(),
                row: found,
                file_column: unpivoted.zip(at).and_then(|(file, at)| file.header(column, at)),
            };
        }
        let function = match measure.agg {
            Agg::Sum => "sum",
            Agg::Min => "min",
            Agg::Max => "max",
            Agg::Mean => "mean",
            Agg::Count => "count",
            Agg::CountDistinct => "count_distinct",
        };
        let form = leaf
            .form
            .map(|form| format!(", {}", form.as_str()))
            .unwrap_or_default();
        Origin::Aggregate {
            table: table.source.clone(),
            column: measure.column.clone(),
            function: format!("{function}{form}"),
            partial: self.grounds.coverage.partial(
                index,
                &Place {
                    keys: row.subject.iter().map(|(_, key)| key.clone()).collect(),
                    period: row.period,
                },
            ),
        }
    }

    /// Columns and values that find the one row that a value stands in, and its period, if it is one.
    fn cell(&self, leaf: &MeasureLeaf, row: &Row<'_>) -> Option<Found> {
        let table = self.grounds.catalog.table(&leaf.table)?;
        let measure = table.measures.get(&leaf.measure)?;
        let as_stored = match (measure.time, leaf.form) {
            (TimeBehaviour::FlowYtd, Some(Form::Ytd))
            | (TimeBehaviour::Flow, Some(Form::Single))
            | (_, None) => true,
            (TimeBehaviour::FlowYtd, Some(_)) => self.grounds.query.grain == Some(jinsheng_core::Grain::Year),
            _ => false,
        };
        if !table.unique || !as_stored || !leaf.filters.is_empty() {
            return None;
        }
        let value_of = |wanted: &DimensionRef| {
            let dimension = self
                .grounds
                .query
                .context
                .dimensions
                .iter()
                .find(|known| known.dimension == *wanted)?;
            row.subject
                .iter()
                .find(|(name, _)| *name == dimension.name)
                .map(|(_, key)| key.clone())
        };
        let mut found = Vec::new();
        for (entity, column) in &table.entities {
            found.push((column.clone(), value_of(&DimensionRef::Entity(entity.clone()))?));
        }
        for key in &table.key_dimensions {
            let column = table.dimensions.get(key)?.column.clone();
            found.push((
                column,
                value_of(&DimensionRef::Column(leaf.table.clone(), key.clone()))?,
            ));
        }
        let mut own_period = None;
        if let Some(period) = &table.period {
            let shown = row.period?;
            let own = period.grain();
            let exact = shown.grain() == own;
            let at_end =
                matches!(period, PeriodColumns::Report { .. }) && measure.time != TimeBehaviour::Flow;
            if !exact && !at_end && measure.time != TimeBehaviour::FlowYtd {
                return None;
            }
            let at = if exact { shown } else { shown.last_at(own)? };
            let columns = period.columns().join(", ");
            let named = match period {
                PeriodColumns::Year { .. }
                | PeriodColumns::Date {
                    grain: jinsheng_core::Grain::Day,
                    ..
                } => columns,
                // Read out of the columns, which may write it otherwise.
                _ => format!("period({columns})"),
            };
            found.push((named, at.to_string()));
            own_period = Some(at);
        }
        Some((found, own_period))
    }
}

fn leaf_text(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Measure(leaf) => {
            let form = leaf
                .form
                .map(|form| format!(":{}", form.as_str()))
                .unwrap_or_default();
            format!("{}@{}{form}", leaf.measure, leaf.table)
        }
        Leaf::Fold(fold) => format!("{}(… over …)", fold.stat.as_str()),
    }
}

fn gather<'b>(expr: &'b Bound, into: &mut Vec<&'b Bound>) {
    let operand = match expr {
        Bound::Leaf(_) => true,
        Bound::Shift(inner, _) => matches!(**inner, Bound::Leaf(_)),
        _ => false,
    };
    if operand {
        if !into.contains(&expr) {
            into.push(expr);
        }
        return;
    }
    expr.children().into_iter().for_each(|child| gather(child, into));
}

fn leaf_indices(expr: &Bound, into: &mut Vec<usize>) {
    if let Bound::Leaf(index) = expr
        && !into.contains(index)
    {
        into.push(*index);
    }
    expr.children()
        .into_iter()
        .for_each(|child| leaf_indices(child, into));
}
