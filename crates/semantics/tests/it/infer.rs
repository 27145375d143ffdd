//! Catalogs drafted from profiles written by hand.
