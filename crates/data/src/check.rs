//! Checks of imported tables: what makes numbers wrong is found and named, with rows, before anybody asks a question.

mod codes;
mod finding;
mod identities;
mod placeholders;
mod rows;
mod slips;
mod twins;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Decimal;

use crate::columns::texts_at;
use crate::identity::Frame;
use crate::keys::{Key, guess_key, naming_columns};
use crate::{DataError, TableMeta, Warehouse};
pub use finding::{Example, Finding, FindingKind, IdentityOrigin, KeyDoubt, Severity};
pub(crate) use placeholders::placeholders;
pub use placeholders::stand_ins;

/// An identity that must hold in every row of a table: the signed columns on both sides have equal sums.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The table.
    pub table: String,
    /// Columns with their sign, +1 or -1.
    pub left: Vec<(i8, String)>,
    /// Columns with their sign, +1 or -1.
    pub right: Vec<(i8, String)>,
    /// Greatest difference allowed, in the columns' unit.
    pub tolerance: Decimal,
}

/// A sum that columns of these names obey as a rule: `net_cash_flow = operating + investing + financing`. Unlike an
/// [`Identity`] it is only supposed: where next to no row obeys it, the columns mean something else.
#[derive(Debug, Clone, PartialEq)]
pub struct UsualSum {
    /// The table.
    pub table: String,
    /// The total.
    pub total: String,
    /// Columns with their sign, +1 or -1.
    pub terms: Vec<(i8, String)>,
}

/// What to check.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Only these tables; all when empty.
    pub tables: Vec<String>,
    /// Keys by table; guessed where not given.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Identities that must hold.
    pub identities: Vec<Identity>,
    /// Sums that are supposed to hold.
    pub usual: Vec<UsualSum>,
    /// Look for identities that hold in most rows and list the rows in which they do not.
    pub discover: bool,
    /// Examples of a finding at most.
    pub examples: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            tables: Vec::new(),
            keys: BTreeMap::new(),
            identities: Vec::new(),
            usual: Vec::new(),
            discover: true,
            examples: 5,
        }
    }
}

/// A finding under way: rows are numbered from 0 and named at the end, all at once.
struct Draft {
    kind: FindingKind,
    severity: Severity,
    columns: Vec<String>,
    count: u64,
    of: u64,
    rows: Vec<(u64, String)>,
    show: Vec<String>,
}

impl Draft {
    fn new(kind: FindingKind, severity: Severity, columns: Vec<String>, count: u64, of: u64) -> Self {
        Self {
            kind,
            severity,
            show: columns.clone(),
            columns,
            count,
            of,
            rows: Vec::new(),
        }
    }
}

/// Checks tables; findings come by table, the gravest first.
///
/// # Errors
/// [`DataError::NoSuchTable`] and [`DataError::NoSuchColumn`] for what the options name, [`DataError::Damaged`],
/// [`DataError::Cancelled`]. A table whose file is not the one that was imported is a finding.
pub fn check(warehouse: &Warehouse, options: &CheckOptions) -> Result<Vec<Finding>, DataError> {
    let tables: Vec<&TableMeta> = if options.tables.is_empty() {
        warehouse.tables().collect()
    } else {
        options
            .tables
            .iter()
            .map(|name| warehouse.require(name))
            .collect::<Result<_, _>>()?
    };
    for name in options
        .keys
        .keys()
        .chain(options.identities.iter().map(|identity| &identity.table))
    {
        warehouse.require(name)?;
    }
    let mut findings = Vec::new();
    for table in tables {
        findings.extend(check_table(warehouse, table, options)?);
    }
    Ok(findings)
}

fn check_table(
    warehouse: &Warehouse,
    table: &TableMeta,
    options: &CheckOptions,
) -> Result<Vec<Finding>, DataError> {
    let stored = warehouse.stored(table);
    let unreadable = match stored.verify() {
        Ok(()) => None,
        Err(DataError::Altered { .. }) => Some(false),
        Err(DataError::Damaged { .. }) => Some(true),
        Err(error) => return Err(error),
    };
    if let Some(unreadable) = unreadable {
        let kind = FindingKind::AlteredFile {
            unreadable,
            again: stored.again,
        };
        return Ok(vec![Finding {
            kind,
            severity: Severity::Error,
            table: table.name.clone(),
            columns: Vec::new(),
            count: table.rows,
            of: table.rows,
            examples: Vec::new(),
        }]);
    }
    let key = match options.keys.get(&table.name) {
        Some(columns) => Some(Key {
            subject: columns.clone(),
            period: Vec::new(),
        }),
        None => guess_key(warehouse, &table.name)?,
    };
    let mut drafts = rows::empty_and_constant(table);
    drafts.extend(rows::doubled(warehouse, table)?);
    if let Some(key) = &key {
        drafts.extend(rows::duplicate_keys(
            warehouse,
            table,
            key,
            options.keys.contains_key(&table.name),
        )?);
    }
    drafts.extend(codes::without_zeros(warehouse, table)?);
    drafts.extend(rows::mixed(table));
    drafts.extend(placeholders::find(warehouse, table)?);
    drafts.extend(identities::given(warehouse, table, &options.identities)?);
    if options.discover {
        warehouse.stop().check()?;
        let frame = Frame::load(warehouse, &table.name)?;
        drafts.extend(slips::find(&frame));
        drafts.extend(twins::find(&frame));
        drafts.extend(identities::broken(table, &frame, &options.usual)?);
    }
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.severity));
    name_rows(warehouse, table, key.as_ref(), drafts, options.examples)
}

/// Reads the key and the columns of each finding at its first rows.
fn name_rows(
    warehouse: &Warehouse,
    table: &TableMeta,
    key: Option<&Key>,
    mut drafts: Vec<Draft>,
    examples: usize,
) -> Result<Vec<Finding>, DataError> {
    let naming = naming_columns(table, key);
    let mut columns: Vec<String> = naming.clone();
    for draft in &drafts {
        for name in &draft.show {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
    }
    let mut wanted = BTreeSet::new();
    for draft in &drafts {
        wanted.extend(draft.rows.iter().take(examples).map(|(row, _)| *row));
    }
    let borrowed: Vec<&str> = columns.iter().map(String::as_str).collect();
    let texts = texts_at(warehouse, &table.name, &borrowed, &wanted)?;
    let cell = |row: u64, name: &str| -> String {
        let at = columns.iter().position(|column| column == name);
        let text = texts
            .get(&row)
            .zip(at)
            .and_then(|(cells, at)| cells.get(at))
            .and_then(Clone::clone);
        text.unwrap_or_else(|| "—".to_owned())
    };
    Ok(drafts
        .iter_mut()
        .map(|draft| Finding {
            severity: draft.severity,
            table: table.name.clone(),
            columns: std::mem::take(&mut draft.columns),
            count: draft.count,
            of: draft.of,
            examples: draft
                .rows
                .iter()
                .take(examples)
                .map(|(row, detail)| Example {
                    row: row + 1,
                    key: naming
                        .iter()
                        .map(|name| cell(*row, name))
                        .collect::<Vec<_>>()
                        .join(" "),
                    values: draft
                        .show
                        .iter()
                        .filter(|name| !naming.contains(name))
                        .map(|name| (name.clone(), cell(*row, name)))
                        .collect(),
                    detail: detail.clone(),
                })
                .collect(),
            kind: draft.kind.clone(),
        })
        .collect())
}
