//! `jinsheng config show`.

use jinsheng_api::{ConfigShown, InstitutionField, SettingView};
use jinsheng_core::Lang;

use crate::config::{Origin, Setting};
use crate::failure::{CliError, Exit};
use crate::institution::{self, Institution};
use crate::printer::Printer;
use crate::project::Project;
use crate::show::table::{Align, table};

/// Shows each setting and where it comes from.
///
/// # Errors
/// When `institution.toml` is wrong.
pub(super) fn show(project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let settings = &project.settings;
    let language = settings.language.value.pick("zh", "en");
    let views = vec![
        view("language", language, &settings.language),
        view("rows", settings.rows.value, &settings.rows),
        view("threads", settings.threads.value, &settings.threads),
    ];
    let path = project.root.join(institution::FILE);
    let fields = if path.is_file() {
        Institution::read(&path)?.fields()
    } else {
        Vec::new()
    };
    if printer.json {
        let institution = fields
            .into_iter()
            .map(|(name, value, filled)| InstitutionField {
                name: name.to_owned(),
                value,
                filled,
            })
            .collect();
        let project = project.root.display().to_string();
        printer.document(ConfigShown {
            project,
            settings: views,
            institution,
        })?;
        return Ok(Exit::Done);
    }
    let column = |zh: &str, en: &str| (printer.pick(zh, en).to_owned(), Align::Left);
    let header = [
        column("设置", "setting"),
        column("值", "value"),
        column("来源", "from"),
    ];
    let rows = views.iter().map(|view| {
        vec![
            view.name.clone(),
            view.value.clone(),
            origin_words(view, printer.lang),
        ]
    });
    printer.result(table(&header, rows.collect()))?;
    if fields.is_empty() {
        printer.warn(printer.pick("没有 institution.toml", "there is no institution.toml"));
        return Ok(Exit::Done);
    }
    let header = [column("机构", "institution"), column("值", "value")];
    let rows = fields
        .iter()
        .map(|(name, value, _)| vec![(*name).to_owned(), value.clone()])
        .collect();
    printer.result(table(&header, rows))?;
    let open: Vec<&str> = fields
        .iter()
        .filter(|(.., filled)| !filled)
        .map(|(name, ..)| *name)
        .collect();
    if !open.is_empty() {
        let list = open.join(", ");
        printer.warn(printer.pick(
            format!("institution.toml 尚有 {} 项待填写：{list}", open.len()),
            format!("institution.toml still lacks {} value(s): {list}", open.len()),
        ));
    }
    Ok(Exit::Done)
}

fn view<T>(name: &str, value: impl ToString, setting: &Setting<T>) -> SettingView {
    let (origin, place) = match &setting.origin {
        Origin::Flag(flag) => ("flag", (*flag).to_owned()),
        Origin::Environment(variable) => ("environment", (*variable).to_owned()),
        Origin::File(path) => ("file", path.display().to_string()),
        Origin::Locale(variable) => ("locale", (*variable).to_owned()),
        Origin::Default => ("default", String::new()),
    };
    SettingView {
        name: name.to_owned(),
        value: value.to_string(),
        origin: origin.to_owned(),
        place,
    }
}

fn origin_words(view: &SettingView, lang: Lang) -> String {
    let word = match view.origin.as_str() {
        "flag" => lang.pick("选项", "option"),
        "environment" => lang.pick("环境变量", "variable"),
        "file" => lang.pick("文件", "file"),
        "locale" => lang.pick("系统区域设置", "locale"),
        _ => lang.pick("默认值", "default"),
    };
    if view.place.is_empty() {
        word.to_owned()
    } else {
        format!("{word} {}", view.place)
    }
}
