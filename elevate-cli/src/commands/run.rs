//! `elevate run`

mod teller;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::actor::Actor as _;
use elevate_core::actors;
use elevate_core::plan::{Phase, Plan, Verdict};
use elevate_core::run::leapp::Leapp;
use elevate_core::run::root::Root;
use elevate_core::run::script::Script;
use elevate_core::run::{Executor, Intent, Options, Run as Running, RunError, Summary, Telling};
use elevate_core::run::{preview, refusal};
use teller::{Teller, plain};

use super::report::{WaiverArgs, read_with_digest};
use crate::error::CliError;
use crate::{environment, input, output};

/// Carry a plan out
///
/// With --executor root, on a host that is not running, mounted or unpacked somewhere: this
/// machine's dnf exchanges the packages, exactly those of the plan. With --executor leapp, on
/// the host itself, which has leapp: leapp gets the plan as its own inputs and exchanges the
/// packages when the host is started anew; --resume goes on when the target has started. With
/// --executor script nothing is done: the plan is written into a directory, in every format
/// `elevate export` has.
///
/// A journal below the root or the directory, /var/lib/elevate/run, says what was done; after
/// a crash --resume goes on.
///
/// Without --yes, or without the rights of root, nothing is changed: it is shown what would
/// be done, word for word.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Run {
    /// The plan, as `elevate plan --format json` writes it
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Who carries it out
    #[arg(long, value_enum, value_name = "WHO", default_value = "root")]
    executor: Who,
    /// The root of the host; leapp is on / where none is given
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Where --executor script writes
    #[arg(long, value_name = "DIR", conflicts_with = "root")]
    directory: Option<PathBuf>,
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
  elevate run plan.json --executor leapp --yes
  elevate run plan.json --executor script --directory upgrade --yes

Exit codes:
  0   All steps are done, or left to others and named, or the host has to be started anew
  1   A step failed, or the tool; the journal says how far it came
  2   The plan must not be carried out, or the host is not what it was made for
  3   Facts were missing when the plan was made
  64  Wrong usage";

/// Who carries a plan out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Who {
    /// This machine's dnf, on a root
    Root,
    /// leapp, on the host itself
    Leapp,
    /// Nobody: the plan is written for others
    Script,
}

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
        let place = self.place()?;
        let (mut plan, digest) = read_with_digest(&self.plan)?;
        self.waivers.apply(&mut plan)?;
        let options = self.options();
        let may = environment::is_root() || self.executor == Who::Script;
        let goes = !self.dry_run && may && self.may_go_on(&plan, place)?;
        let mut executor = self.open(place, goes)?;
        let executor = &mut *executor;
        if !goes {
            return self.show(&plan, &options, executor);
        }
        let teller = Teller::new(self.json_events);
        let mut tell = |telling: Telling<'_>| teller.tell(&telling);
        let mut run = Running {
            plan: &plan,
            digest: &digest,
            executor,
            clock: &|| environment::now().unwrap_or_default(),
            tell: &mut tell,
        };
        let failed = |error| failure(&plan, &options, &error);
        if self.undo {
            let kept = run.undo();
            teller.end();
            return kept.map_err(failed).map(|kept| undone(&kept));
        }
        let summary = if self.resume { run.resume(&options) } else { run.begin(&options) };
        teller.end();
        self.end(&summary.map_err(failed)?);
        Ok(ExitCode::SUCCESS)
    }

    /// The root, or the directory that is written to.
    fn place(&self) -> Result<&Path, CliError> {
        match (self.executor, &self.root, &self.directory) {
            (Who::Script, _, Some(directory)) => Ok(directory),
            (Who::Script, _, None) => {
                Err(CliError::usage("--executor script needs --directory DIR, where to write"))
            }
            (_, _, Some(_)) => Err(CliError::usage("--directory is for --executor script")),
            (_, Some(root), None) => Ok(root),
            (Who::Leapp, None, None) => Ok(Path::new("/")),
            (Who::Root, None, None) => {
                Err(CliError::usage("--executor root needs --root DIR, the root of the host"))
            }
        }
    }

    /// Who carries the plan out, or would.
    fn open(&self, place: &Path, goes: bool) -> Result<Box<dyn Executor>, CliError> {
        let failed = |error| CliError::failure(format_args!("{}: {error}", place.display()));
        Ok(match self.executor {
            Who::Root => Box::new(Root::open(place).map_err(failed)?),
            Who::Leapp => {
                let own = actors::ALL.iter().map(|actor| actor.card().id()).collect();
                Box::new(Leapp::open(place, own).map_err(failed)?)
            }
            Who::Script if goes => {
                output::directory(place)?;
                Box::new(Script::open(place).map_err(failed)?)
            }
            // What is only shown is written nowhere.
            Who::Script => Box::new(Script::open(Path::new("/")).map_err(failed)?),
        })
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
    fn may_go_on(&self, plan: &Plan, place: &Path) -> Result<bool, CliError> {
        if self.yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Ok(false);
        }
        let what = if self.undo { "Take back what was done" } else { "Carry the plan out" };
        let host = plan.hostname.as_deref().unwrap_or("the host");
        let _ = write!(std::io::stderr(), "{what} on {host} in {}? [y/N] ", place.display());
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(CliError::failure)?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    /// What would be done.
    fn show(
        &self,
        plan: &Plan,
        options: &Options,
        executor: &mut dyn Executor,
    ) -> Result<ExitCode, CliError> {
        let refusal = refusal(plan, options).map(|why| (why, code(plan, options)));
        let refusal = refusal.or_else(|| Some((self.drift(plan, executor)?, 2)));
        let mut text = String::new();
        for (phase, step, intent) in preview(plan, executor) {
            if !options.phases.is_empty() && !options.phases.contains(&phase) {
                continue;
            }
            text += &format!("{}: {}\n", plain(&step.id), plain(&step.why));
            match intent {
                Intent::Leave(why) => text += &format!("  left: {}\n", plain(&why)),
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
        let way =
            if self.executor == Who::Script { "--yes does it" } else { "--yes does it, as root" };
        output::talk(format_args!("Nothing was changed. {way}."));
        Ok(match refusal {
            None => ExitCode::SUCCESS,
            Some((why, code)) => {
                output::talk(format_args!("It would be refused: {}", plain(&why)));
                ExitCode::from(code)
            }
        })
    }

    /// In what the host is another than the plan was made for, or why that cannot be told. One
    /// of a run that was begun may well be.
    fn drift(&self, plan: &Plan, executor: &mut dyn Executor) -> Option<String> {
        if self.resume || self.undo {
            return None;
        }
        match executor.drift(plan) {
            Ok(drift) if drift.is_empty() => None,
            Ok(drift) => Some(RunError::Drifted(drift).to_string()),
            Err(error) => Some(error.to_string()),
        }
    }

    /// The command that goes on with the run.
    fn again(&self) -> String {
        let mut command = format!("elevate run {}", input::shown(&self.plan));
        match self.executor {
            Who::Root => {}
            Who::Leapp => command += " --executor leapp",
            Who::Script => command += " --executor script",
        }
        for (option, place) in [("--root", &self.root), ("--directory", &self.directory)] {
            if let Some(place) = place {
                command += &format!(" {option} {}", place.display());
            }
        }
        command + " --resume"
    }

    fn end(&self, summary: &Summary) {
        if self.json_events {
            return;
        }
        let steps = |n: usize, one: &str, many: &str| match n {
            1 => format!("1 step {one}"),
            _ => format!("{n} steps {many}"),
        };
        output::talk(format_args!("{}.", steps(summary.done, "is done", "are done")));
        if !summary.left.is_empty() {
            let left = steps(summary.left.len(), "is left", "are left");
            output::talk(format_args!("{left} to you, or to others:"));
        }
        let mut whys: Vec<&str> = Vec::new();
        let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (step, why) in &summary.left {
            let steps = of.entry(why).or_default();
            if steps.is_empty() {
                whys.push(why);
            }
            steps.push(step);
        }
        for why in whys {
            output::talk(format_args!("- {}: {}", of[why].join(", "), plain(why)));
        }
        match &summary.waits {
            Some((step, why)) => {
                let what = format!("{step} goes on elsewhere: {}", plain(why));
                output::talk(format_args!("{what}\nThen: {}", self.again()));
            }
            None if summary.waiting > 0 => {
                let waiting = steps(summary.waiting, "waits", "wait");
                output::talk(format_args!("{waiting} for other phases: {}", self.again()));
            }
            None => {}
        }
    }
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
