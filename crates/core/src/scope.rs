//! Who asks: which rows and columns a caller may see.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Digest, Digester};

/// Rows are kept where the dimension has one of these values, in every table from which it can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowFilter {
    /// Dimension as in the catalog: `client.manager`, `company.industry`, or an entity: `branch`.
    pub dimension: String,
    /// Allowed values. An empty list allows no row.
    pub values: BTreeSet<String>,
}

/// The rights of one caller. Every plan, link, suggestion and cache key takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    role: Option<String>,
    row_filters: BTreeMap<String, BTreeSet<String>>,
    hidden: BTreeSet<String>,
}

impl Scope {
    /// Everything: the command line on one's own machine.
    pub fn full() -> Self {
        Self {
            role: None,
            row_filters: BTreeMap::new(),
            hidden: BTreeSet::new(),
        }
    }

    /// A role with row filters and hidden names (`table` or `table.column`).
    ///
    /// Two filters on one dimension leave what both allow.
    pub fn restricted(
        role: impl Into<String>,
        row_filters: impl IntoIterator<Item = RowFilter>,
        hidden: impl IntoIterator<Item = String>,
    ) -> Self {
        let mut filters: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for filter in row_filters {
            filters
                .entry(filter.dimension)
                .and_modify(|allowed| allowed.retain(|value| filter.values.contains(value)))
                .or_insert(filter.values);
        }
        Self {
            role: Some(role.into()),
            row_filters: filters,
            hidden: hidden.into_iter().collect(),
        }
    }

    /// The role's name; `None` for the full scope.
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// Dimension and allowed values, by dimension.
    pub fn row_filters(&self) -> impl Iterator<Item = (&str, &BTreeSet<String>)> {
        self.row_filters
            .iter()
            .map(|(dimension, values)| (dimension.as_str(), values))
    }

    /// What may not be seen, as written: `table` or `table.name`.
    pub fn hidden(&self) -> impl Iterator<Item = &str> {
        self.hidden.iter().map(String::as_str)
    }

    /// True when the table, or the column of it, may not be seen.
    pub fn hides(&self, table: &str, column: Option<&str>) -> bool {
        self.hidden.contains(table)
            || column.is_some_and(|column| self.hidden.contains(&format!("{table}.{column}")))
    }

    /// Digest of what may be seen, without the role's name: two roles with the same rights share facts.
    pub fn class(&self) -> Digest {
        let mut digester = Digester::new("scope");
        for (dimension, values) in &self.row_filters {
            digester.field(dimension).field(&values.len().to_string());
            values.iter().for_each(|value| {
                digester.field(value);
            });
        }
        digester.field("hidden");
        self.hidden.iter().for_each(|name| {
            digester.field(name);
        });
        digester.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(dimension: &str, values: &[&str]) -> RowFilter {
        RowFilter {
            dimension: dimension.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    #[test]
    fn filters_intersect_and_roles_share_a_class() {
        let scope = Scope::restricted(
            "a",
            [filter("branch", &["1", "2"]), filter("branch", &["2", "3"])],
            [],
        );
        assert_eq!(
            scope.row_filters().next().unwrap().1.iter().collect::<Vec<_>>(),
            ["2"]
        );
        assert_eq!(
            scope.class(),
            Scope::restricted("b", [filter("branch", &["2"])], []).class()
        );
        assert_ne!(scope.class(), Scope::full().class());
        assert!(Scope::restricted("a", [], ["t.c".to_owned()]).hides("t", Some("c")));
    }
}
