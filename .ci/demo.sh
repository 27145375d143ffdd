# shellcheck shell=bash
# The tour of `./x demo`: a fictional bank and market, and eight questions to them. Called by ./x with JINSHENG_BIN and lang.
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

# ask ZH EN [OPTIONS] TURNS…
ask() {
    local zh=$1 en=$2 turn
    shift 2
    printf '\n'
    say "── $zh" "── $en"
    printf '$ jinsheng ask'
    for turn in "$@"; do
        case $turn in
            --* | postgres) printf ' %s' "$turn" ;;
            *) printf ' "%s"' "$turn" ;;
        esac
    done
    printf '\n'
    # A question back and a refusal are answers here: exit code 3.
    "$JINSHENG_BIN" ask "$@" || [ $? -eq 3 ]
}

ask "查一个数，看它出自哪个单元格、用什么 SQL" "one figure, the cell that it stands in and its SQL" --evidence --sql postgres "驰岩汽车2025年的净利润是多少"
ask "同比" "change on the year" "椿田粮油今年上半年营收和净利润同比增长了多少"
ask "排名" "a rank" "2025年净利润最高的五家公司"
ask "与同行比较" "against peers" "2025年毛利率高于行业均值的电子公司有哪些"
ask "追问只说变化的部分" "a follow-up says only what changes" "泓问诊断近三年营收" "那净利润呢"
ask "英文提问" "in English" "Top 5 companies by revenue in FY2025"
ask "有歧义时反问" "several readings: a question back" "栖岭的净值"
ask "没有的不编造" "what is not there is not made up" "驰岩汽车有多少员工"

printf '\n'
say "接下来可以试：
  cd $project
  $JINSHENG_BIN ask                          逐句提问；--evidence 列出每个数字的出处
  $JINSHENG_BIN ask --as adviser \"我有几个客户\"  以客户经理的权限提问
  $JINSHENG_BIN catalog show net_profit      指标的定义、单位与来源
  $JINSHENG_BIN data check                   数据中的可疑之处
能问什么：docs/reference/ask.md；查询语言：docs/reference/query.md" "Try next:
  cd $project
  $JINSHENG_BIN ask                          a prompt; --evidence shows where each number comes from
  $JINSHENG_BIN ask --as adviser \"我有几个客户\"  ask with what an adviser may see
  $JINSHENG_BIN catalog show net_profit      what a metric means, its unit and where it comes from
  $JINSHENG_BIN data check                   what is odd in the data
What can be asked: docs/reference/ask.md; the Query language: docs/reference/query.md"
