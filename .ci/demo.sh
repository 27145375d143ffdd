# shellcheck shell=bash
# The tour of `./x demo`: a fictional bank and market, and six Queries over them. Called by ./x with JINSHENG_BIN and lang.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
project=${JINSHENG_DEMO_DIR:-$root/target/demo}
say() { if [ "$lang" = zh ]; then printf '%s\n' "$1"; else printf '%s\n' "$2"; fi; }

if [ -e "$project" ]; then
    # Only what an earlier tour made goes: a project, in the place that is ours or was named for it.
    [ -f "$project/jinsheng.toml" ] || { say "错误：$project 已存在，而且不是金声项目" "error: $project exists and is not a project" >&2; exit 1; }
    rm -rf -- "$project"
fi
"$JINSHENG_BIN" init "$project" --demo
cd -- "$project"

# ask ZH EN QUERY OPTIONS…
ask() {
    local line=$3
    printf '\n'
    say "── $1" "── $2"
    shift 3
    printf '$ jinsheng query "%s"%s\n' "$line" "${*:+ $*}"
    "$JINSHENG_BIN" query "$line" "$@"
}

ask "营业收入最高的五家公司，及其同比和净利率" "the five largest companies by revenue, with the change on the year and the margin" \
    "revenue, yoy(revenue), net_margin by company at 2026Q2 top 5 by revenue"
ask "报表是年初至今累计数：拆出单季，再算环比" "reports are year to date: single quarters out of them, and the change on the quarter" \
    "net_profit, net_profit:single, qoq(net_profit) by company from 2025Q4 to 2026Q2 limit 6"
ask "负债率最高的公司，与所在行业的平均" "the highest debt ratios beside the mean of the industry" \
    "total_liabilities / total_assets as liabilities_ratio, peers_mean(total_liabilities / total_assets within company.industry) as industry_mean by company, company.industry at 2026Q2 top 5 by liabilities_ratio"
ask "净利润连续多少个季度同比增长" "for how many quarters in a row net profit has grown on the year" \
    "net_profit, streak(yoy(net_profit) > 0) as growing by company at 2026Q2 top 5 by growing"
ask "各支行私行客户的资产占比，以及每个数字的来历" "share of private-banking clients in assets per branch, and where each number comes from" \
    "aum[client.segment = '私行'] / aum as private_share, aum by branch latest month" --evidence
ask "各行业的研发投入强度，以及在 Postgres 上执行的 SQL" "research spending per industry, and the SQL that Postgres would run" \
    "rnd_expenses / revenue as rnd_ratio by company.industry at 2025 order by rnd_ratio desc limit 3" --sql postgres

printf '\n'
say "接下来可以试：
  cd $project
  $JINSHENG_BIN catalog show net_profit     指标的定义、单位与来源
  $JINSHENG_BIN data check                  数据中的可疑之处
查询语言：docs/reference/query.md" "Try next:
  cd $project
  $JINSHENG_BIN catalog show net_profit     what a metric means, its unit and where it comes from
  $JINSHENG_BIN data check                  what is odd in the data
The Query language: docs/reference/query.md"
