//! What names in a Query mean: dimensions of the catalog, subjects among the data; and the nearest ones where there is none.

use std::collections::BTreeSet;

use jinsheng_core::Localised;

use super::context::Binder;
use super::{BindError, BoundDimension, BoundFilter, Context, DimensionRef, NameMiss};
use crate::catalog::ResolvedDimension;
use crate::query::{Filter, Test};

/// Dimensions that are named where nothing is near.
const SHOWN_DIMENSIONS: usize = 8;

impl Binder<'_> {
    /// Adds a dimension to a context as a hidden one, if it is an attribute of an entity there.
    pub(super) fn require_dimension(
        &self,
        dimension: &DimensionRef,
        written: &str,
        context: &mut Context,
    ) -> Result<(), BindError> {
        if context
            .dimensions
            .iter()
            .any(|known| known.dimension == *dimension)
        {
            return Ok(());
        }
        let resolved = match dimension {
            DimensionRef::Entity(entity) => ResolvedDimension::Entity(entity),
            DimensionRef::Column(table, column) => ResolvedDimension::Column(table, column),
        };
        let depends = context.dimensions.iter().any(|known| match &known.dimension {
            DimensionRef::Entity(entity) => {
                let home = self
                    .catalog
                    .entity(entity)
                    .and_then(|entity| entity.table.as_deref());
                home.is_some_and(|home| self.catalog.path(home, resolved).is_some())
            }
            DimensionRef::Column(..) => false,
        });
        if !depends {
            return Err(BindError::Misplaced {
                text: written.to_owned(),
                why: (
                    "须是结果的维度（写进 by），或结果中某个实体的属性",
                    "must be a dimension of the result (named in `by`) or an attribute of an entity in it",
                ),
            });
        }
        let name = self.canonical_name(dimension);
        context.dimensions.push(BoundDimension {
            name,
            dimension: dimension.clone(),
            hidden: true,
        });
        Ok(())
    }

    fn canonical_name(&self, dimension: &DimensionRef) -> String {
        match dimension {
            DimensionRef::Entity(entity) => entity.clone(),
            DimensionRef::Column(table, column) => self.catalog.dimension_name(table, column),
        }
    }

    /// Resolves a dimension by name.
    pub(super) fn dimension(&self, name: &str) -> Result<BoundDimension, BindError> {
        let dimension = match self.catalog.dimension(name) {
            Ok(ResolvedDimension::Entity(entity)) => DimensionRef::Entity(entity.to_owned()),
            Ok(ResolvedDimension::Column(table, column)) => {
                DimensionRef::Column(table.to_owned(), column.to_owned())
            }
            Err(_) if self.catalog.withholds_dimension(name) => {
                return Err(BindError::Hidden {
                    name: name.to_owned(),
                });
            }
            Err(candidates) => {
                let several = !candidates.is_empty();
                let nearest = match several {
                    true => candidates,
                    false => nearest(name, self.dimensions()),
                };
                return Err(BindError::UnknownDimension {
                    name: name.to_owned(),
                    nearest,
                    several,
                    known: self.dimensions().take(SHOWN_DIMENSIONS).collect(),
                });
            }
        };
        Ok(BoundDimension {
            name: self.canonical_name(&dimension),
            dimension,
            hidden: false,
        })
    }

    /// Names of all dimensions, entities first.
    fn dimensions(&self) -> impl Iterator<Item = String> {
        let file = self.catalog.file();
        let attributes = file.tables.iter().flat_map(|(table, definition)| {
            let columns = definition.dimensions.keys();
            columns.map(|column| self.catalog.dimension_name(table, column))
        });
        file.entities.keys().cloned().chain(attributes)
    }

    /// Resolves a filter; names of subjects become keys.
    pub(super) fn filter(&self, filter: &Filter) -> Result<BoundFilter, BindError> {
        let dimension = self.dimension(&filter.dimension)?.dimension;
        let keys = |values: &BTreeSet<String>| -> Result<BTreeSet<String>, BindError> {
            let DimensionRef::Entity(entity) = &dimension else {
                return Ok(values.clone());
            };
            values.iter().map(|text| self.key(entity, text)).collect()
        };
        let test = match &filter.test {
            Test::In(values) => Test::In(keys(values)?),
            Test::NotIn(values) => Test::NotIn(keys(values)?),
            other => other.clone(),
        };
        let named = match (&dimension, &test) {
            (DimensionRef::Entity(entity), Test::Contains(text)) => self.names.named_with(entity, text),
            _ => BTreeSet::new(),
        };
        Ok(BoundFilter {
            dimension,
            test,
            named,
        })
    }

    fn key(&self, entity: &str, text: &str) -> Result<String, BindError> {
        self.names.key(entity, text).map_err(|miss| {
            let (several, candidates) = match miss {
                NameMiss::Several(candidates) => (true, candidates),
                NameMiss::None(candidates) => (false, candidates),
            };
            let label = self.catalog.entity(entity).map(|entity| entity.label.clone());
            BindError::Subject {
                entity: label
                    .filter(|label| !label.is_empty())
                    .unwrap_or_else(|| Localised::new(entity, entity)),
                dimension: entity.into(),
                text: text.to_owned(),
                several,
                candidates,
            }
        })
    }

    /// Positions of dimensions in a context.
    pub(super) fn indices(&self, names: &[String], context: &Context) -> Result<Vec<usize>, BindError> {
        names
            .iter()
            .map(|name| {
                let dimension = self.dimension(name)?.dimension;
                context
                    .dimensions
                    .iter()
                    .position(|known| known.dimension == dimension)
                    .ok_or_else(|| BindError::Misplaced {
                        text: name.clone(),
                        why: ("不是结果的维度", "is no dimension of the result"),
                    })
            })
            .collect()
    }
}

/// The five names most like `name`.
pub(super) fn nearest(name: &str, known: impl Iterator<Item = String>) -> Vec<String> {
    let folded = jinsheng_text::fold(name);
    let mut scored: Vec<(f64, String)> = known
        .map(|candidate| {
            let other = jinsheng_text::fold(&candidate);
            let bonus = if other.contains(&folded) || folded.contains(&other) {
                0.3
            } else {
                0.0
            };
            (strsim::jaro_winkler(&folded, &other) + bonus, candidate)
        })
        .filter(|(score, _)| *score > 0.7)
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    scored.truncate(5);
    scored.into_iter().map(|(_, name)| name).collect()
}
