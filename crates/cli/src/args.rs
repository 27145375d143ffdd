//! The command line: commands and options with their English texts; `zh` holds the Chinese ones.

mod usage;
mod zh;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jinsheng_core::Lang;

pub use usage::usage_error;
pub use zh::command;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "jinsheng",
    version,
    about = "Answers from a bank's own data, each number with its evidence",
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = true,
    subcommand_required = true
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Project folder [default: the nearest folder upwards that holds jinsheng.toml]
    #[arg(long, global = true, value_name = "DIR")]
    pub project: Option<PathBuf>,
    /// Language of all texts: zh or en [default: from jinsheng.toml, then from the locale]
    #[arg(
        long,
        global = true,
        value_name = "LANG",
        value_enum,
        hide_possible_values = true
    )]
    pub lang: Option<LangArg>,
    /// One JSON document on standard output instead of text, errors included
    #[arg(long, global = true)]
    pub json: bool,
    /// Results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Also say what is read and how long it takes
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Colour: auto, always or never [default: auto, which is never with NO_COLOR or without a terminal]
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorArg::Auto, hide_possible_values = true, hide_default_value = true)]
    pub color: ColorArg,
    /// Show this help
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    pub help: Option<bool>,
    /// Show the version
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    pub version: Option<bool>,
}

/// Language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Self {
        match arg {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new project folder
    Init(InitArgs),
    /// Import files and look at what they hold
    #[command(subcommand, arg_required_else_help = true)]
    Data(DataCommand),
    /// Say what the data mean: entities, dimensions, metrics
    #[command(subcommand, arg_required_else_help = true)]
    Catalog(CatalogCommand),
    /// Answer questions in Chinese or English; without questions, a prompt
    Ask(AskArgs),
    /// Run a Query and show rows with units and evidence
    Query(QueryArgs),
    /// Settings of the project
    #[command(subcommand, arg_required_else_help = true)]
    Config(ConfigCommand),
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder to make; it must not exist, or be empty
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Fill it with a fictional bank and market
    #[arg(long)]
    pub demo: bool,
    /// Seed of the fictional data: the same seed gives the same data [default: 20260930]
    #[arg(long, value_name = "N", requires = "demo")]
    pub seed: Option<u64>,
}

/// `data …`
#[derive(Debug, Subcommand)]
pub enum DataCommand {
    /// Import CSV, TSV, JSON lines, Parquet, XLSX, XLS or SQLite files; each whole or not at all
    Add(DataAddArgs),
    /// List the sources
    List,
    /// Show types, units, missing values, ranges and samples of a source or table
    Show(DataShowArgs),
    /// Look for what makes numbers wrong: duplicates, placeholders, broken identities
    Check(DataCheckArgs),
    /// Remove a source
    Remove(DataRemoveArgs),
}

/// Options of `data add`.
#[derive(Debug, Args)]
pub struct DataAddArgs {
    /// Files to import
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Name of the source; replaces the source of that name [default: the file's name]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Only this sheet of a workbook
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
    /// Text encoding, such as utf-8 or gb18030 [default: found by looking]
    #[arg(long, value_name = "ENCODING")]
    pub encoding: Option<String>,
    /// Delimiter of a text file: one character, or tab [default: found by looking]
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,
    /// Rows above the header that are not part of the table [default: 0]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub skip_rows: u64,
    /// Leave columns that are periods (2022, 2023) as they are, instead of making rows of them
    #[arg(long)]
    pub keep_columns: bool,
}

/// Options of `data show`.
#[derive(Debug, Args)]
pub struct DataShowArgs {
    /// Source or table
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Options of `data check`.
#[derive(Debug, Args)]
pub struct DataCheckArgs {
    /// Source or table [default: all]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Also compare with this source and list where the two disagree
    #[arg(long, value_name = "OTHER", requires = "name")]
    pub against: Option<String>,
    /// Columns that find a row, separated by commas; LEFT=RIGHT where the other table names one otherwise [default: guessed]
    #[arg(long, value_name = "COLUMNS", requires = "name", value_delimiter = ',')]
    pub key: Vec<String>,
    /// End with exit code 3 when something is found that makes or may make numbers wrong
    #[arg(long)]
    pub strict: bool,
}

/// Options of `data remove`.
#[derive(Debug, Args)]
pub struct DataRemoveArgs {
    /// Source
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Only say what would be removed
    #[arg(long)]
    pub dry_run: bool,
}

/// `catalog …`
#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// Draft the catalog from the imported tables
    Infer(CatalogInferArgs),
    /// Check every definition, and run every metric
    Check,
    /// List the metrics, or explain one
    Show(CatalogShowArgs),
    /// Compare with another version: what changed, and whose answers change
    Diff(CatalogDiffArgs),
}

/// Options of `catalog infer`.
#[derive(Debug, Args)]
pub struct CatalogInferArgs {
    /// Data dictionary: XLSX, XLS, CSV or Markdown
    #[arg(long, value_name = "FILE")]
    pub dictionary: Option<PathBuf>,
    /// Overwrite the draft although it was edited; the old one is kept as inferred.yaml.bak
    #[arg(long)]
    pub force: bool,
    /// Only show the draft
    #[arg(long)]
    pub dry_run: bool,
}

/// Options of `catalog show`.
#[derive(Debug, Args)]
pub struct CatalogShowArgs {
    /// Metric by name, label or synonym
    #[arg(value_name = "METRIC")]
    pub metric: Option<String>,
}

/// Options of `catalog diff`.
#[derive(Debug, Args)]
pub struct CatalogDiffArgs {
    /// The other version: a catalog file, a folder of them, or a project folder
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
}

/// Options of `ask`.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// Turns of one conversation
    #[arg(value_name = "TURN")]
    pub turns: Vec<String>,
    /// Ask in a role of access.yaml
    #[arg(long = "as", value_name = "ROLE")]
    pub role: Option<String>,
    /// Also show the Queries as SQL: postgres or sqlite
    #[arg(long, value_name = "DIALECT", value_enum, hide_possible_values = true)]
    pub sql: Option<DialectArg>,
    /// Also show where each number comes from
    #[arg(long)]
    pub evidence: bool,
    /// Conversations from a file of JSON lines, or - for standard input; answers as JSON lines
    #[arg(long, value_name = "FILE", conflicts_with = "turns")]
    pub batch: Option<PathBuf>,
}

/// Options of `query`.
#[derive(Debug, Args)]
pub struct QueryArgs {
    /// The Query in one line, a .json file with it, or - for standard input
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    pub query: String,
    /// Ask in a role of access.yaml
    #[arg(long = "as", value_name = "ROLE")]
    pub role: Option<String>,
    /// Also show the Query as SQL: postgres or sqlite
    #[arg(long, value_name = "DIALECT", value_enum, hide_possible_values = true)]
    pub sql: Option<DialectArg>,
    /// Also show where each number comes from
    #[arg(long)]
    pub evidence: bool,
}

/// SQL dialect on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DialectArg {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// `config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show each setting and where it comes from
    Show,
}
