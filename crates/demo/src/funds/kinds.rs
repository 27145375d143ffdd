//! Kinds of products: how many there are, how risky they are, what they follow and what they cost.

use crate::market::position::{AGGREGATE_BOND, CREDIT_BOND, LARGE, MONEY};

type Range = (i64, i64);

/// A public fund or a bank's wealth product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Fund,
    Wealth,
}

/// What products of a kind have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) family: Family,
    pub(super) fund_type: &'static str,
    pub(super) count: usize,
    /// 1 for R1 to 5 for R5; share products on a volatile index are one level higher.
    pub(super) risk: i64,
    /// Indices that products of the kind follow in turn; the first belongs to the benchmark.
    pub(super) indices: &'static [usize],
    /// Thousandths of the index that a product follows.
    pub(super) exposure: Range,
    /// Thousandths of the large-company index on top of it.
    pub(super) shares: Range,
    /// Own daily deviation and deviation of own daily drift, in parts per thousand million.
    pub(super) deviation: i64,
    pub(super) skill: i64,
    /// Fees in hundredths of a percent.
    pub(super) management_fee: Range,
    pub(super) custody_fee: Range,
    pub(super) purchase_fee: i64,
    pub(super) redemption_fee: i64,
    /// Net asset value in ten-thousandths where the series begins, for products that are older.
    pub(super) nav: Range,
    /// Size in million yuan.
    pub(super) scale: Range,
    /// How many of them are closed until maturity.
    pub(super) closed: usize,
    /// Target return of wealth products, in hundredths of a percent.
    pub(super) target: Range,
}

impl Kind {
    /// Whether the value only ever grows by interest.
    pub(super) fn is_cash(&self) -> bool {
        self.risk == 1
    }
}

/// Indices of shares whose followers carry a risk level more.
pub(super) const VOLATILE: [usize; 4] = [2, 3, 7, 8];
const ALL_SHARES: &[usize] = &[0, 3, 1, 5, 6, 7, 8, 3];
const BROAD: &[usize] = &[0, 1, 4, 0, 3, 1, 4, 2];
const EACH: &[usize] = &[0, 1, 2, 3, 4, 5, 6, 7, 8];
const BONDS: &[usize] = &[AGGREGATE_BOND, CREDIT_BOND];

#[rustfmt::skip]
pub(super) const KINDS: [Kind; 13] = [
    Kind { family: Family::Fund, fund_type: "股票型", count: 24, risk: 4, indices: ALL_SHARES, exposure: (860, 1_040), shares: (0, 0), deviation: 4_200_000, skill: 170_000, management_fee: (120, 150), custody_fee: (20, 25), purchase_fee: 15, redemption_fee: 50, nav: (5_800, 27_000), scale: (80, 9_000), closed: 0, target: (0, 0) },
    Kind { family: Family::Fund, fund_type: "混合型", count: 26, risk: 4, indices: BROAD, exposure: (660, 880), shares: (0, 0), deviation: 3_600_000, skill: 170_000, management_fee: (120, 150), custody_fee: (20, 25), purchase_fee: 15, redemption_fee: 50, nav: (6_500, 31_000), scale: (60, 12_000), closed: 0, target: (0, 0) },
    Kind { family: Family::Fund, fund_type: "混合型", count: 18, risk: 3, indices: BROAD, exposure: (280, 450), shares: (0, 0), deviation: 1_500_000, skill: 90_000, management_fee: (80, 120), custody_fee: (15, 20), purchase_fee: 12, redemption_fee: 50, nav: (9_500, 19_000), scale: (60, 6_000), closed: 0, target: (0, 0) },
    Kind { family: Family::Fund, fund_type: "债券型", count: 22, risk: 2, indices: BONDS, exposure: (800, 1_100), shares: (0, 0), deviation: 180_000, skill: 16_000, management_fee: (30, 60), custody_fee: (8, 15), purchase_fee: 8, redemption_fee: 10, nav: (10_050, 13_500), scale: (200, 18_000), closed: 0, target: (0, 0) },
    Kind { family: Family::Fund, fund_type: "债券型", count: 12, risk: 3, indices: BONDS, exposure: (800, 1_000), shares: (180, 320), deviation: 700_000, skill: 40_000, management_fee: (60, 80), custody_fee: (15, 20), purchase_fee: 8, redemption_fee: 10, nav: (10_200, 16_500), scale: (100, 8_000), closed: 0, target: (0, 0) },
    Kind { family: Family::Fund, fund_type: "指数型", count: 20, risk: 4, indices: EACH, exposure: (940, 990), shares: (0, 0), deviation: 250_000, skill: 20_000, management_fee: (15, 50), custody_fee: (5, 10), purchase_fee: 12, redemption_fee: 50, nav: (6_200, 17_500), scale: (100, 22_000), closed: 0, target: (0, 0) },
    Kind { family: Family::Fund, fund_type: "货币型", count: 10, risk: 1, indices: &[MONEY], exposure: (960, 1_080), shares: (0, 0), deviation: 3_000, skill: 3_000, management_fee: (15, 27), custody_fee: (5, 8), purchase_fee: 0, redemption_fee: 0, nav: (10_000, 11_500), scale: (2_000, 80_000), closed: 0, target: (0, 0) },
    Kind { family: Family::Fund, fund_type: "FOF", count: 8, risk: 3, indices: &[LARGE], exposure: (230, 430), shares: (0, 0), deviation: 900_000, skill: 60_000, management_fee: (60, 100), custody_fee: (15, 20), purchase_fee: 12, redemption_fee: 50, nav: (9_200, 12_800), scale: (60, 2_500), closed: 0, target: (0, 0) },
    Kind { family: Family::Wealth, fund_type: "现金管理类", count: 10, risk: 1, indices: &[MONEY], exposure: (1_000, 1_150), shares: (0, 0), deviation: 3_000, skill: 3_000, management_fee: (10, 20), custody_fee: (2, 3), purchase_fee: 0, redemption_fee: 0, nav: (10_000, 11_200), scale: (3_000, 40_000), closed: 0, target: (160, 210) },
    Kind { family: Family::Wealth, fund_type: "固收类", count: 28, risk: 2, indices: BONDS, exposure: (450, 800), shares: (0, 0), deviation: 110_000, skill: 12_000, management_fee: (15, 30), custody_fee: (2, 3), purchase_fee: 0, redemption_fee: 0, nav: (10_020, 11_800), scale: (300, 12_000), closed: 12, target: (230, 330) },
    Kind { family: Family::Wealth, fund_type: "混合类", count: 14, risk: 3, indices: &[LARGE], exposure: (180, 380), shares: (0, 0), deviation: 900_000, skill: 50_000, management_fee: (30, 60), custody_fee: (3, 5), purchase_fee: 0, redemption_fee: 10, nav: (9_600, 12_000), scale: (100, 3_000), closed: 4, target: (300, 420) },
    Kind { family: Family::Wealth, fund_type: "权益类", count: 5, risk: 4, indices: BROAD, exposure: (700, 900), shares: (0, 0), deviation: 3_200_000, skill: 140_000, management_fee: (60, 120), custody_fee: (3, 5), purchase_fee: 50, redemption_fee: 50, nav: (7_500, 12_500), scale: (50, 900), closed: 0, target: (400, 600) },
    Kind { family: Family::Wealth, fund_type: "权益类", count: 3, risk: 5, indices: &[7, 8, 2], exposure: (900, 1_100), shares: (0, 0), deviation: 5_200_000, skill: 160_000, management_fee: (80, 120), custody_fee: (3, 5), purchase_fee: 50, redemption_fee: 50, nav: (6_800, 11_500), scale: (50, 600), closed: 0, target: (500, 800) },
];
