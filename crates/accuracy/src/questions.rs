//! The texts of the questions. Those of `tcm` and `finglm` lie with their data, outside the repository.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde::Deserialize;

use crate::error::{AccuracyError, Outcome};
use crate::gold::Case;
use crate::sets::Places;

/// Turns that belong together, as they are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dialogue {
    pub(crate) id: String,
    pub(crate) turns: Vec<String>,
    pub(crate) role: Option<String>,
}

/// Every dialogue of a set, in the order of its gold, with the text of each turn.
pub(crate) fn dialogues(places: &Places, set: &str, cases: &[Case]) -> Outcome<Vec<Dialogue>> {
    let texts = match set {
        "tcm_b1" => workbook(&places.data.join("statements_tcm/questions_task2_B1xxx.xlsx"))?,
        "tcm_b2" => workbook(&places.data.join("statements_tcm/questions_task3_B2xxx.xlsx"))?,
        "finglm" => lines(&places.data.join("finglm/A-list-answer.json"))?,
        _ => BTreeMap::new(),
    };
    let mut found: Vec<Dialogue> = Vec::new();
    for case in cases {
        let (id, turn) = case.place();
        let own = texts.get(id).and_then(|turns| turns.get(turn - 1));
        let gold = |reason: &str| AccuracyError::Gold {
            id: case.id.clone(),
            reason: reason.to_owned(),
        };
        let text = case.question.as_ref().or(own);
        let text = text
            .ok_or_else(|| gold("the list of questions has no such turn"))?
            .clone();
        match found.last_mut() {
            Some(last) if last.id == id => {
                if last.role != case.role || last.turns.len() + 1 != turn {
                    return Err(gold("turns of a dialogue follow one another and have one role"));
                }
                last.turns.push(text);
            }
            _ if turn == 1 => found.push(Dialogue {
                id: id.to_owned(),
                turns: vec![text],
                role: case.role.clone(),
            }),
            _ => return Err(gold("a dialogue begins with turn 1")),
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Turn {
    #[serde(rename = "Q")]
    text: String,
}

/// Column 1 the id, column 3 the turns as JSON.
fn workbook(path: &Path) -> Outcome<BTreeMap<String, Vec<String>>> {
    let form = |reason: String| AccuracyError::Form {
        path: path.to_owned(),
        reason,
        hint: "the list of questions has id, kind and turns as JSON `[{\"Q\": …}]` in its first sheet",
    };
    let mut book: Xlsx<_> =
        open_workbook(path).map_err(|error: calamine::XlsxError| form(error.to_string()))?;
    let sheet = book.worksheet_range_at(0);
    let sheet = sheet
        .ok_or_else(|| form("no sheet".to_owned()))?
        .map_err(|error| form(error.to_string()))?;
    let mut found = BTreeMap::new();
    for row in sheet.rows().skip(1) {
        if let (Some(Data::String(id)), Some(Data::String(turns))) = (row.first(), row.get(2)) {
            let turns: Vec<Turn> =
                serde_json::from_str(turns).map_err(|error| form(format!("{id}: {error}")))?;
            found.insert(id.clone(), turns.into_iter().map(|turn| turn.text).collect());
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Line {
    id: u64,
    question: String,
}

/// One question a line.
fn lines(path: &Path) -> Outcome<BTreeMap<String, Vec<String>>> {
    let text = std::fs::read_to_string(path).map_err(AccuracyError::file("read", path))?;
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line).map_err(|error| AccuracyError::Form {
            path: path.to_owned(),
            reason: error.to_string(),
            hint: "each line is an object with `id` and `question`",
        })?;
        found.insert(line.id.to_string(), vec![line.question]);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(id: &str, role: Option<&str>) -> Case {
        Case {
            id: id.to_owned(),
            category: String::new(),
            question: Some(format!("text of {id}")),
            role: role.map(str::to_owned),
            entries: Vec::new(),
        }
    }

    fn nowhere() -> Places {
        Places {
            gold: "none".into(),
            data: "none".into(),
            cache: "none".into(),
        }
    }

    #[test]
    fn turns_come_together_as_dialogues() {
        let cases = [
            case("A/1", Some("adviser")),
            case("A/2", Some("adviser")),
            case("B/1", None),
        ];
        let found = dialogues(&nowhere(), "demo_zh", &cases).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].turns, ["text of A/1", "text of A/2"]);
        assert_eq!(found[0].role.as_deref(), Some("adviser"));
    }

    #[test]
    fn a_turn_that_is_left_out_or_changes_the_role_is_an_error() {
        for cases in [
            [case("A/1", None), case("A/3", None)],
            [case("A/1", None), case("A/2", Some("adviser"))],
            [case("A/1", None), case("B/2", None)],
        ] {
            assert!(dialogues(&nowhere(), "demo_zh", &cases).is_err());
        }
    }
}
