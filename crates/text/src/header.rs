//! Names and units in column headers.
