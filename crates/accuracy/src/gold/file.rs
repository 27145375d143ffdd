//! The YAML of a set as it is written, short forms and all.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Expect;

/// Texts for `<words>` of the SQL.
pub(super) type Words = BTreeMap<String, String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) version: u32,
    pub(super) set: String,
    #[serde(default)]
    pub(super) categories: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) readings: BTreeMap<String, Vec<Words>>,
    #[serde(default)]
    pub(super) templates: BTreeMap<String, String>,
    pub(super) cases: Vec<Written>,
    #[serde(default)]
    pub(super) refusals: Vec<Refusals>,
}

/// A case, or one of its parts: both have the same fields but for those that name the case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) category: String,
    pub(super) q: Option<String>,
    #[serde(rename = "as")]
    pub(super) role: Option<String>,
    pub(super) parts: Vec<Written>,
    pub(super) expect: Option<Expect>,
    pub(super) also: Vec<Expect>,
    #[serde(rename = "why")]
    pub(super) _why: Option<String>,
    pub(super) premise: Option<bool>,
    pub(super) missing: Vec<String>,
    pub(super) sql: Option<String>,
    pub(super) or: Vec<String>,
    pub(super) vary: Vec<Vary>,
    pub(super) template: Option<String>,
    pub(super) args: Option<BTreeMap<String, Argument>>,
    pub(super) ordered: bool,
    pub(super) round: Option<u32>,
    pub(super) partial: Vec<String>,
    pub(super) chart: Option<String>,
    #[serde(rename = "disputed")]
    pub(super) _disputed: bool,
    pub(super) excluded: bool,
}

/// Readings by the name of their list, or written out.
#[derive(Debug, Clone)]
pub(super) enum Vary {
    Named(String),
    Inline(Vec<Words>),
}

/// By hand, because an untagged enum would read its keys before it knows that they are texts, and take `n` for "no".
impl<'de> Deserialize<'de> for Vary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Vary;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a list under `readings`, or a list of words with their texts")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Vary, E> {
                Ok(Vary::Named(name.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vary, A::Error> {
                let mut words = Vec::new();
                while let Some(item) = items.next_element()? {
                    words.push(item);
                }
                Ok(Vary::Inline(words))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Argument {
    Number(i64),
    Text(String),
}

/// Cases that are refused for one reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusals {
    pub(super) category: String,
    #[serde(default)]
    pub(super) missing: Vec<String>,
    #[serde(default)]
    pub(super) also: Vec<Expect>,
    #[serde(default, rename = "why")]
    pub(super) _why: Option<String>,
    pub(super) ids: Vec<u64>,
}
