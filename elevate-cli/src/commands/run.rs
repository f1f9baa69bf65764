//! `elevate run`

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::model::to_json;
use elevate_core::plan::{Phase, Plan, Verdict};
use elevate_core::run::journal::Outcome;
use elevate_core::run::root::Root;
use elevate_core::run::{Executor, Intent, Options, Run as Running, RunError, Summary, Telling};
use elevate_core::run::{preview, refusal};

use super::report::{WaiverArgs, read_with_digest};
use crate::error::CliError;
use crate::{environment, input, output};

/// Carry a plan out
///
/// On a root: a host that is not running, mounted or unpacked somewhere. This machine's dnf
/// exchanges the packages, exactly those of the plan. A journal below the root,
/// /var/lib/elevate/run, says what was done; after a crash --resume goes on.
///
/// Without --yes, and without the rights of root, nothing is changed: it is shown what would
/// be done, word for word.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Run {
    /// The plan, as `elevate plan --format json` writes it
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The root of the host
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do it, and do not ask
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Only the steps of this phase (repeatable)
    #[arg(long, value_enum, value_name = "PHASE")]
    phase: Vec<PhaseName>,
    /// Go on with a run that was interrupted
    #[arg(long)]
    resume: bool,
    /// Take back what a run has done, as long as no packages were exchanged
    #[arg(long, conflicts_with_all = ["resume", "phase", "redo", "assume_done"])]
    undo: bool,
    /// Do this interrupted step again (repeatable)
    #[arg(long, value_name = "STEP", requires = "resume")]
    redo: Vec<String>,
    /// Take this interrupted step for done (repeatable)
    #[arg(long, value_name = "STEP", requires = "resume")]
    assume_done: Vec<String>,
    /// Carry the plan out though facts were missing when it was made
    #[arg(long)]
    accept_incomplete: bool,
    /// Tell what happens as JSON, a line each
    #[arg(long)]
    json_events: bool,
    #[command(flatten)]
    waivers: WaiverArgs,
}

const HELP: &str = "\
Examples:
  elevate run plan.json --root /mnt/sysroot --dry-run
  elevate run plan.json --root /mnt/sysroot --yes
  elevate run plan.json --root /mnt/sysroot --resume --yes
  elevate run plan.json --root /mnt/sysroot --undo --yes

Exit codes:
  0   All steps are done, or left to you and named
  1   A step failed, or the tool; the journal says how far it came
  2   The plan must not be carried out, or the host is not what it was made for
  3   Facts were missing when the plan was made
  64  Wrong usage";

/// A phase of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PhaseName {
    /// Before the host is started for the upgrade
    Prepare,
    /// Right before the transaction
    Before,
    /// Packages are exchanged
    Transaction,
    /// Right after the transaction
    After,
    /// When the target has started for the first time
    FirstBoot,
    /// The result is compared with the plan
    Verify,
}

impl Run {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let (mut plan, digest) = read_with_digest(&self.plan)?;
        self.waivers.apply(&mut plan)?;
        let root = self.root.display();
        let mut executor = Root::open(&self.root)
            .map_err(|error| CliError::failure(format_args!("{root}: {error}")))?;
        let options = self.options();
        if self.dry_run || !environment::is_root() || !self.may_go_on(&plan)? {
            return self.show(&plan, &options, &executor);
        }
        let teller = Teller { json: self.json_events };
        let mut tell = |telling: Telling<'_>| teller.tell(&telling);
        let mut run = Running {
            plan: &plan,
            digest: &digest,
            executor: &mut executor,
            clock: &|| environment::now().unwrap_or_default(),
            tell: &mut tell,
        };
        let failed = |error| failure(&plan, &options, &error);
        if self.undo {
            return run.undo().map_err(failed).map(|kept| undone(&kept));
        }
        let summary = if self.resume { run.resume(&options) } else { run.begin(&options) };
        let summary = summary.map_err(failed)?;
        self.end(&summary);
        Ok(ExitCode::SUCCESS)
    }

    fn options(&self) -> Options {
        let phase = |name: &PhaseName| match name {
            PhaseName::Prepare => Phase::Prepare,
            PhaseName::Before => Phase::Before,
            PhaseName::Transaction => Phase::Transaction,
            PhaseName::After => Phase::After,
            PhaseName::FirstBoot => Phase::FirstBoot,
            PhaseName::Verify => Phase::Verify,
        };
        Options {
            phases: self.phase.iter().map(phase).collect(),
            redo: self.redo.iter().cloned().collect::<BTreeSet<_>>(),
            assume_done: self.assume_done.iter().cloned().collect(),
            accept_incomplete: self.accept_incomplete,
        }
    }

    /// Whether somebody says yes: beforehand, or when asked.
    fn may_go_on(&self, plan: &Plan) -> Result<bool, CliError> {
        if self.yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Ok(false);
        }
        let what = if self.undo { "Take back what was done" } else { "Carry the plan out" };
        let host = plan.hostname.as_deref().unwrap_or("the host");
        let _ = write!(std::io::stderr(), "{what} on {host} in {}? [y/N] ", self.root.display());
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(CliError::failure)?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    /// What would be done.
    fn show(
        &self,
        plan: &Plan,
        options: &Options,
        executor: &dyn Executor,
    ) -> Result<ExitCode, CliError> {
        let refusal = refusal(plan, options);
        let mut text = String::new();
        for (phase, step, intent) in preview(plan, executor) {
            if !options.phases.is_empty() && !options.phases.contains(&phase) {
                continue;
            }
            text += &format!("{}: {}\n", plain(&step.id), plain(&step.why));
            match intent {
                Intent::Leave(why) => text += &format!("  left to you: {}\n", plain(&why)),
                Intent::Do(acts) if acts.is_empty() => text += "  nothing is to be done here\n",
                Intent::Do(acts) => {
                    for act in acts {
                        let lines = act.to_string();
                        lines.lines().for_each(|line| text += &format!("  {}\n", plain(line)));
                    }
                }
            }
        }
        output::data(&text)?;
        output::talk(format_args!("Nothing was changed. --yes does it, as root."));
        Ok(match refusal {
            None => ExitCode::SUCCESS,
            Some(why) => {
                output::talk(format_args!("It would be refused: {why}"));
                ExitCode::from(code(plan, options))
            }
        })
    }

    fn end(&self, summary: &Summary) {
        if self.json_events {
            return;
        }
        output::talk(format_args!("{} steps are done.", summary.done));
        if !summary.left.is_empty() {
            output::talk(format_args!("{} steps are left to you:", summary.left.len()));
        }
        for (step, why) in &summary.left {
            output::talk(format_args!("- {step}: {}", plain(why)));
        }
        if summary.waiting > 0 {
            let name = input::shown(&self.plan);
            let root = self.root.display();
            output::talk(format_args!(
                "{} steps wait for other phases: elevate run {name} --root {root} --resume",
                summary.waiting
            ));
        }
    }
}

/// Tells how a run goes, a line each.
struct Teller {
    json: bool,
}

impl Teller {
    fn tell(&self, telling: &Telling<'_>) {
        if self.json {
            // A reader who went away does not stop the run.
            let line = to_json(telling).map(|json| json.replace('\n', " "));
            let _ = writeln!(std::io::stdout(), "{}", line.unwrap_or_default().trim_end());
            return;
        }
        match telling {
            Telling::Step { step, number, of, what, .. } => {
                output::talk(format_args!("[{number}/{of}] {step}: {}", plain(what)));
            }
            Telling::Output { line, .. } => output::talk(format_args!("    {}", plain(line))),
            Telling::Done { outcome: Outcome::Left { .. }, .. } => {
                output::talk(format_args!("    left to you"));
            }
            Telling::Done { outcome: Outcome::Unchanged, .. } => {
                output::talk(format_args!("    all was as it should be"));
            }
            Telling::Done { outcome: Outcome::Changed, .. } => {}
            Telling::Undone { step } => output::talk(format_args!("{step} is undone")),
            Telling::Note { text } => output::talk(format_args!("note: {text}")),
        }
    }
}

/// A text in one line, with nothing in it that a terminal would act on.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn undone(kept: &[String]) -> ExitCode {
    if kept.is_empty() {
        output::talk(format_args!("All is as it was before."));
        return ExitCode::SUCCESS;
    }
    output::talk(format_args!("Nothing undoes these steps: {}", kept.join(", ")));
    ExitCode::FAILURE
}

/// How a run ends that is refused.
fn code(plan: &Plan, options: &Options) -> u8 {
    let is_incomplete = plan.judged() == Verdict::Incomplete && plan.transaction.is_some();
    if is_incomplete && !options.accept_incomplete { 3 } else { 2 }
}

fn failure(plan: &Plan, options: &Options, error: &RunError) -> CliError {
    let told = CliError::failure(error);
    match error {
        RunError::Refused(_) => told.with_code(code(plan, options)),
        RunError::Drifted(_) => {
            told.with_code(2).hint("plan anew from a snapshot of the host as it is")
        }
        RunError::Begun => told.hint("--resume goes on with it, --undo takes it back"),
        RunError::OtherPlan { .. } => {
            told.hint("use the plan it was begun with, or --undo with it")
        }
        RunError::HalfDone { step, .. } => told
            .hint(format!("look, and say --redo {step} to do it again, or --assume-done {step}")),
        RunError::Step { .. } | RunError::Busy => {
            told.hint("mend it, and go on with --resume; --undo takes back what was done")
        }
        _ => told,
    }
}
