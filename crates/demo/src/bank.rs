//! The fictional bank: branches, relationship managers and clients.
//!
//! Nobody in it can be a real person: names are a counting scheme, phone numbers lie in a range that is not
//! assigned to any operator, and identity numbers name a region that does not exist.

mod books;
mod deposits;
mod orders;

use jiff::civil::{Date, date};

use crate::calendar::{AS_OF, plus_days, plus_months, workday};
use crate::fixed::count;
use crate::funds::person;
use crate::rng::Rng;
use crate::sheet::{Column, Sheet, col};

pub(crate) use books::{Bank, sheets};

/// How many clients the bank has.
const CLIENTS: usize = 500;
/// A risk test is valid for so many months.
const TEST_MONTHS: i64 = 12;

/// Branch, English name, fictional city, its districts.
type BranchRow = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    [&'static str; 3],
);

const BRANCHES: [BranchRow; 3] = [
    (
        "BR01",
        "砺川总行营业部",
        "Lichuan Head Office Branch",
        "砺川市",
        ["北埠区", "南渡区", "新砺区"],
    ),
    (
        "BR02",
        "云泽分行",
        "Yunze Branch",
        "云泽市",
        ["湖东区", "湖西区", "云顶区"],
    ),
    (
        "BR03",
        "岚港分行",
        "Langang Branch",
        "岚港市",
        ["外港区", "旧城区", "岚山口区"],
    ),
];
const MANAGERS_A_BRANCH: usize = 4;
/// Number of the first relationship manager among the fictional persons; fund managers have lower ones.
const FIRST_PERSON: usize = 100;

/// How wealthy a client is meant to be; the published segment follows from the assets that result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tier {
    Mass,
    Wealth,
    Private,
}

/// A client of the bank.
#[derive(Debug, Clone)]
struct Client {
    id: String,
    name: String,
    tier: Tier,
    /// What the client is worth to the bank, about, in cents: deposits and products together.
    means: i64,
    /// The part of it that is meant to be in products, in thousandths.
    in_products: i64,
    /// 1 for C1 to 5 for C5.
    capacity: i64,
    test_date: Date,
    manager: usize,
    birth: Date,
    is_male: bool,
    phone: String,
    id_number: String,
    open_date: Date,
    region: String,
}

impl Client {
    /// Last day on which the risk test is valid.
    fn test_expiry(&self) -> Date {
        plus_months(self.test_date, TEST_MONTHS)
    }
}

const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
/// Fifty characters of the old primer that schools used for counting rows.
const ROWS: &str =
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号";

/// 客户甲天, 客户乙天 … 客户癸号: all of one length, so that no name is part of another.
fn client_name(number: usize) -> String {
    let stem = STEMS.get(number % STEMS.len()).copied().unwrap_or_default();
    let row = ROWS.chars().nth(number / STEMS.len()).unwrap_or_default();
    format!("客户{stem}{row}")
}

/// An identity number with a valid check digit and the region code 990000, which does not exist.
fn id_number(birth: Date, serial: i64, is_male: bool) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    // The last digit of the serial is odd for men and even for women.
    let serial = serial / 2 * 2 + i64::from(is_male);
    let body = format!(
        "990000{:04}{:02}{:02}{serial:03}",
        birth.year(),
        birth.month(),
        birth.day()
    );
    let sum: u32 = body
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight)
        .sum();
    let position = usize::try_from(sum % 11).unwrap_or(0);
    let check = "10X98765432".chars().nth(position).unwrap_or('0');
    format!("{body}{check}")
}

fn clients(seed: u64) -> Vec<Client> {
    let mut rng = Rng::stream(seed, "clients", 0);
    let mut tiers = vec![Tier::Mass; CLIENTS];
    for (place, tier) in tiers.iter_mut().enumerate() {
        *tier = match place {
            0..36 => Tier::Private,
            36..150 => Tier::Wealth,
            _ => Tier::Mass,
        };
    }
    rng.shuffle(&mut tiers);
    let mut suffixes: Vec<i64> = (0..CLIENTS)
        .map(|number| 10_137 + 19_937 * count(number))
        .collect();
    rng.shuffle(&mut suffixes);
    let mut all = Vec::with_capacity(CLIENTS);
    for (number, (tier, suffix)) in tiers.into_iter().zip(suffixes).enumerate() {
        let branch = rng.index(BRANCHES.len());
        // The first manager of each branch looks after private clients only.
        let desk = if tier == Tier::Private {
            0
        } else {
            1 + rng.index(MANAGERS_A_BRANCH - 1)
        };
        let (_, _, _, city, districts) = BRANCHES.get(branch).copied().unwrap_or_default();
        // The mean of two draws: most clients are of middle age.
        let youngest = if tier == Tier::Mass { 20 * 366 } else { 27 * 366 };
        let age_days = i64::midpoint(rng.between(youngest, 83 * 365), rng.between(youngest, 78 * 365));
        let birth = plus_days(AS_OF, -age_days);
        let is_male = rng.chance(49);
        let mut means_rng = Rng::stream(seed, "means", number);
        let open_date = opening(&mut rng, birth);
        let is_expired = rng.chance(13) && open_date < date(2024, 3, 1);
        let test_age = if is_expired {
            rng.between(370, 760)
        } else {
            rng.between(3, 350)
        };
        all.push(Client {
            id: format!("C{:06}", number + 1),
            name: client_name(number),
            tier,
            means: means(&mut means_rng, tier),
            in_products: means_rng.between(350, 850),
            capacity: capacity(&mut rng, tier, age_days / 365),
            test_date: plus_days(AS_OF, -test_age).max(open_date),
            manager: branch * MANAGERS_A_BRANCH + desk,
            birth,
            is_male,
            phone: format!("1540{suffix:07}"),
            id_number: id_number(birth, rng.between(10, 989), is_male),
            open_date,
            region: format!("{city}{}", rng.pick(&districts)),
        });
    }
    all
}

/// Most clients are old ones; some opened their account within the months for which assets are shown.
fn opening(rng: &mut Rng, birth: Date) -> Date {
    let (first, last) = if rng.chance(6) {
        (date(2024, 11, 4), date(2026, 6, 26))
    } else {
        (date(2012, 3, 5), date(2024, 9, 27))
    };
    let of_age = plus_months(birth, 18 * 12);
    let first = if of_age > first { of_age } else { first };
    workday(plus_days(
        first,
        rng.between(0, crate::calendar::days_between(first, last).max(0)),
    ))
}

/// Few are rich: within a tier, small fortunes are as common as large ones on a logarithmic scale, and the tiers
/// meet at the limits of the segments without a gap.
fn means(rng: &mut Rng, tier: Tier) -> i64 {
    const YUAN_1_000: i64 = 100_000;
    let (low, high) = match tier {
        Tier::Mass => (8, 480),
        Tier::Wealth => (480, 6_000),
        Tier::Private => (6_000, 48_000),
    };
    rng.log_between(low * YUAN_1_000, high * YUAN_1_000)
}

fn capacity(rng: &mut Rng, tier: Tier, age: i64) -> i64 {
    let weights: [i64; 5] = match (tier, age > 60) {
        (_, true) => [30, 38, 24, 7, 1],
        (Tier::Mass, false) => [12, 30, 36, 16, 6],
        (Tier::Wealth, false) => [4, 19, 39, 27, 11],
        (Tier::Private, false) => [2, 10, 32, 34, 22],
    };
    let mut draw = rng.between(0, 99);
    let mut level = 1;
    for weight in weights {
        if draw < weight {
            break;
        }
        draw -= weight;
        level += 1;
    }
    level.min(5)
}

const BRANCH_COLUMNS: [Column; 4] = [
    col("branch_id", "机构编号", "Branch id", "", ""),
    col(
        "branch_name",
        "机构名称",
        "Branch name",
        "",
        "虚构银行“砺川银行”的机构",
    ),
    col("english_name", "英文名称", "English name", "", ""),
    col("city", "所在城市", "City", "", "虚构城市"),
];

fn branch_sheet() -> Sheet {
    let mut sheet = Sheet::new("branches", BRANCH_COLUMNS.to_vec());
    for (id, name, english, city, _) in BRANCHES {
        sheet.text(id).text(name).text(english).text(city).end_row();
    }
    sheet
}

const MANAGER_COLUMNS: [Column; 4] = [
    col("manager_id", "客户经理编号", "Relationship manager id", "", ""),
    col(
        "manager_name",
        "客户经理姓名",
        "Relationship manager",
        "",
        "虚构人名，唯一",
    ),
    col("branch_id", "机构编号", "Branch id", "", "见 branches 表"),
    col("hired_date", "入职日期", "Hired on", "", ""),
];

fn manager_id(number: usize) -> String {
    format!("RM{:03}", number + 1)
}

fn manager_sheet(seed: u64) -> Sheet {
    let mut rng = Rng::stream(seed, "relationship managers", 0);
    let mut sheet = Sheet::new("relationship_managers", MANAGER_COLUMNS.to_vec());
    let branches = BRANCHES
        .iter()
        .flat_map(|branch| std::iter::repeat_n(branch.0, MANAGERS_A_BRANCH));
    for (number, branch) in branches.enumerate() {
        sheet
            .text(&manager_id(number))
            .text(&person(FIRST_PERSON + number))
            .text(branch);
        sheet
            .date(workday(plus_days(date(2011, 7, 1), rng.between(0, 4_700))))
            .end_row();
    }
    sheet
}

const CLIENT_COLUMNS: [Column; 14] = [
    col("client_id", "客户编号", "Client id", "", ""),
    col(
        "client_name",
        "客户姓名",
        "Client name",
        "",
        "按天干与序字编排的虚构姓名，唯一",
    ),
    col(
        "segment",
        "客户分层",
        "Segment",
        "",
        "按 2026-09-30 的资产管理规模：大众（不足 50 万元）、财富（50 万元至不足 600 万元）、私行（600 万元及以上）",
    ),
    col(
        "risk_capacity",
        "风险承受能力",
        "Risk capacity",
        "",
        "C1（低）至 C5（高）；Cn 适配 Rn 及以下产品",
    ),
    col(
        "risk_test_date",
        "风险测评日期",
        "Risk test date",
        "",
        "最近一次测评，有效期一年",
    ),
    col(
        "risk_test_expiry",
        "风险测评到期日",
        "Risk test valid until",
        "",
        "测评日期后一年",
    ),
    col(
        "manager_id",
        "客户经理编号",
        "Relationship manager id",
        "",
        "见 relationship_managers 表",
    ),
    col("age_band", "年龄段", "Age band", "", "2026-09-30 的周岁"),
    col("gender", "性别", "Gender", "", ""),
    col("birth_date", "出生日期", "Birth date", "", "与证件号码一致"),
    col(
        "phone",
        "手机号码",
        "Mobile phone",
        "",
        "154 号段，未分配给任何运营商",
    ),
    col(
        "id_number",
        "证件号码",
        "Identity number",
        "",
        "地区码 990000 不存在，校验位有效",
    ),
    col("open_date", "开户日期", "Account opened on", "", ""),
    col("region", "居住地区", "Region", "", "虚构城市的区"),
];

fn age_band(birth: Date) -> &'static str {
    let had_birthday = (birth.month(), birth.day()) <= (AS_OF.month(), AS_OF.day());
    match AS_OF.year() - birth.year() - i16::from(!had_birthday) {
        ..=30 => "30岁及以下",
        31..=40 => "31-40岁",
        41..=50 => "41-50岁",
        51..=60 => "51-60岁",
        _ => "60岁以上",
    }
}

/// The segment of a client with the given assets in cents.
fn segment(assets: i64) -> &'static str {
    const YUAN_10_000: i64 = 1_000_000;
    match assets / YUAN_10_000 {
        ..50 => "大众",
        50..600 => "财富",
        _ => "私行",
    }
}

fn client_sheet(clients: &[Client], assets: &[i64]) -> Sheet {
    let mut sheet = Sheet::new("clients", CLIENT_COLUMNS.to_vec());
    for (client, assets) in clients.iter().zip(assets) {
        sheet.text(&client.id).text(&client.name).text(segment(*assets));
        sheet
            .text(&format!("C{}", client.capacity))
            .date(client.test_date)
            .date(client.test_expiry());
        sheet
            .text(&manager_id(client.manager))
            .text(age_band(client.birth));
        sheet
            .text(if client.is_male { "男" } else { "女" })
            .date(client.birth)
            .text(&client.phone);
        sheet
            .text(&client.id_number)
            .date(client.open_date)
            .text(&client.region)
            .end_row();
    }
    sheet
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn client_names_differ() {
        let all: BTreeSet<String> = (0..CLIENTS).map(client_name).collect();
        assert_eq!(all.len(), CLIENTS);
        assert!(all.iter().all(|name| name.chars().count() == 4));
    }

    #[test]
    fn the_check_digit_follows_the_standard() {
        let number = id_number(date(1990, 3, 7), 12, true);
        assert_eq!(number.get(..17), Some("99000019900307013"));
        // The weighted sum of all digits, the check digit with weight 1, leaves 1 when divided by 11.
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
        let value = |digit: char| {
            if digit == 'X' {
                10
            } else {
                digit.to_digit(10).unwrap()
            }
        };
        let sum: u32 = number
            .chars()
            .zip(weights)
            .map(|(digit, weight)| value(digit) * weight)
            .sum();
        assert_eq!(sum % 11, 1);
    }
}
