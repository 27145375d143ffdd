//! The table that Queries are timed on: ten years of trading days of a made-up market, the same bytes for the same seed.
//!
//! Files are imported the way that a user's are, so that what is read is what the product makes.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use jinsheng_data::{AddOptions, IMPORTER_VERSION, NoProgress, Warehouse};

use super::Outcome;

/// What the columns mean.
pub(crate) const CATALOG: &str = "
version: 1
entities:
  company:
    label: {zh: 公司, en: company}
    table: companies
    names: [{table: companies, column: name}]
tables:
  companies:
    source: companies
    entities: {company: company}
    dimensions: {industry: {column: industry}}
  daily:
    source: daily
    entities: {company: company}
    period: {kind: date, column: day, grain: day}
    measures:
      turnover: {column: turnover, unit: 元, time: flow}
      inflow: {column: inflow, unit: 元, time: flow}
      market_value: {column: market_value, unit: 元, time: stock}
      close: {column: close, unit: 元/股, time: stock}
      records: {agg: count, time: flow}
      mean_turnover: {column: turnover, agg: mean, unit: 元, time: flow}
metrics:
  turnover: {label: {zh: 成交额, en: turnover}, measure: daily.turnover}
  inflow: {label: {zh: 净流入, en: net inflow}, measure: daily.inflow}
  market_value: {label: {zh: 总市值, en: market value}, measure: daily.market_value}
  close: {label: {zh: 收盘价, en: close}, measure: daily.close}
  records: {label: {zh: 记录数, en: records}, measure: daily.records}
  mean_turnover: {label: {zh: 平均成交额, en: mean turnover}, measure: daily.mean_turnover}
";

/// Size of a market.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Market {
    pub(crate) companies: u32,
    pub(crate) days: u32,
    pub(crate) seed: u64,
}

/// Industries that companies are spread over.
const INDUSTRIES: u32 = 31;
/// 2016-01-04, a Monday, counted from 1970-01-01.
const FIRST_DAY: i64 = 16_804;

/// SplitMix64: fixed for ever, unlike the generators of libraries.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number in `low..high`.
    fn within(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(1).max(1);
        low + i64::try_from(self.next() % width).unwrap_or(0)
    }
}

struct Company {
    code: String,
    /// Price in 0.01 元.
    price: i64,
    /// Shares in thousands.
    shares: i64,
}

impl Market {
    /// The imported market below `folder`; made and imported unless it is there from an earlier run.
    pub(crate) fn open(self, folder: &Path) -> Outcome<Warehouse> {
        let name = format!(
            "market-{}x{}-{}-i{IMPORTER_VERSION}",
            self.companies, self.days, self.seed
        );
        let folder = folder.join(name);
        let complete = folder.join("complete");
        let state = folder.join("state");
        if complete.exists() {
            return Ok(Warehouse::open(&state)?);
        }
        fs::create_dir_all(&folder)?;
        let mut warehouse = Warehouse::open(&state)?;
        let companies = self.write_companies(&folder.join("companies.csv"))?;
        self.write_daily(&folder.join("daily.csv"), companies)?;
        for file in ["companies.csv", "daily.csv"] {
            let path = folder.join(file);
            warehouse.add(&path, &AddOptions::default(), &mut NoProgress)?;
            fs::remove_file(&path)?;
        }
        File::create(complete)?;
        Ok(warehouse)
    }

    fn write_companies(self, path: &Path) -> Outcome<Vec<Company>> {
        let mut random = Random(self.seed);
        let mut out = BufWriter::new(File::create(path)?);
        writeln!(out, "company,name,industry")?;
        let mut companies = Vec::new();
        for number in 0..self.companies {
            // As on two exchanges; leading zeros keep the codes text.
            let half = self.companies.div_ceil(2);
            let code = if number < half {
                number + 1
            } else {
                600_000 + number - half
            };
            let industry = random.within(1, i64::from(INDUSTRIES) + 1);
            writeln!(out, "{code:06},公司{number},行业{industry:02}")?;
            companies.push(Company {
                code: format!("{code:06}"),
                price: random.within(300, 20_000),
                shares: random.within(50_000, 5_000_000),
            });
        }
        out.flush()?;
        Ok(companies)
    }

    fn write_daily(self, path: &Path, mut companies: Vec<Company>) -> Outcome<()> {
        let mut random = Random(self.seed ^ 0x0064_6169_6c79);
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        writeln!(out, "day,company,turnover,inflow,market_value,close")?;
        for number in 0..i64::from(self.days) {
            let day = date(FIRST_DAY + number / 5 * 7 + number % 5);
            for company in &mut companies {
                company.price = (company.price * random.within(9_800, 10_202) / 10_000).max(100);
                let value = company.price * company.shares * 10;
                let turnover = value / random.within(40, 400);
                let inflow = turnover / 1_000 * random.within(-300, 340);
                writeln!(
                    out,
                    "{day},{},{},{},{},{}",
                    company.code,
                    hundredths(turnover),
                    hundredths(inflow),
                    hundredths(value * 100),
                    hundredths(company.price),
                )?;
            }
        }
        out.flush()?;
        Ok(())
    }
}

/// Hundredths as a decimal.
fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    format!("{sign}{}.{:02}", value / 100, value % 100)
}

fn date(day: i64) -> String {
    let day = i32::try_from(day).unwrap_or(0);
    jinsheng_core::Period::new(jinsheng_core::Grain::Day, day).to_string()
}
