//! Answers, refusals and parts, as verdicts on whole turns.

use super::*;

#[test]
fn asking_back_and_refusing_are_abstentions_where_an_answer_was_due() {
    for (outcomes, status, verdict) in [
        (&[Expect::Answered][..], Status::Clarify, Verdict::Abstained),
        (&[Expect::Answered], Status::Refused, Verdict::Abstained),
        (
            &[Expect::Answered, Expect::Clarify],
            Status::Clarify,
            Verdict::Correct,
        ),
        (&[Expect::Refused], Status::Refused, Verdict::Correct),
        (&[Expect::Refused], Status::Clarify, Verdict::Abstained),
        (&[Expect::Clarify], Status::Refused, Verdict::Abstained),
    ] {
        let readings = vec![gold("profit [万元]\n5")];
        let judgement = judged(vec![entry(outcomes)], &[readings], &turn(&[status], Vec::new()));
        assert_eq!(judgement.verdict, verdict, "{outcomes:?} {status:?}");
    }
}

#[test]
fn an_answer_is_wrong_where_only_a_refusal_is_right() {
    let refused = || Entry {
        readings: Vec::new(),
        ..entry(&[Expect::Refused])
    };
    let shown = || vec![table("p:万元\n5")];
    let judgement = judged(
        vec![refused()],
        &[Vec::new()],
        &turn(&[Status::Answered], shown()),
    );
    assert_eq!(judgement.verdict, Verdict::Wrong);
    // Figures without gold are right with a word on what the data do not say.
    let open = || Entry {
        outcomes: vec![Expect::Refused, Expect::Answered],
        ..refused()
    };
    let mut answer = turn(&[Status::Answered], shown());
    assert_eq!(
        judged(vec![open()], &[Vec::new()], &answer).verdict,
        Verdict::Wrong
    );
    answer.noted = true;
    assert_eq!(
        judged(vec![open()], &[Vec::new()], &answer).verdict,
        Verdict::Correct
    );
}

#[test]
fn nothing_and_a_refusal_say_the_same_where_the_gold_is_empty() {
    let empty = || vec![gold("company | p [万元]\n000538 | -")];
    let asked = || vec![entry(&[Expect::Answered])];
    let verdict = |turn: &Turn| judged(asked(), &[empty()], turn).verdict;
    assert_eq!(verdict(&turn(&[Status::Refused], Vec::new())), Verdict::Correct);
    assert_eq!(
        verdict(&turn(&[Status::Answered], vec![table("c:text | p:万元")])),
        Verdict::Correct
    );
    assert_eq!(
        verdict(&turn(&[Status::Answered], vec![table("p:万元\n-")])),
        Verdict::Correct
    );
    assert_eq!(
        verdict(&turn(&[Status::Answered], vec![table("p:万元\n3")])),
        Verdict::Wrong
    );
    assert_eq!(verdict(&turn(&[Status::Clarify], Vec::new())), Verdict::Abstained);
    // Rows where there are some, nothing where there are none.
    let nothing = turn(&[Status::Answered], vec![table("p:万元")]);
    let some = vec![gold("p [万元]\n3")];
    assert_eq!(judged(asked(), &[some], &nothing).verdict, Verdict::Wrong);
}

#[test]
fn parts_are_found_in_any_table() {
    let entries = || vec![entry(&[Expect::Answered]), entry(&[Expect::Answered])];
    let readings = [
        vec![gold("a [万元]\n5")],
        vec![gold("period | b [万元]\n2023 | 1\n2024 | 2")],
    ];
    let (one, two) = ("a:万元\n5", "p:period | b:万元\n2023 | 1\n2024 | 2");
    let verdict = |parts: &[Status], tables: &[&str]| {
        let tables = tables.iter().map(|text| table(text)).collect();
        judged(entries(), &readings, &turn(parts, tables)).verdict
    };
    let answered = Status::Answered;
    assert_eq!(verdict(&[answered, answered], &[two, one]), Verdict::Correct);
    assert_eq!(
        verdict(&[answered], &["a:万元 | 2023:万元 | 2024:万元\n5 | 1 | 2"]),
        Verdict::Correct
    );
    assert_eq!(verdict(&[answered, Status::Refused], &[one]), Verdict::Abstained);
    assert_eq!(verdict(&[answered], &[one]), Verdict::Wrong);
    assert_eq!(
        verdict(&[answered, answered], &[one, "b:万元\n9"]),
        Verdict::Wrong
    );
    assert_eq!(verdict(&[Status::Refused], &[]), Verdict::Abstained);
}

#[test]
fn a_part_that_the_data_lack_is_to_be_refused_or_named() {
    let causes = || Entry {
        readings: Vec::new(),
        missing: vec!["原因".to_owned()],
        ..entry(&[Expect::Refused])
    };
    let entries = || vec![entry(&[Expect::Answered]), causes()];
    let readings = [vec![gold("a [万元]\n5")], Vec::new()];
    let shown = || table("a:万元\n5");
    let verdict = |turn: &Turn| judged(entries(), &readings, turn).verdict;
    assert_eq!(
        verdict(&turn(&[Status::Answered, Status::Refused], vec![shown()])),
        Verdict::Correct
    );
    let silent = turn(&[Status::Answered], vec![shown()]);
    assert_eq!(verdict(&silent), Verdict::Abstained);
    let named = Turn {
        said: "数据中没有原因".to_owned(),
        ..silent
    };
    assert_eq!(verdict(&named), Verdict::Correct);
    let invented = turn(
        &[Status::Answered, Status::Answered],
        vec![shown(), table("b:text\n市场")],
    );
    assert_eq!(verdict(&invented), Verdict::Wrong);
}

#[test]
fn columns_of_one_gold_may_stand_in_two_tables() {
    let readings = [vec![gold("a [万元] | b [%]\n5 | 7")]];
    let tables = vec![table("a:万元\n5"), table("b:%\n7")];
    let judgement = judged(
        vec![entry(&[Expect::Answered])],
        &readings,
        &turn(&[Status::Answered, Status::Answered], tables),
    );
    assert_eq!(
        (judgement.verdict, judgement.remarks.len()),
        (Verdict::Correct, 0)
    );
}

#[test]
fn what_goes_unsaid_is_a_remark_and_no_verdict() {
    let asked = Entry {
        partial: vec!["原因".to_owned()],
        false_premise: true,
        chart: Some("line".to_owned()),
        ..entry(&[Expect::Answered])
    };
    let readings = [vec![gold("a [万元]\n5")]];
    let mut answer = turn(
        &[Status::Answered, Status::Answered],
        vec![table("a:万元\n5"), table("c:text\nx")],
    );
    let judgement = judged(vec![asked.clone()], &readings, &answer);
    assert_eq!(judgement.verdict, Verdict::Correct);
    let remarks: Vec<Remark> = judgement.remarks.into_iter().collect();
    let all = [
        Remark::PartialUnnamed,
        Remark::PremiseUnnoted,
        Remark::NoChart,
        Remark::FurtherTables,
    ];
    assert_eq!(remarks, all);
    answer.said = "没有原因".to_owned();
    answer.noted = true;
    answer.has_chart = true;
    answer.tables.truncate(1);
    assert!(judged(vec![asked], &readings, &answer).remarks.is_empty());
}

#[test]
fn two_equal_columns_do_not_hide_the_error_of_one() {
    wrong("core [万元] | income [万元]\n5 | 5", "a:万元 | b:万元\n5 | 6");
    right("core [万元] | income [万元]\n5 | 5", "a:万元 | b:万元\n5 | 5");
}

#[test]
fn one_refused_part_does_not_excuse_an_answer_in_place_of_another() {
    let lacking = || Entry {
        readings: Vec::new(),
        ..entry(&[Expect::Refused])
    };
    let entries = || vec![entry(&[Expect::Answered]), lacking(), lacking()];
    let readings = [vec![gold("a [万元]\n5")], Vec::new(), Vec::new()];
    let verdict = |parts: &[Status], tables: &[&str]| {
        let tables = tables.iter().map(|text| table(text)).collect();
        judged(entries(), &readings, &turn(parts, tables)).verdict
    };
    let (answered, refused) = (Status::Answered, Status::Refused);
    assert_eq!(
        verdict(&[answered, refused, refused], &["a:万元\n5"]),
        Verdict::Correct
    );
    // Two refusals in one part.
    assert_eq!(verdict(&[answered, refused], &["a:万元\n5"]), Verdict::Correct);
    assert_eq!(
        verdict(&[answered, refused, answered], &["a:万元\n5", "n:人\n42"]),
        Verdict::Wrong
    );
}
