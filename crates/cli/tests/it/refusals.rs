//! Names, settings, roles and Queries that are refused: what is said, in both languages, and how the process ends.

use expect_test::{Expect, expect};

use crate::support::Place;

#[track_caller]
fn check(place: &Place, args: &[&str], expect: Expect) {
    expect.assert_eq(&place.both(args));
}

#[test]
fn names_that_do_not_exist() {
    let place = Place::shop();
    check(
        &place,
        &["data", "show", "nothing"],
        expect![[r#"
        [zh 1]
        错误：没有表 `nothing`
        提示：现有：sales
        [en 1]
        error: no table `nothing`
        hint: there are: sales
    "#]],
    );
    let several = Place::shop();
    several.write("a.csv", "a\n1\n");
    several.ok("en", &["data", "add", "a.csv"]);
    let hint = several.run("en", &["data", "show", "nothing"]).stderr;
    assert!(hint.ends_with("hint: there are: a, sales\n"), "{hint}");
    check(
        &place,
        &["data", "remove", "nothing"],
        expect![[r#"
        [zh 1]
        错误：没有数据源 `nothing`
        提示：现有：sales
        [en 1]
        error: no source `nothing`
        hint: there are: sales
    "#]],
    );
    check(
        &place,
        &["catalog", "show", "nothing"],
        expect![[r#"
        [zh 1]
        错误：没有指标 `nothing`
        提示：现有：`customers`, `margin`, `sales`, `sales_per_customer`
        [en 1]
        error: there is no metric `nothing`
        hint: there are `customers`, `margin`, `sales`, `sales_per_customer`
    "#]],
    );
    check(
        &place,
        &["catalog", "diff", "nothing"],
        expect![[r#"
        [zh 1]
        错误：无法读取 `nothing`：不存在
        提示：检查路径
        [en 1]
        error: failed to read `nothing`: it does not exist
        hint: check the path
    "#]],
    );
    check(
        &place,
        &["catalog", "diff", "data"],
        expect![[r#"
        [zh 1]
        错误：`data` 中没有目录文件
        提示：给出 .yaml 文件、存放它们的文件夹，或项目目录
        [en 1]
        error: `data` holds no catalog file
        hint: name a .yaml file, a folder of them, or a project folder
    "#]],
    );
    check(
        &place,
        &["query", "sales", "--as", "boss"],
        expect![[r#"
        [zh 1]
        错误：没有角色 `boss`
        提示：在项目的 access.yaml 中定义角色
        [en 1]
        error: there is no role `boss`
        hint: define roles in access.yaml of the project
    "#]],
    );
}

#[track_caller]
fn check_settings(text: &str, expect: Expect) {
    let place = Place::project();
    place.write("jinsheng.toml", text);
    check(&place, &["data", "list"], expect);
}

#[test]
fn settings() {
    check_settings(
        "version = 1\nrow = 5\n",
        expect![[r#"
            [zh 1]
            错误：`[DIR]/jinsheng.toml` 有误：第 2 行：没有字段 `row`，可用的有 `version`、`language`、`rows`、`threads`、`fictional`
            [en 1]
            error: `[DIR]/jinsheng.toml` is wrong: line 2: unknown field `row`, expected one of `version`, `language`, `rows`, `threads`, `fictional`
        "#]],
    );
    check_settings(
        "version = 2\n",
        expect![[r#"
        [zh 1]
        错误：`[DIR]/jinsheng.toml` 有误：version = 2，此程序只认识 version = 1
        [en 1]
        error: `[DIR]/jinsheng.toml` is wrong: version = 2 where this program knows version = 1
    "#]],
    );
    check_settings(
        "version = 1\nrows = 0\n",
        expect![[r#"
        [zh 1]
        错误：`[DIR]/jinsheng.toml` 有误：rows 须在 1 与 100000 之间
        [en 1]
        error: `[DIR]/jinsheng.toml` is wrong: rows must be between 1 and 100000
    "#]],
    );
    check_settings(
        "version = 1\nlanguage = \"fr\"\n",
        expect![[r#"
        [zh 1]
        错误：`[DIR]/jinsheng.toml` 有误：第 2 行：不接受 `fr`，可用的有 `zh`、`en`
        [en 1]
        error: `[DIR]/jinsheng.toml` is wrong: line 2: unknown variant `fr`, expected `zh` or `en`
    "#]],
    );
    check_settings(
        "version = \n",
        expect![[r#"
        [zh 1]
        错误：`[DIR]/jinsheng.toml` 有误：第 1 行：string values must be quoted, expected literal string
        [en 1]
        error: `[DIR]/jinsheng.toml` is wrong: line 1: string values must be quoted, expected literal string
    "#]],
    );
    check_settings(
        "",
        expect![[r#"
        [zh 1]
        错误：`[DIR]/jinsheng.toml` 有误：第 1 行：缺少字段 `version`
        [en 1]
        error: `[DIR]/jinsheng.toml` is wrong: line 1: missing field `version`
    "#]],
    );
}

#[test]
fn roles() {
    let place = Place::shop();
    place.write("access.yaml", "version: 1\nroles:\n  clerk:\n    hidden: [salse]\n  blind:\n    hidden: [sales.sales]\n  lost:\n    row_filters:\n      - {dimension: planet, values: [mars]}\n");
    check(
        &place,
        &["query", "sales", "--as", "boss"],
        expect![[r#"
        [zh 1]
        错误：没有角色 `boss`
        提示：现有：`blind`, `clerk`, `lost`
        [en 1]
        error: there is no role `boss`
        hint: there are `blind`, `clerk`, `lost`
    "#]],
    );
    check(
        &place,
        &["query", "sales", "--as", "clerk"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/access.yaml` 有误：角色 `clerk` 的 hidden 中的 `salse` 不在目录里
        [en 1]
        error: `[DIR]/access.yaml` is wrong: `salse` in `hidden` of role `clerk` is not in the catalog
    "#]],
    );
    check(
        &place,
        &["query", "sales", "--as", "blind"],
        expect![[r#"
            [zh 1]
            错误：当前角色不能查看 `sales`
            [en 1]
            error: this role may not see `sales`
        "#]],
    );
    check(
        &place,
        &["query", "customers", "--as", "lost"],
        expect![[r#"
        [zh 1]
        错误：权限引用了目录里没有的维度 `planet`
        [en 1]
        error: the scope names the dimension `planet`, which the catalog lacks
    "#]],
    );
    place.write(
        "access.yaml",
        "version: 1\nroles:\n  clerk:\n    secret: [sales]\n",
    );
    check(
        &place,
        &["query", "sales", "--as", "clerk"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/access.yaml` 有误：第 4 行：没有字段 `secret`，可用的有 row_filters、hidden
        [en 1]
        error: `[DIR]/access.yaml` is wrong: line 4: unknown field `secret`, expected one of row_filters, hidden
    "#]],
    );
}

#[test]
fn queries() {
    let mut asked = String::new();
    let place = Place::shop();
    check(
        &place,
        &["query", ""],
        expect![[r#"
        [zh 1]
        错误：第 1 个字符：此处应为指标、数字或函数，却是结尾
        提示：写法示例：revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
        [en 1]
        error: column 1: expected a metric, a number or a function, found the end
        hint: for example: revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
    "#]],
    );
    check(
        &place,
        &["query", "sales by ?"],
        expect![[r#"
        [zh 1]
        错误：第 10 个字符：不认识 `?`
          sales by ?
                   ^
        提示：写法示例：revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
        [en 1]
        error: column 10: `?` means nothing here
          sales by ?
                   ^
        hint: for example: revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
    "#]],
    );
    check(
        &place,
        &["query", "\"销售额\" by 门店 门店"],
        expect![[r#"
        [zh 1]
        错误：第 13 个字符：此处应为结尾或下一个子句，却是`门店`
          "销售额" by 门店 门店
                           ^
        提示：写法示例：revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
        [en 1]
        error: column 13: expected the end or another clause, found `门店`
          "销售额" by 门店 门店
                           ^
        hint: for example: revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
    "#]],
    );
    check(
        &place,
        &["query", "salse by shop"],
        expect![[r#"
        [zh 1]
        错误：目录里没有指标 `salse`
        提示：相近的有 `sales`
        [en 1]
        error: the catalog has no metric `salse`
        hint: near it: `sales`
    "#]],
    );
    for line in [
        "sales by shop limit 0",
        "sales by shop top 0 by sales",
        "sales by shp",
        "sales of shop = 'nowhere'",
        "sales by shop having sales > 200个",
    ] {
        asked.push_str(&place.both(&["query", line]));
    }
    expect![[r#"
        [zh 1]
        错误：`limit 0`：一行也不取，至少写 1
        [en 1]
        error: `limit 0`: asks for nothing; write 1 or more
        [zh 1]
        错误：`top 0`：一行也不取，至少写 1
        [en 1]
        error: `top 0`: asks for nothing; write 1 or more
        [zh 1]
        错误：目录里没有维度 `shp`
        提示：相近的有 `shop`
        [en 1]
        error: the catalog has no dimension `shp`
        hint: near it: `shop`
        [zh 1]
        错误：没有名为 `nowhere` 的门店
        提示：没有相近的；名称和代码都可以写，查询时 `by shop` 列出当前可见的全部
        [en 1]
        error: no Shop is named `nowhere`
        hint: nothing is near it; a key or a name may stand here, and `by shop` in a Query lists all that may be seen
        [zh 1]
        错误：`sales > 200个` 的单位不合：`万元` 与 `个`
        提示：左边以万元计，右边须是同类单位（如 `100万元`）；个换算不成万元
        [en 1]
        error: units do not fit in `sales > 200个`: `万元` and `个`
        hint: the left side is in 万元: write the right side in a unit of that kind, such as `100万元`; 个 cannot be converted to it
    "#]].assert_eq(&asked);
    check(
        &place,
        &["query", "sales by planet"],
        expect![[r#"
            [zh 1]
            错误：目录里没有维度 `planet`
            提示：可用的有 `shop`；全部见 `jinsheng catalog show`
            [en 1]
            error: the catalog has no dimension `planet`
            hint: there are `shop`; `jinsheng catalog show` has all
        "#]],
    );
    check(
        &place,
        &["query", "sales + margin by shop"],
        expect![[r#"
            [zh 1]
            错误：`sales + margin` 的单位不合：`万元` 与 `%`
            提示：左边以万元计，右边须是同类单位（如 `100万元`）；%换算不成万元
            [en 1]
            error: units do not fit in `sales + margin`: `万元` and `%`
            hint: the left side is in 万元: write the right side in a unit of that kind, such as `100万元`; % cannot be converted to it
        "#]],
    );
    check(
        &place,
        &["query", "margin at 2025-09"],
        expect![[r#"
        [zh 1]
        错误：指标 `margin` 是比率类，不能直接汇总
        提示：按 `shop` 分组，或先折叠：mean(margin over shop)
        [en 1]
        error: metric `margin` is a stored rate and cannot be added up
        hint: cut it by `shop`, or fold it: mean(margin over shop)
    "#]],
    );
    check(
        &place,
        &["query", "sales by shop at 2025-09-30"],
        expect![[r#"
        [zh 1]
        错误：指标 `sales` 没有 day 粒度的值
        提示：最细的粒度是 month
        [en 1]
        error: metric `sales` has no value at grain `day`
        hint: the finest grain is `month`
    "#]],
    );
    check(
        &place,
        &["query", "margin:ttm by shop"],
        expect![[r#"
        [zh 1]
        错误：指标 `margin` 不是流量，没有累计、单期、TTM 之分
        [en 1]
        error: metric `margin` is no flow and has no forms
    "#]],
    );
    check(
        &place,
        &["query", "sales of shop = '城南店'"],
        expect![[r#"
            [zh 1]
            错误：没有名为 `城南店` 的门店
            提示：候选：012 城北店
            [en 1]
            error: no Shop is named `城南店`
            hint: candidates: 012 城北店
        "#]],
    );
    check(
        &place,
        &["query", "none.json"],
        expect![[r#"
        [zh 1]
        错误：无法读取 `none.json`：不存在
        提示：检查路径
        [en 1]
        error: failed to read `none.json`: it does not exist
        hint: check the path
    "#]],
    );
    place.write("bad.json", "{\"items\": []}");
    check(
        &place,
        &["query", "bad.json"],
        expect![[r#"
        [zh 1]
        错误：第 1 个字符：此处应为指标、数字或函数，却是结尾
        提示：写法示例：revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
        [en 1]
        error: column 1: expected a metric, a number or a function, found the end
        hint: for example: revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
    "#]],
    );
    place.write("worse.json", "{\"item\": 1}");
    check(
        &place,
        &["query", "worse.json"],
        expect![[r#"
        [zh 1]
        错误：`worse.json` 不是查询：第 1 行第 7 列：没有字段 `item`，可用的有 `items`、`by`、`of`、`where`、`periods`、`having`、`top`、`order`、`limit`
        提示：JSON 形式与一行形式内容相同；`jinsheng query --json 'LINE'` 的 query 字段即是
        [en 1]
        error: `worse.json` is no Query: line 1 column 7: unknown field `item`, expected one of `items`, `by`, `of`, `where`, `periods`, `having`, `top`, `order`, `limit`
        hint: the field `query` of `jinsheng query --json 'LINE'` shows the form
    "#]],
    );
    let long = "(".repeat(30_000);
    check(
        &place,
        &["query", &long],
        expect![[r#"
        [zh 1]
        错误：查询过长或嵌套过深（至多 20000 个字符、48 层）
          …((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((…
                                                                       ^
        提示：写法示例：revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
        [en 1]
        error: the query is too long or too deep (at most 20000 characters, 48 levels)
          …((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((…
                                                                       ^
        hint: for example: revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue
    "#]],
    );
    let project = Place::project();
    check(
        &project,
        &["query", "sales"],
        expect![[r#"
        [zh 1]
        错误：项目还没有目录：`[DIR]/catalog` 中没有 .yaml 文件
        提示：先用 `jinsheng data add` 导入数据，再用 `jinsheng catalog infer` 起草
        [en 1]
        error: the project has no catalog: `[DIR]/catalog` holds no .yaml file
        hint: import data with `jinsheng data add`, then draft one with `jinsheng catalog infer`
    "#]],
    );
}
