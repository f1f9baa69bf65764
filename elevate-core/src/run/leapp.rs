//! The executor for a host with leapp: leapp gets the plan as inputs of its own and exchanges
//! the packages, which it does when the host is started anew. Steps of its own actors it does
//! itself; the others are done around it, before it begins and when the target has started.
//!
//! What leapp says of its work is read back into the journal.

mod logs;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::executor::{Act, Executor, Found, Intent, StepError, Task};
use super::files::Files;
use super::journal::Outcome;
use super::root::Root;
use crate::export::{Export, What};
use crate::plan::phases::OWN;
use crate::plan::{Action, Plan, Step};

/// Why a step is left to leapp.
const ITSELF: &str = "leapp does it itself";
/// The program.
const LEAPP: &str = "/usr/bin/leapp";
/// The unit in which leapp ends its work when the target has started.
const LAST_UNIT: &str = "/etc/systemd/system/leapp_resume.service";

/// Carries a plan out with leapp.
#[derive(Debug)]
pub struct Leapp {
    root: Root,
    own: BTreeSet<String>,
}

impl Leapp {
    /// Opens a host: `/`, but for tests. `own` are the actors that leapp has too, each as
    /// `name@version`.
    ///
    /// # Errors
    ///
    /// Where it is no directory, or cannot be reached.
    pub fn open(root: &Path, own: BTreeSet<String>) -> io::Result<Self> {
        Ok(Self { root: Root::open(root)?, own })
    }

    /// Whether leapp's actor of that name asked for a step, not a pack's.
    fn is_of_leapp(&self, plan: &Plan, step: &Step) -> bool {
        let is_its = |id: &&String| {
            id.strip_prefix(&*step.actor).is_some_and(|version| version.starts_with('@'))
        };
        step.actor != OWN
            && plan.provenance.actors.iter().filter(is_its).any(|id| self.own.contains(id))
    }

    fn inside(&self, words: &[&str]) -> Act {
        self.root.inside(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    /// The files leapp is given.
    fn inputs(plan: &Plan) -> Intent {
        match Export::of(plan, What::Leapp, false) {
            Ok(export) => Intent::Do(
                export
                    .files
                    .into_iter()
                    .map(|file| Act::Put { path: format!("/{}", file.path), content: file.content })
                    .collect(),
            ),
            Err(error) => Intent::Leave(error.to_string()),
        }
    }

    /// leapp is started, and waited for.
    fn upgrade(&self, plan: &Plan) -> Intent {
        if !plan.steps().any(|step| matches!(step.action, Action::Repositories { .. })) {
            let why = "the plan does not say where its repositories are, so leapp cannot be told";
            return Intent::Leave(why.to_owned());
        }
        if let Intent::Leave(why) = Self::inputs(plan) {
            return Intent::Leave(why);
        }
        let target = plan.path.target.release.to_string();
        let mut settings = Vec::new();
        let mut options = vec!["--target", &target];
        for option in &plan.provenance.options {
            match option.split_once(' ') {
                Some(("--leapp-env", setting)) if is_setting(setting) => settings.push(setting),
                Some((name @ ("--channel" | "--enablerepo"), value)) if !value.starts_with('-') => {
                    options.extend([name, value]);
                }
                _ => {}
            }
        }
        let with = if settings.is_empty() { vec![] } else { [vec!["env"], settings].concat() };
        let words = [with, vec!["leapp", "upgrade"], options].concat();
        Intent::Do(vec![
            self.inside(&words),
            Act::Await("leapp exchanges the packages when the host is started anew".to_owned()),
            Act::Look("what leapp has reported".to_owned()),
        ])
    }

    /// What belongs to every upgrade.
    fn own_step(&self, plan: &Plan, step: &Step) -> Intent {
        match &step.action {
            Action::Repositories { .. } => Self::inputs(plan),
            Action::Transaction { .. } => self.upgrade(plan),
            Action::ImportKey { address, .. } => {
                Intent::Do(vec![self.inside(&["rpm", "--import", address])])
            }
            Action::Modules { .. } | Action::BootEntry { .. } | Action::Reboot => {
                Intent::Leave(ITSELF.to_owned())
            }
            _ => self.root.act(plan, step),
        }
    }

    /// Whether packages are what they were when the plan was made.
    fn is_as_before(&mut self, plan: &Plan) -> Result<Found, StepError> {
        Ok(match self.root.changed(plan)?.first() {
            None => Found::NotDone,
            Some(first) => Found::Unknown(format!(
                "the host has not become the target, and is not what it was: {first}; see \
                 {} and the journal of the last start",
                logs::LOG
            )),
        })
    }
}

/// A variable of leapp's and its value.
fn is_setting(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.split_once('=').is_some_and(|(name, _)| {
        name.strip_prefix("LEAPP_").is_some_and(|rest| rest.chars().all(is_plain))
    })
}

impl Executor for Leapp {
    fn name(&self) -> &'static str {
        "leapp"
    }

    fn files(&self) -> &Files {
        self.root.files()
    }

    fn drift(&mut self, plan: &Plan) -> Result<Vec<String>, StepError> {
        let is_here = self.files().is_there(LEAPP).map_err(|error| StepError::of(LEAPP, error))?;
        if !is_here {
            return Err(StepError(format!("{LEAPP} is not there: install leapp-upgrade first")));
        }
        let mut drift = self.root.changed(plan)?;
        let known = plan.baseline.as_ref().and_then(|baseline| baseline.running_kernel.as_ref());
        let running = self.root.uname().map(|uname| uname.release);
        if let Some((known, is)) = known.zip(running).filter(|(known, is)| *known != is) {
            drift.push(format!("kernel {is} is running, not {known}"));
        }
        Ok(drift)
    }

    fn intent(&self, plan: &Plan, step: &Step) -> Intent {
        if step.actor == OWN {
            return self.own_step(plan, step);
        }
        if step.for_leapp || self.is_of_leapp(plan, step) {
            return Intent::Leave(ITSELF.to_owned());
        }
        match &step.condition {
            Some(condition) => Intent::Leave(format!("{}, if {condition}", step.action)),
            None => self.root.act(plan, step),
        }
    }

    fn undoing(&self, plan: &Plan, command: &[String]) -> Intent {
        self.root.undoing(plan, command)
    }

    fn perform(&mut self, task: &mut Task<'_>, act: &Act) -> Result<Outcome, StepError> {
        if !matches!(task.step.action, Action::Transaction { .. }) {
            return self.root.perform(task, act);
        }
        match act {
            Act::Run(words) => {
                let ran = self.root.run(words, task);
                let Err(StepError(why)) = ran else { return Ok(Outcome::Changed) };
                let told = logs::Told::read(self.files());
                let forbids = told.forbids();
                task.notes.extend(told.notes);
                Err(StepError(format!("{why}{forbids}")))
            }
            Act::Look(_) => {
                task.notes.extend(logs::Told::read(self.files()).notes);
                Ok(Outcome::Unchanged)
            }
            _ => Err(StepError("nobody knows how".to_owned())),
        }
    }

    /// Whether the target has started, with leapp at its end.
    fn found(&mut self, plan: &Plan, step: &Step) -> Result<Found, StepError> {
        if !matches!(step.action, Action::Transaction { .. }) {
            return self.root.found(plan, step);
        }
        let is_there =
            |path: &str| self.files().is_there(path).map_err(|error| StepError::of(path, error));
        let kernel = format!("/boot/vmlinuz-upgrade.{}", plan.arch);
        if self.root.release().is_some_and(|is| is.major == plan.path.target.release.major) {
            return Ok(match is_there(LAST_UNIT)? {
                false => Found::Done,
                true => Found::Waits(
                    "leapp is at its last steps, by leapp_resume.service; when that is gone, go on"
                        .to_owned(),
                ),
            });
        }
        if is_there(&kernel)? {
            return Ok(Found::Waits(format!(
                "start the host anew, for leapp to exchange the packages, and go on when the \
                 target has started; not to do so, remove the entry of {kernel} with grubby, \
                 and the file"
            )));
        }
        self.is_as_before(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::testing::TempDir;
    use crate::plan::{Phase, Stage, testing};

    fn step(actor: &str, action: Action) -> Step {
        Step { actor: actor.to_owned(), ..testing::step(&format!("before.{actor}"), action) }
    }

    fn command(actor: &str) -> Step {
        step(actor, Action::Command { command: vec!["x".to_owned()] })
    }

    fn exchange() -> Step {
        step(OWN, Action::Transaction { arriving: 0, leaving: 0 })
    }

    /// A plan of these actors, with a host.
    fn plan(name: &str, actors: &[&str]) -> (TempDir, Leapp, Plan) {
        let directory = TempDir::new(name);
        let leapp = Leapp::open(directory.path(), BTreeSet::from(["check_a@1".to_owned()]));
        let mut plan = testing::plan();
        plan.transaction = Some(testing::whole());
        plan.provenance.actors = actors.iter().map(|&actor| actor.to_owned()).collect();
        (directory, leapp.unwrap(), plan)
    }

    #[test]
    fn steps_of_leapps_own_actors_are_left_to_it_and_those_of_packs_are_done() {
        let (_directory, leapp, plan) = plan("leapp-own", &["check_a@1", "check_b@1"]);
        let itself = Intent::Leave(ITSELF.to_owned());
        assert_eq!(leapp.intent(&plan, &command("check_a")), itself);
        assert_eq!(leapp.intent(&plan, &step(OWN, Action::Reboot)), itself);
        assert!(matches!(leapp.intent(&plan, &command("check_b")), Intent::Do(_)));
        assert!(matches!(leapp.intent(&plan, &command("check_")), Intent::Do(_)));
        let marked = Step { for_leapp: true, ..command("check_b") };
        assert_eq!(leapp.intent(&plan, &marked), itself);
        // A pack has another version of it, which leapp does not know.
        let (_directory, leapp, other) = self::plan("leapp-other", &["check_a@2"]);
        assert!(matches!(leapp.intent(&other, &command("check_a")), Intent::Do(_)));
    }

    #[test]
    fn leapp_gets_the_options_of_the_plan_and_no_other_variables() {
        let (directory, leapp, mut plan) = plan("leapp-options", &[]);
        plan.provenance.options = [
            "--channel eus",
            "--enablerepo a",
            "--enablerepo --nogpgcheck",
            "--leapp-env LEAPP_DEVEL_RPMS_ALL_SIGNED=1",
            "--leapp-env LD_PRELOAD=/tmp/x",
            "--leapp-env LEAPP_a;b=1",
            "--disablerepo b",
        ]
        .map(str::to_owned)
        .to_vec();
        let why = "the plan does not say where its repositories are, so leapp cannot be told";
        assert_eq!(leapp.intent(&plan, &exchange()), Intent::Leave(why.to_owned()));

        let empty: Option<Vec<crate::model::PackageName>> = Some(Vec::new());
        let tasks = &mut plan.leapp.tasks;
        for list in [
            &mut tasks.to_install,
            &mut tasks.to_remove,
            &mut tasks.to_keep,
            &mut tasks.to_reinstall,
            &mut tasks.to_upgrade,
        ] {
            list.clone_from(&empty);
        }
        let path = "/x".to_owned();
        let set_up =
            Action::Repositories { path, repositories: Vec::new(), content: String::new() };
        plan.stages = vec![Stage { phase: Phase::Before, steps: vec![step(OWN, set_up)] }];
        let Intent::Do(acts) = leapp.intent(&plan, &exchange()) else { panic!("left") };
        let root = std::fs::canonicalize(directory.path()).unwrap();
        assert_eq!(
            acts[0].to_string(),
            format!(
                "run chroot {} env LEAPP_DEVEL_RPMS_ALL_SIGNED=1 leapp upgrade --target 8.10 \
                 --channel eus --enablerepo a",
                root.display()
            )
        );
        assert!(matches!(acts[1..], [Act::Await(_), Act::Look(_)]));
        let Intent::Do(inputs) = leapp.intent(&plan, &plan.stages[0].steps[0]) else {
            panic!("left")
        };
        let path = Some("/etc/leapp/transaction/to_remove");
        assert!(inputs.iter().any(|act| act.changes() == path), "{inputs:?}");
    }
}
