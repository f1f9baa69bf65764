//! `elevate report`, and how every plan is printed.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::finding::{Finding, Severity};
use elevate_core::model::Date;
use elevate_core::plan::edit::digest;
use elevate_core::plan::{Plan, Verdict};
use elevate_core::report::leapp::{self, Schema};
use elevate_core::report::reading::{self, Document};
use elevate_core::report::text::{self, Style};
use elevate_core::report::waivers::Waivers;
use elevate_core::report::{self, Report as Findings};

use crate::error::CliError;
use crate::{environment, input, output};

/// The largest file of waivers, in bytes.
const LARGEST: usize = 1 << 20;

/// Print a plan that was made before
///
/// In any of the formats, and judged anew: waivers are applied, and --fail-on decides how it
/// ends.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Report {
    /// A plan, as `elevate plan --format json` writes it; - for standard input
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    #[command(flatten)]
    how: ReportArgs,
}

const HELP: &str = "\
Examples:
  elevate report plan.json --full | less
  elevate report plan.json --format leapp --report-schema 1.2.0 \\
    -o leapp-report.json
  elevate report plan.json --waivers waivers.toml --fail-on high
  elevate report plan.json --format csv -o packages.csv

Exit codes:
  Those of elevate plan: 0, 1, 2, 3 and 64; --fail-on says what counts.";

/// How a plan is printed and judged.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// How to print the plan
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Which of leapp's schemas its formats follow: 1.0.0, 1.1.0, 1.2.0
    #[arg(long, value_name = "SCHEMA", default_value_t = Schema::V1_1_0)]
    report_schema: Schema,
    #[command(flatten)]
    style: StyleArgs,
    /// Tell what changed since this plan (html; elevate diff tells it too)
    #[arg(long, value_name = "PLAN")]
    before: Option<PathBuf>,
    /// Write to this file, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    waivers: WaiverArgs,
    /// What to end with an exit code other than 0 for. Default: incomplete
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

/// What is set aside.
#[derive(Debug, Args)]
pub(super) struct WaiverArgs {
    /// Set findings aside as this file says (repeatable)
    #[arg(long, value_name = "FILE")]
    waivers: Vec<PathBuf>,
    /// Judge whether waivers have expired as of this day, not today
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
}

/// How a text looks.
#[derive(Debug, Args)]
pub(super) struct StyleArgs {
    /// Tell everything, not only what fits a screen (text)
    #[arg(long)]
    full: bool,
    /// When to use colours (text); NO_COLOR is honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    color: Colour,
}

/// How a plan is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// The plan as one JSON document (elevate schema plan)
    Json,
    /// For a browser: one page that needs nothing but itself
    Html,
    /// The findings without the packages, as JSON (elevate schema report)
    Report,
    /// What leapp writes as leapp-report.json
    Leapp,
    /// What leapp writes as leapp-report.txt
    LeappText,
    /// The decisions in the lists of leapp's own messages, as JSON
    LeappTasks,
    /// leapp's answer file, with the questions of this host
    Answerfile,
    /// What the task of Red Hat Insights prints
    Insights,
    /// JUnit: every check a test
    Junit,
    /// SARIF 2.1.0
    Sarif,
    /// Packages as a table for spreadsheets
    Csv,
    /// Findings as a table for spreadsheets
    CsvFindings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Nothing: always 0, unless the tool fails
    Never,
    /// What forbids the upgrade: 2
    #[value(alias = "blocker")]
    Inhibitor,
    /// That, and missing facts: 3
    Incomplete,
    /// That, and every finding of high severity: 2
    High,
    /// That, and every finding of medium severity: 2
    #[value(alias = "warning")]
    Medium,
}

impl Report {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let plan = read_plan(&self.plan)?;
        self.how.print(plan)
    }
}

/// Reads a plan, which may be compressed.
pub(crate) fn read_plan(path: &Path) -> Result<Plan, CliError> {
    read_with_digest(path).map(|(plan, _)| plan)
}

/// Reads a plan, and gives the SHA-256 of its document.
pub(super) fn read_with_digest(path: &Path) -> Result<(Plan, String), CliError> {
    let json = input::document(path, reading::MAX_BYTES)?;
    let name = input::shown(path);
    let document = Document::read(&json)
        .map_err(|error| CliError::failure(format_args!("{name}: {error}")))?;
    match document {
        Document::Plan(plan) => Ok((*plan, digest(&json))),
        Document::Report(_) => {
            Err(CliError::failure(format_args!("{name}: is a report, not a plan"))
                .hint("elevate plan --format json writes one"))
        }
    }
}

impl ReportArgs {
    /// Sets aside what waivers say, prints, and says how it ends.
    pub(super) fn print(&self, plan: Plan) -> Result<ExitCode, CliError> {
        self.print_and_fail_on(plan, FailOn::Incomplete)
    }

    /// The same with something else to fail on, where nobody says what.
    pub(super) fn print_and_fail_on(
        &self,
        mut plan: Plan,
        fail_on: FailOn,
    ) -> Result<ExitCode, CliError> {
        self.waivers.apply(&mut plan)?;
        let text = self.text(&plan)?;
        deliver(self.output.as_deref(), &text)?;
        let fail_on = self.fail_on.unwrap_or(fail_on);
        Ok(ExitCode::from(fail_on.code(plan.verdict, &plan.findings)))
    }

    /// Whether everything of a plan is asked for.
    pub(super) fn is_whole(&self) -> bool {
        self.format == Format::Json
    }

    fn text(&self, plan: &Plan) -> Result<String, CliError> {
        let before = self.before.as_deref().map(read_plan).transpose()?;
        let schema = self.report_schema;
        Ok(match self.format {
            Format::Text => text::render(plan, self.style.style(self.output.is_some())),
            Format::Json => plan.to_json().map_err(CliError::failure)?,
            Format::Html => report::html::render(plan, before.as_ref()),
            Format::Report => Findings::from(plan).to_json().map_err(CliError::failure)?,
            Format::Leapp => leapp::render(plan, schema).map_err(CliError::failure)?,
            Format::LeappText => leapp::render_text(plan, schema),
            Format::LeappTasks => report::leapp_tasks::render(plan).map_err(CliError::failure)?,
            Format::Answerfile => plan.answer_file(),
            Format::Insights => leapp::insights::render(plan).map_err(CliError::failure)?,
            Format::Junit => report::junit::render(plan).map_err(CliError::failure)?,
            Format::Sarif => report::sarif::render(plan).map_err(CliError::failure)?,
            Format::Csv => report::table::packages(plan).map_err(CliError::failure)?,
            Format::CsvFindings => report::table::findings(plan).map_err(CliError::failure)?,
        })
    }
}

/// Writes to a file where one was named, else to stdout.
pub(super) fn deliver(path: Option<&Path>, text: &str) -> Result<(), CliError> {
    match path {
        Some(path) => output::file(path, text.as_bytes()),
        None => output::data(text),
    }
}

impl StyleArgs {
    /// How a text looks that goes to a file, or to stdout.
    pub(super) fn style(&self, to_file: bool) -> Style {
        let terminal = !to_file && std::io::stdout().is_terminal();
        let colour = match self.color {
            Colour::Auto => terminal && environment::wants_colour(),
            Colour::Always => true,
            Colour::Never => false,
        };
        let width = if terminal { environment::columns() } else { None };
        Style { width: width.unwrap_or(Style::default().width), colour, full: self.full }
    }
}

impl WaiverArgs {
    /// Sets findings of a plan aside.
    pub(super) fn apply(&self, plan: &mut Plan) -> Result<(), CliError> {
        if let Some((waivers, today)) = self.read()? {
            waivers.apply(plan, today);
        }
        Ok(())
    }

    /// What is set aside, and as of which day; `None` where nothing is.
    pub(super) fn read(&self) -> Result<Option<(Waivers, Date)>, CliError> {
        if self.waivers.is_empty() {
            return Ok(None);
        }
        let mut waivers = Waivers::default();
        for path in &self.waivers {
            let name = input::shown(path);
            let failed =
                |error: &dyn std::fmt::Display| CliError::failure(format_args!("{name}: {error}"));
            let text = String::from_utf8(input::read(path, LARGEST)?).map_err(|e| failed(&e))?;
            waivers.extend(Waivers::read(&text).map_err(|error| failed(&error))?);
        }
        let today = || environment::now().map(Date::of);
        let today = self.as_of.or_else(today).ok_or_else(|| {
            CliError::failure("the clock stands before 1970").hint("say the day with --as-of")
        })?;
        Ok(Some((waivers, today)))
    }
}

impl FailOn {
    /// The exit code of a verdict and what was found.
    pub(super) fn code(self, verdict: Verdict, findings: &[Finding]) -> u8 {
        let from = |severity: Severity| findings.iter().any(|f| f.severity <= severity);
        match (self, verdict) {
            (FailOn::Never, _) => 0,
            (_, Verdict::Inhibited) => 2,
            (FailOn::High, _) if from(Severity::High) => 2,
            (FailOn::Medium, _) if from(Severity::Medium) => 2,
            (FailOn::Inhibitor, _) => 0,
            (_, Verdict::Incomplete) => 3,
            (_, Verdict::Ready) => 0,
        }
    }
}
