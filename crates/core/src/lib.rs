//! Words that every other crate speaks: quantities with units, periods, scope, language, faults.
//!
//! No I/O, no clock, no async. Nothing here may depend on another crate of this workspace.

mod digest;
mod fault;
mod lang;
mod period;
mod quantity;
mod scope;
mod unit;

pub use digest::{Digest, Digester};
pub use fault::{Code, Fault, Retry};
pub use lang::{Lang, Localised};
pub use period::{Grain, Period, PeriodError};
pub use quantity::{Quantity, QuantityError, exact_decimal, pow10, round_to_fit, shortest_decimal};
pub use rust_decimal::Decimal;
pub use scope::{RowFilter, Scope};
pub use unit::{Base, Currency, Unit, UnitError};
