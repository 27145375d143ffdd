//! The engine from outside: imported files, a catalog, Queries, answers.
#![allow(missing_docs, unreachable_pub, reason = "a test binary has no callers")]

mod answers;
mod differential;
mod seam;
mod support;
