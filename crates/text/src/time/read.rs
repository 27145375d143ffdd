//! Reads times character by character.

mod day;
mod part;
mod span;
mod stretch;
#[cfg(test)]
mod tests;
mod words;
mod year;

use super::Time;
use crate::numeral::starts;
use words::{FIXED, SMALL, Words};

/// The time that begins at `at` and the characters that it takes; the longest there is. Works on folded text, as
/// [`numeral_at`](crate::numeral_at) does.
pub fn time_at(text: &[char], at: usize) -> Option<(Time, usize)> {
    let reader = Reader { text };
    if at > 0 && reader.inside(at) {
        return None;
    }
    let found = [
        reader.recent(at),
        reader.coming(at),
        reader.over(at),
        reader.each(at),
        reader.range(at),
        // Of two readings of one length the last wins: 今年以来 is a set phrase.
        reader.fixed(at),
    ];
    found
        .into_iter()
        .flatten()
        .filter(|(_, len)| !reader.inside(at + len))
        .max_by_key(|(_, len)| *len)
}

/// The text, read from any place of it.
struct Reader<'t> {
    text: &'t [char],
}

impl Reader<'_> {
    /// Whether a word or number goes on over this place.
    fn inside(&self, at: usize) -> bool {
        let plain = |place: Option<usize>| {
            place
                .and_then(|place| self.text.get(place))
                .is_some_and(char::is_ascii_alphanumeric)
        };
        plain(at.checked_sub(1)) && plain(Some(at))
    }

    /// The longest word of a list that stands here.
    fn word<T: Copy>(&self, at: usize, words: Words<T>) -> Option<(T, usize)> {
        words
            .iter()
            .filter(|(word, _)| starts(self.text, at, word))
            .map(|(word, meaning)| (*meaning, word.chars().count()))
            .filter(|(_, len)| !self.inside(at + len))
            .max_by_key(|(_, len)| *len)
    }

    /// So many digits; more may follow.
    fn number(&self, at: usize, digits: usize) -> Option<i32> {
        let part = self.text.get(at..at + digits)?;
        part.iter()
            .all(char::is_ascii_digit)
            .then(|| part.iter().collect::<String>().parse().ok())
            .flatten()
    }

    fn is(&self, at: usize, character: char) -> bool {
        self.text.get(at) == Some(&character)
    }

    fn digit_at(&self, at: usize) -> bool {
        self.text.get(at).is_some_and(char::is_ascii_digit)
    }

    /// How many characters a space here takes.
    fn space(&self, at: usize) -> usize {
        usize::from(self.is(at, ' '))
    }

    /// A small number in digits or Chinese, without unit.
    fn small(&self, at: usize) -> Option<(i32, usize)> {
        for digits in (1..=2).rev() {
            if let Some(value) = self.number(at, digits)
                && !self.digit_at(at + digits)
            {
                return Some((value, digits));
            }
        }
        SMALL
            .iter()
            .filter(|(word, _)| starts(self.text, at, word))
            .map(|(word, value)| (*value, word.chars().count()))
            .max_by_key(|(_, len)| *len)
    }

    /// A set phrase.
    fn fixed(&self, at: usize) -> Option<(Time, usize)> {
        self.word(at, FIXED)
    }
}
