//! What a company is like: ranges by industry, and the course that it takes over the years.

use crate::calendar::Quarter;
use crate::companies::{Company, Size};
use crate::fixed::{MILLION, WHOLE_PPM, mul_div, part};
use crate::rng::Rng;

type Range = (i64, i64);

/// What companies of an industry have in common. Rates are parts per thousand unless said otherwise.
#[derive(Debug, Clone, Copy)]
struct Industry {
    /// Annual revenue in million yuan.
    revenue: Range,
    /// Annual growth.
    growth: Range,
    gross_margin: Range,
    /// Operating margin before financial items.
    operating_margin: Range,
    /// Weights of selling, administrative and research expenses.
    expense_weights: (i64, i64, i64),
    taxes: i64,
    /// Days of sales in receivables, of cost in inventory and in payables.
    receivable_days: Range,
    inventory_days: Range,
    payable_days: Range,
    /// Prepayments by customers, to revenue.
    contract_liabilities: i64,
    fixed_assets: i64,
    cash: Range,
    /// Interest-bearing debt to revenue.
    debt: Range,
    vat: i64,
    /// Weight of each quarter in the year's revenue; they add up to 100.
    season: [i64; 4],
}

#[rustfmt::skip]
const INDUSTRIES: [Industry; 10] = [
    // 食品饮料
    Industry { revenue: (900, 32_000), growth: (20, 110), gross_margin: (140, 740), operating_margin: (70, 250), expense_weights: (62, 30, 8), taxes: 18, receivable_days: (10, 30), inventory_days: (60, 120), payable_days: (45, 75), contract_liabilities: 60, fixed_assets: 320, cash: (250, 500), debt: (20, 160), vat: 90, season: [29, 22, 23, 26] },
    // 医药生物
    Industry { revenue: (700, 18_000), growth: (30, 150), gross_margin: (420, 780), operating_margin: (90, 240), expense_weights: (54, 18, 28), taxes: 11, receivable_days: (70, 120), inventory_days: (110, 180), payable_days: (60, 95), contract_liabilities: 20, fixed_assets: 380, cash: (250, 500), debt: (40, 260), vat: 100, season: [23, 25, 25, 27] },
    // 电子
    Industry { revenue: (900, 42_000), growth: (50, 190), gross_margin: (160, 380), operating_margin: (50, 150), expense_weights: (14, 30, 56), taxes: 5, receivable_days: (70, 110), inventory_days: (75, 120), payable_days: (80, 115), contract_liabilities: 10, fixed_assets: 520, cash: (180, 380), debt: (80, 340), vat: 110, season: [21, 24, 27, 28] },
    // 计算机
    Industry { revenue: (400, 9_000), growth: (30, 160), gross_margin: (330, 620), operating_margin: (50, 150), expense_weights: (30, 24, 46), taxes: 7, receivable_days: (100, 165), inventory_days: (45, 90), payable_days: (80, 130), contract_liabilities: 90, fixed_assets: 150, cash: (280, 550), debt: (0, 120), vat: 90, season: [17, 22, 23, 38] },
    // 电力设备
    Industry { revenue: (1_200, 60_000), growth: (60, 220), gross_margin: (170, 320), operating_margin: (55, 140), expense_weights: (25, 28, 47), taxes: 6, receivable_days: (95, 140), inventory_days: (85, 125), payable_days: (110, 150), contract_liabilities: 70, fixed_assets: 400, cash: (200, 380), debt: (80, 320), vat: 120, season: [19, 25, 26, 30] },
    // 汽车
    Industry { revenue: (2_000, 90_000), growth: (40, 150), gross_margin: (135, 250), operating_margin: (35, 95), expense_weights: (25, 30, 45), taxes: 9, receivable_days: (60, 95), inventory_days: (45, 75), payable_days: (90, 125), contract_liabilities: 30, fixed_assets: 350, cash: (150, 300), debt: (60, 250), vat: 120, season: [22, 23, 25, 30] },
    // 家用电器
    Industry { revenue: (1_500, 62_000), growth: (20, 90), gross_margin: (210, 390), operating_margin: (65, 135), expense_weights: (56, 21, 23), taxes: 6, receivable_days: (40, 70), inventory_days: (55, 85), payable_days: (90, 125), contract_liabilities: 50, fixed_assets: 190, cash: (220, 420), debt: (20, 180), vat: 120, season: [24, 28, 24, 24] },
    // 基础化工
    Industry { revenue: (1_000, 34_000), growth: (0, 110), gross_margin: (130, 310), operating_margin: (45, 145), expense_weights: (14, 46, 40), taxes: 8, receivable_days: (30, 60), inventory_days: (45, 75), payable_days: (45, 75), contract_liabilities: 20, fixed_assets: 720, cash: (120, 280), debt: (120, 460), vat: 110, season: [24, 26, 26, 24] },
    // 机械设备
    Industry { revenue: (600, 19_000), growth: (20, 120), gross_margin: (220, 390), operating_margin: (60, 155), expense_weights: (28, 33, 39), taxes: 8, receivable_days: (90, 140), inventory_days: (110, 175), payable_days: (85, 120), contract_liabilities: 90, fixed_assets: 330, cash: (200, 380), debt: (60, 280), vat: 110, season: [21, 27, 24, 28] },
    // 商贸零售
    Industry { revenue: (1_500, 42_000), growth: (-20, 70), gross_margin: (110, 290), operating_margin: (15, 60), expense_weights: (66, 31, 3), taxes: 5, receivable_days: (6, 20), inventory_days: (25, 50), payable_days: (40, 70), contract_liabilities: 60, fixed_assets: 210, cash: (120, 260), debt: (40, 220), vat: 100, season: [28, 23, 23, 26] },
];

/// The course that a company takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    Steady,
    Growing,
    /// Margins swing over about two and a half years.
    Cyclical,
    /// Loses money in every full year.
    Losing,
    /// From loss to profit.
    Recovering,
    /// From profit to loss.
    Declining,
    /// Grows so fast that receivables and inventory eat the cash.
    CashHungry,
}

/// How many companies take each course; the others are steady.
const COURSES: [(Course, usize); 6] = [
    (Course::Losing, 3),
    (Course::Recovering, 4),
    (Course::Declining, 3),
    (Course::CashHungry, 5),
    (Course::Cyclical, 8),
    (Course::Growing, 11),
];

/// Who takes which course, one entry a company.
pub(crate) fn courses(seed: u64, companies: usize) -> Vec<Course> {
    let mut all: Vec<Course> = COURSES
        .iter()
        .flat_map(|(course, number)| std::iter::repeat_n(*course, *number))
        .collect();
    all.resize(companies, Course::Steady);
    Rng::stream(seed, "courses", 0).shuffle(&mut all);
    all
}

/// One company's fixed traits. Rates are in parts per million.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) course: Course,
    /// Revenue of the year before the first simulated quarter, in cents.
    pub(crate) base_revenue: i64,
    growth: [i64; 5],
    /// Good and bad years: what each year adds to the operating margin.
    luck: [i64; 5],
    pub(crate) gross_margin: i64,
    pub(crate) operating_margin: i64,
    expense_weights: (i64, i64, i64),
    pub(crate) taxes: i64,
    pub(crate) receivable_days: i64,
    pub(crate) inventory_days: i64,
    pub(crate) payable_days: i64,
    pub(crate) contract_liabilities: i64,
    pub(crate) fixed_assets: i64,
    pub(crate) cash: i64,
    pub(crate) debt: i64,
    pub(crate) vat: i64,
    season: [i64; 4],
    pub(crate) interest_income: i64,
    pub(crate) other_income: i64,
    pub(crate) tax: i64,
    pub(crate) minority: i64,
    pub(crate) goodwill: i64,
    pub(crate) payout: i64,
    pub(crate) labour: i64,
    /// Exporters have exchange gains and losses.
    pub(crate) fx_exposure: i64,
    /// Revenue to share capital, in thousandths.
    pub(crate) revenue_per_share: i64,
    /// How far the margin swings away from its base.
    shift: i64,
    /// Quarter in which goodwill is impaired, if ever.
    pub(crate) goodwill_loss: Option<Quarter>,
    /// Quarter in which new shares are issued, if ever.
    pub(crate) placement: Option<Quarter>,
}

/// Rates of one quarter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rates {
    pub(crate) gross_margin: i64,
    pub(crate) selling: i64,
    pub(crate) administrative: i64,
    pub(crate) research: i64,
}

impl Profile {
    /// Draws a company's traits.
    pub(crate) fn draw(rng: &mut Rng, company: &Company, course: Course) -> Self {
        let [first, ..] = INDUSTRIES;
        let ranges = INDUSTRIES.get(company.industry).copied().unwrap_or(first);
        let (growth_base, margins) = margins(rng, &ranges, company.margin, course);
        let Margins {
            gross_margin,
            operating_margin,
            shift,
        } = margins;
        let growth = [(); 5].map(|()| growth_base + rng.normal(55_000));
        let luck = [(); 5].map(|()| rng.normal(operating_margin / 6 + 4_000));
        let thousandths = |rng: &mut Rng, range: Range| rng.within((range.0 * 1_000, range.1 * 1_000));
        let (low, high) = ranges.revenue;
        let largest = match company.size {
            Size::Small => (low * high).isqrt(),
            Size::Any => high,
        };
        let is_weak = matches!(course, Course::Losing | Course::Recovering);
        let mut payout = thousandths(rng, (250, 550));
        if is_weak || course == Course::CashHungry {
            payout = thousandths(rng, (0, 150));
        }
        Self {
            course,
            base_revenue: rng.log_between(ranges.revenue.0, largest) * MILLION + rng.between(0, MILLION),
            growth,
            luck,
            gross_margin,
            operating_margin,
            expense_weights: ranges.expense_weights,
            taxes: ranges.taxes * 1_000,
            receivable_days: receivable_days(rng.within(ranges.receivable_days), course),
            inventory_days: rng.within(ranges.inventory_days),
            payable_days: rng.within(ranges.payable_days),
            contract_liabilities: part(
                ranges.contract_liabilities * 1_000,
                thousandths(rng, (500, 1_500)),
            ),
            fixed_assets: part(ranges.fixed_assets * 1_000, thousandths(rng, (700, 1_300))),
            cash: thousandths(rng, ranges.cash),
            debt: thousandths(rng, ranges.debt) * if rng.chance(15) { 2 } else { 1 },
            vat: ranges.vat * 1_000,
            season: ranges.season,
            interest_income: if rng.chance(12) {
                thousandths(rng, (2, 8))
            } else {
                0
            },
            other_income: thousandths(rng, (2, 12)),
            tax: if rng.chance(55) { 150_000 } else { 250_000 },
            minority: if rng.chance(70) {
                thousandths(rng, (5, 120))
            } else {
                0
            },
            goodwill: if rng.chance(45) {
                thousandths(rng, (20, 140))
            } else {
                0
            },
            payout,
            labour: thousandths(rng, (110, 210)),
            fx_exposure: if rng.chance(35) {
                thousandths(rng, (1, 4))
            } else {
                0
            },
            revenue_per_share: rng.between(4_500, 17_000),
            shift,
            goodwill_loss: rng.chance(35).then(|| Quarter {
                year: rng.between(2022, 2025),
                number: 4,
            }),
            placement: (rng.chance(8) || course == Course::CashHungry).then(|| Quarter {
                year: rng.between(2023, 2025),
                number: rng.between(1, 4),
            }),
        }
    }

    /// The margin's distance from its base in the given quarter; `step` counts quarters from the first.
    fn margin_shift(&self, step: i64) -> i64 {
        const LAST: i64 = 17;
        match self.course {
            Course::Losing => -self.shift,
            Course::Recovering => mul_div(-self.shift, 11 - step, 11).min(part(self.shift, 150_000)),
            Course::Declining => mul_div(-self.shift, step, LAST),
            Course::Cyclical => {
                // A triangle with a period of ten quarters, between -1 and 1.
                let phase = (step + self.shift % 10) % 10;
                mul_div(
                    self.shift,
                    if phase < 5 { phase * 2 - 5 } else { 15 - phase * 2 },
                    5,
                )
            }
            Course::Steady | Course::Growing | Course::CashHungry => 0,
        }
    }

    /// Cost and expense rates of a quarter, with a little noise.
    pub(crate) fn rates(&self, rng: &mut Rng, quarter: Quarter, step: i64) -> Rates {
        let shift = self.margin_shift(step) + of_year(&self.luck, quarter);
        // Who loses money for years sells too cheaply and has cut expenses already.
        let in_cost = if self.course == Course::Losing { 3 } else { 2 };
        let gross_margin = self.gross_margin + shift * in_cost / 5 + rng.normal(self.gross_margin / 50);
        let expenses = self.gross_margin - self.taxes - self.operating_margin - shift * (5 - in_cost) / 5;
        let (selling, administrative, research) = self.expense_weights;
        let total = selling + administrative + research;
        let mut expense =
            |weight: i64| mul_div(expenses.max(20_000), weight, total) + rng.normal(expenses / 120);
        Rates {
            gross_margin,
            selling: expense(selling).max(2_000),
            administrative: expense(administrative).max(4_000),
            research: expense(research).max(500),
        }
    }

    /// Quarterly growth of the season-free revenue, in parts per million.
    pub(crate) fn quarterly_growth(&self, rng: &mut Rng, quarter: Quarter) -> i64 {
        of_year(&self.growth, quarter) / 4 + rng.normal(12_000)
    }

    /// The quarter's revenue relative to an average quarter, in parts per million.
    pub(crate) fn season(&self, quarter: Quarter) -> i64 {
        let position = usize::try_from(quarter.number - 1).unwrap_or(0);
        self.season.get(position).copied().unwrap_or(25) * 40_000
    }
}

/// Who grows hungrily begins with receivables like everybody's, as they swell from year to year.
fn receivable_days(days: i64, course: Course) -> i64 {
    if course == Course::CashHungry {
        days.min(105)
    } else {
        days
    }
}

fn of_year(values: &[i64; 5], quarter: Quarter) -> i64 {
    usize::try_from(quarter.year - 2022)
        .ok()
        .and_then(|year| values.get(year))
        .copied()
        .unwrap_or(0)
}

/// Where a company's margins lie, in parts per million.
#[derive(Debug, Clone, Copy)]
struct Margins {
    gross_margin: i64,
    operating_margin: i64,
    /// How far the operating margin swings away from there.
    shift: i64,
}

/// Annual growth and margins that suit the course.
fn margins(rng: &mut Rng, ranges: &Industry, margin: i64, course: Course) -> (i64, Margins) {
    let mut thousandths = |range: Range| rng.within((range.0 * 1_000, range.1 * 1_000));
    let growth_base = match course {
        Course::Growing => ranges.growth.1 * 1_000 + thousandths((30, 120)),
        Course::CashHungry => thousandths((230, 340)),
        Course::Losing => thousandths((40, 180)),
        Course::Declining => thousandths((-90, -30)),
        Course::Steady | Course::Cyclical | Course::Recovering => thousandths(ranges.growth),
    };
    let place = (margin * 1_000 + thousandths((-120, 120))).clamp(0, WHOLE_PPM);
    let width = (ranges.gross_margin.1 - ranges.gross_margin.0) * 1_000;
    let gross_margin = ranges.gross_margin.0 * 1_000 + part(width, place);
    // A company with a high gross margin tends to a high operating margin.
    let (low, high) = (
        ranges.operating_margin.0 * 1_000,
        ranges.operating_margin.1 * 1_000,
    );
    let tilt = (place + thousandths((0, 1_000))) / 2;
    let operating_margin = (low + part(high - low, tilt)).min(gross_margin - ranges.taxes * 1_000 - 35_000);
    let shift = match course {
        // A listed company that lost much more every year would not live to the last report.
        Course::Losing => operating_margin + part(gross_margin, thousandths((170, 330))).min(80_000),
        Course::Recovering | Course::Declining => {
            operating_margin + part(gross_margin, thousandths((130, 280)))
        }
        Course::Cyclical => part(gross_margin, thousandths((60, 130))),
        Course::Steady | Course::Growing | Course::CashHungry => 0,
    };
    (
        growth_base,
        Margins {
            gross_margin,
            operating_margin,
            shift,
        },
    )
}
