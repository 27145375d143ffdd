//! What is asked of the market: a Query, and SQL that somebody who knows the data would write for the same answer.
//!
//! SQL by hand stands here and nowhere in the product. It runs on DataFusion and on DuckDB as it is.

/// One question.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) query: &'static str,
    pub(crate) sql: &'static str,
    /// Columns of the SQL's result, which are those of the answer.
    pub(crate) columns: &'static [Kind],
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Equal texts.
    Text,
    /// The same period; the text begins with it.
    Period,
    /// Equal decimals.
    Exact,
    /// A quotient: engines keep different numbers of decimals; equal in the decimals that the hand-written one has.
    Quotient,
}

use Kind::{Exact, Period, Quotient, Text};

pub(crate) const CASES: [Case; 10] = [
    Case {
        name: "sum of a month by industry",
        query: "turnover by company.industry at 2025-06",
        sql: "
            select c.industry, sum(d.turnover)
            from daily d join companies c on d.company = c.company
            where d.day between date '2025-06-01' and date '2025-06-30'
            group by c.industry order by c.industry",
        columns: &[Text, Exact],
    },
    Case {
        name: "top 10 companies of a year",
        query: "turnover by company at 2024 top 10 by turnover",
        sql: "
            select s.company, c.name, s.turnover
            from (
                select company, sum(turnover) as turnover from daily
                where day between date '2024-01-01' and date '2024-12-31'
                group by company order by turnover desc limit 10
            ) s join companies c on s.company = c.company
            order by s.turnover desc",
        columns: &[Text, Text, Exact],
    },
    Case {
        name: "stock of the latest day by industry",
        query: "market_value by company.industry latest day",
        sql: "
            select c.industry, sum(d.market_value)
            from daily d join companies c on d.company = c.company
            where d.day = (select max(day) from daily)
            group by c.industry order by c.industry",
        columns: &[Text, Exact],
    },
    Case {
        name: "stock at the end of a month by industry",
        query: "market_value by company.industry at 2025-06",
        sql: "
            select c.industry, sum(l.market_value)
            from (
                select company, market_value, row_number() over (partition by company order by day desc) as place
                from daily where day between date '2025-06-01' and date '2025-06-30'
            ) l join companies c on l.company = c.company
            where l.place = 1
            group by c.industry order by c.industry",
        columns: &[Text, Exact],
    },
    Case {
        name: "change on the year by industry",
        query: "turnover, yoy(turnover) by company.industry at 2024",
        sql: "
            select industry, present, (present - earlier) * 100 / abs(earlier)
            from (
                select c.industry,
                    sum(case when d.day >= date '2024-01-01' then d.turnover end) as present,
                    sum(case when d.day < date '2024-01-01' then d.turnover end) as earlier
                from daily d join companies c on d.company = c.company
                where d.day between date '2023-01-01' and date '2024-12-31'
                group by c.industry
            ) order by industry",
        columns: &[Text, Exact, Quotient],
    },
    Case {
        name: "ratio of two flows, filtered",
        query: "inflow / turnover as inflow_share by company at 2024 having inflow_share > 2%",
        sql: "
            select s.company, c.name, s.inflow * 100 / s.turnover
            from (
                select company, sum(inflow) as inflow, sum(turnover) as turnover from daily
                where day between date '2024-01-01' and date '2024-12-31'
                group by company having sum(inflow) * 100 > sum(turnover) * 2
            ) s join companies c on s.company = c.company
            order by s.company",
        columns: &[Text, Text, Quotient],
    },
    Case {
        name: "ratio of a flow and a stock",
        query: "turnover / market_value as turnover_rate by company.industry at 2025-06",
        sql: "
            select c.industry, sum(l.turnover) * 100 / sum(case when l.place = 1 then l.market_value end)
            from (
                select company, turnover, market_value,
                    row_number() over (partition by company order by day desc) as place
                from daily where day between date '2025-06-01' and date '2025-06-30'
            ) l join companies c on l.company = c.company
            group by c.industry order by c.industry",
        columns: &[Text, Quotient],
    },
    Case {
        name: "rank within the industry",
        query: "turnover, rank(turnover within company.industry) as place by company at 2024",
        sql: "
            select s.company, c.name, s.turnover, rank() over (partition by c.industry order by s.turnover desc)
            from (
                select company, sum(turnover) as turnover from daily
                where day between date '2024-01-01' and date '2024-12-31'
                group by company
            ) s join companies c on s.company = c.company
            order by s.company",
        columns: &[Text, Text, Exact, Exact],
    },
    Case {
        name: "count and mean of all rows by month",
        query: "records, mean_turnover each month",
        sql: "
            select date_trunc('month', day) as month, count(*), avg(turnover)
            from daily group by date_trunc('month', day) order by month",
        columns: &[Period, Exact, Quotient],
    },
    Case {
        name: "prices of one company",
        query: "close of company = '000003' from 2024-01-01 to 2024-12-31",
        sql: "
            select d.company, c.name, d.day, d.close
            from daily d join companies c on d.company = c.company
            where d.company = '000003' and d.day between date '2024-01-01' and date '2024-12-31'
            order by d.day",
        columns: &[Text, Text, Period, Exact],
    },
];
