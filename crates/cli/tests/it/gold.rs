//! Questions to real statements of seventy companies, each with its answer in SQL written by hand on the source file.
//!
//! In the SQL a column called `near` is computed: it is compared to 12 significant digits. `diff` is a difference of
//! figures: it is compared to 12 significant digits of the largest figure of the file (10,000,000 万元). Every other
//! number is a cell of the file and is compared exactly, by its shortest decimal.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use rust_decimal::Decimal;
use serde_json::Value;

use jinsheng_testkit::shared::shared;

use crate::support::Place;

/// The four sheets with the quarter of a report; single quarters of the income sheet.
const TABLES: &str = "
CREATE TEMP TABLE quarter AS
  SELECT DISTINCT report_period, CAST(substr(report_period, 1, 4) AS INTEGER) AS y,
    CASE substr(report_period, 5) WHEN 'Q1' THEN 1 WHEN 'H1' THEN 2 WHEN 'Q3' THEN 3 WHEN 'FY' THEN 4 END AS q
  FROM core_performance_indicators_sheet;
CREATE TEMP TABLE core AS
  SELECT *, stock_code AS company, stock_abbr AS name, y || 'Q' || q AS period, y * 4 + q AS t
  FROM core_performance_indicators_sheet JOIN quarter USING (report_period);
CREATE TEMP TABLE balance AS
  SELECT *, stock_code AS company, stock_abbr AS name, y || 'Q' || q AS period, y * 4 + q AS t,
    asset_total_assets AS assets, liability_total_liabilities AS debt
  FROM balance_sheet JOIN quarter USING (report_period);
CREATE TEMP TABLE cash AS
  SELECT *, stock_code AS company, stock_abbr AS name, y || 'Q' || q AS period, y * 4 + q AS t
  FROM cash_flow_sheet JOIN quarter USING (report_period);
CREATE TEMP TABLE income AS
  SELECT *, stock_code AS company, stock_abbr AS name, y || 'Q' || q AS period, y * 4 + q AS t,
    total_operating_revenue AS revenue
  FROM income_sheet JOIN quarter USING (report_period);
CREATE TEMP TABLE single AS
  SELECT a.company, a.name, a.period, a.y, a.q, a.t,
    a.revenue - CASE a.q WHEN 1 THEN 0 ELSE b.revenue END AS revenue,
    a.net_profit - CASE a.q WHEN 1 THEN 0 ELSE b.net_profit END AS net_profit
  FROM income AS a LEFT JOIN income AS b ON b.company = a.company AND b.t = a.t - 1;
";

/// A Query, the units of its value columns (`-` for none) and the SQL that gives the same rows in the same order.
#[derive(Clone, Copy)]
struct Gold {
    line: &'static str,
    units: &'static str,
    sql: &'static str,
}

const LOOKUPS: &[Gold] = &[
    Gold {
        line: "revenue, net_profit of company = 000538 at 2025Q3",
        units: "万元 万元",
        sql: "SELECT company, name, period, revenue, net_profit FROM income WHERE company = '000538' AND period = '2025Q3'",
    },
    Gold {
        line: "total_assets, total_liabilities, debt_ratio of company = '片仔癀' at 2024",
        units: "万元 万元 %",
        sql: "SELECT company, name, y, assets, debt, asset_liability_ratio FROM balance WHERE name = '片仔癀' AND y = 2024 AND q = 4",
    },
    Gold {
        line: "net_profit of company in ('云南白药', '白云山', 600085) at 2023Q3, 2024Q3, 2025Q3",
        units: "万元",
        sql: "SELECT company, name, period, net_profit FROM income
          WHERE company IN ('000538', '600332', '600085') AND q = 3 AND y BETWEEN 2023 AND 2025 ORDER BY company, t",
    },
    Gold {
        line: "eps, bps, roe, ocfps, net_profit_deducted of company = '东阿阿胶' at 2025H1",
        units: "元/股 元/股 % 元/股 万元",
        sql: "SELECT company, name, '2025H1', eps, net_asset_per_share, roe, operating_cf_per_share, net_profit_excl_non_recurring
          FROM core WHERE name = '东阿阿胶' AND period = '2025Q2'",
    },
    Gold {
        line: "revenue, total_assets, net_operating_cash_flow, eps of company = '白云山' latest quarter",
        units: "万元 万元 万元 元/股",
        sql: "SELECT company, name, period, i.revenue, b.assets, c.operating_cf_net_amount, k.eps
          FROM income AS i JOIN balance AS b USING (company, name, period) JOIN cash AS c USING (company, name, period)
          JOIN core AS k USING (company, name, period)
          WHERE company = '600332' AND i.t = (SELECT max(t) FROM core)",
    },
    Gold {
        line: "revenue, shift(revenue, 1 year) of company = '以岭药业' each year",
        units: "万元 万元",
        sql: "SELECT a.company, a.name, a.y, a.revenue, b.revenue FROM income AS a
          LEFT JOIN income AS b ON b.company = a.company AND b.t = a.t - 4
          WHERE a.name = '以岭药业' AND a.q = 4 ORDER BY a.y",
    },
    Gold {
        line: "cash, inventory, accounts_receivable of company = '同仁堂' last 4 quarter",
        units: "万元 万元 万元",
        sql: "SELECT company, name, period, asset_cash_and_cash_equivalents, asset_inventory, asset_accounts_receivable
          FROM balance WHERE name = '同仁堂' AND t > (SELECT max(t) FROM balance) - 4 ORDER BY t",
    },
    Gold {
        line: "revenue, net_profit each year",
        units: "万元 万元",
        sql: "SELECT y, sum(revenue) AS near, sum(net_profit) AS near FROM income WHERE q = 4 GROUP BY y ORDER BY y",
    },
    Gold {
        line: "revenue where company in (000538, 600332) at 2025Q1, 2025Q2, 2025Q3",
        units: "万元",
        sql: "SELECT period, sum(revenue) AS near FROM income WHERE company IN ('000538', '600332') AND y = 2025
          GROUP BY period ORDER BY period",
    },
];

const CONDITIONS: &[Gold] = &[
    Gold {
        line: "revenue by company at 2025Q3 having revenue > 200亿元",
        units: "万元",
        sql: "SELECT company, name, period, revenue FROM income WHERE period = '2025Q3' AND revenue > 2000000 ORDER BY company",
    },
    Gold {
        line: "revenue, net_profit, gross_margin by company at 2024
          having revenue > 50亿元 and net_profit > 50000万元 and gross_margin >= 50%",
        units: "万元 万元 %",
        sql: "SELECT company, i.name, i.y, i.revenue, i.net_profit, k.gross_profit_margin
          FROM income AS i JOIN core AS k USING (company, period)
          WHERE period = '2024Q4' AND i.revenue > 500000 AND i.net_profit > 50000 AND k.gross_profit_margin >= 50 ORDER BY company",
    },
    Gold {
        line: "total_assets by company at 2025Q3 having total_assets between 100亿 and 200亿元 order by total_assets desc",
        units: "万元",
        sql: "SELECT company, name, period, assets FROM balance
          WHERE period = '2025Q3' AND assets BETWEEN 1000000 AND 2000000 ORDER BY assets DESC",
    },
    Gold {
        line: "roe, debt_ratio by company at 2024 having (roe > 15% or debt_ratio > 60%) and not net_profit_deducted < 0",
        units: "% %",
        sql: "SELECT company, k.name, k.y, k.roe, b.asset_liability_ratio FROM core AS k JOIN balance AS b USING (company, period)
          WHERE period = '2024Q4' AND (k.roe > 15 OR b.asset_liability_ratio > 60) AND NOT k.net_profit_excl_non_recurring < 0
          ORDER BY company",
    },
    Gold {
        line: "revenue by company at 2025Q3 having revenue > 1万亿元",
        units: "万元",
        sql: "SELECT company, name, period, revenue FROM income WHERE period = '2025Q3' AND revenue > 100000000",
    },
    Gold {
        line: "total_liabilities / total_assets as debt by company at 2025Q3 having debt > 60%",
        units: "%",
        sql: "SELECT company, name, period, debt / assets * 100 AS near FROM balance
          WHERE period = '2025Q3' AND debt / assets > 0.6 ORDER BY company",
    },
    Gold {
        line: "asset_impairment_loss by company each quarter having asset_impairment_loss is missing",
        units: "万元",
        sql: "SELECT company, name, period, NULL FROM income WHERE asset_impairment_loss IS NULL ORDER BY company, t",
    },
    Gold {
        line: "eps, total_assets by company at 2023 having total_assets is missing and eps is not missing",
        units: "元/股 万元",
        sql: "SELECT k.company, k.name, k.y, k.eps, NULL FROM core AS k
          WHERE k.period = '2023Q4' AND k.eps IS NOT NULL AND k.company NOT IN (SELECT company FROM balance WHERE period = '2023Q4')",
    },
    Gold {
        line: "gross_margin, peers_mean(gross_margin) as average by company at 2025Q3 having gross_margin > average",
        units: "% %",
        sql: "SELECT company, name, period, gross_profit_margin,
            (SELECT avg(gross_profit_margin) FROM core WHERE period = '2025Q3') AS near
          FROM core WHERE period = '2025Q3'
            AND gross_profit_margin > (SELECT avg(gross_profit_margin) FROM core WHERE period = '2025Q3') ORDER BY company",
    },
    Gold {
        line: "total_assets - total_liabilities - total_equity as gap by company each year having abs(gap) > 1万元",
        units: "万元",
        sql: "SELECT company, name, y, assets - debt - equity_total_equity AS diff FROM balance
          WHERE q = 4 AND abs(assets - debt - equity_total_equity) > 1 ORDER BY company, y",
    },
    Gold {
        line: "revenue@core_performance_indicators_sheet - revenue@income_sheet as gap by company each quarter having gap != 0",
        units: "万元",
        sql: "SELECT company, i.name, period, k.total_operating_revenue - i.revenue AS diff
          FROM income AS i JOIN core AS k USING (company, period)
          WHERE k.total_operating_revenue <> i.revenue ORDER BY company, i.t",
    },
    Gold {
        line: "net_profit@core_performance_indicators_sheet, net_profit by company at 2023, 2024
          having net_profit@core_performance_indicators_sheet != net_profit",
        units: "万元 万元",
        sql: "SELECT company, i.name, i.y, k.net_profit_10k_yuan, i.net_profit FROM income AS i JOIN core AS k USING (company, period)
          WHERE i.q = 4 AND i.y IN (2023, 2024) AND k.net_profit_10k_yuan <> i.net_profit ORDER BY company, i.t",
    },
];

const ORDERED: &[Gold] = &[
    Gold {
        line: "revenue by company at 2025Q3 top 5 by revenue",
        units: "万元",
        sql: "SELECT company, name, period, revenue FROM income WHERE period = '2025Q3' ORDER BY revenue DESC LIMIT 5",
    },
    Gold {
        line: "net_profit, roe by company at 2024 bottom 3 by net_profit",
        units: "万元 %",
        sql: "SELECT company, i.name, i.y, i.net_profit, k.roe FROM income AS i JOIN core AS k USING (company, period)
          WHERE period = '2024Q4' ORDER BY i.net_profit LIMIT 3",
    },
    Gold {
        line: "revenue by company each year top 2 by revenue",
        units: "万元",
        sql: "SELECT company, name, y, revenue FROM (
            SELECT *, row_number() OVER (PARTITION BY y ORDER BY revenue DESC) AS place FROM income WHERE q = 4)
          WHERE place <= 2 ORDER BY y, place",
    },
    Gold {
        line: "revenue, net_profit by company at 2024 having rank(revenue) <= 5 and rank(net_profit) <= 5",
        units: "万元 万元",
        sql: "SELECT company, name, y, revenue, net_profit FROM income WHERE period = '2024Q4'
            AND company IN (SELECT company FROM income WHERE period = '2024Q4' ORDER BY revenue DESC LIMIT 5)
            AND company IN (SELECT company FROM income WHERE period = '2024Q4' ORDER BY net_profit DESC LIMIT 5) ORDER BY company",
    },
    Gold {
        line: "rank(revenue), rank(net_margin), rank(debt_ratio asc) of company = '同仁堂' at 2024",
        units: "- - -",
        sql: "SELECT company, i.name, i.y,
            1 + (SELECT count(*) FROM income WHERE period = '2024Q4' AND revenue > i.revenue),
            1 + (SELECT count(*) FROM core WHERE period = '2024Q4' AND net_profit_margin > k.net_profit_margin),
            1 + (SELECT count(*) FROM balance WHERE period = '2024Q4' AND asset_liability_ratio < b.asset_liability_ratio)
          FROM income AS i JOIN core AS k USING (company, period) JOIN balance AS b USING (company, period)
          WHERE period = '2024Q4' AND i.name = '同仁堂'",
    },
    Gold {
        line: "share(revenue) by company at 2024 top 3 by share(revenue)",
        units: "%",
        sql: "SELECT company, name, y, revenue / (SELECT sum(revenue) FROM income WHERE period = '2024Q4') * 100 AS near
          FROM income WHERE period = '2024Q4' ORDER BY revenue DESC LIMIT 3",
    },
    Gold {
        line: "rnd_ratio, period_expenses by company at 2024 top 5 by rnd_ratio",
        units: "% 万元",
        sql: "SELECT company, name, y, operating_expense_rnd_expenses / revenue * 100 AS near,
            operating_expense_selling_expenses + operating_expense_administrative_expenses
            + operating_expense_rnd_expenses + operating_expense_financial_expenses AS near
          FROM income WHERE period = '2024Q4' ORDER BY operating_expense_rnd_expenses / revenue DESC LIMIT 5",
    },
    Gold {
        line: "accounts_receivable / revenue as receivables by company at 2024 top 10 by receivables",
        units: "%",
        sql: "SELECT company, i.name, i.y, b.asset_accounts_receivable / i.revenue * 100 AS near
          FROM income AS i JOIN balance AS b USING (company, period)
          WHERE period = '2024Q4' ORDER BY b.asset_accounts_receivable / i.revenue DESC LIMIT 10",
    },
    Gold {
        line: "net_operating_cash_flow / net_profit as quality, cash_to_profit by company at 2024
          having quality < 50% and net_profit > 1亿元 order by quality",
        units: "% 倍",
        sql: "SELECT company, i.name, i.y, c.operating_cf_net_amount / i.net_profit * 100 AS near,
            c.operating_cf_net_amount / i.net_profit AS near
          FROM income AS i JOIN cash AS c USING (company, period)
          WHERE period = '2024Q4' AND c.operating_cf_net_amount / i.net_profit < 0.5 AND i.net_profit > 10000
          ORDER BY c.operating_cf_net_amount / i.net_profit",
    },
    Gold {
        line: "gross_margin@formula by company at 2024 top 5 by gross_margin@formula",
        units: "%",
        sql: "SELECT company, name, y, (revenue - operating_expense_cost_of_sales) / revenue * 100 AS near FROM income
          WHERE period = '2024Q4' ORDER BY (revenue - operating_expense_cost_of_sales) / revenue DESC LIMIT 5",
    },
];

const CHANGES: &[Gold] = &[
    Gold {
        line: "revenue:single, net_profit:single of company = '云南白药' from 2023Q1 to 2025Q3",
        units: "万元 万元",
        sql: "SELECT company, name, period, revenue AS diff, net_profit AS diff FROM single
          WHERE name = '云南白药' AND y >= 2023 ORDER BY t",
    },
    Gold {
        line: "revenue:single by company at 2023Q1, 2022Q4 having revenue:single is missing",
        units: "万元",
        sql: "SELECT company, name, period, revenue FROM single WHERE period IN ('2022Q4', '2023Q1') AND revenue IS NULL
          ORDER BY company, t",
    },
    Gold {
        line: "net_profit:ttm by company at 2025Q3 top 10 by net_profit:ttm",
        units: "万元",
        sql: "SELECT a.company, a.name, a.period, a.net_profit + f.net_profit - e.net_profit AS near FROM income AS a
          JOIN income AS f ON f.company = a.company AND f.period = '2024Q4'
          JOIN income AS e ON e.company = a.company AND e.period = '2024Q3'
          WHERE a.period = '2025Q3' ORDER BY a.net_profit + f.net_profit - e.net_profit DESC LIMIT 10",
    },
    Gold {
        line: "revenue:ttm by company at 2023Q1, 2025Q3",
        units: "万元",
        sql: "SELECT a.company, a.name, a.period, a.revenue + f.revenue - e.revenue AS near FROM income AS a
          LEFT JOIN income AS f ON f.company = a.company AND f.t = (a.y - 1) * 4 + 4
          LEFT JOIN income AS e ON e.company = a.company AND e.t = a.t - 4
          WHERE a.period IN ('2023Q1', '2025Q3') ORDER BY a.company, a.t",
    },
    Gold {
        line: "yoy(revenue), yoy(net_profit) by company at 2025Q3",
        units: "% %",
        sql: "SELECT a.company, a.name, a.period, (a.revenue - e.revenue) / abs(e.revenue) * 100 AS near,
            (a.net_profit - e.net_profit) / abs(e.net_profit) * 100 AS near
          FROM income AS a LEFT JOIN income AS e ON e.company = a.company AND e.t = a.t - 4
          WHERE a.period = '2025Q3' ORDER BY a.company",
    },
    Gold {
        line: "revenue_yoy, net_profit_yoy by company at 2024Q3 having revenue_yoy > 20%",
        units: "% %",
        sql: "SELECT company, name, period, operating_revenue_yoy_growth, net_profit_yoy_growth FROM income
          WHERE period = '2024Q3' AND operating_revenue_yoy_growth > 20 ORDER BY company",
    },
    Gold {
        line: "revenue_yoy - yoy(revenue) as gap by company at 2024 having gap > 1百分点 or gap < -1百分点",
        units: "百分点",
        sql: "SELECT a.company, a.name, a.y,
            a.operating_revenue_yoy_growth - (a.revenue - e.revenue) / abs(e.revenue) * 100 AS diff
          FROM income AS a JOIN income AS e ON e.company = a.company AND e.t = a.t - 4 WHERE a.period = '2024Q4'
            AND abs(a.operating_revenue_yoy_growth - (a.revenue - e.revenue) / abs(e.revenue) * 100) > 1 ORDER BY a.company",
    },
    Gold {
        line: "qoq(revenue), qoq(net_profit) of company = '片仔癀' from 2023Q1 to 2025Q3",
        units: "% %",
        sql: "SELECT a.company, a.name, a.period, (a.revenue - e.revenue) / abs(e.revenue) * 100 AS near,
            (a.net_profit - e.net_profit) / abs(e.net_profit) * 100 AS near
          FROM single AS a LEFT JOIN single AS e ON e.company = a.company AND e.t = a.t - 1
          WHERE a.name = '片仔癀' AND a.y >= 2023 ORDER BY a.t",
    },
    Gold {
        line: "qoq(net_profit) by company at 2025Q3 top 5 by qoq(net_profit)",
        units: "%",
        sql: "SELECT a.company, a.name, a.period, (a.net_profit - e.net_profit) / abs(e.net_profit) * 100 AS near
          FROM single AS a JOIN single AS e ON e.company = a.company AND e.t = a.t - 1
          WHERE a.period = '2025Q3' ORDER BY (a.net_profit - e.net_profit) / abs(e.net_profit) DESC LIMIT 5",
    },
    Gold {
        line: "revenue_qoq by company at 2025Q1 having revenue_qoq is missing or revenue_qoq > 100%",
        units: "%",
        sql: "SELECT company, name, period, operating_revenue_qoq_growth FROM core WHERE period = '2025Q1'
          AND (operating_revenue_qoq_growth IS NULL OR operating_revenue_qoq_growth > 100) ORDER BY company",
    },
    Gold {
        line: "yoy(revenue:single) by company at 2025Q3 bottom 5 by yoy(revenue:single)",
        units: "%",
        sql: "SELECT a.company, a.name, a.period, (a.revenue - e.revenue) / abs(e.revenue) * 100 AS near
          FROM single AS a JOIN single AS e ON e.company = a.company AND e.t = a.t - 4
          WHERE a.period = '2025Q3' AND a.revenue IS NOT NULL AND e.revenue IS NOT NULL
          ORDER BY (a.revenue - e.revenue) / abs(e.revenue) LIMIT 5",
    },
    Gold {
        line: "cagr(revenue, 2) by company at 2024 top 10 by cagr(revenue, 2)",
        units: "%",
        // The square root by Newton's method: SQLite is built without it here.
        sql: "WITH RECURSIVE root(company, name, y, x, s, n) AS (
            SELECT a.company, a.name, a.y, a.revenue / e.revenue, 1.0, 0 FROM income AS a
              JOIN income AS e ON e.company = a.company AND e.t = a.t - 8
              WHERE a.period = '2024Q4' AND a.revenue > 0 AND e.revenue > 0
            UNION ALL SELECT company, name, y, x, (s + x / s) / 2, n + 1 FROM root WHERE n < 30)
          SELECT company, name, y, (s - 1) * 100 AS near FROM root WHERE n = 30 ORDER BY x DESC LIMIT 10",
    },
    Gold {
        line: "yoy_diff(net_profit) as change by company at 2024 top 1 by change",
        units: "万元",
        sql: "SELECT a.company, a.name, a.y, a.net_profit - e.net_profit AS diff
          FROM income AS a JOIN income AS e ON e.company = a.company AND e.t = a.t - 4
          WHERE a.period = '2024Q4' ORDER BY a.net_profit - e.net_profit DESC LIMIT 1",
    },
    Gold {
        line: "streak(yoy(net_profit) > 0) as run by company at 2025Q3 having run >= 3 order by run desc, company",
        units: "-",
        sql: "WITH good AS (SELECT a.company, a.t FROM income AS a JOIN income AS e ON e.company = a.company AND e.t = a.t - 4
              WHERE e.net_profit <> 0 AND a.net_profit > e.net_profit),
            run AS (SELECT a.company, a.name, a.period, a.t - (SELECT max(w.t) FROM (SELECT DISTINCT t FROM core) AS w
              WHERE w.t <= a.t AND w.t NOT IN (SELECT g.t FROM good AS g WHERE g.company = a.company)) AS run
              FROM income AS a WHERE a.period = '2025Q3')
          SELECT company, name, period, run FROM run WHERE run >= 3 ORDER BY run DESC, company",
    },
    Gold {
        line: "revenue by company at 2024 having streak(revenue > shift(revenue, 1 year)) >= 2 order by revenue desc",
        units: "万元",
        sql: "SELECT a.company, a.name, a.y, a.revenue FROM income AS a
          JOIN income AS b ON b.company = a.company AND b.period = '2023Q4'
          JOIN income AS c ON c.company = a.company AND c.period = '2022Q4'
          WHERE a.period = '2024Q4' AND a.revenue > b.revenue AND b.revenue > c.revenue ORDER BY a.revenue DESC",
    },
];

const FOLDS: &[Gold] = &[
    Gold {
        line: "peers_mean(revenue), peers_median(revenue), peers_sum(revenue), peers_count(revenue) of company = 000538 at 2025Q3",
        units: "万元 万元 万元 个",
        sql: "WITH all_of AS (SELECT revenue, row_number() OVER (ORDER BY revenue) AS place, count(*) OVER () AS n
              FROM income WHERE period = '2025Q3')
          SELECT company, name, period, (SELECT avg(revenue) FROM all_of) AS near,
            (SELECT avg(revenue) FROM all_of WHERE place IN ((n + 1) / 2, (n + 2) / 2)) AS near,
            (SELECT sum(revenue) FROM all_of) AS near, (SELECT count(*) FROM all_of)
          FROM income WHERE company = '000538' AND period = '2025Q3'",
    },
    Gold {
        line: "mean(roe over company), median(roe over company), min(roe over company), max(roe over company), count(roe over company) at 2024Q3",
        units: "% % % % 个",
        sql: "WITH all_of AS (SELECT roe, row_number() OVER (ORDER BY roe) AS place, count(*) OVER () AS n
              FROM core WHERE period = '2024Q3' AND roe IS NOT NULL)
          SELECT '2024Q3', avg(roe) AS near, (SELECT avg(roe) FROM all_of WHERE place IN ((n + 1) / 2, (n + 2) / 2)) AS near,
            min(roe), max(roe), count(*) FROM all_of",
    },
    Gold {
        line: "sum(net_profit over company), count(yoy(net_profit) over company), company_count each year",
        units: "万元 个 个",
        sql: "SELECT k.y, sum(a.net_profit) AS near, count(CASE WHEN e.net_profit <> 0 THEN a.net_profit END), count(*)
          FROM core AS k LEFT JOIN income AS a USING (company, period)
          LEFT JOIN income AS e ON e.company = k.company AND e.t = k.t - 4 WHERE k.q = 4 GROUP BY k.y ORDER BY k.y",
    },
    Gold {
        line: "mean(net_profit over period), max(net_profit over period), count(net_profit over period) by company from 2022 to 2024
          top 5 by mean(net_profit over period)",
        units: "万元 万元 个",
        sql: "SELECT company, name, avg(net_profit) AS near, max(net_profit), count(*) FROM income
          WHERE q = 4 AND y BETWEEN 2022 AND 2024 GROUP BY company, name ORDER BY avg(net_profit) DESC LIMIT 5",
    },
    Gold {
        line: "max(abs(yoy_diff(total_assets)) over company) at 2024",
        units: "万元",
        sql: "SELECT a.y, max(abs(a.assets - e.assets)) AS diff FROM balance AS a
          JOIN balance AS e ON e.company = a.company AND e.t = a.t - 4 WHERE a.period = '2024Q4'",
    },
    Gold {
        line: "revenue:single / peers_mean(revenue:single) as times of company = '华润三九' from 2024Q1 to 2024Q4",
        units: "%",
        sql: "SELECT company, name, period,
            revenue / (SELECT avg(revenue) FROM single AS s WHERE s.period = single.period) * 100 AS near
          FROM single WHERE name = '华润三九' AND y = 2024 ORDER BY t",
    },
];

#[test]
fn statements_of_seventy_companies_answer_as_sql_does() {
    let (Some(data), Some(dictionary)) = (
        shared("statements_tcm/financials_yikwa.db"),
        shared("statements_tcm/schema_dictionary.xlsx"),
    ) else {
        return;
    };
    let place = Place::project();
    place.ok("zh", &["data", "add", data.to_str().unwrap()]);
    place.ok(
        "zh",
        &["catalog", "infer", "--dictionary", dictionary.to_str().unwrap()],
    );
    let source = Connection::open_with_flags(&data, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    source.execute_batch(TABLES).unwrap();

    let all = [LOOKUPS, CONDITIONS, ORDERED, CHANGES, FOLDS].concat();
    assert!(all.len() >= 30);
    let wrong: Vec<String> = all
        .iter()
        .filter_map(|gold| compare(&place, &source, gold).err())
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} differ\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

/// Asks a question both ways.
fn compare(place: &Place, source: &Connection, gold: &Gold) -> Result<(), String> {
    let fail = |what: String| Err(format!("{}\n  {what}", gold.line));
    let answer = place.run("zh", &["query", gold.line, "--json"]);
    if answer.code != 0 {
        return fail(answer.stdout + &answer.stderr);
    }
    let answer: Value = serde_json::from_str(&answer.stdout).unwrap();
    let columns = answer["columns"].as_array().unwrap().iter();
    let values =
        columns.filter(|column| !["dimension", "name", "period"].contains(&column["type"].as_str().unwrap()));
    let units: Vec<&str> = values
        .map(|column| column["unit"].as_str().unwrap_or("-"))
        .collect();
    if units.join(" ") != gold.units {
        return fail(format!("units {units:?}, expected {}", gold.units));
    }

    let mut statement = source.prepare(gold.sql).unwrap();
    let kinds: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut expected = statement.query([]).unwrap();
    let rows = answer["rows"].as_array().unwrap();
    for (number, row) in rows.iter().enumerate() {
        let Some(expected) = expected.next().unwrap() else {
            return fail(format!("{} rows, expected {number}", rows.len()));
        };
        if row.as_array().unwrap().len() != kinds.len() {
            return fail(format!("{row} has not {} columns", kinds.len()));
        }
        for (index, kind) in kinds.iter().enumerate() {
            let expected = expected.get_ref(index).unwrap();
            if !equal(kind, &row[index], expected) {
                return fail(format!(
                    "row {number} {row}: column {index} is expected to be {expected:?}"
                ));
            }
        }
    }
    match expected.next().unwrap() {
        Some(_) => fail(format!("{} rows, expected more", rows.len())),
        None => Ok(()),
    }
}

/// Whether a value of the answer is the one of the source.
fn equal(kind: &str, found: &Value, expected: ValueRef<'_>) -> bool {
    match (found.as_str(), expected) {
        (None, ValueRef::Null) => found.is_null(),
        (Some(found), ValueRef::Text(text)) => found.as_bytes() == text,
        (Some(found), ValueRef::Integer(value)) => found.parse() == Ok(value),
        (Some(found), ValueRef::Real(value)) if kind == "near" => {
            // Half a unit of the 12th digit; values are also rounded to 14 decimals.
            let unit = 10_f64.powf(value.abs().log10().floor() - 11.0);
            (found.parse::<f64>().unwrap() - value).abs() <= (0.5 * unit).max(1e-14)
        }
        (Some(found), ValueRef::Real(value)) if kind == "diff" => {
            (found.parse::<f64>().unwrap() - value).abs() <= 5e-6
        }
        (Some(found), ValueRef::Real(value)) => {
            found.parse::<Decimal>().unwrap() == value.to_string().parse::<Decimal>().unwrap()
        }
        _ => false,
    }
}
