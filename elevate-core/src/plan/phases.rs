//! The steps of a plan, phase by phase: those of every upgrade, and those actors ask for.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::{apply, digest};
use super::order::order;
use super::step::{Action, Check, Phase, Place, Seconds, Stage, Step};
use super::{Plan, TargetPackage};
use crate::directive::{Change, Directive, When};
use crate::model::RepoId;

/// Who asks for what belongs to every upgrade.
pub const OWN: &str = "elevate";
/// Where target repositories are made known to the run alone.
pub const REPOSITORIES: &str = "/var/lib/elevate/repos.d/target.repo";
/// Packages exchanged in a second on a fast disk.
const FAST_DISK: u64 = 5;
/// Seconds a package takes to be exchanged on a slow one: about 20 minutes for a server of
/// 1,200 packages, an old and a new one each, are reported (users.md, pain 25).
const SLOW_DISK: u64 = 2;
/// Bytes that come in a second on a fast line, and on a slow one.
const FAST_LINE: u64 = 100 << 20;
const SLOW_LINE: u64 = 2 << 20;
/// Seconds until a server has started anew.
const REBOOT: Seconds = Seconds { least: 60, most: 600 };

/// What a file of the host holds, where all of it was captured and nothing taken out.
pub type Files<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The steps of a plan, and circles of those that wait for each other, by id.
pub fn stages(plan: &Plan, files: &Files<'_>) -> (Vec<Stage>, Vec<Vec<String>>) {
    let mut asked = Asked { files, steps: BTreeMap::new(), names: BTreeMap::new() };
    asked.own(plan);
    for by in &plan.directives {
        asked.directive(&by.actor, &by.directive);
    }
    asked.wait();
    let (mut stages, mut circles) = (Vec::new(), Vec::new());
    for phase in Phase::ALL {
        let (steps, waiting) = order(asked.steps.remove(&phase).unwrap_or_default());
        circles.extend(waiting);
        if !steps.is_empty() {
            stages.push(Stage { phase, steps });
        }
    }
    (stages, circles)
}

/// Steps as they are asked for.
struct Asked<'a> {
    files: &'a Files<'a>,
    steps: BTreeMap<Phase, Vec<Step>>,
    /// How many steps of a phase an actor asked for.
    names: BTreeMap<(Phase, String), usize>,
}

impl Asked<'_> {
    fn add(&mut self, phase: Phase, actor: &str, why: &str, action: Action) -> &mut Step {
        let count = self.names.entry((phase, actor.to_owned())).or_default();
        *count += 1;
        let number = if *count == 1 { String::new() } else { format!("-{count}") };
        let step = Step {
            id: format!("{}.{actor}{number}", phase.as_str()),
            actor: actor.to_owned(),
            why: why.to_owned(),
            undo: action.undo(),
            repeat: action.repeat(),
            action,
            condition: None,
            after: Vec::new(),
            seconds: None,
            for_leapp: false,
        };
        let steps = self.steps.entry(phase).or_default();
        steps.push(step);
        let last = steps.len() - 1;
        &mut steps[last]
    }

    /// What belongs to every upgrade.
    fn own(&mut self, plan: &Plan) {
        let look = |check| Action::Check { check };
        self.add(
            Phase::Prepare,
            OWN,
            "A plan is good for the host it was made for",
            look(Check::Host),
        );
        for system in &plan.disk {
            let check = Check::Room { mount: system.mount.clone(), bytes: system.needed() };
            self.add(Phase::Prepare, OWN, "Too little room ends an upgrade half-way", look(check));
        }
        let Some(whole) = &plan.transaction else { return };
        self.repositories(plan);
        if !plan.modules.enable.is_empty() || !plan.modules.reset.is_empty() {
            let (reset, enable) = (plan.modules.reset.clone(), plan.modules.enable.clone());
            let why = "Packages of the plan come from these streams";
            self.add(Phase::Before, OWN, why, Action::Modules { reset, enable });
        }
        let arriving = plan.target_packages().len();
        let leaving = plan.packages.iter().filter(|operation| operation.leaves()).count();
        let why = "The packages of the target take the place of those of the source";
        let action = Action::Transaction { arriving, leaving };
        self.add(Phase::Transaction, OWN, why, action).seconds =
            Some(exchange(arriving + leaving, whole.totals.download));
        if let Some(kernel) = kernel(plan) {
            let why = "The target starts with its own kernel";
            self.add(Phase::After, OWN, why, Action::BootEntry { kernel });
        }
        let why = "The target has to be started";
        self.add(Phase::After, OWN, why, Action::Reboot).seconds = Some(REBOOT);
        let why = "What was planned and what came of it are two things";
        self.add(Phase::Verify, OWN, why, look(Check::Packages));
    }

    fn repositories(&mut self, plan: &Plan) {
        let read: Vec<_> = plan.read.iter().filter(|read| read.setup.is_some()).collect();
        if read.is_empty() {
            return;
        }
        let sections: Vec<String> = read.iter().filter_map(|read| read.section()).collect();
        let action = Action::Repositories {
            path: REPOSITORIES.to_owned(),
            repositories: read.iter().map(|read| read.id.clone()).collect(),
            content: sections.join("\n"),
        };
        self.add(Phase::Before, OWN, "The packages of the plan come from there", action);
        let mut keys: BTreeMap<&str, BTreeSet<&RepoId>> = BTreeMap::new();
        for read in read {
            for key in read.setup.iter().flat_map(|setup| &setup.gpgkey) {
                keys.entry(key).or_default().insert(&read.id);
            }
        }
        for (address, repositories) in keys {
            let action = Action::ImportKey {
                address: address.to_owned(),
                repositories: repositories.into_iter().cloned().collect(),
            };
            self.add(Phase::Before, OWN, "Packages are signed with it", action);
        }
    }

    fn directive(&mut self, actor: &str, directive: &Directive) {
        let Some((phase, why, action)) = step(directive, self.files) else { return };
        let added = self.add(phase, actor, why, action);
        match directive {
            Directive::CopyToTarget { .. } | Directive::CopyToInitramfs { .. } => {
                added.for_leapp = true;
            }
            Directive::Do { step } => {
                added.condition.clone_from(&step.condition);
                added.after.clone_from(&step.after);
                added.for_leapp = step.for_leapp;
            }
            _ => {}
        }
    }

    /// Steps wait for actors; from here on they wait for steps of those.
    fn wait(&mut self) {
        for steps in self.steps.values_mut() {
            let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for step in steps.iter() {
                of.entry(step.actor.clone()).or_default().push(step.id.clone());
            }
            for step in steps {
                let actors = std::mem::take(&mut step.after);
                step.after =
                    actors.iter().filter_map(|actor| of.get(actor)).flatten().cloned().collect();
                step.after.sort();
                step.after.dedup();
            }
        }
    }
}

/// Whether a directive becomes a step of its own. The others are in the transaction, or in the
/// steps of every upgrade.
pub fn is_step(directive: &Directive) -> bool {
    step(directive, &|_| None).is_some()
}

/// The step a directive becomes.
fn step<'d>(directive: &'d Directive, files: &Files<'_>) -> Option<(Phase, &'d str, Action)> {
    let argument =
        |argument: &str, present| Action::KernelArgument { argument: argument.to_owned(), present };
    let service = |unit: &str, enabled| Action::Service { unit: unit.to_owned(), enabled };
    let provide = |path: &str, place| Action::Provide { path: path.to_owned(), place };
    Some(match directive {
        Directive::Install { .. }
        | Directive::Remove { .. }
        | Directive::Keep { .. }
        | Directive::Reinstall { .. }
        | Directive::EnableModule { .. }
        | Directive::ResetModule { .. }
        | Directive::Room { .. } => return None,
        Directive::AddKernelArgument { argument: text } => {
            (Phase::After, "The target's kernel needs the argument", argument(text, true))
        }
        Directive::RemoveKernelArgument { argument: text } => {
            (Phase::After, "The argument does harm to the target's kernel", argument(text, false))
        }
        Directive::EnableService { unit } => {
            (Phase::After, "The unit is to run on the target", service(unit, true))
        }
        Directive::DisableService { unit } => {
            (Phase::After, "The unit is not to run on the target", service(unit, false))
        }
        Directive::CopyToTarget { path } => {
            let why = "The file is needed where the target's packages are prepared";
            (Phase::Prepare, why, provide(path, Place::Userspace))
        }
        Directive::CopyToInitramfs { path } => {
            let why = "The file is needed in the system that exchanges packages";
            (Phase::Prepare, why, provide(path, Place::Initramfs))
        }
        Directive::Do { step } => (phase(step.when), &step.why, change(&step.change, files)),
    })
}

fn change(change: &Change, files: &Files<'_>) -> Action {
    match change.clone() {
        Change::Edit { path, edits } => {
            let text = files(&path);
            let result = text.as_deref().and_then(|text| apply(text, &edits).ok());
            let digest = |text: &String| digest(text.as_bytes());
            let before = result.as_ref().and(text.as_ref()).map(digest);
            Action::Edit { path, before, result: result.as_ref().map(digest), edits }
        }
        Change::Write { path, content } => Action::Write { path, content },
        Change::Copy { from, to } => Action::Copy { from, to },
        Change::Delete { path } => Action::Delete { path },
        Change::Run { command } => Action::Command { command },
        Change::Other { what } => Action::Other { what },
    }
}

fn phase(when: When) -> Phase {
    match when {
        When::Prepare => Phase::Prepare,
        When::Before => Phase::Before,
        When::After => Phase::After,
        When::FirstBoot => Phase::FirstBoot,
    }
}

/// How long it takes to fetch and exchange packages.
fn exchange(packages: usize, download: u64) -> Seconds {
    let packages = packages as u64;
    Seconds {
        least: packages / FAST_DISK + download / FAST_LINE,
        most: packages * SLOW_DISK + download / SLOW_LINE,
    }
}

/// The target's kernel, as `uname -r` will print it.
fn kernel(plan: &Plan) -> Option<String> {
    let packages = plan.target_packages();
    let named = |name: &str| {
        packages
            .iter()
            .copied()
            .filter(|p| p.name.as_str() == name)
            .max_by(|a, b| a.evr.cmp(&b.evr))
    };
    let running = plan.baseline.as_ref().and_then(|baseline| baseline.running_kernel.as_deref());
    let is_realtime = running.is_some_and(|release| release.contains(".rt"));
    let realtime = || named("kernel-rt-core").filter(|_| is_realtime);
    let found = realtime().or_else(|| named("kernel-core")).or_else(|| named("kernel"));
    let TargetPackage { evr, arch, .. } = found?;
    Some(format!("{}-{}.{arch}", evr.version, evr.release))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directive::Step as Asking;
    use crate::plan::step::{Repeat, Undo};
    use crate::plan::testing;
    use crate::plan::{AskedBy, FileSystem, Need};

    fn asked(actor: &str, directive: Directive) -> AskedBy {
        AskedBy { actor: actor.to_owned(), directive }
    }

    fn edit(path: &str) -> Directive {
        let change = Change::edit(path, "a\n", "b\n").unwrap();
        Directive::Do { step: Asking::new(When::Before, "Because", change) }
    }

    fn steps(plan: &Plan) -> Vec<Step> {
        let files = |path: &str| (path == "/etc/a").then(|| "a\n".to_owned());
        let (stages, circles) = stages(plan, &files);
        assert!(circles.is_empty());
        stages.into_iter().flat_map(|stage| stage.steps).collect()
    }

    #[test]
    fn without_a_transaction_the_host_is_looked_at_and_nothing_is_set_up() {
        let mut plan = testing::plan();
        let needs = vec![Need { what: "packages".to_owned(), bytes: 7 }];
        plan.disk = vec![FileSystem { mount: "/".to_owned(), total: None, available: None, needs }];
        let ids: Vec<String> = steps(&plan).into_iter().map(|step| step.id).collect();
        assert_eq!(ids, ["prepare.elevate", "prepare.elevate-2"]);
    }

    #[test]
    fn an_edit_knows_the_file_before_and_afterwards_where_it_was_captured() {
        let mut plan = testing::plan();
        plan.directives = vec![asked("x", edit("/etc/a")), asked("x", edit("/etc/b"))];
        let steps = steps(&plan);
        let digests = |step: &Step| match &step.action {
            Action::Edit { before, result, .. } => (before.clone(), result.clone()),
            other => panic!("{other:?}"),
        };
        let known = (Some(digest(b"a\n")), Some(digest(b"b\n")));
        assert_eq!(digests(&steps[1]), known);
        assert_eq!(digests(&steps[2]), (None, None));
        assert_eq!((&steps[1].undo, steps[1].repeat), (&Undo::Backup, Repeat::Checked));
    }

    #[test]
    fn a_step_waits_for_all_steps_of_an_actor_at_the_same_time() {
        let mut plan = testing::plan();
        let mut first = Asking::new(When::Before, "Because", Change::run(&["a"]));
        first.after = vec!["late".to_owned(), "nobody".to_owned()];
        plan.directives = vec![
            asked("early", Directive::Do { step: first }),
            asked("late", edit("/etc/b")),
            asked("late", edit("/etc/c")),
        ];
        let steps = steps(&plan);
        let ids: Vec<&str> = steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(ids, ["prepare.elevate", "before.late", "before.late-2", "before.early"]);
        assert_eq!(steps[3].after, ["before.late", "before.late-2"]);
    }

    #[test]
    fn files_for_leapps_container_and_initramfs_are_leapps_own_as_are_steps_that_say_so() {
        let step = || Asking::new(When::Before, "Because", Change::run(&["a"]));
        let path = || "/etc/a".to_owned();
        let mut plan = testing::plan();
        plan.directives = [
            Directive::CopyToTarget { path: path() },
            Directive::CopyToInitramfs { path: path() },
            Directive::Do { step: step().for_leapp() },
            Directive::Do { step: step() },
            Directive::EnableService { unit: "a.service".to_owned() },
        ]
        .map(|directive| asked("a", directive))
        .to_vec();
        let steps = steps(&plan);
        let leapps = steps.iter().filter(|step| step.for_leapp).map(|step| step.id.as_str());
        assert_eq!(leapps.collect::<Vec<_>>(), ["prepare.a", "prepare.a-2", "before.a"]);
        let others = steps.iter().filter(|step| !step.for_leapp).map(|step| step.id.as_str());
        assert_eq!(others.collect::<Vec<_>>(), ["prepare.elevate", "before.a-2", "after.a"]);
    }

    #[test]
    fn the_target_starts_with_a_kernel_of_the_kind_that_runs() {
        let mut plan = testing::plan();
        plan.transaction = Some(testing::whole());
        plan.arrivals = [("kernel-core", "4.18.0-553.el8"), ("kernel-rt-core", "4.18.0-5.rt7.el8")]
            .map(|(name, evr)| testing::arrival(name, evr))
            .to_vec();
        let started = |plan: &Plan| match &steps(plan)[2].action {
            Action::BootEntry { kernel } => kernel.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(started(&plan), "4.18.0-553.el8.x86_64");
        let running_kernel = Some("3.10.0-1160.rt56.el7.x86_64".to_owned());
        plan.baseline = Some(crate::plan::Baseline { running_kernel, ..Default::default() });
        assert_eq!(started(&plan), "4.18.0-5.rt7.el8.x86_64");
    }

    #[test]
    fn steps_that_wait_for_each_other_are_told() {
        let mut plan = testing::plan();
        let waiting = |other: &str| {
            let mut step = Asking::new(When::After, "Because", Change::run(&["a"]));
            step.after = vec![other.to_owned()];
            Directive::Do { step }
        };
        plan.directives = vec![asked("a", waiting("b")), asked("b", waiting("a"))];
        let (_, circles) = stages(&plan, &|_| None);
        assert_eq!(circles, [["after.a", "after.b"]]);
    }
}
