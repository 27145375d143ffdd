//! Values of filters that no row has are named, and nothing that a role may not see is.

use jinsheng_core::{RowFilter, Scope};

use crate::repeated::{DEALS, catalog};
use crate::support::Project;

fn unknown(project: &Project, line: &str, scope: &Scope) -> Vec<String> {
    let answer = project
        .run(line, scope)
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    let unknown = answer
        .notes
        .into_iter()
        .filter(|note| note.code == "unknown_value");
    unknown.map(|note| note.text.0).collect()
}

#[test]
fn values_that_no_row_has_are_named_with_the_nearest() {
    let project = Project::new(&[("deals", DEALS)], &catalog("false"));
    let full = Scope::full();
    for (line, note) in [
        (
            "amount where kind = 'buyy' at 2024-06",
            "`deals.kind` 没有取值 `buyy`；相近的有 `buy`",
        ),
        (
            "amount where kind in ('buy', 'x') at 2024-06",
            "`deals.kind` 没有取值 `x`；共 2 个取值，如 `buy`, `sell`",
        ),
        (
            "amount[kind = 'Sell'] at 2024-06",
            "`deals.kind` 没有取值 `Sell`；相近的有 `sell`",
        ),
        (
            "amount of client = 'C9' at 2024-06",
            "`client` 没有取值 `C9`；共 2 个取值，如 `C1`, `C2`",
        ),
    ] {
        assert_eq!(unknown(&project, line, &full), [note], "{line}");
    }
    for line in [
        "amount where kind = 'buy' at 2024-06",
        "amount of client = 'C1' at 2023-06",
    ] {
        assert!(unknown(&project, line, &full).is_empty(), "{line}");
    }
}

#[test]
fn what_a_role_may_not_see_is_not_named() {
    let project = Project::new(&[("deals", DEALS)], &catalog("false"));
    let only = |value: &str| {
        Scope::restricted(
            "desk",
            [RowFilter {
                dimension: "client".to_owned(),
                values: [value.to_owned()].into(),
            }],
            [],
        )
    };
    // C1 only buys.
    assert_eq!(
        unknown(&project, "amount where kind = 'sel' at 2024-06", &only("C1")),
        ["`deals.kind` 没有取值 `sel`；共 1 个取值，如 `buy`"]
    );
    assert_eq!(
        unknown(&project, "amount at 2024-06", &only("甲")),
        [
            "当前角色的行过滤 `client` 只许 `甲`，而没有一行有这个值，所以什么也看不到；行过滤写的是键，不是名称"
        ]
    );
}
