//! The executor for a root: a host that is not running, mounted or unpacked somewhere. This
//! machine's dnf exchanges the packages, by a stored transaction of exactly those of the
//! plan; commands run inside the root.

mod command;
mod database;
mod dnf;
mod links;

use std::io;
use std::path::{Path, PathBuf};

use super::executor::{Act, Executor, Found, Intent, StepError, Task};
use super::files::Files;
use super::journal::Outcome;
use super::packages::{self, Names, after, before, differences};
use crate::host::{self, Host as _};
use crate::model::Release;
use crate::plan::step::Check;
use crate::plan::{Action, Phase, Plan, Step};
use crate::snapshot::capture;
use crate::snapshot::format::machine;

/// What tells hosts apart.
const MACHINE: &str = "/etc/machine-id";

/// Carries a plan out on a root.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    files: Files,
    host: host::Root,
}

impl Root {
    /// Opens a root.
    ///
    /// # Errors
    ///
    /// Where it is no directory, or cannot be reached.
    pub fn open(path: &Path) -> io::Result<Self> {
        let path = std::fs::canonicalize(path)?;
        Ok(Self { files: Files::open(&path)?, host: host::Root::open(&path)?, path })
    }

    /// The packages that are installed.
    fn installed(&self) -> Result<Names, StepError> {
        let packages = capture::installed(&self.host)
            .map_err(|error| StepError::of(self.path.display(), error))?;
        Ok(packages::installed(&packages))
    }

    /// The release the root tells to be of.
    pub(super) fn release(&self) -> Option<Release> {
        capture::release(&self.host)
    }

    /// The running kernel, where the root is this machine's.
    pub(super) fn uname(&self) -> Option<host::Uname> {
        (self.path == Path::new("/")).then(|| host::Live::new().uname()).flatten()
    }

    /// Runs a command of this machine.
    pub(super) fn run(&self, words: &[String], task: &mut Task<'_>) -> Result<(), StepError> {
        command::run(words, Path::new(command::HOME), task.say)
    }

    /// In what the root differs from what the plan was made for: packages, and files that it
    /// edits.
    pub(super) fn changed(&self, plan: &Plan) -> Result<Vec<String>, StepError> {
        let mut drift = differences(&before(plan), &self.installed()?);
        let known = plan.baseline.as_ref().and_then(|baseline| baseline.machine.as_ref());
        let id = self.files.read(MACHINE).map_err(|error| StepError::of(MACHINE, error))?;
        let id = id.and_then(|id| machine(&String::from_utf8_lossy(&id)));
        if known.zip(id).is_some_and(|(known, is)| *known != is) {
            drift.insert(0, format!("it is another machine, by its {MACHINE}"));
        }
        for step in plan.steps() {
            if let Action::Edit { path, before: Some(before), .. } = &step.action {
                let now = self.files.digest(path).map_err(|error| StepError::of(path, error))?;
                let result = step.action.result();
                if now.as_ref() != Some(before) && now != result {
                    drift.push(format!("{path} was changed"));
                }
            }
        }
        Ok(drift)
    }

    /// What this machine's rpm says to be the form of its package database.
    fn backend(&self) -> Result<String, StepError> {
        let words = ["rpm", "--eval", "%{_db_backend}"].map(str::to_owned);
        let mut said = String::new();
        command::run(&words, Path::new(command::HOME), &mut |line| said.push_str(line.trim()))?;
        Ok(said)
    }

    /// Words of a command that is run inside the root.
    pub(super) fn inside(&self, words: &[String]) -> Act {
        let root = self.path.display().to_string();
        let way = if root == "/" { Vec::new() } else { vec!["chroot".to_owned(), root] };
        Act::Run([&way[..], words].concat())
    }

    fn command(&self, words: &[&str]) -> Intent {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        Intent::Do(vec![self.inside(&words)])
    }

    /// What a step comes to, whatever it depends on.
    pub(super) fn act(&self, plan: &Plan, step: &Step) -> Intent {
        let one = |act| Intent::Do(vec![act]);
        match &step.action {
            Action::Command { command } => one(self.inside(command)),
            Action::Edit { path, before, edits, .. } => {
                one(Act::Edit { path: path.clone(), before: before.clone(), edits: edits.clone() })
            }
            Action::Write { path, content } | Action::Repositories { path, content, .. } => {
                one(Act::Put { path: path.clone(), content: content.clone() })
            }
            Action::Copy { from, to } => one(Act::Copy { from: from.clone(), to: to.clone() }),
            Action::Delete { path } => one(Act::Remove { path: path.clone() }),
            Action::ImportKey { address, .. } => self.import(address),
            Action::Modules { reset, enable } => Intent::Do(self.modules(plan, reset, enable)),
            Action::Transaction { .. } => Intent::Do(self.transaction(plan)),
            Action::Service { unit, enabled } => {
                let root = self.path.display().to_string();
                let word = if *enabled { "enable" } else { "disable" };
                let words = ["systemctl", "--root", &root, word, unit];
                one(Act::Run(words.map(str::to_owned).to_vec()))
            }
            Action::KernelArgument { argument, present } => {
                let word = if *present { "--args" } else { "--remove-args" };
                let kernel = plan.target_kernel().map_or_else(
                    || "DEFAULT".to_owned(),
                    |kernel| format!("/boot/vmlinuz-{kernel}"),
                );
                self.command(&["grubby", "--update-kernel", &kernel, word, argument])
            }
            Action::BootEntry { kernel } => {
                self.command(&["grubby", "--set-default", &format!("/boot/vmlinuz-{kernel}")])
            }
            Action::Check { .. } => one(Act::Look(step.action.to_string())),
            Action::Reboot => {
                Intent::Leave("a root is not running; start the host when all is done".to_owned())
            }
            Action::Provide { .. } | Action::Other { .. } => Intent::Leave(step.action.to_string()),
        }
    }

    fn look(&self, plan: &Plan, check: &Check) -> Result<Outcome, StepError> {
        match check {
            Check::Host => agree(&before(plan), &self.installed()?),
            Check::Packages => agree(&after(plan), &self.installed()?),
            Check::Room { mount, bytes } => {
                let space = self.host.space(mount);
                match space {
                    Ok(space) if space.available < *bytes => {
                        let (has, needs) = (space.available >> 20, bytes.div_ceil(1 << 20));
                        Err(StepError::of(mount, format!("{has} MiB are free, {needs} are needed")))
                    }
                    _ => Ok(Outcome::Unchanged),
                }
            }
        }
    }
}

impl Executor for Root {
    fn name(&self) -> &'static str {
        "root"
    }

    fn files(&self) -> &Files {
        &self.files
    }

    fn drift(&mut self, plan: &Plan) -> Result<Vec<String>, StepError> {
        database::fits(&self.files, &self.backend()?)?;
        self.changed(plan)
    }

    fn intent(&self, plan: &Plan, step: &Step) -> Intent {
        if step.for_leapp {
            return Intent::Do(Vec::new());
        }
        if let Some(condition) = &step.condition {
            return Intent::Leave(format!("{}, if {condition}", step.action));
        }
        if plan.phase(step) == Some(Phase::FirstBoot) {
            return Intent::Leave(format!("{}, when the target has started", step.action));
        }
        self.act(plan, step)
    }

    fn undoing(&self, _: &Plan, command: &[String]) -> Intent {
        Intent::Do(vec![self.inside(command)])
    }

    fn perform(&mut self, task: &mut Task<'_>, act: &Act) -> Result<Outcome, StepError> {
        match (act, &task.step.action) {
            (Act::Run(words), Action::Transaction { .. })
                if words.contains(&"replay".to_owned()) =>
            {
                self.exchange(task, words)
            }
            (Act::Run(words), Action::Transaction { .. }) => {
                self.run_dnf(task, words).map(|()| Outcome::Unchanged)
            }
            (Act::Run(words), Action::Modules { .. }) => {
                self.run_dnf(task, words).map(|()| Outcome::Changed)
            }
            (Act::Run(words), action) => {
                if matches!(action, Action::ImportKey { .. }) {
                    self.stays_inside()?;
                    self.key_stays_inside(words)?;
                }
                self.run(words, task).map(|()| Outcome::Changed)
            }
            (Act::Look(_), Action::Check { check }) => self.look(task.plan, check),
            (Act::Look(_), Action::Transaction { .. }) => self.same_metadata(task.plan),
            _ => Err(StepError("nobody knows how".to_owned())),
        }
    }

    fn found(&mut self, plan: &Plan, step: &Step) -> Result<Found, StepError> {
        if step.for_leapp {
            return Ok(Found::NotDone);
        }
        if !matches!(step.action, Action::Transaction { .. }) {
            let why = "nobody can tell whether it happened";
            return Ok(Found::Unknown(why.to_owned()));
        }
        let (found, before, after) = (self.installed()?, before(plan), after(plan));
        if found == after {
            return Ok(Found::Done);
        }
        // What is neither of before nor of afterwards came from somebody else.
        let strange = found.iter().find(|name| !before.contains(*name) && !after.contains(*name));
        let lost = before.intersection(&after).find(|name| !found.contains(*name));
        Ok(match (strange, lost) {
            (None, None) => Found::NotDone,
            (Some(one), _) => Found::Unknown(format!("{one} is neither of before nor planned")),
            (_, Some(one)) => Found::Unknown(format!("{one} was to stay, and is gone")),
        })
    }
}

fn agree(wanted: &Names, found: &Names) -> Result<Outcome, StepError> {
    match differences(wanted, found).as_slice() {
        [] => Ok(Outcome::Unchanged),
        [one] => Err(StepError(one.clone())),
        [first, rest @ ..] => Err(StepError(format!("{first}; and {} more", rest.len()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::testing::TempDir;
    use crate::plan::{Stage, testing};

    fn steps() -> Vec<Step> {
        let step = |id: &str, action: Action| Step {
            condition: Some("it rains".to_owned()),
            for_leapp: true,
            ..testing::step(id, action)
        };
        vec![
            step("command", Action::Command { command: vec!["false".to_owned()] }),
            step("other", Action::Other { what: "think".to_owned() }),
        ]
    }

    #[test]
    fn what_only_leapp_needs_is_nobodys_to_do_whatever_it_depends_on() {
        let directory = TempDir::new("root-for-leapp");
        let mut root = Root::open(directory.path()).unwrap();
        let mut plan = testing::plan();
        for phase in [Phase::Before, Phase::FirstBoot] {
            plan.stages = vec![Stage { phase, steps: steps() }];
            for step in plan.steps() {
                assert_eq!(root.intent(&plan, step), Intent::Do(Vec::new()), "{step:?}");
                assert_eq!(root.found(&plan, step).unwrap(), Found::NotDone);
                let others = Step { for_leapp: false, ..step.clone() };
                let asked = root.intent(&plan, &others);
                assert_eq!(asked, Intent::Leave(format!("{}, if it rains", step.action)));
            }
        }
    }
}
