//! Dimensions and entities that a question is cut by, and the trade as the peers of a company.

use crate::ask::lexicon::Sense;
use crate::ask::piece::Piece;
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;

/// 电子行业, 行业 before a statistic.
pub(super) fn industry(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let dimension = |senses: &[Sense]| senses.iter().any(|sense| matches!(sense, Sense::Dimension(_)));
    match pieces {
        // The word for the dimension behind one of its values says nothing more.
        [Piece::Names(value, text), Piece::Names(word, _), ..]
            if value.iter().any(|sense| matches!(sense, Sense::Value(..))) && dimension(word) =>
        {
            Some((2, vec![Piece::Names(value.clone(), text.clone())]))
        }
        [Piece::Names(word, _), Piece::Word(W::Stat(stat), _), ..] if dimension(word) => {
            let within = word.iter().find_map(|sense| match sense {
                Sense::Dimension(name) => Some(name.clone()),
                _ => None,
            });
            Some((2, vec![Piece::PeerStat(*stat, within)]))
        }
        [Piece::Word(W::Peers, text), Piece::Word(W::Stat(stat), _), ..] => {
            let whole = text.starts_with('全') || text.contains("整体");
            let within = rules.trade().filter(|_| !whole);
            Some((2, vec![Piece::PeerStat(*stat, within)]))
        }
        [Piece::Word(W::Peers, first), Piece::Word(W::Peers, _), ..] => {
            Some((2, vec![Piece::Word(W::Peers, first.clone())]))
        }
        _ => None,
    }
}

/// 各行业, 按客户经理, by industry.
pub(super) fn group(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // by branch and segment
    if let [
        Piece::Group(first),
        Piece::Word(W::And, _),
        Piece::Names(senses, _),
        ..,
    ] = pieces
    {
        let second = senses.iter().find_map(|sense| match sense {
            Sense::Entity(name) | Sense::Dimension(name) => Some(name.clone()),
            _ => None,
        })?;
        return Some((3, vec![Piece::Group(first.clone()), Piece::Group(second)]));
    }
    // 哪个行业: groups are sought, not their members.
    if let [Piece::Word(W::Which, word), Piece::Names(senses, _), ..] = pieces
        && let Some(Sense::Dimension(name)) = senses.iter().find(|sense| matches!(sense, Sense::Dimension(_)))
        && !senses.iter().any(|sense| matches!(sense, Sense::Entity(_)))
    {
        return Some((
            2,
            vec![
                Piece::Word(W::WhichGroup, word.clone()),
                Piece::Group(name.clone()),
            ],
        ));
    }
    let [Piece::Word(W::Each, _), Piece::Names(senses, _), ..] = pieces else {
        return None;
    };
    let named = senses.iter().find_map(|sense| match sense {
        Sense::Entity(name) | Sense::Dimension(name) => Some(name.clone()),
        _ => None,
    })?;
    Some((2, vec![Piece::Group(named)]))
}

impl Rules<'_> {
    /// The dimension that tells trades apart, where the catalog has one.
    pub(in crate::ask) fn trade(&self) -> Option<String> {
        self.catalog.file().tables.iter().find_map(|(table, definition)| {
            let (name, _) = definition.dimensions.iter().find(|(name, dimension)| {
                *name == "industry"
                    || dimension.synonyms.iter().any(|synonym| synonym == "行业")
                    || dimension.label.zh == "行业"
            })?;
            Some(self.catalog.dimension_name(table, name))
        })
    }
}
