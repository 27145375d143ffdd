//! The project that the questions of these tests are asked of, and how a turn is read without an engine.

use std::sync::{Arc, OnceLock};

use jinsheng_core::Period;
use jinsheng_semantics::ask::{DimensionValue, MemberName, Reading, Talk, Then, Understanding, Vocabulary};
use jinsheng_semantics::catalog::parse_catalog_files;
use jinsheng_semantics::query::Test;

/// Companies, funds and clients: entity, key, names.
const MEMBERS: [(&str, &str, &[&str]); 10] = [
    ("company", "300901", &["青禾制药", "青禾制药股份有限公司"]),
    ("company", "300902", &["远山电子", "Yuanshan Electronics"]),
    ("company", "300903", &["白鹭食品", "Egret Foods"]),
    ("company", "300904", &["蓝湾重工"]),
    ("company", "300905", &["星野软件", "Hoshino Software"]),
    ("company", "300906", &["星野制造"]),
    ("fund", "F01", &["稳盈一号", "Steady One"]),
    ("fund", "F02", &["锐进成长"]),
    ("client", "K1", &["王晓梅"]),
    ("client", "K2", &["陈立行"]),
];

const VALUES: [(&str, &[&str]); 5] = [
    ("company.industry", &["医药", "电子", "食品", "机械"]),
    ("company.city", &["杭州", "苏州"]),
    ("fund.risk", &["R1", "R2", "R3", "R4", "R5"]),
    ("fund.kind", &["债券型", "股票型"]),
    ("client.level", &["C1", "C2", "C3", "C4", "C5"]),
];

/// First and last period of each table with periods. The last report is that of the third quarter of 2025.
const SPANS: [(&str, &str, &str); 5] = [
    ("income", "2021Q1", "2025Q3"),
    ("balance", "2021Q1", "2025Q3"),
    ("cash", "2021Q1", "2025Q3"),
    ("indicators", "2021Q1", "2025Q3"),
    ("macro", "2020-01", "2025-09"),
];

/// What there is to understand; made once.
pub(crate) fn understanding() -> &'static Understanding {
    static KNOWN: OnceLock<Understanding> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let yaml = include_str!("project.yaml");
        let catalog = parse_catalog_files(&[("project.yaml".to_owned(), yaml.to_owned())]).unwrap();
        let mut vocabulary = Vocabulary::default();
        for (entity, key, names) in MEMBERS {
            for text in names.iter().copied().chain([key]) {
                vocabulary.members.push(MemberName {
                    entity: entity.to_owned(),
                    key: key.to_owned(),
                    text: text.to_owned(),
                });
            }
        }
        for (dimension, values) in VALUES {
            vocabulary
                .values
                .extend(values.iter().map(|value| DimensionValue {
                    dimension: dimension.to_owned(),
                    value: (*value).to_owned(),
                }));
        }
        for (table, first, last) in SPANS {
            let period = |text: &str| text.parse::<Period>().unwrap();
            vocabulary
                .spans
                .insert(table.to_owned(), (period(first), period(last)));
        }
        Understanding::new(Arc::new(catalog.with_row_counts()), vocabulary)
    })
}

/// A reading in a few lines: the Query and what is made of it, or the code of a refusal with the words that are missing, or
/// the question back with its choices.
pub(crate) fn shown(reading: &Reading) -> String {
    match reading {
        Reading::Ask(asked) => {
            let mut out = asked.query.to_string();
            if let Some(chosen) = &asked.chosen {
                let all = if chosen.of_all { " and of all" } else { "" };
                out.push_str(&format!("\n  of these{all} {}", chosen.query));
            }
            if let Some((query, spreads)) = &asked.spread {
                out.push_str(&format!("\n  spread {spreads:?} {query}"));
            }
            if asked.share {
                out.push_str("\n  share of all");
            }
            for query in &asked.beside {
                out.push_str(&format!("\n  beside {query}"));
            }
            for (claim, _) in &asked.claims {
                out.push_str(&format!("\n  claim {claim}"));
            }
            if asked.then != Then::Rows {
                out.push_str(&format!("\n  then {}", then(&asked.then)));
            }
            if let Some(chart) = asked.chart {
                out.push_str(&format!("\n  drawn {chart:?}"));
            }
            if let Some(decimals) = asked.decimals {
                out.push_str(&format!("\n  decimals {decimals}"));
            }
            out
        }
        Reading::Clarify(clarify) => {
            let mut out = format!("clarify {}", clarify.question.0);
            for choice in &clarify.options {
                out.push_str(&format!("\n  {} = {}", choice.label.0, choice.question));
            }
            out
        }
        Reading::Refuse(refusal) => format!("refuse {} [{}]", refusal.code, refusal.missing.join(", ")),
    }
}

fn then(then: &Then) -> String {
    match then {
        Then::Bands(entity, bands) => {
            let end = |end: Option<jinsheng_core::Quantity>| {
                end.map_or_else(String::new, |end| format!("{}{}", end.value, end.unit))
            };
            let bands = bands
                .iter()
                .map(|band| format!("{}..{}", end(band.low), end(band.high)));
            format!("Bands({entity}: {})", bands.collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

/// Companies that every list of companies is taken to hold, as if the data had been asked.
const FOUND: [&str; 2] = ["300901", "300903"];

/// A conversation as the engine would lead it. Where an answer lists companies without naming them, it is taken to find
/// [`FOUND`].
#[derive(Default)]
pub(crate) struct Conversation {
    talk: Talk,
}

impl Conversation {
    /// Reads a turn; each part is shown with its text where there are several.
    pub(crate) fn turn(&mut self, turn: &str) -> String {
        let understanding = understanding();
        let parts = understanding.parts(turn);
        self.talk.within_turn = false;
        self.talk.broken = false;
        let several = parts.len() > 1;
        let mut out = Vec::new();
        for part in parts {
            let reading = understanding.read(&part, &self.talk);
            self.remember(&part, &reading);
            let head = if several {
                format!("[{part}] ")
            } else {
                String::new()
            };
            out.push(format!("{head}{}", shown(&reading)));
        }
        out.join("\n")
    }

    fn remember(&mut self, part: &str, reading: &Reading) {
        match reading {
            Reading::Ask(asked) => {
                let named = asked.query.of.iter().find_map(|filter| match &filter.test {
                    Test::In(keys) if filter.dimension == "company" => Some(keys.iter().cloned().collect()),
                    _ => None,
                });
                let lists = asked.query.by.iter().any(|by| by == "company");
                let found = || FOUND.iter().map(|key| (*key).to_owned()).collect();
                self.talk.subjects = lists.then(|| ("company".to_owned(), named.unwrap_or_else(found)));
                self.talk.last = Some(asked.frame.clone());
            }
            Reading::Clarify(clarify) => {
                if let Some(frame) = &clarify.frame {
                    self.talk.last = Some((**frame).clone());
                }
            }
            Reading::Refuse(refusal) => {
                if refusal.code == "not_understood" {
                    let lost = refusal.code == "not_understood";
                    self.talk.last = understanding().topic(part, &self.talk, lost);
                }
            }
        }
        let answered = matches!(reading, Reading::Ask(_));
        self.talk.broken = !answered;
        self.talk.within_turn |= answered;
    }
}
