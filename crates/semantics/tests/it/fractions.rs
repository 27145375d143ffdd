//! Percentages that may be fractions.
#![allow(
    clippy::indexing_slicing,
    reason = "helpers of tests may stop at the first surprise"
)]

use jinsheng_core::Unit;
use jinsheng_semantics::infer::{GrowthKind, IdentityKind, IdentityProfile};

use crate::infer::{assert_unsure, statements};
use crate::infer_support::draft;

#[test]
fn growth_that_is_a_percentage_by_its_name_alone_is_doubted() {
    let mut profiles = statements();
    profiles[3].columns[6].min = Some("-0.4".to_owned());
    profiles[3].columns[6].max = Some("1.2".to_owned());
    let path = "tables.t_kpi.measures.np_yo_y.unit";
    let (inference, _) = draft(&profiles, &[]);
    assert_unsure(&inference, path, "%");
    // The equation with the figure that grows decides.
    let growth = |percent| IdentityProfile {
        kind: IdentityKind::Growth {
            rate: "npYoY".to_owned(),
            of: "np_wan".to_owned(),
            change: GrowthKind::Yoy,
            percent,
        },
        support: 20,
        total: 24,
    };
    for (percent, unit) in [(false, Unit::TIMES), (true, Unit::PERCENT)] {
        profiles[3].identities = vec![growth(percent)];
        let (inference, _) = draft(&profiles, &[]);
        assert_eq!(inference.file.tables["t_kpi"].measures["np_yo_y"].unit, unit);
        assert!(inference.unsure.iter().all(|unsure| unsure.path != path));
    }
    profiles[3].identities.clear();
    profiles[3].columns[6].max = Some("12.5".to_owned());
    let (inference, _) = draft(&profiles, &[]);
    assert!(inference.unsure.iter().all(|unsure| unsure.path != path));
}
