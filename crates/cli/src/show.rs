//! Results as people read them: tables, numbers, periods, SQL. Display only; `--json` carries what is exact.

pub mod evidence;
pub mod label;
pub mod number;
pub mod period;
pub mod sql;
pub mod table;
pub mod unit;
