//! What is as of now beside figures of other periods says so, in notes and in evidence.

use jinsheng_core::Scope;

use crate::answers::project;

#[test]
fn a_static_measure_beside_one_of_another_period_is_noted() {
    let project = project();
    let noted = |line: &str| {
        let answer = project
            .run(line, &Scope::full())
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        answer
            .notes
            .into_iter()
            .find(|note| note.code == "as_of_now")
            .map(|note| note.text)
    };
    let text = (
        "`staff` 没有期间，是现在的数；`revenue` 是所问期间的数".to_owned(),
        "`staff`: without periods, as of now; `revenue`: of the periods asked for".to_owned(),
    );
    for line in [
        // In a formula, beside it, in a condition, in a fold; one period and several.
        "revenue / staff as per_head by company at 2024",
        "revenue, staff at 2024Q3",
        "revenue by company at 2024 having staff > 10人",
        "revenue by company at 2024 order by staff",
        "mean(revenue / staff over company) at 2024",
        "revenue / staff as per_head from 2024Q1 to 2025Q2",
        "revenue / staff as per_head each year",
        "revenue / staff as per_head last 2 quarter",
        "mean(revenue / staff over period) by company from 2024Q1 to 2025Q2",
        // The latest period, but compared with an earlier one.
        "yoy(revenue / staff) as growth by company latest quarter",
        "streak(revenue / staff > 10万元) by company latest quarter",
    ] {
        assert_eq!(noted(line), Some(text.clone()), "{line}");
    }
    for line in [
        "revenue / staff as per_head by company",
        "revenue / staff as per_head by company latest quarter",
        "revenue / staff as per_head by company at 2025Q2",
        "yoy(revenue) / staff as growth by company at 2025Q2",
        "revenue by company at 2024",
        "staff by company",
        "revenue, staff of company = '000003' at 2024Q1",
    ] {
        assert_eq!(noted(line), None, "{line}");
    }
}

#[test]
fn the_latest_period_is_that_of_the_rows_that_may_be_seen() {
    let filter = jinsheng_core::RowFilter {
        dimension: "fund".to_owned(),
        values: ["F2".to_owned()].into(),
    };
    let catalog = jinsheng_testkit::fixture::CATALOG.replace(
        "fund: {label: {zh: 基金, en: fund}}",
        "fund: {label: {zh: 基金, en: fund}, table: funds}",
    );
    let catalog = catalog
        .replace(
            "  nav:\n    source: nav",
            "  funds:\n    source: funds\n    entities: {fund: code}\n    measures: {fee: {column: fee, unit: 元, time: static}}\n  nav:\n    source: nav",
        )
        .replace("metrics:\n", "metrics:\n  fee: {label: {zh: 费, en: fee}, measure: funds.fee}\n");
    let mut files = jinsheng_testkit::fixture::FILES.to_vec();
    files.push(("funds", "code,fee\nF1,1\nF2,2\n"));
    let project = crate::support::Project::new(&files, &catalog);
    let codes = |line: &str, scope: &Scope| -> Vec<&'static str> {
        let answer = project
            .run(line, scope)
            .unwrap_or_else(|error| panic!("{line}: {error}"));
        answer
            .notes
            .iter()
            .map(|note| note.code)
            .filter(|code| *code == "as_of_now")
            .collect()
    };
    let line = "amount, fee by fund at 2025-01-15";
    assert_eq!(codes(line, &Scope::full()), ["as_of_now"]);
    let own = Scope::restricted("own", [filter], []);
    assert_eq!(
        codes("amount, fee by fund at 2025-02-03", &own),
        Vec::<&str>::new()
    );
    assert_eq!(
        codes("amount, fee by fund at 2025-02-03", &Scope::full()),
        Vec::<&str>::new()
    );
    assert_eq!(codes("nav, fee by fund at 2025-01-31", &own), ["as_of_now"]);
}

#[test]
fn evidence_of_a_static_measure_has_no_period() {
    let project = project();
    let line = "revenue / staff as per_head of company = '000001' at 2024";
    let answer = project.run(line, &Scope::full()).unwrap();
    let period = |metric: &str| {
        let facts = answer.evidence(usize::MAX).unwrap().facts;
        let mut found = facts
            .values()
            .filter(|evidence| evidence.metric.starts_with(metric));
        found.next().unwrap().period.map(|period| period.to_string())
    };
    assert_eq!(period("staff@"), None);
    assert_eq!(period("revenue@"), Some("2024".to_owned()));
    // It is the same fact as the one that is asked for alone.
    let alone = project
        .run("staff of company = '000001'", &Scope::full())
        .unwrap();
    let facts = |answer: &jinsheng_engine::Answer| -> Vec<String> {
        let known = answer.evidence(usize::MAX).unwrap().facts;
        let all = known
            .values()
            .filter(|evidence| evidence.metric.starts_with("staff"));
        all.map(|evidence| evidence.fact.0.to_string()).collect()
    };
    assert_eq!(facts(&answer), facts(&alone));
}
