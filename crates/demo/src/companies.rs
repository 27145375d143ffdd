//! The fictional listed companies: who they are. Their figures are made in [`crate::statements`].
//!
//! Names are fixed and do not depend on the seed, so that examples in documents stay true. They are invented;
//! a test compares them with the names of real listed companies where that list is at hand.

use jiff::civil::{Date, date};

use crate::calendar::{plus_days, workday};
use crate::rng::Rng;
use crate::sheet::{Column, Sheet, col};

/// One authored line: short name, full name, English name, nickname, pinyin initials, region.
type Name = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// How large a company is among its industry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Small,
    Any,
}

use Size::{Any, Small};

/// Six companies of one industry.
struct Group {
    industry: &'static str,
    /// Where each company's gross margin lies within the industry's range, in thousandths: spirits high, grain low.
    margins: [i64; 6],
    /// How large each company is among its industry: a grower of tea is no maker of cooking oil.
    sizes: [Size; 6],
    names: [Name; 6],
}

#[rustfmt::skip]
const GROUPS: [Group; 10] = [
    Group { industry: "食品饮料", margins: [450, 960, 330, 60, 380, 760], sizes: [Any, Any, Any, Any, Any, Small], names: [
        ("禾澜食品", "禾澜食品股份有限公司", "Helan Foods Co., Ltd.", "禾小澜", "hlsp", "浙江"),
        ("稷泉酒业", "四川稷泉酒业股份有限公司", "Jiquan Spirits Co., Ltd.", "稷泉坊", "jqjy", "四川"),
        ("牧溪乳业", "牧溪乳业集团股份有限公司", "Muxi Dairy Group Co., Ltd.", "溪牧奶", "mxry", "内蒙古"),
        ("椿田粮油", "椿田粮油股份有限公司", "Chuntian Grain and Oil Co., Ltd.", "椿田家", "ctly", "黑龙江"),
        ("鲜屿海味", "福建鲜屿海味股份有限公司", "Xianyu Seafood Co., Ltd.", "海味岛", "xyhw", "福建"),
        ("茗岫茶业", "茗岫茶业股份有限公司", "Mingxiu Tea Co., Ltd.", "茗茶岫", "mxcy", "云南"),
    ] },
    Group { industry: "医药生物", margins: [620, 520, 430, 850, 640, 480], sizes: [Any, Any, Any, Any, Small, Any], names: [
        ("杏砚药业", "杏砚药业股份有限公司", "Xingyan Pharmaceutical Co., Ltd.", "小杏砚", "xyyy", "江苏"),
        ("脉澄医疗", "脉澄医疗器械股份有限公司", "Maicheng Medical Devices Co., Ltd.", "澄医械", "mcyl", "广东"),
        ("岐峦制药", "岐峦制药集团股份有限公司", "Qiluan Pharma Group Co., Ltd.", "岐老药", "qlzy", "山东"),
        ("苓川生物", "苓川生物技术股份有限公司", "Lingchuan Biotech Co., Ltd.", "苓生技", "lcsw", "上海"),
        ("泓问诊断", "泓问诊断技术股份有限公司", "Hongwen Diagnostics Co., Ltd.", "泓诊", "hwzd", "湖北"),
        ("参陌中药", "吉林参陌中药股份有限公司", "Shenmo Herbal Medicine Co., Ltd.", "参陌堂", "smzy", "吉林"),
    ] },
    Group { industry: "电子", margins: [850, 350, 500, 300, 550, 620], sizes: [Any; 6], names: [
        ("砾芯微电", "砾芯微电子股份有限公司", "Lixin Microelectronics Co., Ltd.", "砾小芯", "lxwd", "上海"),
        ("屏岚光电", "屏岚光电科技股份有限公司", "Pinglan Optoelectronics Co., Ltd.", "岚屏", "plgd", "安徽"),
        ("玑渚科技", "玑渚科技股份有限公司", "Jizhu Technology Co., Ltd.", "渚玑", "jzkj", "江苏"),
        ("栎町电子", "栎町电子股份有限公司", "Liting Electronics Co., Ltd.", "栎电", "ltdz", "广东"),
        ("频谷通导", "频谷通导电子股份有限公司", "Pingu Wireless Components Co., Ltd.", "频谷家", "pgtd", "陕西"),
        ("矽澜材料", "矽澜材料股份有限公司", "Xilan Materials Co., Ltd.", "矽材哥", "xlcl", "湖南"),
    ] },
    Group { industry: "计算机", margins: [750, 380, 600, 500, 680, 320], sizes: [Any; 6], names: [
        ("算岭软件", "算岭软件股份有限公司", "Suanling Software Co., Ltd.", "算岭家", "slrj", "北京"),
        ("码汀信息", "码汀信息技术股份有限公司", "Mating Information Technology Co., Ltd.", "码小汀", "mtxx", "浙江"),
        ("云槐数据", "云槐数据股份有限公司", "Yunhuai Data Co., Ltd.", "槐数", "yhsj", "贵州"),
        ("简舫科技", "简舫科技股份有限公司", "Jianfang Technology Co., Ltd.", "简小舫", "jfkj", "广东"),
        ("枢墨智能", "枢墨智能股份有限公司", "Shumo Intelligence Co., Ltd.", "墨枢", "smzn", "北京"),
        ("卷舒网络", "卷舒网络科技股份有限公司", "Juanshu Networks Co., Ltd.", "舒网", "jswl", "四川"),
    ] },
    Group { industry: "电力设备", margins: [300, 450, 550, 400, 620, 850], sizes: [Any; 6], names: [
        ("曜禾新能", "曜禾新能源股份有限公司", "Yaohe New Energy Co., Ltd.", "曜光伏", "yhxn", "江苏"),
        ("岑光储能", "岑光储能技术股份有限公司", "Cenguang Energy Storage Co., Ltd.", "岑储", "cgcn", "广东"),
        ("锂渊科技", "锂渊科技股份有限公司", "Liyuan Battery Technology Co., Ltd.", "锂大渊", "lykj", "湖北"),
        ("风屿电气", "风屿电气股份有限公司", "Fengyu Electric Co., Ltd.", "风电屿", "fydq", "宁夏"),
        ("槿能变压", "槿能变压器股份有限公司", "Jinneng Transformers Co., Ltd.", "槿变", "jnby", "辽宁"),
        ("绵网电控", "绵网电控股份有限公司", "Mianwang Grid Control Co., Ltd.", "绵电控", "mwdk", "江西"),
    ] },
    Group { industry: "汽车", margins: [350, 450, 800, 250, 500, 550], sizes: [Any, Any, Any, Any, Any, Small], names: [
        ("驰岩汽车", "驰岩汽车集团股份有限公司", "Chiyan Automobile Group Co., Ltd.", "驰岩车厂", "cyqc", "重庆"),
        ("轮渚部件", "轮渚汽车部件股份有限公司", "Lunzhu Auto Parts Co., Ltd.", "轮渚厂", "lzbj", "浙江"),
        ("峤行智驾", "峤行智驾科技股份有限公司", "Qiaoxing Smart Driving Co., Ltd.", "峤智驾", "qxzj", "上海"),
        ("辕野股份", "辕野商用车股份有限公司", "Yuanye Commercial Vehicles Co., Ltd.", "辕大卡", "yygf", "山东"),
        ("稳辙底盘", "稳辙底盘系统股份有限公司", "Wenzhe Chassis Systems Co., Ltd.", "稳底盘", "wzdp", "湖北"),
        ("舆光车灯", "舆光车灯股份有限公司", "Yuguang Auto Lighting Co., Ltd.", "舆灯", "ygcd", "江苏"),
    ] },
    Group { industry: "家用电器", margins: [520, 650, 900, 600, 300, 200], sizes: [Any, Any, Small, Any, Any, Small], names: [
        ("暖汀电器", "暖汀电器股份有限公司", "Nuanting Appliances Co., Ltd.", "暖汀家电", "ntdq", "广东"),
        ("栖家智能", "栖家智能电器股份有限公司", "Qijia Smart Appliances Co., Ltd.", "栖智家", "qjzn", "安徽"),
        ("厨岚股份", "厨岚厨房电器股份有限公司", "Chulan Kitchen Appliances Co., Ltd.", "厨岚厨电", "clgf", "浙江"),
        ("净屿环境", "净屿环境电器股份有限公司", "Jingyu Air and Water Appliances Co., Ltd.", "净屿家", "jyhj", "江苏"),
        ("洗砚家电", "洗砚家电股份有限公司", "Xiyan Home Appliances Co., Ltd.", "洗小砚", "xyjd", "山东"),
        ("音榕视听", "音榕视听科技股份有限公司", "Yinrong Audio Visual Co., Ltd.", "榕视听", "yrst", "福建"),
    ] },
    Group { industry: "基础化工", margins: [350, 600, 800, 500, 420, 300], sizes: [Any, Any, Small, Any, Small, Any], names: [
        ("矾陌化工", "矾陌化工股份有限公司", "Fanmo Chemical Co., Ltd.", "矾陌厂", "fmhg", "甘肃"),
        ("榉坞新材", "榉坞新材料股份有限公司", "Juwu New Materials Co., Ltd.", "榉新材", "jwxc", "浙江"),
        ("岭彩涂料", "岭彩涂料股份有限公司", "Lingcai Coatings Co., Ltd.", "彩涂岭", "lctl", "广东"),
        ("氟渚化学", "氟渚化学股份有限公司", "Fuzhu Chemistry Co., Ltd.", "氟渚厂", "fzhx", "江苏"),
        ("膜川材料", "膜川高分子材料股份有限公司", "Mochuan Polymer Films Co., Ltd.", "川膜", "mccl", "四川"),
        ("沃壤农化", "沃壤农化股份有限公司", "Worang Agrochemicals Co., Ltd.", "壤农化", "wrnh", "山东"),
    ] },
    Group { industry: "机械设备", margins: [350, 550, 920, 300, 650, 600], sizes: [Any; 6], names: [
        ("铆岩重工", "铆岩重工股份有限公司", "Maoyan Heavy Industry Co., Ltd.", "铆大工", "myzg", "湖南"),
        ("衡轴精工", "衡轴精工股份有限公司", "Hengzhou Precision Co., Ltd.", "衡小轴", "hzjg", "辽宁"),
        ("刻岑仪器", "刻岑仪器股份有限公司", "Kecen Instruments Co., Ltd.", "刻仪器", "kcyq", "上海"),
        ("塔陌机械", "塔陌工程机械股份有限公司", "Tamo Construction Machinery Co., Ltd.", "塔陌塔吊", "tmjx", "湖南"),
        ("渠桥液压", "渠桥液压股份有限公司", "Quqiao Hydraulics Co., Ltd.", "渠液压", "qqyy", "江苏"),
        ("榫达智造", "榫达智造装备股份有限公司", "Sunda Smart Manufacturing Co., Ltd.", "榫小达", "sdzz", "广东"),
    ] },
    Group { industry: "商贸零售", margins: [700, 560, 480, 900, 620, 60], sizes: [Any; 6], names: [
        ("集澜百货", "集澜百货股份有限公司", "Jilan Department Stores Co., Ltd.", "集百货", "jlbh", "北京"),
        ("邻榆便利", "邻榆便利连锁股份有限公司", "Linyu Convenience Co., Ltd.", "邻小榆", "lybl", "上海"),
        ("棠市生鲜", "棠市生鲜超市股份有限公司", "Tangshi Fresh Markets Co., Ltd.", "棠鲜", "tssx", "福建"),
        ("海棹免税", "海棹免税品股份有限公司", "Haizhao Duty Free Co., Ltd.", "海棹店", "hzms", "海南"),
        ("衣渚电商", "衣渚电子商务股份有限公司", "Yizhu E-Commerce Co., Ltd.", "衣渚网", "yzds", "浙江"),
        ("通埠供应", "通埠供应链股份有限公司", "Tongbu Supply Chain Co., Ltd.", "通埠链", "tbgy", "天津"),
    ] },
];

/// Fictional exchanges; the first lists codes that begin with a zero.
const EXCHANGES: [(&str, i64); 2] = [("西岭证券交易所", 99_500), ("东湾证券交易所", 995_300)];

/// A listed company.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    pub(crate) code: String,
    /// Position of its industry among the ten.
    pub(crate) industry: usize,
    /// Where its gross margin lies within the industry's range, in thousandths.
    pub(crate) margin: i64,
    pub(crate) size: Size,
    name: Name,
    industry_name: &'static str,
    exchange: &'static str,
    listed: Date,
}

/// The sixty companies, in the order of their codes within each industry.
pub(crate) fn companies(seed: u64) -> Vec<Company> {
    let mut rng = Rng::stream(seed, "companies", 0);
    let mut next_code = EXCHANGES;
    let mut all = Vec::new();
    for (industry, group) in GROUPS.iter().enumerate() {
        let traits = group.margins.into_iter().zip(group.sizes);
        for (place, (name, (margin, size))) in group.names.iter().zip(traits).enumerate() {
            // Every third company has a code with a leading zero, which imports must keep.
            let [zero, plain] = &mut next_code;
            let (exchange, number) = if place % 3 == 1 { zero } else { plain };
            *number += 1;
            all.push(Company {
                code: format!("{number:06}"),
                industry,
                margin,
                size,
                name: *name,
                industry_name: group.industry,
                exchange,
                listed: workday(plus_days(date(2000, 1, 4), rng.between(0, 7_600))),
            });
        }
    }
    all
}

const COLUMNS: [Column; 11] = [
    col(
        "company_code",
        "公司代码",
        "Company code",
        "",
        "六位文本代码，含前导零；不属于任何真实交易所的代码段",
    ),
    col(
        "short_name",
        "公司简称",
        "Short name",
        "",
        "虚构公司的证券简称，唯一",
    ),
    col("full_name", "公司全称", "Full name", "", "虚构公司的全称，唯一"),
    col(
        "english_name",
        "英文名称",
        "English name",
        "",
        "虚构公司的英文名称，唯一",
    ),
    col("nickname", "公司昵称", "Nickname", "", "投资者口语中的称呼，唯一"),
    col(
        "pinyin_initials",
        "拼音首字母",
        "Pinyin initials",
        "",
        "简称的拼音首字母，小写，唯一",
    ),
    col("industry", "所属行业", "Industry", "", "十个行业之一"),
    col("exchange", "上市交易所", "Exchange", "", "虚构的交易所"),
    col("listed_date", "上市日期", "Listing date", "", "上市首日"),
    col("region", "所在地区", "Region", "", "注册地所在省级地区"),
    col("fiscal_year_end", "会计年度截止", "Fiscal year end", "", "月-日"),
];

/// The table `companies`.
pub(crate) fn sheet(companies: &[Company]) -> Sheet {
    let mut sheet = Sheet::new("companies", COLUMNS.to_vec());
    for company in companies {
        let (short, full, english, nickname, initials, region) = company.name;
        sheet
            .text(&company.code)
            .text(short)
            .text(full)
            .text(english)
            .text(nickname)
            .text(initials);
        sheet
            .text(company.industry_name)
            .text(company.exchange)
            .date(company.listed);
        sheet.text(region).text("12-31").end_row();
    }
    sheet
}
