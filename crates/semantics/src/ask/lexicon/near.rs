//! Names that are near to a text: parts, typing errors, abridged forms.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use super::Sense;
use super::sounds::Sounds;

/// Names by what they are made of, for typing errors and short forms.
#[derive(Debug, Default)]
pub(crate) struct Near {
    /// Names of members, dimension values and metrics with their meanings.
    names: Vec<(String, Sense)>,
    /// Which names hold a pair of characters.
    pairs: HashMap<(char, char), Vec<u32>>,
    /// The same names by their sound.
    sounds: OnceLock<Sounds>,
}

impl Near {
    pub(super) fn new(all: &BTreeMap<String, BTreeSet<Sense>>) -> Self {
        let mut near = Self::default();
        for (text, senses) in all {
            if text.chars().count() < 2 {
                continue;
            }
            for sense in senses {
                if matches!(sense, Sense::Word(_) | Sense::Table(_) | Sense::Entity(_)) {
                    continue;
                }
                let Ok(index) = u32::try_from(near.names.len()) else {
                    return near;
                };
                let mut pairs: Vec<(char, char)> = pairs(text).collect();
                pairs.sort_unstable();
                pairs.dedup();
                for pair in pairs {
                    near.pairs.entry(pair).or_default().push(index);
                }
                near.names.push((text.clone(), sense.clone()));
            }
        }
        near
    }

    /// Names that share a pair of characters with a text, each once.
    fn candidates(&self, text: &str) -> BTreeSet<u32> {
        pairs(text)
            .filter_map(|pair| self.pairs.get(&pair))
            .flatten()
            .copied()
            .collect()
    }

    /// Names that hold the text as a part, in which people shorten names: 三九 for 华润三九.
    pub(crate) fn holding(&self, text: &str) -> BTreeSet<Sense> {
        self.candidates(text)
            .into_iter()
            .filter_map(|index| self.names.get(index as usize))
            .filter(|(name, sense)| {
                (name.starts_with(text) || name.ends_with(text) && distinct(text))
                    && matches!(sense, Sense::Member(..) | Sense::Value(..))
            })
            .map(|(_, sense)| sense.clone())
            .collect()
    }

    /// Names that a text in Latin letters spells in pinyin or by its first letters.
    pub(crate) fn spelt(&self, text: &str) -> BTreeSet<Sense> {
        self.senses(self.sounds().spelt(text).iter().copied())
    }

    /// Names that are written with other characters of the same sound.
    pub(crate) fn alike(&self, text: &str) -> BTreeSet<Sense> {
        self.senses(self.sounds().alike(text))
    }

    fn sounds(&self) -> &Sounds {
        self.sounds.get_or_init(|| Sounds::new(&self.names))
    }

    fn senses(&self, places: impl IntoIterator<Item = u32>) -> BTreeSet<Sense> {
        let named = places
            .into_iter()
            .filter_map(|index| self.names.get(index as usize));
        named.map(|(_, sense)| sense.clone()).collect()
    }

    /// The one metric whose names begin with the text: 起购 for 起购金额.
    pub(crate) fn beginning(&self, text: &str) -> Option<Sense> {
        let found: BTreeSet<&Sense> = self
            .candidates(text)
            .into_iter()
            .filter_map(|index| self.names.get(index as usize))
            .filter(|(name, sense)| {
                name.starts_with(text) && matches!(sense, Sense::Metric(_) | Sense::Dimension(_))
            })
            .map(|(_, sense)| sense)
            .collect();
        match found.into_iter().collect::<Vec<_>>().as_slice() {
            [one] => Some((*one).clone()),
            _ => None,
        }
    }

    /// The one value of a dimension whose characters hold those of the text in their order: 家电 for 家用电器.
    pub(crate) fn abridged(&self, text: &str) -> Option<Sense> {
        let within = |name: &str| {
            let mut rest = name.chars();
            text.chars()
                .all(|wanted| rest.any(|character| character == wanted))
        };
        let mut found = self.names.iter().filter(|(name, sense)| {
            matches!(sense, Sense::Value(..)) && name.chars().count() <= 6 && within(name)
        });
        match (found.next(), found.next()) {
            (Some((_, sense)), None) => Some(sense.clone()),
            _ => None,
        }
    }

    /// Values of dimensions that hold the text as a part: 医药 for 医药生物.
    pub(crate) fn holding_value(&self, text: &str) -> BTreeSet<Sense> {
        let mut found = self.holding(text);
        found.retain(|sense| matches!(sense, Sense::Value(..)));
        found
    }

    /// Names written a little differently: one character wrong, missing, too many or exchanged in three to five, two in
    /// longer ones. The nearest only.
    pub(crate) fn similar(&self, text: &str) -> BTreeSet<Sense> {
        let length = text.chars().count();
        // Short English words are often one letter apart: lost and cost.
        if text.is_ascii() && length < 6 && text.chars().all(|character| character.is_ascii_alphabetic()) {
            return BTreeSet::new();
        }
        let allowed = match length {
            0..=2 => return BTreeSet::new(),
            3..=7 => 1,
            _ => 2,
        };
        let mut best = allowed + 1;
        let mut found = BTreeSet::new();
        for index in self.candidates(text) {
            let Some((name, sense)) = self.names.get(index as usize) else {
                continue;
            };
            if name.chars().count().abs_diff(length) > allowed {
                continue;
            }
            // Figures of three characters are often one apart: 销售额 and 销售费.
            if length < 4 && matches!(sense, Sense::Metric(_) | Sense::Group(_) | Sense::Dimension(_)) {
                continue;
            }
            // Codes are digits: another digit is another subject.
            if name.chars().all(|character| character.is_ascii_digit()) {
                continue;
            }
            let distance = strsim::osa_distance(name, text);
            if distance < best {
                best = distance;
                found.clear();
            }
            if distance == best && distance <= allowed {
                found.insert(sense.clone());
            }
        }
        found
    }

    /// Metrics whose name has another last character: 毛利率 for 毛利律. Name and text.
    pub(crate) fn one_wrong(&self, text: &str) -> Vec<(String, String)> {
        let length = text.chars().count();
        let front: String = text.chars().take(length.saturating_sub(1)).collect();
        let mut found: Vec<(String, String)> = self
            .candidates(text)
            .into_iter()
            .filter_map(|index| self.names.get(index as usize))
            .filter(|(name, _)| {
                name.chars().count() == length && name.starts_with(&front) && name.ends_with('率')
            })
            .filter_map(|(name, sense)| match sense {
                Sense::Metric(metric) => Some((metric.clone(), name.clone())),
                _ => None,
            })
            .collect();
        found.dedup();
        found
    }

    /// Names nearest to a text, for a message: best first.
    pub(crate) fn nearest(&self, text: &str, most: usize) -> Vec<String> {
        let mut scored: Vec<(f64, &str)> = self
            .candidates(text)
            .into_iter()
            .filter_map(|index| self.names.get(index as usize))
            .map(|(name, _)| (strsim::sorensen_dice(name, text), name.as_str()))
            .filter(|(score, _)| *score > 0.3)
            .collect();
        scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(right.1)));
        scored.dedup_by(|left, right| left.1 == right.1);
        scored
            .into_iter()
            .take(most)
            .map(|(_, name)| name.to_owned())
            .collect()
    }
}

/// Neighbouring characters.
fn pairs(text: &str) -> impl Iterator<Item = (char, char)> + '_ {
    text.chars().zip(text.chars().skip(1))
}

/// Whether the end of a name says more than what many names end with: 三九, but not 康药业.
fn distinct(text: &str) -> bool {
    const ENDINGS: [&str; 10] = [
        "药业", "制药", "医药", "股份", "集团", "科技", "控股", "实业", "电子", "银行",
    ];
    let own = ENDINGS
        .iter()
        .find_map(|ending| text.strip_suffix(ending))
        .unwrap_or(text);
    own.chars().count() >= 2
}
