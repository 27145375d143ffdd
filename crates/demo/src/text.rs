//! Texts that go into the data folder beside the tables: the mark of fiction, the data dictionary, the README.

use crate::calendar::AS_OF;
use crate::sheet::{Sheet, col};

/// The data dictionary: one row a column of every given table.
pub(crate) fn dictionary(sheets: &[Sheet]) -> Sheet {
    let columns = vec![
        col("table", "表名", "Table", "", ""),
        col("column", "列名", "Column", "", ""),
        col("label_zh", "中文名称", "Label in Chinese", "", ""),
        col("label_en", "英文名称", "Label in English", "", ""),
        col("unit", "单位", "Unit", "", ""),
        col("description", "说明", "Description", "", ""),
    ];
    let mut dictionary = Sheet::new("dictionary", columns);
    for sheet in sheets {
        for column in &sheet.columns {
            dictionary
                .text(sheet.table)
                .text(column.name)
                .text(column.zh)
                .text(column.en);
            dictionary.text(column.unit).text(column.description).end_row();
        }
    }
    dictionary
}

/// What the README says about this run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    pub(crate) seed: u64,
    pub(crate) purchases_above_capacity: usize,
    pub(crate) purchases_after_expiry: usize,
}

/// The README of the data folder.
pub(crate) fn readme(facts: Facts) -> String {
    let Facts {
        seed,
        purchases_above_capacity: above,
        purchases_after_expiry: after,
    } = facts;
    format!(
        "# 演示数据（全部虚构）

本目录的银行、公司、基金、理财产品、指数、宏观数据、人员与客户**全部为虚构**，由随机种子 {seed} 生成，数据截至 {AS_OF}。\
不得作为投资依据；如与真实机构或个人同名，纯属巧合。

- 相同种子在任何机器上生成相同的文件。每张表的每一行都在 `note` 列标明“虚构”。字段说明见 `dictionary.csv`。
- 三张报表的流量项目为年初至报告期末累计；各项勾稽关系精确到分。
- 公司、基金、指数代码取自交易所未使用的号段；手机号码为未分配的 154 号段；证件号码的地区码 990000 不存在。
- 持仓由全部交易推得，客户月末资产由存款、持仓与净值推得。
- 为演示合规检查，**有意**保留 {above} 笔高于客户风险承受能力的申购、{after} 笔风险测评过期后的申购；其余交易均符合适当性要求。

# Demo data (all fictional)

The bank, companies, funds, wealth products, indices, macro series, staff and clients in this folder are **all \
fictional**. They are generated from seed {seed} and end on {AS_OF}. They are no basis for any investment; any likeness \
to a real institution or person is a coincidence.

- The same seed gives the same files on every machine. Every row of every table says “虚构” (fictional) in its column `note`. \
`dictionary.csv` explains the columns.
- Flow items of the three statements are year to date; all accounting identities hold to the cent.
- Codes of companies, funds and indices lie in blocks that no exchange uses; phone numbers in the unassigned range 154; \
identity numbers name the region 990000, which does not exist.
- Holdings follow from the transactions; clients' assets at month ends follow from deposits, holdings and unit values.
- To show compliance checks, {above} purchases above the client's risk capacity and {after} purchases after the risk \
test had expired are left in **on purpose**; all other trades respect suitability.
"
    )
}
