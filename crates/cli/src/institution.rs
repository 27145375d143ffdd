//! Who publishes, `institution.toml`: what every published page must name.

use std::path::Path;

use serde::Deserialize;

use crate::config::parse;
use crate::failure::CliError;

/// Name of the file.
pub const FILE: &str = "institution.toml";

/// Begins every value that still has to be filled in.
pub const PLACEHOLDER: &str = "（待填写";

/// The file of a new project.
pub const TEMPLATE: &str = "\
# 机构信息：发布的每一页都要用到。凡写着「（待填写…」的，发布前须填写真实内容。
# The institution: every published page needs it. Replace each value that begins with （待填写 before anything is published.

version = 1
# 机构全称 / full name
name = \"（待填写：机构全称）\"
# 统一社会信用代码，18 位 / unified social credit code
credit_code = \"（待填写：统一社会信用代码）\"
# 业务许可 / licences
licences = [\"（待填写：金融许可证机构编码）\"]
# 客服热线 / hotline
hotline = \"（待填写：客服热线）\"
# 投诉入口：电话、网址或地址 / where complaints go
complaints = \"（待填写：投诉渠道）\"
# 备案号：ICP 备案、算法备案、生成式人工智能服务备案 / filing numbers
[filings]
icp = \"（待填写：ICP 备案号）\"
algorithm = \"（待填写：算法备案号）\"
generative_ai = \"（待填写：生成式人工智能服务备案号）\"
";

/// The file of the demo project. Nothing in it exists.
pub const DEMO: &str = "\
# 机构信息（虚构）：演示用，机构、代码、电话、网址均不存在。
# The institution (fictional): for the demo only; none of this exists.

version = 1
# 机构全称 / full name
name = \"砺川银行股份有限公司（虚构）\"
# 统一社会信用代码：虚构，校验位不成立 / fictional, its check digit does not hold
credit_code = \"00000000DEMO000000\"
# 业务许可 / licences
licences = [\"B0000X000000000（虚构）\"]
# 客服热线：未启用的号段 / an unassigned number
hotline = \"000-0000-0000（虚构）\"
# 投诉入口 / where complaints go
complaints = \"https://complaints.demo-bank.invalid（虚构）\"
# 备案号 / filing numbers
[filings]
icp = \"虚构ICP备00000000号\"
algorithm = \"虚构网信算备000000000000000000000号\"
generative_ai = \"虚构-GenAI-00000000-0000\"
";

/// The institution as written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Version of the format; 1.
    pub version: u32,
    /// Full name.
    pub name: String,
    /// Unified social credit code, 18 characters.
    pub credit_code: String,
    /// Licences.
    pub licences: Vec<String>,
    /// Hotline.
    pub hotline: String,
    /// Where complaints go.
    pub complaints: String,
    /// Filing numbers.
    pub filings: Filings,
}

/// Filing numbers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filings {
    /// ICP filing of the website.
    pub icp: String,
    /// Filing of the algorithm.
    pub algorithm: String,
    /// Filing of the generative AI service.
    pub generative_ai: String,
}

impl Institution {
    /// Reads the file.
    ///
    /// # Errors
    /// [`CliError::Settings`] with the line, [`CliError::Read`].
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(path).map_err(|error| CliError::read(path, error))?;
        let institution: Self = parse(path, &text)?;
        if institution.version != 1 {
            return Err(CliError::Settings {
                path: path.to_owned(),
                why: (
                    "此程序只认识 version = 1".to_owned(),
                    "this program knows version = 1".to_owned(),
                ),
            });
        }
        Ok(institution)
    }

    /// Fields by name; one that still is the placeholder, or empty, is not filled.
    pub fn fields(&self) -> Vec<(&'static str, String, bool)> {
        let licences = self.licences.join("；");
        let fields = [
            ("name", &self.name),
            ("credit_code", &self.credit_code),
            ("licences", &licences),
            ("hotline", &self.hotline),
            ("complaints", &self.complaints),
            ("filings.icp", &self.filings.icp),
            ("filings.algorithm", &self.filings.algorithm),
            ("filings.generative_ai", &self.filings.generative_ai),
        ];
        let filled = |value: &str| !value.trim().is_empty() && !value.contains(PLACEHOLDER);
        fields
            .into_iter()
            .map(|(name, value)| (name, value.clone(), filled(value)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_all_placeholders_and_the_demo_is_marked_as_fictional() {
        let institution: Institution = parse(Path::new(FILE), TEMPLATE).unwrap();
        assert!(institution.fields().iter().all(|(.., filled)| !filled));
        let demo: Institution = parse(Path::new(FILE), DEMO).unwrap();
        assert!(demo.fields().iter().all(|(.., filled)| *filled));
        assert!(demo.name.contains("虚构"));
    }
}
