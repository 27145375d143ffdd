//! The fictional market: indices with a common factor, and macroeconomic series.

use jiff::civil::Date;

use crate::calendar::macro_months;
use crate::fixed::{WHOLE_PPB, mul_div};
use crate::rng::Rng;
use crate::sheet::{Column, Sheet, col};

/// What kind of market an index follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Market {
    Shares,
    Bonds,
    Money,
}

/// Code, name, English name, market, first value in hundredths, sensitivity to the market in thousandths,
/// own daily deviation and own daily drift in parts per thousand million.
type IndexRow = (
    &'static str,
    &'static str,
    &'static str,
    Market,
    i64,
    i64,
    i64,
    i64,
);

#[rustfmt::skip]
const INDICES: [IndexRow; 12] = [
    ("995801", "景衡300指数", "Jingheng 300 Index", Market::Shares, 382_516, 900, 1_500_000, 0),
    ("995802", "景衡500指数", "Jingheng 500 Index", Market::Shares, 571_038, 1_050, 4_000_000, 20_000),
    ("995803", "景衡1000指数", "Jingheng 1000 Index", Market::Shares, 604_471, 1_150, 6_000_000, 40_000),
    ("995804", "景衡成长指数", "Jingheng Growth Index", Market::Shares, 214_902, 1_250, 7_000_000, 60_000),
    ("995805", "景衡红利指数", "Jingheng Dividend Index", Market::Shares, 487_290, 650, 4_000_000, 80_000),
    ("995806", "景衡消费指数", "Jingheng Consumer Index", Market::Shares, 1_392_648, 900, 6_500_000, -120_000),
    ("995807", "景衡医药指数", "Jingheng Health Care Index", Market::Shares, 958_213, 900, 8_000_000, -60_000),
    ("995808", "景衡科技指数", "Jingheng Technology Index", Market::Shares, 326_754, 1_300, 9_000_000, 160_000),
    ("995809", "景衡新能源指数", "Jingheng New Energy Index", Market::Shares, 275_381, 1_250, 9_500_000, -40_000),
    ("995810", "景衡综合债指数", "Jingheng Aggregate Bond Index", Market::Bonds, 22_847, 0, 550_000, 140_000),
    ("995811", "景衡信用债指数", "Jingheng Credit Bond Index", Market::Bonds, 20_463, 0, 400_000, 155_000),
    ("995812", "景衡货币指数", "Jingheng Money Market Index", Market::Money, 18_904, 0, 4_000, 66_000),
];

/// Position of an index in the list, for those who invest in it.
pub(crate) mod position {
    pub(crate) const LARGE: usize = 0;
    pub(crate) const AGGREGATE_BOND: usize = 9;
    pub(crate) const CREDIT_BOND: usize = 10;
    pub(crate) const MONEY: usize = 11;
}

/// An index and its daily returns.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) code: &'static str,
    name: &'static str,
    english: &'static str,
    first_close: i64,
    /// One return a trading day, in parts per thousand million; the first is 0.
    pub(crate) returns: Vec<i64>,
}

/// All indices over the given trading days.
pub(crate) fn indices(seed: u64, days: &[Date]) -> Vec<Index> {
    let shares = share_factor(seed, days.len());
    let bonds = bond_factor(seed, days.len());
    let mut all = Vec::new();
    for (number, row) in INDICES.iter().enumerate() {
        let (code, name, english, market, first_close, sensitivity, deviation, drift) = *row;
        let mut rng = Rng::stream(seed, "index", number);
        let factor = match market {
            Market::Shares => &shares,
            Market::Bonds | Market::Money => &bonds,
        };
        let weight = match market {
            Market::Shares => sensitivity,
            Market::Bonds => 1_000,
            Market::Money => 0,
        };
        // What an index earns by itself drifts slowly, so that sectors lead and lag for months.
        let mut tide = 0;
        let returns = factor.iter().enumerate().map(|(day, common)| {
            tide += rng.normal(deviation / 40) - tide / 60;
            let own = mul_div(*common, weight, 1_000) + tide + drift + rng.normal(deviation);
            if day == 0 {
                0
            } else if market == Market::Money {
                own.max(20_000)
            } else {
                own
            }
        });
        all.push(Index {
            code,
            name,
            english,
            first_close,
            returns: returns.collect(),
        });
    }
    all
}

/// Returns of the whole share market: calm and stormy months, rare jumps, a mild upward drift.
fn share_factor(seed: u64, days: usize) -> Vec<i64> {
    let mut rng = Rng::stream(seed, "share market", 0);
    let (mut deviation, mut trend, mut left) = (9_000_000, 0, 0);
    let mut sum = 0;
    let mut factor = Vec::with_capacity(days);
    for _ in 0..days {
        if left == 0 {
            left = rng.between(30, 110);
            deviation = rng.between(6_000_000, 14_000_000);
            // A market that has run far ahead tends to fall back, and the other way round.
            trend = rng.normal(900_000) + 240_000 - sum / 400;
        }
        left -= 1;
        let jump = if rng.chance(3) { 2 } else { 1 };
        let change = trend + rng.normal(deviation) * jump;
        sum += change;
        factor.push(change);
    }
    factor
}

/// Returns of the bond market around its coupon, which each bond index adds as its drift.
fn bond_factor(seed: u64, days: usize) -> Vec<i64> {
    let mut rng = Rng::stream(seed, "bond market", 0);
    let mut tide = 0;
    let mut factor = Vec::with_capacity(days);
    for _ in 0..days {
        tide += rng.normal(25_000) - tide / 40;
        factor.push(tide + rng.normal(500_000));
    }
    factor
}

const INDEX_COLUMNS: [Column; 3] = [
    col("index_code", "指数代码", "Index code", "", "六位文本代码，虚构"),
    col("name", "指数名称", "Index name", "", "虚构指数的名称，唯一"),
    col("english_name", "英文名称", "English name", "", ""),
];

const INDEX_DAILY_COLUMNS: [Column; 4] = [
    col("trade_date", "交易日期", "Trading date", "", "演示日历的交易日"),
    col("index_code", "指数代码", "Index code", "", "见 indices 表"),
    col("close", "收盘点位", "Close", "点", "两位小数"),
    col(
        "change_pct",
        "涨跌幅",
        "Daily change",
        "%",
        "收盘点位÷上一交易日收盘点位－1；首日为空",
    ),
];

/// The tables `indices` and `index_daily`.
pub(crate) fn index_sheets(indices: &[Index], days: &[Date]) -> Vec<Sheet> {
    let mut list = Sheet::new("indices", INDEX_COLUMNS.to_vec());
    let mut daily = Sheet::new("index_daily", INDEX_DAILY_COLUMNS.to_vec());
    for index in indices {
        list.text(index.code)
            .text(index.name)
            .text(index.english)
            .end_row();
        // The level is kept finer than it is published, so that rounding does not wear it down.
        let mut level = index.first_close * 1_000_000;
        let mut last: Option<i64> = None;
        for (day, change) in days.iter().zip(&index.returns) {
            level += mul_div(level, *change, WHOLE_PPB);
            let close = mul_div(level, 1, 1_000_000);
            let change_pct = last.map(|last| mul_div(close - last, 1_000_000, last));
            daily
                .date(*day)
                .text(index.code)
                .money(close)
                .optional(change_pct, 4)
                .end_row();
            last = Some(close);
        }
    }
    vec![list, daily]
}

const MACRO_COLUMNS: [Column; 10] = [
    col("month", "月份", "Month", "", "年-月"),
    col(
        "cpi_yoy",
        "居民消费价格指数同比",
        "Consumer prices on the year before",
        "%",
        "",
    ),
    col(
        "ppi_yoy",
        "工业生产者出厂价格指数同比",
        "Producer prices on the year before",
        "%",
        "",
    ),
    col("m2_yoy", "广义货币（M2）同比", "M2 on the year before", "%", ""),
    col(
        "pmi",
        "制造业采购经理指数",
        "Manufacturing purchasing managers' index",
        "点",
        "50 为荣枯线",
    ),
    col(
        "lpr_1y",
        "一年期贷款市场报价利率",
        "One-year loan prime rate",
        "%",
        "",
    ),
    col(
        "lpr_5y",
        "五年期以上贷款市场报价利率",
        "Five-year loan prime rate",
        "%",
        "",
    ),
    col(
        "social_financing",
        "社会融资规模增量",
        "Increase of social financing",
        "亿元",
        "当月新增",
    ),
    col(
        "usd_cny",
        "美元兑人民币汇率",
        "Yuan per US dollar",
        "",
        "月末中间价，每 1 美元折合人民币元",
    ),
    col(
        "gdp_yoy",
        "国内生产总值同比",
        "GDP on the year before",
        "%",
        "仅季度末月有值，为当季同比；其余月份为空",
    ),
];

/// The table `macro`.
pub(crate) fn macro_sheet(seed: u64) -> Sheet {
    let mut rng = Rng::stream(seed, "macro", 0);
    let mut sheet = Sheet::new("macro", MACRO_COLUMNS.to_vec());
    // In tenths of a percent, except rates and exchange rate, which have their own decimals.
    let (mut cpi, mut ppi, mut m2, mut pmi, mut gdp) = (12, 60, 95, 503, 46);
    let (mut ppi_step, mut m2_step) = (0, 0);
    let (mut lpr_1y, mut lpr_5y, mut usd_cny) = (380, 465, 63_800);
    for (number, month) in macro_months().iter().enumerate() {
        cpi += rng.normal(3) - (cpi - 8) / 6;
        // Producer prices and money turn slowly: what happened last month goes on in part.
        ppi_step = ppi_step / 2 + rng.normal(3);
        ppi += ppi_step - (ppi + 4) / 12;
        m2_step = m2_step / 3 + rng.normal(2);
        m2 += m2_step - (m2 - 80) / 14;
        pmi += rng.normal(5) - (pmi - 501) / 3;
        usd_cny += rng.normal(700) - (usd_cny - 70_500) / 18;
        // Loan prime rates fall in small steps, each after some months without a change.
        if number % 8 == 7 && rng.chance(60) {
            lpr_1y -= rng.pick(&[5, 10]);
            lpr_5y -= rng.pick(&[5, 10, 15]);
        }
        let first_of_year = if month.month() == 1 { 28_000 } else { 0 };
        let last_of_quarter = month.month() % 3 == 0;
        let financing = rng.between(12_000, 26_000)
            + first_of_year
            + if last_of_quarter {
                rng.between(9_000, 19_000)
            } else {
                0
            };
        if last_of_quarter {
            gdp += rng.normal(4) - (gdp - 49) / 4;
        }
        let name = format!("{:04}-{:02}", month.year(), month.month());
        sheet
            .text(&name)
            .scaled(cpi, 1)
            .scaled(ppi, 1)
            .scaled(m2, 1)
            .scaled(pmi, 1);
        sheet
            .scaled(lpr_1y, 2)
            .scaled(lpr_5y, 2)
            .scaled(financing, 0)
            .scaled(usd_cny, 4);
        sheet.optional(last_of_quarter.then_some(gdp), 1).end_row();
    }
    sheet
}
