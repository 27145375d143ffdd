//! Names by how they sound: in pinyin, by the first letters of its syllables, and written with other characters that sound
//! alike.

use std::collections::{BTreeSet, HashMap};

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

use super::Sense;

/// Readings that are kept of a name whose characters have several: 长 is chang and zhang.
const READINGS: usize = 8;
/// Names of more characters are not typed by sound.
const LONGEST: usize = 16;
/// Fewer first letters are as often a word of English.
const FEWEST_LETTERS: usize = 3;

/// Names by their sound. Made when a word is first met that no name is written like.
#[derive(Debug, Default)]
pub(crate) struct Sounds {
    /// Places of names by their syllables in a row.
    whole: HashMap<String, Vec<u32>>,
    /// Places of names by the first letters of their syllables.
    letters: HashMap<String, Vec<u32>>,
}

impl Sounds {
    pub(super) fn new(names: &[(String, Sense)]) -> Self {
        let mut sounds = Self::default();
        for (index, (name, _)) in names.iter().enumerate() {
            let Ok(index) = u32::try_from(index) else { break };
            let keep = |places: &mut HashMap<String, Vec<u32>>, text: String| {
                let places = places.entry(text).or_default();
                // Several readings of a name may have the same first letters.
                if places.last() != Some(&index) {
                    places.push(index);
                }
            };
            for syllables in readings(name) {
                keep(&mut sounds.whole, typed(&syllables));
                let letters: String = syllables.iter().filter_map(|one| one.chars().next()).collect();
                if letters.chars().count() >= FEWEST_LETTERS {
                    keep(&mut sounds.letters, letters);
                }
            }
        }
        sounds
    }

    /// Names that a text in Latin letters spells in pinyin (`yunnanbaiyao`, `yun nan bai yao`), or abbreviates (`ynby`).
    pub(super) fn spelt(&self, text: &str) -> &[u32] {
        let letters: String = text.chars().filter(|one| !matches!(one, ' ' | '\'')).collect();
        if letters.is_empty() || !letters.chars().all(|one| one.is_ascii_lowercase()) {
            return &[];
        }
        let found = self.whole.get(&letters).or_else(|| self.letters.get(&letters));
        found.map_or(&[], Vec::as_slice)
    }

    /// Names that sound like a Chinese text and have as many characters.
    pub(super) fn alike(&self, text: &str) -> BTreeSet<u32> {
        let readings = readings(text);
        let found = readings
            .iter()
            .filter_map(|reading| self.whole.get(&typed(reading)));
        found.flatten().copied().collect()
    }
}

/// Syllables in a row as they are typed: `lv` for lü.
fn typed(syllables: &[&str]) -> String {
    syllables.concat().replace('ü', "v")
}

/// The syllables of a Chinese text, in each of its readings; none if a character is not Chinese.
fn readings(text: &str) -> Vec<Vec<&'static str>> {
    if text.chars().count() < 2 || text.chars().count() > LONGEST {
        return Vec::new();
    }
    let mut all: Vec<Vec<&'static str>> = vec![Vec::new()];
    for character in text.chars() {
        let Some(usual) = character.to_pinyin() else {
            return Vec::new();
        };
        let mut syllables = vec![usual.plain()];
        if let Some(several) = character.to_pinyin_multi() {
            for one in several {
                if !syllables.contains(&one.plain()) {
                    syllables.push(one.plain());
                }
            }
        }
        // The usual reading of each character comes first and is always kept.
        let mut longer = Vec::with_capacity(all.len());
        for syllable in syllables {
            for before in &all {
                if longer.len() < READINGS {
                    let mut reading = before.clone();
                    reading.push(syllable);
                    longer.push(reading);
                }
            }
        }
        all = longer;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds(names: &[&str]) -> Sounds {
        let named = |name: &&str| ((*name).to_owned(), Sense::Metric((*name).to_owned()));
        Sounds::new(&names.iter().map(named).collect::<Vec<_>>())
    }

    #[test]
    fn pinyin_and_first_letters_find_the_name() {
        let sounds = sounds(&["云南白药", "同仁堂", "长江电力", "毛利率"]);
        for (text, found) in [
            ("yunnanbaiyao", [0].as_slice()),
            ("yun nan bai yao", &[0]),
            ("ynby", &[0]),
            ("trt", &[1]),
            ("changjiangdianli", &[2]),
            ("maolilv", &[3]),
            ("ynb", &[]),
            ("ynby1", &[]),
            ("", &[]),
        ] {
            assert_eq!(sounds.spelt(text), found, "{text}");
        }
    }

    #[test]
    fn other_characters_of_the_same_sound_find_the_name() {
        let sounds = sounds(&["云南白药", "净利润"]);
        assert_eq!(sounds.alike("云南百药"), BTreeSet::from([0]));
        assert_eq!(sounds.alike("静利润"), BTreeSet::from([1]));
        assert_eq!(sounds.alike("云南"), BTreeSet::new());
        assert_eq!(sounds.alike("abc"), BTreeSet::new());
    }
}
