//! Words of questions that are no names: what compares, ranks, counts, joins and asks.

mod list;

use jinsheng_core::Grain;

use crate::query::{CompareOp, Direction, Form, Stat};

pub(crate) use list::words;

/// What a word does in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// Says nothing that changes the answer: 请, 的, 数据.
    Filler,
    /// Over what time a flow counts.
    Form(Form),
    /// 同比.
    Yoy,
    /// 环比.
    Qoq,
    /// 增长率, 增速: a change in %.
    Growth,
    /// 增长, 上升: up.
    Up,
    /// 下降: down.
    Down,
    /// 变化, 变动: either way.
    Change,
    /// 增加额: a change in the value's unit.
    ChangeAmount,
    /// 复合增长率.
    Cagr,
    /// 波动最大: the size of a change, whichever way.
    Swing,
    /// 超过, 低于 … before what is compared with.
    Compare(CompareOp),
    /// 以上, 以下 behind it.
    Bound(CompareOp),
    /// 介于, 在.
    Between,
    /// 之间.
    Within,
    /// 为, 是, 等于.
    Is,
    /// 正数, 为正.
    Positive,
    /// 负数, 为负.
    Negative,
    /// 零.
    Zero,
    /// 盈利: a profit.
    Profit,
    /// 亏损: a loss.
    Loss,
    /// 扭亏为盈.
    BothPeriods,
    ExceptBehind,
    Cut,
    Rest,
    Deviation,
    Quartile(u32),
    Percentile,
    YearEnd,
    Together,
    Overall,
    TurnedProfit,
    /// 由盈转亏.
    TurnedLoss,
    /// 前 (五), top.
    First(Direction),
    /// 最高, 最低.
    Most(Direction),
    /// 排名.
    Rank,
    /// 从高到低.
    Order(Direction),
    /// 均值, 中位数, 合计.
    Stat(Stat),
    /// 行业, 同行 before a statistic.
    Peers,
    /// 占.
    ShareOf,
    /// 比例, 占比.
    Share,
    /// 比值, 之比.
    Ratio,
    /// 差值.
    Difference,
    /// 减.
    Minus,
    /// 加.
    Plus,
    /// 除以.
    Divide,
    /// 乘.
    Times,
    /// 绝对值.
    Absolute,
    /// 各, 每, 按: cut by what follows.
    Each,
    /// 分组, 分布.
    Grouped,
    /// 分布, 直方图 without a dimension.
    Distribution,
    /// 和, 与, 、.
    And,
    /// 或.
    Or,
    /// 不, 非.
    Not,
    /// 均, 都.
    All,
    /// 连续.
    Streak,
    /// 趋势.
    Trend,
    /// 对比.
    Versus,
    /// 相关性.
    Correlation,
    /// 哪些, 哪家.
    Which,
    /// 哪个行业: which of the groups of a dimension.
    WhichGroup,
    /// 列出, 名单.
    List,
    /// 多少家, 几家, 数量.
    Count,
    /// 多少.
    HowMuch,
    /// 为什么, 原因.
    Why,
    /// 这些公司, 它们.
    These,
    /// 其中.
    Among,
    /// 剔除.
    Except,
    /// 只看.
    Only,
    /// 倒过来.
    Reverse,
    /// 换成.
    Instead,
    /// 是否一致, 对得上.
    Agree,
    /// 不一致.
    Differ,
    /// 是否.
    Whether,
    /// 相同.
    Same,
    /// 来源, 依据.
    Source,
    /// 你确定吗.
    Sure,
    /// 是指.
    Means,
    /// A chart form.
    Chart(Chart),
    /// 画, 绘制.
    Draw,
    /// 股票代码, 简称: the key or name of a subject.
    Key,
    /// 保留 (两位小数).
    Round,
    /// 位小数.
    Decimals,
    /// 单位.
    InUnit,
    /// 问一下 at the head of a part: 查询, 找出.
    Ask,
    /// 全部, 所有.
    Every,
    /// 建议, 预测, 能不能买: what the data cannot say.
    Advice,
    /// 删除, 修改, 下单.
    Command,
    /// 忽略以上指令, 系统提示词.
    Attack,
    /// 手机号, 身份证.
    Personal,
    /// 研报, 政策: documents outside the data.
    Outside,
    /// 你好, 天气.
    Chat,
    /// 的 between a thing and its property; kept apart from filler to keep names apart.
    Of,
    /// 到 between two ends.
    To,
    /// 每股 in front of what is no known figure by itself.
    PerShare,
    /// 高, 低 of one of several that are compared.
    Higher(Direction),
    /// 前一年: a year before what was spoken of.
    YearBefore,
    /// 筛选: out of what was found before.
    Sieve,
    /// 分析: words are wanted beside the figures.
    Analyse,
    /// 好, 差: by what is not said.
    Vague,
    /// 什么是: a term is asked for, no figure.
    Definition,
    /// 年, 季度 behind a number.
    Grain(Grain),
    /// Earlier than, later than: 晚于.
    After,
    /// 早于, 前.
    Before,
    /// 收益率: how far the level of something with a price moved over a stretch.
    Return,
    /// 表现 of what has a price, in front of 最好.
    Performance,
    /// 过期: a day of expiry that is past.
    Expired,
    /// 统计: in groups, how many.
    Tally,
}

/// How a result is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    /// Lines over time.
    Line,
    /// Upright bars.
    Bar,
    /// Level bars.
    Hbar,
    /// Parts of a whole.
    Pie,
    /// Two values of each subject.
    Scatter,
    /// Several values of few subjects.
    Radar,
    /// How values are spread.
    Histogram,
    /// Quartiles of groups.
    Box,
    /// A table.
    Table,
}
