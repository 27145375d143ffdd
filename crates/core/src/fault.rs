//! What an error says to a user: a stable code, a message, what to do, and whether trying again can help.

use crate::Lang;

/// Stable category of an error; part of `--json` output and of the reference pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub &'static str);

impl Code {
    /// The input file, query or option is wrong and the user can mend it.
    pub const INPUT_INVALID: Self = Self("input_invalid");
    /// Something named does not exist.
    pub const NOT_FOUND: Self = Self("not_found");
    /// Something exists already.
    pub const CONFLICT: Self = Self("conflict");
    /// A file or folder cannot be read or written.
    pub const IO: Self = Self("io");
    /// An imported table is no longer what was imported.
    pub const DATA_ALTERED: Self = Self("data_altered");
    /// The catalog is wrong.
    pub const CATALOG_INVALID: Self = Self("catalog_invalid");
    /// A line of a Query does not parse.
    pub const QUERY_SYNTAX: Self = Self("query_syntax");
    /// A Query parses but asks for what the catalog does not hold.
    pub const QUERY_INVALID: Self = Self("query_invalid");
    /// Units do not fit together.
    pub const UNIT_MISMATCH: Self = Self("unit_mismatch");
    /// A metric has no value at the asked grain.
    pub const GRAIN_MISMATCH: Self = Self("grain_mismatch");
    /// The caller's scope hides it.
    pub const OUT_OF_SCOPE: Self = Self("out_of_scope");
    /// A number is too large to hold exactly.
    pub const OVERFLOW: Self = Self("overflow");
    /// Stopped by the user.
    pub const CANCELLED: Self = Self("cancelled");
    /// A defect of the program.
    pub const INTERNAL: Self = Self("internal");
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same call fails again.
    Never,
    /// The cause may pass, such as a lock held by another process.
    Later,
}

/// An error that can be shown to a user in either language.
///
/// `Display` of an implementor is `message(Lang::En)`.
pub trait Fault: std::error::Error {
    /// Stable category.
    fn code(&self) -> Code;
    /// What happened and where, without a full stop; does not repeat its source.
    fn message(&self, lang: Lang) -> String;
    /// What the reader can do about it.
    fn hint(&self, _lang: Lang) -> Option<String> {
        None
    }
    /// Whether trying again can help.
    fn retry(&self) -> Retry {
        Retry::Never
    }
}
