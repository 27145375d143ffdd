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

ask() {
    printf '\n'
    say "── $1" "── $2"
    printf '$ jinsheng query "%s"\n' "$3"
    "$JINSHENG_BIN" query "$3"
}

ask "收入最高的五家公司及其同比" "the five largest companies by revenue, with the change on the year" \
    "operating_revenue, yoy(operating_revenue) by company at 2025Q3 top 5 by operating_revenue"
ask "单季净利润及环比（报表是年初至今累计数）" "net profit of single quarters, out of year-to-date reports" \
    "net_profit:single, qoq(net_profit) by company from 2025Q1 to 2025Q3 having net_profit > 5亿元 limit 9"
ask "资产负债率与同行业均值" "debt ratio beside the mean of the industry" \
    "total_liabilities / total_assets as debt_ratio, peers_mean(total_liabilities / total_assets within company.industry) as industry by company at 2025Q3 top 5 by debt_ratio"
ask "净利润连续增长的季度数" "for how many quarters net profit has grown" \
    "net_profit, streak(yoy(net_profit) > 0) as growing by company at 2025Q3 top 5 by growing"
ask "各行业的研发费用率" "research spending per industry" \
    "rnd_expenses / operating_revenue as rnd_ratio by company.industry at 2024 order by rnd_ratio desc limit 5"
ask "私行客户在管理资产中的占比" "share of private-banking clients in assets under management" \
    "aum[client.segment = '私行'] / aum as private_share by branch last 3 month"

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
