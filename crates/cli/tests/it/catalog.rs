//! Drafting, checking, explaining and comparing catalogs.

use expect_test::{Expect, expect};

use crate::support::{Place, SHOP};

#[track_caller]
fn check(found: &str, expect: Expect) {
    expect.assert_eq(found);
}

#[test]
fn a_draft_needs_data_and_a_dictionary_that_can_be_read() {
    let place = Place::project();
    check(
        &place.both(&["catalog", "infer"]),
        expect![[r#"
        [zh 1]
        错误：还没有数据可据以起草
        提示：先用 `jinsheng data add FILE` 导入
        [en 1]
        error: there are no data to draft from
        hint: import some with `jinsheng data add FILE`
    "#]],
    );
    check(
        &place.both(&["catalog", "check"]),
        expect![[r#"
        [zh 1]
        错误：项目还没有目录：`[DIR]/catalog` 中没有 .yaml 文件
        提示：先用 `jinsheng data add` 导入数据，再用 `jinsheng catalog infer` 起草
        [en 1]
        error: the project has no catalog: `[DIR]/catalog` holds no .yaml file
        hint: import data with `jinsheng data add`, then draft one with `jinsheng catalog infer`
    "#]],
    );
    let place = Place::shop();
    place.write("words.pdf", "x");
    place.write("words.csv", "a,b\n1,2\n");
    check(
        &place.both(&["catalog", "infer", "--dictionary", "none.xlsx"]),
        expect![[r#"
        [zh 1]
        错误：无法读取 `none.xlsx`：不存在
        提示：检查路径
        [en 1]
        error: failed to read `none.xlsx`: it does not exist
        hint: check the path
    "#]],
    );
    check(
        &place.both(&["catalog", "infer", "--dictionary", "words.pdf"]),
        expect![[r#"
        [zh 1]
        错误：数据字典 `words.pdf` 不是 XLSX、XLS、CSV 或 Markdown 文件
        提示：表头须有「字段名称」与「中文名称」等列，另可有「表名」「单位」「说明」
        [en 1]
        error: data dictionary `words.pdf` is no XLSX, XLS, CSV or Markdown file
        hint: the header needs columns such as `column` and `label`; `table`, `unit` and `description` help
    "#]],
    );
    check(
        &place.both(&["catalog", "infer", "--dictionary", "words.csv"]),
        expect![[r#"
        [zh 1]
        错误：数据字典 `words.csv` 中没有认得出的字段说明
        提示：表头须有「字段名称」与「中文名称」等列，另可有「表名」「单位」「说明」
        [en 1]
        error: data dictionary `words.csv` holds no description of columns that could be recognised
        hint: the header needs columns such as `column` and `label`; `table`, `unit` and `description` help
    "#]],
    );
}

#[test]
fn a_draft_leaves_out_what_is_defined_and_is_not_overwritten_once_edited() {
    let place = Place::shop();
    place.write(
        "costs.csv",
        "shop_id,month,rent_cost\n007,2025-07,10\n012,2025-07,12\n007,2025-08,10\n012,2025-08,12\n",
    );
    place.ok("en", &["data", "add", "costs.csv"]);
    let dry = place.json("zh", &["catalog", "infer", "--dry-run"]);
    assert_eq!(dry["written"], serde_json::json!([]));
    assert!(!place.path("catalog/inferred.yaml").exists());
    let yaml = dry["yaml"].as_str().unwrap();
    assert!(
        yaml.contains("source: costs") && !yaml.contains("source: sales"),
        "{yaml}"
    );
    place.ok("zh", &["catalog", "infer"]);
    place.ok("zh", &["catalog", "check"]);
    assert_eq!(place.read("catalog/shop.yaml"), SHOP);
    assert!(place.path("catalog/unsure.md").exists());
    // Drafting again is no edit.
    let first = place.read("catalog/inferred.yaml");
    place.ok("zh", &["catalog", "infer"]);
    assert_eq!(place.read("catalog/inferred.yaml"), first);
    place.write("catalog/inferred.yaml", &format!("{first}# mine\n"));
    check(
        &place.both(&["catalog", "infer"]),
        expect![[r#"
        [zh 1]
        错误：`[DIR]/catalog/inferred.yaml` 已被手工修改，未作改动
        提示：给它改名即可保留（其中已定义的不再起草），或用 --force 覆盖（原文件另存为 inferred.yaml.bak）
        [en 1]
        error: `[DIR]/catalog/inferred.yaml` was edited by hand; nothing was touched
        hint: rename it to keep it (what it defines is then left out of the draft), or overwrite it with --force (the old one is kept as inferred.yaml.bak)
    "#]],
    );
    assert!(place.read("catalog/inferred.yaml").ends_with("# mine\n"));
    place.ok("en", &["catalog", "infer", "--force"]);
    assert_eq!(place.read("catalog/inferred.yaml"), first);
    assert!(place.read("catalog/inferred.yaml.bak").ends_with("# mine\n"));
}

#[test]
fn formulas_of_a_person_may_rest_on_the_draft() {
    let place = Place::project();
    place.write(
        "costs.csv",
        "shop_id,month,rent,wages\n007,2025-07,10,3\n012,2025-07,12,4\n007,2025-08,10,5\n012,2025-08,12,6\n",
    );
    place.ok("en", &["data", "add", "costs.csv"]);
    place.ok("en", &["catalog", "infer"]);
    place.write("catalog/own.yaml", "version: 1\nmetrics:\n  fixed_costs:\n    label: {zh: 固定成本, en: Fixed costs}\n    formula: rent + wages\n");
    place.ok("en", &["catalog", "check"]);
    place.ok("en", &["catalog", "infer"]);
    let shown = place.json("en", &["catalog", "show", "固定成本"]);
    assert_eq!(shown["name"], "fixed_costs");
}

#[test]
fn all_problems_are_listed_with_their_lines() {
    let place = Place::shop();
    place.write(
        "catalog/a.yaml",
        "version: 1\nentities:\n  fund:\n    label: {zh: 基金, en: Fund}\n    aliases:\n      000858: [酒]\n",
    );
    place.write(
        "catalog/b.yaml",
        "version: 1\nmetrics:\n  x:\n    label: {zh: 甲, en: X}\n    forumla: a\n",
    );
    check(
        &place.both(&["catalog", "check"]),
        expect![[r#"
            [zh 1]
            问题：catalog/a.yaml:6：类型不符：小数 `858.0`，应为 加引号的代码，如 "000858"（不加引号会丢失开头的 0）
            问题：catalog/b.yaml:5：没有字段 `forumla`，可用的有 label、synonyms、description、measure、alternatives、formula、unit、form、growth_of、lower_is_better
            试运行 4 个指标，2 处问题，0 处留意
            [en 1]
            problem: catalog/a.yaml:6: invalid type: floating point `858.0`, expected a code in quotes, such as "000858" (without quotes its leading zeros are lost)
            problem: catalog/b.yaml:5: unknown field `forumla`, expected one of label, synonyms, description, measure, alternatives, formula, unit, form, growth_of, lower_is_better
            4 metric(s) run, 2 problem(s), 0 notice(s)
        "#]],
    );
    std::fs::remove_file(place.path("catalog/a.yaml")).unwrap();
    place.write(
        "catalog/b.yaml",
        "version: 1\nmetrics:\n  x:\n    label: {zh: 甲, en: X}\n    formula: sales / nothing\n  y:\n    label: {zh: 乙, en: Y}\n    formula: y + 1\n  z:\n    label: {zh: 丙, en: Z}\n    formula: sales /\n  sales:\n    label: {zh: 丁, en: S}\n    measure: sales.sales\n",
    );
    check(
        &place.both(&["catalog", "check"]),
        expect![[r#"
            [zh 1]
            问题：catalog/b.yaml:5 metrics.x.formula：没有指标 `nothing`
            问题：catalog/b.yaml:8 metrics.y.formula：公式循环引用：y → y
            问题：catalog/b.yaml:11 metrics.z.formula：第 8 个字符：此处应为指标、数字或函数，却是结尾
            问题：catalog/shop.yaml:18 metrics.sales：已在 catalog/b.yaml 中定义，请删去其一
            试运行 2 个指标，4 处问题，0 处留意
            [en 1]
            problem: catalog/b.yaml:5 metrics.x.formula: there is no metric `nothing`
            problem: catalog/b.yaml:8 metrics.y.formula: the formula refers to itself: y → y
            problem: catalog/b.yaml:11 metrics.z.formula: column 8: expected a metric, a number or a function, found the end
            problem: catalog/shop.yaml:18 metrics.sales: is defined in catalog/b.yaml too; remove one of them
            2 metric(s) run, 4 problem(s), 0 notice(s)
        "#]],
    );
    place.write(
        "catalog/b.yaml",
        "version: 1\nmetrics:\n  sum:\n    label: {zh: 甲, en: X}\n    formula: sales + margin\n  turnover:\n    label: {zh: 营业额, en: T}\n    formula: sales\n",
    );
    check(
        &place.both(&["catalog", "check"]),
        expect![[r#"
        [zh 1]
        问题：catalog/b.yaml:3 metrics.sum：`sum`：`sales + margin` 的单位不合：`万元` 与 `%`
        留意：catalog/shop.yaml:18 metrics.sales：「营业额」也指 metrics.turnover
        1 个实体、1 张表、6 个指标、0 个指标组；试运行 6 个指标，1 处问题，1 处留意
        [en 1]
        problem: catalog/b.yaml:3 metrics.sum: `sum`: units do not fit in `sales + margin`: `万元` and `%`
        notice: catalog/shop.yaml:18 metrics.sales: `营业额` also stands for metrics.turnover
        1 entities, 1 tables, 6 metrics, 0 groups; 6 metric(s) run, 1 problem(s), 1 notice(s)
    "#]],
    );
    // What is wrong stops an answer too, with the same words.
    place.write(
        "catalog/b.yaml",
        "version: 1\ntables:\n  t:\n    source: nowhere\n    dimensions:\n      d: {column: x}\n",
    );
    place.write(
        "catalog/shop.yaml",
        &SHOP.replace("column: customers", "column: customer"),
    );
    check(
        &place.both(&["catalog", "check"]),
        expect![[r#"
            [zh 1]
            问题：catalog/b.yaml:4 tables.t.source：没有导入表 `nowhere`
            问题：catalog/shop.yaml:15 tables.sales.measures.customers：表 `sales` 没有列 `customer`
            1 个实体、2 张表、4 个指标、0 个指标组；试运行 2 个指标，2 处问题，0 处留意
            [en 1]
            problem: catalog/b.yaml:4 tables.t.source: table `nowhere` is not imported
            problem: catalog/shop.yaml:15 tables.sales.measures.customers: table `sales` has no column `customer`
            1 entities, 2 tables, 4 metrics, 0 groups; 2 metric(s) run, 2 problem(s), 0 notice(s)
        "#]],
    );
    check(
        &place.both(&["query", "customers"]),
        expect![[r#"
        [zh 1]
        错误：导入的表 `sales` 没有列 `customer`
        提示：用 `jinsheng data show` 看列名，再改目录
        [en 1]
        error: imported table `sales` has no column `customer`
        hint: see the columns with `jinsheng data show` and mend the catalog
    "#]],
    );
}

#[test]
fn one_mistake_hides_no_other() {
    let place = Place::shop();
    place.write("catalog/a.yaml", "version: 1\nmetrics:\n  broken: {label: }}\n");
    place.write(
        "catalog/b.yaml",
        "version: 1\nmetrics:\n  circle:\n    label: {zh: 圈, en: Circle}\n    formula: circle + 1\n  perhaps:\n    \
         label: {zh: 或许, en: Perhaps}\n    formula: broken + 1\n  mixed:\n    label: {zh: 混, en: Mixed}\n    \
         formula: sales + margin\n",
    );
    place.write(
        "catalog/shop.yaml",
        &SHOP.replace("column: customers", "column: customer"),
    );
    check(
        &place.shown("en", &["catalog", "check"]),
        expect![[r#"
        [en 1]
        problem: catalog/a.yaml:3: expected mapping start
        problem: catalog/b.yaml:5 metrics.circle.formula: the formula refers to itself: circle → circle
        problem: catalog/b.yaml:9 metrics.mixed: `mixed`: units do not fit in `sales + margin`: `万元` and `%`
        problem: catalog/shop.yaml:15 tables.sales.measures.customers: table `sales` has no column `customer`
        3 metric(s) run, 4 problem(s), 0 notice(s)
    "#]],
    );
    check(
        &place.shown("en", &["query", "sales"]),
        expect![[r#"
        [en 1]
        error: the catalog has 2 problem(s)
          catalog/a.yaml:3: expected mapping start
          catalog/b.yaml metrics.circle.formula: the formula refers to itself: circle → circle
        hint: mend them and run `jinsheng catalog check`
    "#]],
    );
}

#[test]
fn a_metric_is_explained() {
    let place = Place::shop();
    check(
        &place.both(&["catalog", "show"]),
        expect![[r#"
            [zh 0]
             实体   名称   维度
            ────── ────── ──────
             shop   门店
             指标                 名称     单位   来自
            ──────────────────── ──────── ────── ─────────────────────────────────
             customers            客流     人     sales.customers (flow, 人)
             margin               毛利率   %      sales.margin (rate, %)
             sales                销售额   万元   sales.销售额(万元) (flow, 万元)
             sales_per_customer   客单价   万元   sales / customers
            1 个实体、1 张表、4 个指标、0 个指标组，目录 [DIGEST]
            [en 0]
             entity   label   dimensions
            ──────── ─────── ────────────
             shop     Shop
             metric               label                unit               from
            ──────────────────── ──────────────────── ────────────────── ─────────────────────────────────
             customers            Customers            people             sales.customers (flow, 人)
             margin               Margin               %                  sales.margin (rate, %)
             sales                Sales                ten thousand CNY   sales.销售额(万元) (flow, 万元)
             sales_per_customer   Sales per customer   ten thousand CNY   sales / customers
            1 entities, 1 tables, 4 metrics, 0 groups, catalog [DIGEST]
        "#]],
    );
    check(
        &place.both(&["catalog", "show", "客单价"]),
        expect![[r#"
            [zh 0]
            sales_per_customer 客单价（万元）
            公式：sales / customers
            列：sales.customers (flow, 人)、sales.销售额(万元) (flow, 万元)
            时间：flow
            口径：ytd、single、ttm
            默认口径：single
            最细粒度：month
            可按：shop
            试试：jinsheng query 'sales_per_customer by shop latest month'
            [en 0]
            sales_per_customer Sales per customer (ten thousand CNY)
            formula: sales / customers
            columns: sales.customers (flow, 人), sales.销售额(万元) (flow, 万元)
            time: flow
            forms: ytd, single, ttm
            default form: single
            finest grain: month
            cut by: shop
            try: jinsheng query 'sales_per_customer by shop latest month'
        "#]],
    );
    check(
        &place.shown("en", &["catalog", "show", "营业额"]),
        expect![[r#"
            [en 0]
            sales Sales (ten thousand CNY)
            also called: 营业额
            columns: sales.销售额(万元) (flow, 万元)
            time: flow
            forms: ytd, single, ttm
            default form: single
            finest grain: month
            cut by: shop
            used by: sales_per_customer
            try: jinsheng query 'sales by shop latest month'
        "#]],
    );
}

#[test]
fn a_change_names_the_metrics_whose_answers_it_alters() {
    let place = Place::shop();
    place.write("old/shop.yaml", SHOP);
    check(
        &place.both(&["catalog", "diff", "old"]),
        expect![[r#"
        [zh 0]
        0 处定义不同，[DIGEST] → [DIGEST]
        [en 0]
        0 definition(s) differ, [DIGEST] → [DIGEST]
    "#]],
    );
    let new = SHOP
        .replace("unit: 人", "unit: 个")
        .replace("synonyms: [营业额]", "synonyms: [营业额, 营收]")
        .replace("en: Margin", "en: Gross margin");
    place.write("catalog/shop.yaml", &new);
    check(
        &place.both(&["catalog", "diff", "old"]),
        expect![[r#"
        [zh 0]
        修改 tables.sales
          measures.customers.unit: 人 → 个
        修改 metrics.margin
          label.en: Margin → Gross margin
        修改 metrics.sales
          synonyms: +营收
        结果会变的指标（2）：customers, sales_per_customer
        3 处定义不同，[DIGEST] → [DIGEST]
        [en 0]
        changed tables.sales
          measures.customers.unit: 人 → 个
        changed metrics.margin
          label.en: Margin → Gross margin
        changed metrics.sales
          synonyms: +营收
        answers change for 2 metric(s): customers, sales_per_customer
        3 definition(s) differ, [DIGEST] → [DIGEST]
    "#]],
    );
    let diff = place.json("en", &["catalog", "diff", "old/shop.yaml"]);
    assert_eq!(
        diff["answers_change"],
        serde_json::json!(["customers", "sales_per_customer"])
    );
}

#[test]
fn an_alias_that_names_another_member_is_a_problem() {
    let place = Place::shop();
    let text = SHOP.replace("[湖滨店]", "[湖滨店, 湖滨路店, 城北店, '012']");
    place.write("catalog/shop.yaml", &text);
    check(
        &place.both(&["catalog", "check"]),
        expect![[r#"
            [zh 1]
            问题：catalog/shop.yaml:7 entities.shop.aliases.007：别名「城北店」已是 `012` 城北店 的名称或代码，按它查询会有歧义，请删去
            问题：catalog/shop.yaml:7 entities.shop.aliases.007：别名「012」已是 `012` 城北店 的名称或代码，按它查询会有歧义，请删去
            1 个实体、1 张表、4 个指标、0 个指标组；试运行 4 个指标，2 处问题，0 处留意
            [en 1]
            problem: catalog/shop.yaml:7 entities.shop.aliases.007: the alias `城北店` is a name or the key of `012` 城北店; queries by it are ambiguous, remove it
            problem: catalog/shop.yaml:7 entities.shop.aliases.007: the alias `012` is a name or the key of `012` 城北店; queries by it are ambiguous, remove it
            1 entities, 1 tables, 4 metrics, 0 groups; 4 metric(s) run, 2 problem(s), 0 notice(s)
        "#]],
    );
}
