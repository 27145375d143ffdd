//! Verdicts on small tables made by hand: rows, forms, units. What becomes of a turn as a whole is in `outcomes`.

mod outcomes;

use super::*;
use crate::answer::{Cell, Column, Kind, Table};
use crate::table::{GoldColumn, GoldRow, Value};

/// A gold from lines: heads, then rows; columns with a unit are values, `-` is missing.
fn gold(text: &str) -> GoldTable {
    let mut lines = text
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let mut table = GoldTable::default();
    for head in lines.next().unwrap() {
        match head.split_once(" [") {
            Some((name, unit)) => table.columns.push(GoldColumn {
                name: name.to_owned(),
                unit: unit.trim_end_matches(']').to_owned(),
            }),
            None if head.is_empty() => {}
            None => table.keys.push(head.to_owned()),
        }
    }
    for cells in lines {
        let (keys, values) = cells.split_at(table.keys.len());
        let values = values
            .iter()
            .zip(&table.columns)
            .map(|(cell, column)| match *cell {
                "-" => Value::Missing,
                text if column.unit == "text" => Value::Text(text.to_owned()),
                number => Value::Number(number.parse().unwrap()),
            });
        table.rows.push(GoldRow {
            keys: keys.iter().map(ToString::to_string).collect(),
            values: values.collect(),
        });
    }
    table
}

/// A table of an answer from lines: heads as `label:type` or `label:unit`, members as `code/name`.
fn table(text: &str) -> Table {
    let mut lines = text
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let heads = lines.next().unwrap().into_iter().map(|head| {
        let (label, what) = head.split_once(':').unwrap();
        let (kind, unit) = match what {
            "text" => (Kind::Text, None),
            "period" => (Kind::Period, None),
            "bool" => (Kind::Bool, None),
            "member" => (Kind::Member, None),
            "number" => (Kind::Number, None),
            unit => (Kind::Number, Some(unit.to_owned())),
        };
        Column {
            label: label.to_owned(),
            unit,
            kind,
        }
    });
    let columns: Vec<Column> = heads.collect();
    let rows = lines.map(|cells| {
        let cells = cells
            .into_iter()
            .zip(&columns)
            .map(|(cell, column)| match column.kind {
                _ if cell == "-" => Cell::Missing,
                Kind::Number => Cell::Number {
                    value: cell.parse().unwrap(),
                    text: cell.to_owned(),
                },
                Kind::Bool => Cell::Bool(cell == "true"),
                Kind::Member => {
                    let (code, name) = cell.split_once('/').unwrap();
                    Cell::Member {
                        code: code.to_owned(),
                        name: name.to_owned(),
                    }
                }
                Kind::Text | Kind::Period => Cell::Text(cell.to_owned()),
            });
        cells.collect()
    });
    Table {
        rows: rows.collect(),
        columns: columns.clone(),
    }
}

fn names() -> Names {
    let mut names = Names::default();
    names.add(
        "000538",
        ["云南白药".to_owned(), "云南白药集团股份有限公司".to_owned()],
    );
    names.add("600085", ["同仁堂".to_owned()]);
    names.add("600332", ["白云山".to_owned()]);
    names
}

fn entry(outcomes: &[Expect]) -> Entry {
    Entry {
        outcomes: outcomes.to_vec(),
        readings: vec!["SELECT".to_owned()],
        ordered: false,
        round: None,
        partial: Vec::new(),
        missing: Vec::new(),
        false_premise: false,
        excluded: false,
        chart: None,
    }
}

fn turn(parts: &[Status], tables: Vec<Table>) -> Turn {
    let answered = parts.contains(&Status::Answered);
    Turn {
        id: "A/1".to_owned(),
        status: if answered { Status::Answered } else { parts[0] },
        parts: parts.to_vec(),
        tables,
        reading: "reading".to_owned(),
        said: String::new(),
        noted: parts.iter().any(|status| *status != Status::Answered),
        has_chart: false,
        elapsed_ms: 1.0,
    }
}

fn judged(entries: Vec<Entry>, readings: &[Vec<GoldTable>], turn: &Turn) -> Judgement {
    let case = Case {
        id: "A/1".to_owned(),
        category: "lookup".to_owned(),
        question: None,
        role: None,
        entries,
    };
    judge(&case, readings, turn, &names())
}

fn verdict_of(entry: Entry, readings: &[&str], answer: &str) -> Judgement {
    let readings = readings.iter().map(|text| gold(text)).collect();
    judged(
        vec![entry],
        &[readings],
        &turn(&[Status::Answered], vec![table(answer)]),
    )
}

#[track_caller]
fn check(wanted: &str, answer: &str, verdict: Verdict) {
    assert_eq!(
        verdict_of(entry(&[Expect::Answered]), &[wanted], answer).verdict,
        verdict
    );
}

#[track_caller]
fn right(wanted: &str, answer: &str) {
    check(wanted, answer, Verdict::Correct);
}

#[track_caller]
fn wrong(wanted: &str, answer: &str) {
    check(wanted, answer, Verdict::Wrong);
}

const TWO: &str = "company | profit [万元]\n000538 | 12345.6\n600085 | 200";

#[test]
fn rows_are_found_by_key_in_any_order_unit_and_name() {
    right(
        TWO,
        "c:member | p:亿元\n600085/同仁堂 | 0.02\n000538/云南白药 | 1.23456",
    );
    right(
        TWO,
        "c:text | p:元\n云南白药集团股份有限公司 | 123456000\n同仁堂 | 2000000",
    );
    wrong(TWO, "c:text | p:元\n云南白药 | 12345.6\n同仁堂 | 200");
    wrong(TWO, "c:text | p:万元\n云南白药 | 200\n同仁堂 | 12345.6");
}

#[test]
fn further_columns_do_no_harm_and_other_rows_do() {
    right(
        TWO,
        "no:number | c:text | q:% | p:万元\n1 | 000538 | 3 | 12345.6\n2 | 600085 | 4 | 200",
    );
    wrong(TWO, "c:text | p:万元\n000538 | 12345.6\n600085 | 200\n600332 | 7");
    wrong(TWO, "c:text | p:万元\n000538 | 12345.6");
    wrong(
        TWO,
        "c:text | p:万元\n000538 | 12345.6\n600085 | 200\n600085 | 200",
    );
    wrong(TWO, "c:text | q:%\n000538 | 12345.6\n600085 | 200");
}

#[test]
fn a_list_without_figures_is_right_by_its_keys() {
    let list = "company\n000538\n600085";
    right(list, "c:member | p:万元\n600085/x | 1\n000538/x | 2");
    wrong(list, "c:member\n600085/x\n000538/x\n600332/x");
    wrong(list, "c:member\n600085/x");
}

#[test]
fn one_figure_needs_no_key() {
    right(
        "profit [万元]\n5",
        "c:member | p:period | profit:万元\n000538/x | 2025Q3 | 5",
    );
    wrong("profit [万元]\n5", "p:period | profit:万元\n2024 | 5\n2023 | 6");
    wrong("profit [万元]\n5", "profit:万元\n-");
    right("profit [万元] | revenue [万元]\n5 | 7", "r:万元 | p:万元\n7 | 5");
}

#[test]
fn rows_without_any_value_may_be_there_or_not() {
    let with = "company | profit [万元]\n000538 | 1\n600085 | -";
    right(with, "c:text | p:万元\n000538 | 1");
    right(with, "c:text | p:万元\n000538 | 1\n600085 | -\n600332 | -");
    wrong(with, "c:text | p:万元\n000538 | 1\n600085 | 3");
    wrong(with, "c:text | p:万元\n000538 | 1\n600332 | 3");
}

#[test]
fn wide_form_is_long_form() {
    let long = "period | profit [万元]\n2023 | 1\n2024 | 2";
    right(long, "2023 profit:万元 | 2024 profit:万元\n1 | 2");
    right(long, "the year before:万元 | profit:万元\n1 | 2");
    wrong(long, "2024 profit:万元 | 2023 profit:万元\n1 | 2");
    wrong(long, "2023 profit:万元\n1");
    wrong(long, "p:period | profit:万元\n2023 | 1\n2024 | 2\n2022 | 3");
    let by_both = "company | period | profit [万元]\n000538 | 2023 | 1\n000538 | 2024 | 2\n600085 | 2023 | 3\n600085 | 2024 | 4";
    right(
        by_both,
        "c:text | 2023:万元 | 2024:万元\n同仁堂 | 3 | 4\n云南白药 | 1 | 2",
    );
    right(
        by_both,
        "p:period | 云南白药:万元 | 同仁堂:万元\n2023 | 1 | 3\n2024 | 2 | 4",
    );
    wrong(
        by_both,
        "p:period | 同仁堂:万元 | 云南白药:万元\n2023 | 1 | 3\n2024 | 2 | 4",
    );
    wrong(by_both, "c:text | 2023:万元\n同仁堂 | 3\n云南白药 | 1");
}

#[test]
fn equal_figures_of_two_periods_need_two_columns() {
    let flat = "period | profit [万元]\n2023 | 1\n2024 | 1";
    right(flat, "2023:万元 | 2024:万元\n1 | 1");
    wrong(flat, "profit:万元\n1");
}

#[test]
fn a_gold_in_wide_form_is_found_in_rows() {
    let wide = "company | profit_2023 [万元] | profit_2024 [万元] | yoy [%]\n000538 | 4 | 5 | 25";
    right(
        wide,
        "c:text | p:period | profit:万元 | yoy:%\n000538 | 2023 | 4 | -\n000538 | 2024 | 5 | 25",
    );
    wrong(
        wide,
        "c:text | p:period | profit:万元 | yoy:%\n000538 | 2024 | 4 | -\n000538 | 2023 | 5 | 25",
    );
    wrong(
        wide,
        "c:text | p:period | profit:万元 | yoy:%\n000538 | 2023 | 4 | -\n000538 | 2024 | 5 | 25\n000538 | 2022 | 3 | -",
    );
}

#[test]
fn the_period_asked_for_need_not_be_shown_but_another_company_must() {
    right("period | profit [万元]\n2024 | 5", "profit:万元\n5");
    wrong("company | profit [万元]\n000538 | 5", "profit:万元\n5");
    right("company | profit [万元]\n000538 | 5", "云南白药净利润:万元\n5");
}

#[test]
fn periods_that_end_at_once_are_one_key() {
    right(
        "period | profit [万元]\n2023 | 1\n2024 | 2",
        "p:period | v:万元\n2023Q4 | 1\n2024Q4 | 2",
    );
    right(
        "period | aum [亿元]\n2025-06 | 1\n2025-07 | 2",
        "p:period | v:亿元\n2025-06-30 | 1\n2025-07-31 | 2",
    );
    wrong(
        "period | profit [万元]\n2023 | 1\n2024 | 2",
        "p:period | v:万元\n2023Q3 | 1\n2024Q3 | 2",
    );
}

#[test]
fn per_cent_may_be_a_fraction_and_decimals_those_asked_for() {
    right("rate [%]\n22.693", "r:number\n0.22693");
    right("change [百分点]\n1.5", "d:bp\n150");
    wrong("rate [%]\n22.693", "r:%\n22.69");
    let rounded = Entry {
        round: Some(2),
        ..entry(&[Expect::Answered])
    };
    let judgement = verdict_of(rounded, &["rate [%]\n22.693"], "r:%\n22.69");
    assert_eq!(judgement.verdict, Verdict::Correct);
}

#[test]
fn counts_booleans_and_texts() {
    right("companies [个]\n12", "n:家\n12");
    wrong("companies [个]\n12", "n:家\n13");
    right("same [bool]\n0", "s:bool\nfalse");
    right("same [bool]\n1", "s:text\n一致");
    wrong("same [bool]\n1", "s:bool\nfalse");
    right("office [text]\n北京市（东城区）1 号", "a:text\n北京市(东城区)1号");
    right("code [text]\n000538", "c:member\n000538/云南白药");
    wrong(
        "full_name [text]\n云南白药集团股份有限公司",
        "c:member\n000538/云南白药",
    );
    wrong("office [text]\n北京市", "a:text\n上海市");
}

#[test]
fn ranks_with_ties_are_right_in_either_order() {
    let ranks = "company | rank [名] | profit [万元]\n000538 | 1 | 9\n600085 | 2 | 5\n600332 | 2 | 5";
    let ordered = || Entry {
        ordered: true,
        ..entry(&[Expect::Answered])
    };
    let swapped = "c:text | r:number | p:万元\n000538 | 1 | 9\n600332 | 2 | 5\n600085 | 2 | 5";
    let judgement = verdict_of(ordered(), &[ranks], swapped);
    assert_eq!(
        (judgement.verdict, judgement.remarks.len()),
        (Verdict::Correct, 0)
    );
    let upside_down = "c:text | r:number | p:万元\n600332 | 2 | 5\n600085 | 2 | 5\n000538 | 1 | 9";
    let judgement = verdict_of(ordered(), &[ranks], upside_down);
    assert_eq!(judgement.verdict, Verdict::Correct);
    assert!(judgement.remarks.contains(&Remark::OtherOrder));
    wrong(
        ranks,
        "c:text | r:number | p:万元\n000538 | 1 | 9\n600332 | 3 | 5\n600085 | 2 | 5",
    );
}

#[test]
fn any_reading_will_do_but_not_half_of_each() {
    let readings = [
        "profit [万元] | rate [%]\n5 | 1",
        "profit [万元] | rate [%]\n6 | 2",
    ];
    let verdict = |answer: &str| verdict_of(entry(&[Expect::Answered]), &readings, answer).verdict;
    assert_eq!(verdict("p:万元 | r:%\n6 | 2"), Verdict::Correct);
    assert_eq!(verdict("p:万元 | r:%\n5 | 2"), Verdict::Wrong);
}

#[test]
fn words_of_bands_are_free_unless_they_are_those_of_another() {
    let bands = "band | companies [个]\n0-30% | 4\n30%以上 | 2";
    right(bands, "b:text | n:家\n低 | 4\n高 | 2");
    right(bands, "b:text | n:家\n[0, 30) | 4\n≥30 | 2\n<0 | 0");
    wrong(bands, "b:text | n:家\n30%以上 | 4\n0-30% | 2");
    wrong(bands, "b:text | n:家\n低 | 4\n高 | 3");
    wrong(bands, "b:text | n:家\n低 | 4\n高 | 2\n无 | 1");
    let members = "group | company | p [万元]\n前二 | 000538 | 2\n前二 | 600085 | 3\n后一 | 600332 | 1";
    right(
        members,
        "g:text | c:text | p:万元\ntop | 000538 | 2\ntop | 600085 | 3\nbottom | 600332 | 1",
    );
    wrong(
        members,
        "g:text | c:text | p:万元\ntop | 000538 | 2\nbottom | 600085 | 3\nbottom | 600332 | 1",
    );
}

#[test]
fn bins_of_a_histogram_are_free() {
    let values = "company | rate [%]\n000538 | 10\n600085 | 25\n600332 | 60";
    let histogram = || Entry {
        chart: Some("histogram".to_owned()),
        ..entry(&[Expect::Answered])
    };
    let verdict = |answer: &str| verdict_of(histogram(), &[values], answer).verdict;
    assert_eq!(verdict("b:text | n:家\n0-30% | 2\n30-60% | 1"), Verdict::Correct);
    assert_eq!(
        verdict("c:text | r:%\n000538 | 10\n600085 | 25\n600332 | 60"),
        Verdict::Correct
    );
    assert_eq!(verdict("b:text | n:家\n0-30% | 1\n30-60% | 2"), Verdict::Wrong);
    assert_eq!(verdict("b:text | n:家\n0-30% | 2"), Verdict::Wrong);
}
