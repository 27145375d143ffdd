//! Tables as columns: each different cell gets a number, so that rows are compared and grouped by numbers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use jinsheng_core::{Period, Scope};
use jinsheng_semantics::catalog::{Catalog, DimensionPath, RepeatedRows, ResolvedDimension};
use jinsheng_semantics::query::{Filter, Test};

use super::hidden::Hidden;
use super::node::Place;
use super::{NaiveRefusal, period, test};
use crate::data::{Cell, NaiveData, NaiveTable};

/// The number of a cell; equal cells have equal numbers.
pub(super) type Code = u32;
/// The number of a missing cell.
pub(super) const MISSING: Code = 0;

/// Catalog and rows, ready for many Queries.
pub struct Prepared<'a> {
    catalog: &'a Catalog,
    tables: BTreeMap<&'a str, Rows<'a>>,
    values: RefCell<Values>,
    columns: RefCell<HashMap<(String, String), Codes>>,
    homes: RefCell<HashMap<(String, String), Rc<Home>>>,
    dimensions: RefCell<HashMap<(String, DimensionPath), Codes>>,
    names: RefCell<HashMap<String, Rc<Displayed>>>,
    scope: Scope,
}

/// One number for each row.
pub(super) type Codes = Rc<Vec<Code>>;

type Home = HashMap<Code, Vec<usize>>;

/// Displayed names of members by the number of their key.
type Displayed = HashMap<Code, String>;

struct Rows<'a> {
    table: &'a NaiveTable,
    /// Period of each row; none for static tables.
    periods: Option<Vec<Option<Period>>>,
    /// Whether a row is a row under the Scope.
    counts: Vec<bool>,
}

struct Values {
    cells: Vec<Cell>,
    codes: HashMap<Cell, Code>,
}

impl Values {
    fn code(&mut self, cell: &Cell) -> Code {
        if let Some(code) = self.codes.get(cell) {
            return *code;
        }
        let code = Code::try_from(self.cells.len()).unwrap_or(MISSING);
        self.cells.push(cell.clone());
        self.codes.insert(cell.clone(), code);
        code
    }
}

impl<'a> Prepared<'a> {
    /// All rows, as under the full Scope.
    ///
    /// # Errors
    /// [`NaiveRefusal::Data`] when rows lack a column of a period.
    pub fn new(catalog: &'a Catalog, data: &'a NaiveData) -> Result<Self, NaiveRefusal> {
        let mut tables = BTreeMap::new();
        for (name, table) in &catalog.file().tables {
            let Some(rows) = data.tables.get(&table.source) else {
                continue;
            };
            let mut periods = None;
            if let Some(columns) = &table.period {
                for column in columns.columns() {
                    require_column(name, rows, column)?;
                }
                let read = |row: &Vec<Cell>| {
                    period::read(columns, |column| rows.column(column).and_then(|at| row.get(at)))
                };
                periods = Some(rows.rows.iter().map(read).collect::<Vec<_>>());
            }
            let mut counts = match &periods {
                Some(periods) => periods.iter().map(Option::is_some).collect(),
                None => vec![true; rows.rows.len()],
            };
            if table.repeated_rows == Some(RepeatedRows::Once) {
                let mut seen = BTreeSet::new();
                for (counts, row) in counts.iter_mut().zip(&rows.rows) {
                    *counts = *counts && seen.insert(row);
                }
            }
            tables.insert(
                name.as_str(),
                Rows {
                    table: rows,
                    periods,
                    counts,
                },
            );
        }
        let values = Values {
            cells: vec![Cell::Missing],
            codes: HashMap::from([(Cell::Missing, MISSING)]),
        };
        Ok(Self {
            catalog,
            tables,
            values: RefCell::new(values),
            columns: RefCell::default(),
            homes: RefCell::default(),
            dimensions: RefCell::default(),
            names: RefCell::default(),
            scope: Scope::full(),
        })
    }

    /// Only the rows that a Scope allows.
    ///
    /// # Errors
    /// As [`Prepared::allowed_rows`].
    pub fn under(mut self, scope: &Scope) -> Result<Self, NaiveRefusal> {
        self.scope = scope.clone();
        self.names = RefCell::default();
        if scope.row_filters().next().is_none() {
            return Ok(self);
        }
        let names: Vec<&str> = self.tables.keys().copied().collect();
        // All flags are computed over all rows before any is set.
        let mut flags = Vec::new();
        for name in names {
            flags.push((name, self.allowed_rows(name, scope)?));
        }
        for (name, allowed) in flags {
            if let Some(rows) = self.tables.get_mut(name) {
                for (counts, allowed) in rows.counts.iter_mut().zip(allowed) {
                    *counts = *counts && allowed;
                }
            }
        }
        self.homes = RefCell::default();
        self.dimensions = RefCell::default();
        Ok(self)
    }

    /// For each row of a table of the catalog, whether a Scope allows it.
    ///
    /// # Errors
    /// [`NaiveRefusal`] when a row filter names an unknown dimension, or a value that its column cannot hold.
    pub fn allowed_rows(&self, table: &str, scope: &Scope) -> Result<Vec<bool>, NaiveRefusal> {
        let mut allowed = vec![true; self.row_count(table)];
        for (dimension, values) in scope.row_filters() {
            let resolved = resolve(self.catalog, dimension)?;
            let Some(path) = self.catalog.path(table, resolved) else {
                continue;
            };
            let filter = Filter {
                dimension: dimension.to_owned(),
                test: Test::In(values.clone()),
            };
            let passing = self.passing(table, &path, &filter)?;
            for (flag, passes) in allowed.iter_mut().zip(passing) {
                *flag = *flag && passes;
            }
        }
        Ok(allowed)
    }

    /// The catalog.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// First and last period with a row.
    pub(crate) fn period_range(&self, table: &str) -> Option<(Period, Period)> {
        let rows = self.tables.get(table)?;
        let periods = rows.periods.iter().flatten().flatten();
        Some((periods.clone().min().copied()?, periods.max().copied()?))
    }

    /// The different cells of a column; none when there is no such column.
    pub(crate) fn distinct(&self, table: &str, column: &str) -> BTreeSet<Cell> {
        let codes: BTreeSet<Code> = match self.column(table, column) {
            Ok(codes) => codes.iter().copied().collect(),
            Err(_) => BTreeSet::new(),
        };
        codes.into_iter().map(|code| self.cell(code)).collect()
    }

    fn rows(&self, table: &str) -> Result<&Rows<'a>, NaiveRefusal> {
        self.tables.get(table).ok_or_else(|| NaiveRefusal::Data {
            table: table.to_owned(),
            what: "there are no rows of its source".to_owned(),
        })
    }

    fn row_count(&self, table: &str) -> usize {
        self.tables.get(table).map_or(0, |rows| rows.counts.len())
    }

    /// Whether each row is a row: allowed by the Scope, with a period that can be read.
    pub(super) fn counting(&self, table: &str) -> Result<Vec<bool>, NaiveRefusal> {
        Ok(self.rows(table)?.counts.clone())
    }

    /// The period of each row; none for static tables.
    pub(super) fn periods(&self, table: &str) -> Result<Option<&[Option<Period>]>, NaiveRefusal> {
        Ok(self.rows(table)?.periods.as_deref())
    }

    /// The cell behind a number.
    pub(super) fn cell(&self, code: Code) -> Cell {
        let values = self.values.borrow();
        let cell = usize::try_from(code).ok().and_then(|at| values.cells.get(at));
        cell.cloned().unwrap_or(Cell::Missing)
    }

    /// A column of a table of the catalog.
    pub(super) fn column(&self, table: &str, column: &str) -> Result<Codes, NaiveRefusal> {
        let key = (table.to_owned(), column.to_owned());
        if let Some(known) = self.columns.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let rows = self.rows(table)?.table;
        let at = require_column(table, rows, column)?;
        let mut values = self.values.borrow_mut();
        let codes = rows
            .rows
            .iter()
            .map(|row| row.get(at).map_or(MISSING, |cell| values.code(cell)));
        let codes = Rc::new(codes.collect::<Vec<_>>());
        self.columns.borrow_mut().insert(key, Rc::clone(&codes));
        Ok(codes)
    }

    /// A dimension's value for each row of a table.
    pub(super) fn dimension(&self, table: &str, path: &DimensionPath) -> Result<Codes, NaiveRefusal> {
        let key = (table.to_owned(), path.clone());
        if let Some(known) = self.dimensions.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let first = path.hops.first().map_or(&path.column, |hop| &hop.column);
        let own = self.column(table, first)?;
        let codes = if path.hops.is_empty() {
            own
        } else {
            let mut known: HashMap<Code, Code> = HashMap::new();
            let mut codes = Vec::with_capacity(own.len());
            for code in own.iter() {
                let value = match known.get(code) {
                    Some(value) => *value,
                    None => self.follow(*code, path)?,
                };
                known.insert(*code, value);
                codes.push(value);
            }
            Rc::new(codes)
        };
        self.dimensions.borrow_mut().insert(key, Rc::clone(&codes));
        Ok(codes)
    }

    /// From the key of the first hop's entity to the value at the end of the path.
    fn follow(&self, key: Code, path: &DimensionPath) -> Result<Code, NaiveRefusal> {
        let mut code = key;
        for (position, hop) in path.hops.iter().enumerate() {
            let next = path
                .hops
                .get(position + 1)
                .map_or(&path.column, |next| &next.column);
            code = self.attribute(&hop.table, &hop.key, code, next)?;
        }
        Ok(code)
    }

    /// The value of a dimension of a group.
    pub(super) fn at(&self, place: &Place, group: &[Code]) -> Result<Code, NaiveRefusal> {
        let own = group.get(place.position).copied().unwrap_or(MISSING);
        match &place.path {
            None => Ok(own),
            Some(path) => self.follow(own, path),
        }
    }

    /// The values of several dimensions of a group; `None` when one is missing.
    pub(super) fn all_at(&self, places: &[Place], group: &[Code]) -> Result<Option<Vec<Code>>, NaiveRefusal> {
        let codes: Vec<Code> = places
            .iter()
            .map(|place| self.at(place, group))
            .collect::<Result<_, _>>()?;
        Ok((!codes.contains(&MISSING)).then_some(codes))
    }

    /// The attribute of a key in its home table: what its rows agree in.
    fn attribute(&self, home: &str, key: &str, code: Code, column: &str) -> Result<Code, NaiveRefusal> {
        if code == MISSING {
            return Ok(MISSING);
        }
        let rows = self.home(home, key)?;
        let column = self.column(home, column)?;
        let found = rows.get(&code).into_iter().flatten();
        Ok(agreed(found.filter_map(|row| column.get(*row)).copied()))
    }

    fn home(&self, table: &str, key: &str) -> Result<Rc<Home>, NaiveRefusal> {
        let name = (table.to_owned(), key.to_owned());
        if let Some(known) = self.homes.borrow().get(&name) {
            return Ok(Rc::clone(known));
        }
        let mut home = Home::new();
        let codes = self.column(table, key)?;
        for (row, (code, counts)) in codes.iter().zip(&self.rows(table)?.counts).enumerate() {
            if *counts {
                home.entry(*code).or_default().push(row);
            }
        }
        let home = Rc::new(home);
        self.homes.borrow_mut().insert(name, Rc::clone(&home));
        Ok(home)
    }

    /// Whether the cell behind a number passes a filter.
    pub(super) fn passes(&self, filter: &Filter, code: Code) -> Result<bool, NaiveRefusal> {
        let names = match (&filter.test, resolve(self.catalog, &filter.dimension)?) {
            (Test::Contains(_), ResolvedDimension::Entity(entity)) => Some(self.displayed(entity)?),
            _ => None,
        };
        let name = names.as_ref().and_then(|names| names.get(&code));
        test::passes(filter, &self.cell(code), name.map(String::as_str))
    }

    /// The displayed name of each member: that of the first column of names that has one for it, the first in order
    /// where rows that count give several. Columns that the Scope hides give none.
    fn displayed(&self, entity: &str) -> Result<Rc<Displayed>, NaiveRefusal> {
        if let Some(known) = self.names.borrow().get(entity) {
            return Ok(Rc::clone(known));
        }
        let hidden = Hidden::new(self.catalog, &self.scope)?;
        let mut names = Displayed::new();
        let places = self.catalog.entity(entity).map(|entity| entity.names.as_slice());
        for place in places.unwrap_or_default() {
            let key = self
                .catalog
                .table(&place.table)
                .and_then(|table| table.entities.get(entity));
            let (Some(key), false) = (key, hidden.names(self.catalog, place)) else {
                continue;
            };
            let keys = self.column(&place.table, key)?;
            let texts = self.column(&place.table, &place.column)?;
            let counts = self.allowed_rows(&place.table, &self.scope)?;
            let mut found: BTreeMap<Code, String> = BTreeMap::new();
            for ((key, text), counts) in keys.iter().zip(texts.iter()).zip(counts) {
                let text = match self.cell(*text) {
                    Cell::Text(text) if counts && !text.is_empty() => text,
                    _ => continue,
                };
                let first = found.entry(*key).or_insert_with(|| text.clone());
                if text < *first {
                    *first = text;
                }
            }
            for (key, text) in found {
                names.entry(key).or_insert(text);
            }
        }
        let names = Rc::new(names);
        self.names
            .borrow_mut()
            .insert(entity.to_owned(), Rc::clone(&names));
        Ok(names)
    }

    /// For each row of a table, whether it passes a filter.
    pub(super) fn passing(
        &self,
        table: &str,
        path: &DimensionPath,
        filter: &Filter,
    ) -> Result<Vec<bool>, NaiveRefusal> {
        let codes = self.dimension(table, path)?;
        let mut known: HashMap<Code, bool> = HashMap::new();
        let mut passing = Vec::with_capacity(codes.len());
        for code in codes.iter() {
            let passes = match known.get(code) {
                Some(passes) => *passes,
                None => self.passes(filter, *code)?,
            };
            known.insert(*code, passes);
            passing.push(passes);
        }
        Ok(passing)
    }
}

/// The one value among these, missing ones left out; missing when there are several or none.
pub(super) fn agreed(codes: impl Iterator<Item = Code>) -> Code {
    let mut only = MISSING;
    for code in codes.filter(|code| *code != MISSING) {
        if only != MISSING && only != code {
            return MISSING;
        }
        only = code;
    }
    only
}

/// A dimension of the catalog by name.
pub(super) fn resolve<'c>(catalog: &'c Catalog, name: &str) -> Result<ResolvedDimension<'c>, NaiveRefusal> {
    catalog.dimension(name).map_err(|_| NaiveRefusal::Unknown {
        kind: "dimension",
        name: name.to_owned(),
    })
}

fn require_column(table: &str, rows: &NaiveTable, column: &str) -> Result<usize, NaiveRefusal> {
    rows.column(column).ok_or_else(|| NaiveRefusal::Data {
        table: table.to_owned(),
        what: format!("its rows have no column `{column}`"),
    })
}
