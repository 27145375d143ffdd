//! Funds and wealth products and their daily net asset values.

mod kinds;
mod names;

use jiff::civil::{Date, date};

use crate::calendar::{AS_OF, plus_months, workday};
use crate::fixed::{MILLION, WHOLE_PPB, mul_div};
use crate::market::{Index, position};
use crate::rng::Rng;
use crate::sheet::{Column, Sheet, col};
use kinds::{Family, KINDS, Kind, VOLATILE};
use names::{Names, Place};

pub(crate) use names::person;

/// Trading days in a year, by which annual fees are spread.
const DAYS_A_YEAR: i64 = 243;

/// A fund or wealth product with its series of values.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) code: String,
    names: Names,
    kind: Kind,
    /// 1 for R1 to 5 for R5.
    pub(crate) risk: i64,
    benchmark: &'static str,
    management_fee: i64,
    custody_fee: i64,
    pub(crate) inception: Date,
    /// Closed products mature then.
    pub(crate) maturity: Option<Date>,
    /// Target return in hundredths of a percent; wealth products only.
    pub(crate) target: Option<i64>,
    /// In yuan.
    min_purchase: i64,
    scale: i64,
    /// Position of the first trading day with a value.
    pub(crate) first_day: usize,
    /// Unit values in ten-thousandths of a yuan from that day on.
    navs: Vec<i64>,
    /// Payments a unit, with the trading day's position, in ten-thousandths of a yuan.
    pub(crate) distributions: Vec<(usize, i64)>,
    /// Payments a unit before the series begins.
    earlier_distributions: i64,
}

impl Product {
    /// The short name, which is unique.
    pub(crate) fn short_name(&self) -> &str {
        &self.names.short
    }

    /// Least amount of one purchase, in cents.
    pub(crate) fn least_purchase(&self) -> i64 {
        self.min_purchase * 100
    }

    /// Unit value on a trading day, in ten-thousandths of a yuan; `None` before the first one.
    pub(crate) fn nav(&self, day: usize) -> Option<i64> {
        self.navs.get(day.checked_sub(self.first_day)?).copied()
    }

    /// Fee for buying, in hundredths of a percent.
    pub(crate) fn purchase_fee(&self) -> i64 {
        self.kind.purchase_fee
    }

    /// Fee for selling within a year, in hundredths of a percent.
    pub(crate) fn redemption_fee(&self) -> i64 {
        self.kind.redemption_fee
    }

    /// Payments a unit on the given trading day, in ten-thousandths of a yuan.
    pub(crate) fn distribution(&self, day: usize) -> i64 {
        self.distributions
            .iter()
            .filter(|(other, _)| *other == day)
            .map(|(_, amount)| amount)
            .sum()
    }
}

/// The two hundred products.
pub(crate) fn products(seed: u64, days: &[Date], indices: &[Index]) -> Vec<Product> {
    let mut all = Vec::new();
    let (mut funds, mut wealth) = (0, 0);
    let mut last_type = "";
    let mut in_kind = 0;
    for kind in &KINDS {
        if kind.fund_type != last_type {
            (last_type, in_kind) = (kind.fund_type, 0);
        }
        for place_in_row in 0..kind.count {
            let in_family = match kind.family {
                Family::Fund => &mut funds,
                Family::Wealth => &mut wealth,
            };
            let index = kind
                .indices
                .get(place_in_row % kind.indices.len())
                .copied()
                .unwrap_or(position::LARGE);
            let is_closed = place_in_row >= kind.count - kind.closed;
            let place = Place {
                in_family: *in_family,
                in_kind,
                index,
                is_closed,
            };
            *in_family += 1;
            in_kind += 1;
            let mut rng = Rng::stream(seed, "product", all.len());
            all.push(product(&mut rng, kind, place, days, indices));
        }
    }
    all
}

fn product(rng: &mut Rng, kind: &Kind, place: Place, days: &[Date], indices: &[Index]) -> Product {
    let code = match kind.family {
        // Every second fund code keeps a leading zero.
        Family::Fund if place.in_family.is_multiple_of(2) => format!("0991{:02}", place.in_family / 2 + 1),
        Family::Fund => format!("9951{:02}", place.in_family / 2 + 1),
        Family::Wealth => format!("LC{:05}", 10_001 + place.in_family),
    };
    let is_volatile = kind.risk == 4 && VOLATILE.contains(&place.index);
    let (inception, maturity) = dates(rng, kind, place, days);
    let first_day = days.iter().position(|day| *day >= inception).unwrap_or(0);
    let is_new = days.get(first_day) == Some(&inception);
    let management_fee = rng.within(kind.management_fee);
    let management_fee = if management_fee > 30 {
        management_fee / 5 * 5
    } else {
        management_fee
    };
    let mut product = Product {
        code,
        names: names::names(kind, place),
        kind: *kind,
        risk: kind.risk + i64::from(is_volatile),
        benchmark: indices.get(place.index).map_or("", |index| index.code),
        management_fee,
        custody_fee: rng.within(kind.custody_fee),
        inception,
        maturity,
        target: (kind.family == Family::Wealth).then(|| rng.within(kind.target) / 5 * 5),
        min_purchase: rng.pick(match kind.family {
            Family::Fund => &[1, 10, 10, 100],
            Family::Wealth => &[1, 100, 10_000, 10_000],
        }),
        scale: rng.log_between(kind.scale.0, kind.scale.1) * MILLION + rng.between(0, MILLION - 1),
        first_day,
        navs: Vec::new(),
        distributions: Vec::new(),
        earlier_distributions: 0,
    };
    let start = if is_new { 10_000 } else { rng.within(kind.nav) };
    if !is_new && kind.risk > 1 && rng.chance(25) {
        product.earlier_distributions = rng.between(20, 400) * 10;
    }
    let returns = returns(rng, kind, &product, place.index, indices);
    let pays = kind.family == Family::Fund && kind.risk > 1 && rng.chance(22);
    follow(rng, &mut product, start, &returns, pays);
    product
}

/// Day of inception and, for closed products, of maturity.
fn dates(rng: &mut Rng, kind: &Kind, place: Place, days: &[Date]) -> (Date, Option<Date>) {
    let trading_day = |rng: &mut Rng, first: Date, last: Date| {
        let candidates: Vec<Date> = days
            .iter()
            .copied()
            .filter(|day| (first..=last).contains(day))
            .collect();
        let number = rng.index(candidates.len());
        candidates.get(number).copied().unwrap_or(AS_OF)
    };
    if place.is_closed {
        let months = rng.pick(&[12, 18, 18, 24]);
        // It began early enough to be held and late enough not to have matured yet.
        let earliest = plus_months(AS_OF, 1 - months);
        let inception = trading_day(rng, earliest, date(2026, 7, 31));
        return (inception, Some(workday(plus_months(inception, months))));
    }
    let chance_of_new = if kind.family == Family::Fund { 20 } else { 30 };
    if rng.chance(chance_of_new) {
        (trading_day(rng, date(2023, 11, 1), date(2026, 5, 29)), None)
    } else {
        let earliest = if kind.family == Family::Fund { 2012 } else { 2019 };
        let year = i16::try_from(rng.between(earliest, 2022)).unwrap_or(2020);
        let month = i8::try_from(rng.between(1, 12)).unwrap_or(1);
        let day = i8::try_from(rng.between(3, 27)).unwrap_or(15);
        let inception = Date::new(year, month, day).unwrap_or(date(2020, 6, 15));
        (workday(inception), None)
    }
}

/// Daily returns from the day after the first value on, in parts per thousand million.
fn returns(rng: &mut Rng, kind: &Kind, product: &Product, index: usize, indices: &[Index]) -> Vec<i64> {
    let series = |position: usize| indices.get(position).map_or(&[][..], |index| &index.returns);
    let exposure = rng.within(kind.exposure);
    let shares = rng.within(kind.shares);
    // What is not in shares is in bonds, and what is not in bonds is in the money market.
    let rest = (1_000 - exposure).max(0);
    let (bonds, money) = if index < position::AGGREGATE_BOND {
        (rest, 0)
    } else {
        (0, rest)
    };
    let fees = (product.management_fee + product.custody_fee) * (WHOLE_PPB / 10_000) / DAYS_A_YEAR;
    let skill = rng.normal(kind.skill) + kind.skill / 3;
    let followed = series(index).iter().zip(series(position::LARGE));
    let beside = series(position::AGGREGATE_BOND)
        .iter()
        .zip(series(position::MONEY));
    followed
        .zip(beside)
        .skip(product.first_day + 1)
        .map(|((index, large), (bond, cash))| {
            let change = mul_div(*index, exposure, 1_000)
                + mul_div(*large, shares, 1_000)
                + mul_div(*bond, bonds, 1_000)
                + mul_div(*cash, money, 1_000)
                + skill
                + rng.normal(kind.deviation);
            // Money market yields are quoted after fees.
            if kind.is_cash() {
                change.max(15_000)
            } else {
                change - fees
            }
        })
        .collect()
}

/// Fills the unit values, and now and then pays something out.
fn follow(rng: &mut Rng, product: &mut Product, start: i64, returns: &[i64], pays: bool) {
    const FINER: i64 = 10_000;
    let mut level = start * FINER;
    let mut nav = start;
    product.navs.push(nav);
    let mut wait = rng.between(40, 260);
    for (number, change) in returns.iter().enumerate() {
        level += mul_div(level, *change, WHOLE_PPB);
        wait -= 1;
        if pays && wait < 0 && level > 10_800 * FINER {
            let amount = mul_div(level, rng.between(150, 450), FINER * 10_000) / 10 * 10;
            product
                .distributions
                .push((product.first_day + 1 + number, amount));
            level -= amount * FINER;
            wait = rng.between(180, 300);
        }
        nav = mul_div(level, 1, FINER);
        product.navs.push(nav);
    }
}

#[rustfmt::skip]
const COLUMNS: [Column; 21] = [
    col("fund_code", "产品代码", "Product code", "", "文本代码，含前导零；虚构"),
    col("short_name", "产品简称", "Short name", "", "虚构产品的简称，唯一"),
    col("full_name", "产品全称", "Full name", "", "虚构产品的全称，唯一"),
    col("english_name", "英文名称", "English name", "", "唯一"),
    col("nickname", "产品昵称", "Nickname", "", "理财经理口语中的称呼，唯一"),
    col("product_kind", "产品大类", "Product family", "", "公募基金或银行理财"),
    col("fund_type", "产品类型", "Product type", "", "股票型、混合型、债券型、指数型、货币型、FOF；现金管理类、固收类、混合类、权益类"),
    col("risk_level", "风险等级", "Risk level", "", "R1（低）至 R5（高）"),
    col("manager", "基金经理", "Manager", "", "虚构人名"),
    col("fund_company", "管理人", "Management company", "", "虚构公司"),
    col("management_fee", "管理费率", "Management fee", "%", "每年"),
    col("custody_fee", "托管费率", "Custody fee", "%", "每年"),
    col("purchase_fee", "申购费率", "Purchase fee", "%", "按确认金额"),
    col("redemption_fee", "赎回费率", "Redemption fee", "%", "持有不满一年时收取，按确认金额"),
    col("min_purchase", "起购金额", "Minimum purchase", "元", ""),
    col("inception_date", "成立日期", "Inception date", "", ""),
    col("operation_mode", "运作方式", "Operation mode", "", "开放式或封闭式"),
    col("maturity_date", "到期日", "Maturity date", "", "仅封闭式产品有值"),
    col("target_return", "业绩比较基准", "Target return", "%", "年化，仅银行理财有值；不是收益承诺"),
    col("benchmark_index_code", "基准指数代码", "Benchmark index code", "", "见 indices 表"),
    col("scale", "产品规模", "Size", "元", "2026-09-30 的资产净值"),
];

/// The table `funds`.
pub(crate) fn sheet(products: &[Product]) -> Sheet {
    let mut sheet = Sheet::new("funds", COLUMNS.to_vec());
    for product in products {
        let names = &product.names;
        sheet
            .text(&product.code)
            .text(&names.short)
            .text(&names.full)
            .text(&names.english);
        sheet.text(&names.nickname);
        sheet.text(match product.kind.family {
            Family::Fund => "公募基金",
            Family::Wealth => "银行理财",
        });
        sheet
            .text(product.kind.fund_type)
            .text(&format!("R{}", product.risk));
        sheet.text(&names.manager).text(&names.house);
        sheet
            .scaled(product.management_fee, 2)
            .scaled(product.custody_fee, 2);
        sheet
            .scaled(product.kind.purchase_fee, 2)
            .scaled(product.kind.redemption_fee, 2);
        sheet.scaled(product.min_purchase, 0).date(product.inception);
        sheet.text(if product.maturity.is_some() {
            "封闭式"
        } else {
            "开放式"
        });
        match product.maturity {
            Some(maturity) => sheet.date(maturity),
            None => sheet.text(""),
        };
        sheet
            .optional(product.target, 2)
            .text(product.benchmark)
            .money(product.scale);
        sheet.end_row();
    }
    sheet
}

const NAV_COLUMNS: [Column; 5] = [
    col("nav_date", "净值日期", "Valuation date", "", "演示日历的交易日"),
    col("fund_code", "产品代码", "Product code", "", "见 funds 表"),
    col(
        "unit_nav",
        "单位净值",
        "Unit net asset value",
        "元/份",
        "四位小数，分红后为除息净值",
    ),
    col(
        "accumulated_nav",
        "累计净值",
        "Accumulated net asset value",
        "元/份",
        "单位净值＋成立以来每份累计分红",
    ),
    col(
        "daily_return",
        "日收益率",
        "Daily return",
        "%",
        "（当日累计净值－上一交易日累计净值）÷上一交易日单位净值；首日为空",
    ),
];

/// The table `fund_nav`.
pub(crate) fn nav_sheet(products: &[Product], days: &[Date]) -> Sheet {
    let mut sheet = Sheet::new("fund_nav", NAV_COLUMNS.to_vec());
    for product in products {
        let mut paid = product.earlier_distributions;
        let mut last: Option<i64> = None;
        for (number, (day, nav)) in days.iter().skip(product.first_day).zip(&product.navs).enumerate() {
            let now_paid = product.distribution(product.first_day + number);
            paid += now_paid;
            let daily_return = last.map(|last| mul_div(nav + now_paid - last, 1_000_000, last));
            sheet
                .date(*day)
                .text(&product.code)
                .scaled(*nav, 4)
                .scaled(nav + paid, 4);
            sheet.optional(daily_return, 4).end_row();
            last = Some(*nav);
        }
    }
    sheet
}
