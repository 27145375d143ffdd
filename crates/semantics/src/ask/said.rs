//! What a question says word by word, before any rule makes something of it.

use jinsheng_core::{Lang, Quantity};
use jinsheng_text::time::Time;

use super::lexicon::Sense;
use super::token::{Kind, Token};
use super::words::Word;

/// The tokens of a clause by kind, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Said {
    /// Words of questions, with their text.
    pub(crate) words: Vec<(Word, String)>,
    /// Numbers, with their text.
    pub(crate) numbers: Vec<(Quantity, String)>,
    /// Times.
    pub(crate) times: Vec<(Time, String)>,
    /// Names that mean nothing but metrics: the text, and all that it may mean.
    pub(crate) metrics: Vec<(String, Vec<String>)>,
    /// Names of members and of values of dimensions, with all that they may mean.
    pub(crate) names: Vec<(String, Vec<Sense>)>,
    /// The language that it is written in.
    pub(crate) lang: Lang,
    /// How many subjects there are said to be.
    pub(crate) counted: Option<u32>,
}

impl Said {
    /// What tokens say.
    pub(crate) fn of(tokens: &[Token], lang: Lang) -> Self {
        let mut said = Self {
            lang,
            ..Self::default()
        };
        let mut before: Option<&Token> = None;
        for (at, token) in tokens.iter().enumerate() {
            let text = token.text.clone();
            // ×100 makes a share a percentage.
            let factor = before.is_some_and(|before| {
                before.word() == Some(Word::Times) || matches!(before.kind, Kind::Mark('*' | '×'))
            });
            before = Some(token);
            match &token.kind {
                Kind::Number(_) if factor => {}
                // `over the last year`
                Kind::Known(_)
                    if matches!(token.word(), Some(Word::Compare(_)))
                        && tokens
                            .get(at + 1)
                            .is_some_and(|next| matches!(next.kind, Kind::Time(_))) => {}
                Kind::Time(time) => said.times.push((*time, text)),
                Kind::Number(number) => said.numbers.push((number.quantity, text)),
                Kind::Known(senses) => said.known(senses, token.word(), text),
                Kind::Mark(_) | Kind::Unknown => {}
            }
        }
        said
    }

    fn known(&mut self, senses: &[Sense], word: Option<Word>, text: String) {
        let metrics = senses.iter().filter_map(|sense| match sense {
            Sense::Metric(name) => Some(name.clone()),
            _ => None,
        });
        let metrics: Vec<String> = metrics.collect();
        let named = |sense: &Sense| matches!(sense, Sense::Member(..) | Sense::Value(..));
        if let Some(word) = word
            && senses.iter().all(|sense| matches!(sense, Sense::Word(_)))
        {
            self.words.push((word, text));
        } else if metrics.len() == senses.len() {
            self.metrics.push((text, metrics));
        } else if senses.iter().all(named) {
            self.names.push((text, senses.to_vec()));
        }
    }

    /// Whether a word that passes a test was said.
    pub(crate) fn has(&self, test: impl Fn(Word) -> bool) -> bool {
        self.words.iter().any(|(word, _)| test(*word))
    }

    /// How many words that pass a test were said.
    pub(crate) fn count(&self, test: impl Fn(Word) -> bool) -> usize {
        self.words.iter().filter(|(word, _)| test(*word)).count()
    }
}
