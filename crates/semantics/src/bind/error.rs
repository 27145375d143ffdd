//! Why a Query cannot be answered from a catalog.

use jinsheng_core::{Base, Code, Fault, Grain, Lang, Localised, Unit};

/// A Query that the catalog cannot answer. Each names what is wrong and what is nearest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BindError {
    /// No metric of that name.
    UnknownMetric {
        /// As written.
        name: String,
        /// Names that are near.
        nearest: Vec<String>,
    },
    /// No such variant.
    UnknownVariant {
        /// Metric.
        metric: String,
        /// As written.
        variant: String,
        /// Variants that exist.
        known: Vec<String>,
    },
    /// No such dimension, or several.
    UnknownDimension {
        /// As written.
        name: String,
        /// Those that it may mean, else the nearest.
        nearest: Vec<String>,
        /// It may mean several.
        several: bool,
        /// Some that there are.
        known: Vec<String>,
    },
    /// The metric's table does not reach the dimension.
    Unreachable {
        /// Metric or measure.
        metric: String,
        /// Dimension.
        dimension: String,
    },
    /// The metric has no value for such groups.
    NotAdditive {
        /// Metric.
        metric: String,
        /// Dimensions that are needed.
        needs: Vec<String>,
    },
    /// The metric has no value at the grain.
    Grain {
        /// Metric.
        metric: String,
        /// Grain asked for.
        grain: Grain,
        /// Finest grain that it has.
        finest: Grain,
    },
    /// The metric has no forms.
    NoForm {
        /// Metric.
        metric: String,
    },
    /// Units do not fit.
    Units {
        /// Expression.
        text: String,
        /// Left unit.
        left: Unit,
        /// Right unit.
        right: Unit,
    },
    /// Nothing in the Query has time, but it asks for periods.
    NoTime {
        /// What asks for it.
        what: String,
    },
    /// A lag that does not fit the grain.
    Lag {
        /// Expression.
        text: String,
        /// Grain of the Query.
        grain: Grain,
    },
    /// Periods of several grains, none, or in the wrong order.
    Periods,
    /// A name of a subject that finds none, or several.
    Subject {
        /// Name of the entity for people.
        entity: Localised,
        /// The entity as Queries name it.
        dimension: Box<str>,
        /// As written.
        text: String,
        /// True when several match.
        several: bool,
        /// Key and displayed name.
        candidates: Vec<(String, String)>,
    },
    /// Something that stands where it may not.
    Misplaced {
        /// Expression or dimension.
        text: String,
        /// Why, in zh and en.
        why: (&'static str, &'static str),
    },
    /// The scope hides a column that the Query needs.
    Hidden {
        /// Metric or dimension.
        name: String,
    },
    /// Formulas nested too deeply.
    TooDeep,
    /// More values than an engine can plan, once formulas and functions are written out.
    TooLarge,
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for BindError {}

fn is_ratio(unit: &Unit) -> bool {
    matches!(unit.base, Base::Ratio | Base::RatioPoints)
}

fn unit_text(unit: Unit, none: &str) -> String {
    let text = unit.to_string();
    if text.is_empty() {
        none.to_owned()
    } else {
        format!("`{text}`")
    }
}

/// A quantity in a unit, as a Query writes it.
fn example(unit: Unit) -> String {
    format!("`100{unit}`")
}

fn quoted(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Fault for BindError {
    fn code(&self) -> Code {
        match self {
            Self::UnknownMetric { .. } | Self::UnknownDimension { .. } | Self::UnknownVariant { .. } => {
                Code::NOT_FOUND
            }
            Self::Subject { .. } => Code::NOT_FOUND,
            Self::Units { .. } => Code::UNIT_MISMATCH,
            Self::NotAdditive { .. } | Self::Grain { .. } => Code::GRAIN_MISMATCH,
            Self::Hidden { .. } => Code::OUT_OF_SCOPE,
            _ => Code::QUERY_INVALID,
        }
    }

    fn message(&self, lang: Lang) -> String {
        let (zh, en) = self.texts();
        lang.pick(zh, en)
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        let (zh, en) = match self {
            Self::UnknownDimension {
                nearest,
                several: true,
                ..
            } => (
                format!("请写明是哪一个：{}", quoted(nearest)),
                format!("say which: {}", quoted(nearest)),
            ),
            Self::UnknownMetric { nearest, .. } | Self::UnknownDimension { nearest, .. }
                if !nearest.is_empty() =>
            {
                (
                    format!("相近的有 {}", quoted(nearest)),
                    format!("near it: {}", quoted(nearest)),
                )
            }
            Self::UnknownMetric { .. } => (
                "用 `jinsheng catalog show` 列出全部指标".into(),
                "`jinsheng catalog show` lists all metrics".into(),
            ),
            Self::UnknownDimension { known, .. } if known.is_empty() => (
                "目录里一个维度也没有".into(),
                "the catalog has no dimensions at all".into(),
            ),
            Self::UnknownDimension { known, .. } => (
                format!("可用的有 {}；全部见 `jinsheng catalog show`", quoted(known)),
                format!("there are {}; `jinsheng catalog show` has all", quoted(known)),
            ),
            Self::UnknownVariant { known, .. } if known.is_empty() => (
                "这个指标只有一个来源".into(),
                "this metric has one source only".into(),
            ),
            Self::UnknownVariant { known, .. } => (
                format!("可用的有 {}", quoted(known)),
                format!("it has {}", quoted(known)),
            ),
            Self::NotAdditive { metric, needs } => {
                let needs = needs.join(", ");
                (
                    format!("按 `{needs}` 分组，或先折叠：mean({metric} over {needs})"),
                    format!("cut it by `{needs}`, or fold it: mean({metric} over {needs})"),
                )
            }
            Self::Grain { finest, .. } => (
                format!("最细的粒度是 {finest}"),
                format!("the finest grain is `{finest}`"),
            ),
            Self::Units { left, right, .. } if right.base == Base::Plain && left.base == Base::Ratio => (
                "与比率比较或相加的常数须写明 `%` 或 `倍`，如 60%、0.6倍".into(),
                "a constant beside a ratio must say `%` or `倍`: 60% or 0.6倍".into(),
            ),
            Self::Units { left, right, .. } if is_ratio(left) && is_ratio(right) => (
                "`%` 与 `百分点` 不可混用：两个百分数之差以百分点计".into(),
                "`%` and `百分点` do not mix: the difference of two percentages is in 百分点".into(),
            ),
            Self::Units { left, right, .. } if left.base != Base::Plain && right.base != Base::Plain => (
                format!(
                    "左边以{}计，右边须是同类单位（如 {}）；{}换算不成{}",
                    left,
                    example(*left),
                    right,
                    left
                ),
                format!(
                    "the left side is in {left}: write the right side in a unit of that kind, such as {}; {right} cannot be converted to it",
                    example(*left)
                ),
            ),
            Self::Subject {
                candidates,
                dimension,
                several: false,
                ..
            } if candidates.is_empty() => (
                format!("没有相近的；名称和代码都可以写，查询时 `by {dimension}` 列出当前可见的全部"),
                format!(
                    "nothing is near it; a key or a name may stand here, and `by {dimension}` in a Query lists all that may be seen"
                ),
            ),
            Self::Subject { candidates, .. } if !candidates.is_empty() => {
                let list = candidates
                    .iter()
                    .map(|(key, name)| format!("{key} {name}").trim_end().to_owned())
                    .collect::<Vec<_>>()
                    .join(", ");
                (format!("候选：{list}"), format!("candidates: {list}"))
            }
            _ => return None,
        };
        Some(lang.pick(zh, en))
    }
}

impl BindError {
    fn texts(&self) -> (String, String) {
        match self {
            Self::UnknownMetric { name, .. } => (
                format!("目录里没有指标 `{name}`"),
                format!("the catalog has no metric `{name}`"),
            ),
            Self::UnknownVariant { metric, variant, .. } => (
                format!("指标 `{metric}` 没有来源 `{variant}`"),
                format!("metric `{metric}` has no source `{variant}`"),
            ),
            Self::UnknownDimension {
                name, several: true, ..
            } => (
                format!("`{name}` 可以指好几个维度"),
                format!("`{name}` may mean several dimensions"),
            ),
            Self::UnknownDimension { name, .. } => (
                format!("目录里没有维度 `{name}`"),
                format!("the catalog has no dimension `{name}`"),
            ),
            Self::Unreachable { metric, dimension } => (
                format!("指标 `{metric}` 不能按 `{dimension}` 划分或筛选"),
                format!("metric `{metric}` cannot be cut or filtered by `{dimension}`"),
            ),
            Self::NotAdditive { metric, .. } => (
                format!("指标 `{metric}` 是比率类，不能直接汇总"),
                format!("metric `{metric}` is a stored rate and cannot be added up"),
            ),
            Self::Grain { metric, grain, .. } => (
                format!("指标 `{metric}` 没有 {grain} 粒度的值"),
                format!("metric `{metric}` has no value at grain `{grain}`"),
            ),
            Self::NoForm { metric } => (
                format!("指标 `{metric}` 不是流量，没有累计、单期、TTM 之分"),
                format!("metric `{metric}` is no flow and has no forms"),
            ),
            Self::Units { text, left, right } => (
                format!(
                    "`{text}` 的单位不合：{} 与 {}",
                    unit_text(*left, "无单位"),
                    unit_text(*right, "无单位")
                ),
                format!(
                    "units do not fit in `{text}`: {} and {}",
                    unit_text(*left, "no unit"),
                    unit_text(*right, "no unit")
                ),
            ),
            Self::NoTime { what } => (
                format!("`{what}` 需要期间，但所用指标没有时间"),
                format!("`{what}` needs periods, but the metrics used have no time"),
            ),
            Self::Lag { text, grain } => (
                format!("`{text}` 的间隔与粒度 {grain} 不合"),
                format!("the lag of `{text}` does not fit the grain `{grain}`"),
            ),
            Self::Periods => (
                "期间须为同一粒度，且先后有序".to_owned(),
                "periods must be of one grain and in order".to_owned(),
            ),
            Self::Subject {
                entity,
                text,
                several,
                ..
            } => {
                if *several {
                    (
                        format!("`{text}` 对应多个{}", entity.zh),
                        format!("`{text}` names several of: {}", entity.en),
                    )
                } else {
                    (
                        format!("没有名为 `{text}` 的{}", entity.zh),
                        format!("no {} is named `{text}`", entity.en),
                    )
                }
            }
            Self::Misplaced { text, why } => (format!("`{text}`：{}", why.0), format!("`{text}`: {}", why.1)),
            Self::Hidden { name } => (
                format!("当前角色不能查看 `{name}`"),
                format!("this role may not see `{name}`"),
            ),
            Self::TooDeep => (
                "公式嵌套过深".to_owned(),
                "formulas are nested too deeply".to_owned(),
            ),
            Self::TooLarge => (
                "查询展开后过大：请减少 yoy、qoq、share 等函数的嵌套，或分成几条查询".to_owned(),
                "the Query becomes too large once it is written out: nest fewer functions such as yoy, qoq and share, or ask several Queries".to_owned(),
            ),
        }
    }
}
