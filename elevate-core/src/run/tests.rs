//! Runs on small directories, with an executor that is interrupted wherever it can be.

#![expect(clippy::disallowed_methods, reason = "tests look at temporary files")]

mod files;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::executor::{Act, Executor, Found, Intent, StepError, Task};
use super::journal::Outcome;
use super::machine::{JOURNAL, Options, Run, Summary, preview};
use super::{Files, RunError};
use crate::host::testing::TempDir;
use crate::plan::edit::digest;
use crate::plan::step::Undo;
use crate::plan::{Action, Edit, Phase, Plan, Stage, Step, testing};

/// Does commands by noting them down.
struct Fake {
    files: Files,
    /// Commands that were done.
    done: RefCell<Vec<String>>,
    /// Commands that fail.
    failing: BTreeSet<&'static str>,
    drift: Vec<String>,
    /// Whether what was started elsewhere is at its end.
    is_at_end: bool,
}

impl Fake {
    fn on(directory: &TempDir) -> Self {
        Self {
            files: Files::open(directory.path()).unwrap(),
            done: RefCell::default(),
            failing: BTreeSet::new(),
            drift: Vec::new(),
            is_at_end: false,
        }
    }
}

impl Executor for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn files(&self) -> &Files {
        &self.files
    }

    fn drift(&mut self, _: &Plan) -> Result<Vec<String>, StepError> {
        Ok(self.drift.clone())
    }

    fn intent(&self, _: &Plan, step: &Step) -> Intent {
        let run = |word: &str| Act::Run(vec![word.to_owned()]);
        match step.action.clone() {
            Action::Repositories { path, content, .. } => {
                let more = Act::Put { path: format!("{path}.more"), content: "more\n".to_owned() };
                return Intent::Do(vec![Act::Put { path, content }, more]);
            }
            Action::Modules { .. } => {
                let wait = Act::Await("until it is at its end".to_owned());
                return Intent::Do(vec![run("start"), wait, run("look")]);
            }
            _ => {}
        }
        Intent::Do(vec![match step.action.clone() {
            Action::Command { command } => Act::Run(command),
            Action::Edit { path, before, edits, .. } => Act::Edit { path, before, edits },
            Action::Write { path, content } => Act::Put { path, content },
            Action::Copy { from, to } => Act::Copy { from, to },
            Action::Delete { path } => Act::Remove { path },
            Action::Transaction { .. } => run("exchange"),
            other => return Intent::Leave(other.to_string()),
        }])
    }

    fn undoing(&self, _: &Plan, command: &[String]) -> Intent {
        Intent::Do(vec![Act::Run(command.to_vec())])
    }

    fn perform(&mut self, task: &mut Task<'_>, act: &Act) -> Result<Outcome, StepError> {
        let Act::Run(words) = act else { return Err(StepError("no command".to_owned())) };
        let words = words.join(" ");
        if self.failing.contains(words.as_str()) {
            return Err(StepError("it does not work".to_owned()));
        }
        if words == "look" {
            task.notes.push("it went well".to_owned());
        }
        self.done.borrow_mut().push(words);
        Ok(Outcome::Changed)
    }

    fn found(&mut self, _: &Plan, step: &Step) -> Result<Found, StepError> {
        let words = match &step.action {
            Action::Command { command } => command.join(" "),
            Action::Modules { .. } if self.is_at_end => return Ok(Found::Done),
            Action::Modules { .. } if self.done.borrow().contains(&"start".to_owned()) => {
                return Ok(Found::Waits("be patient".to_owned()));
            }
            _ => "exchange".to_owned(),
        };
        Ok(match self.done.borrow().contains(&words) {
            true => Found::Done,
            false => Found::NotDone,
        })
    }
}

fn step(id: &str, action: Action) -> Step {
    let undo = match &action {
        Action::Command { command } if command[0] == "do" => {
            Undo::Command { command: vec!["undo".to_owned(), command[1].clone()] }
        }
        Action::Command { .. } => Undo::Impossible,
        _ => Undo::Backup,
    };
    Step { undo, ..testing::step(id, action) }
}

fn command(id: &str, words: &str) -> Step {
    let command = words.split(' ').map(str::to_owned).collect();
    step(id, Action::Command { command })
}

fn edit(id: &str, path: &str) -> Step {
    let edits = vec![Edit { line: 1, before: Some("a".to_owned()), after: Some("b".to_owned()) }];
    let path = path.to_owned();
    step(id, Action::Edit { path, before: Some(digest(b"a\n")), result: None, edits })
}

fn plan(before: Vec<Step>) -> Plan {
    let mut plan = testing::plan();
    plan.transaction = Some(testing::whole());
    plan.stages = vec![
        Stage { phase: Phase::Before, steps: before },
        Stage {
            phase: Phase::Transaction,
            steps: vec![step("t", Action::Transaction { arriving: 0, leaving: 0 })],
        },
        Stage { phase: Phase::After, steps: vec![step("boot", Action::Reboot)] },
    ];
    plan
}

/// Every kind of change of a file, and two commands.
fn changing() -> Plan {
    let write = |path: &str| Action::Write { path: path.to_owned(), content: "new\n".to_owned() };
    plan(vec![
        edit("edit", "/etc/a"),
        step("write", write("/etc/new/file")),
        step("over", write("/etc/over")),
        step("copy", Action::Copy { from: "/etc/a".to_owned(), to: "/etc/copy".to_owned() }),
        step("delete", Action::Delete { path: "/etc/gone".to_owned() }),
        command("one", "do one"),
        command("two", "do two"),
    ])
}

fn host(name: &str) -> TempDir {
    let directory = TempDir::new(name);
    directory.write("etc/a", b"a\n");
    directory.write("etc/over", b"old\n");
    directory.write("etc/gone", b"gone\n");
    directory
}

/// What files hold, but for those of the run.
fn content(directory: &TempDir) -> BTreeMap<String, String> {
    let etc = std::fs::read_dir(directory.path().join("etc")).unwrap().map(|e| e.unwrap().path());
    let files = etc.chain([directory.path().join("etc/new/file")]);
    let files = files.filter(|path| path.is_file());
    files
        .map(|path| {
            let name = path.strip_prefix(directory.path()).unwrap().display().to_string();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// A run whose clock stops at a tick: records are written up to there.
///
/// A command that another test starts at the same time holds the lock until it has become
/// another program, as those of a run are meant to: that is waited for.
fn run(
    plan: &Plan,
    fake: &mut Fake,
    ticks: usize,
    what: impl Fn(&mut Run<'_>) -> Result<Summary, RunError>,
) -> Option<Result<Summary, RunError>> {
    for _ in 0..1000 {
        match once(plan, fake, ticks, &what) {
            Some(Err(RunError::Busy)) => {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            other => return other,
        }
    }
    Some(Err(RunError::Busy))
}

fn once(
    plan: &Plan,
    fake: &mut Fake,
    ticks: usize,
    what: impl Fn(&mut Run<'_>) -> Result<Summary, RunError>,
) -> Option<Result<Summary, RunError>> {
    let left = Cell::new(ticks);
    let clock = || {
        let crash = || std::panic::resume_unwind(Box::new("the crash"));
        left.set(left.get().checked_sub(1).unwrap_or_else(crash));
        1
    };
    let mut tell = |_: super::Telling<'_>| {};
    let mut run = Run { plan, digest: "p", executor: fake, clock: &clock, tell: &mut tell };
    catch_unwind(AssertUnwindSafe(|| what(&mut run))).ok()
}

const NEVER: usize = usize::MAX;

fn begin(plan: &Plan, fake: &mut Fake, ticks: usize) -> Option<Result<Summary, RunError>> {
    run(plan, fake, ticks, |run| run.begin(&Options::default()))
}

fn resume(plan: &Plan, fake: &mut Fake, ticks: usize) -> Option<Result<Summary, RunError>> {
    run(plan, fake, ticks, |run| run.resume(&Options::default()))
}

fn undo(plan: &Plan, fake: &mut Fake) -> Result<Vec<String>, RunError> {
    let kept = RefCell::default();
    let undone = run(plan, fake, NEVER, |run| {
        kept.replace(run.undo()?);
        Ok(Summary::default())
    });
    undone.unwrap().map(|_| kept.take())
}

#[test]
fn steps_are_done_in_their_order_and_what_is_left_is_told() {
    let directory = host("order");
    let mut fake = Fake::on(&directory);
    let summary = begin(&changing(), &mut fake, NEVER).unwrap().unwrap();
    assert_eq!((summary.done, summary.waiting), (8, 0));
    assert_eq!(summary.left, [("boot".to_owned(), "start the host anew".to_owned())]);
    assert_eq!(*fake.done.borrow(), ["do one", "do two", "exchange"]);
    let content = content(&directory);
    assert_eq!(content["etc/a"], "b\n");
    assert_eq!(content["etc/copy"], "b\n");
    assert_eq!(
        (content["etc/over"].as_str(), content["etc/new/file"].as_str()),
        ("new\n", "new\n")
    );
    assert!(!content.contains_key("etc/gone"));
}

#[test]
fn a_run_interrupted_at_any_record_comes_to_the_same_end() {
    let plan = changing();
    let whole = host("whole");
    begin(&plan, &mut Fake::on(&whole), NEVER).unwrap().unwrap();
    let wanted = content(&whole);
    let records = std::fs::read_to_string(whole.path().join(&JOURNAL[1..])).unwrap();
    let records = records.lines().count();
    assert!(records > 15);
    for ticks in 0..records {
        // Interrupted while it goes on, too.
        for again in [1, 3, NEVER] {
            let directory = host(&format!("at-{ticks}-{again}"));
            let mut fake = Fake::on(&directory);
            assert!(begin(&plan, &mut fake, ticks).is_none(), "{ticks}");
            let goes_on = |fake: &mut Fake, ticks| match resume(&plan, fake, ticks) {
                Some(Err(RunError::NothingBegun)) => begin(&plan, fake, ticks),
                other => other,
            };
            match goes_on(&mut fake, again) {
                None => goes_on(&mut fake, NEVER).unwrap().unwrap(),
                Some(done) => done.unwrap(),
            };
            assert_eq!(content(&directory), wanted, "{ticks}");
            assert_eq!(*fake.done.borrow(), ["do one", "do two", "exchange"], "{ticks}");
            let last = resume(&plan, &mut fake, NEVER).unwrap().unwrap();
            assert_eq!((last.done, last.waiting), (8, 0), "{ticks}");
        }
    }
}

#[test]
fn a_run_is_taken_back_up_to_the_exchange_of_packages() {
    let plan = changing();
    let before = content(&host("before"));
    // The records before the exchange: the beginning, and two of each step.
    for ticks in 1..=15 {
        let directory = host(&format!("undo-{ticks}"));
        let mut fake = Fake::on(&directory);
        assert!(begin(&plan, &mut fake, ticks).is_none());
        assert_eq!(undo(&plan, &mut fake).unwrap(), [""; 0], "{ticks}");
        assert_eq!(content(&directory), before, "{ticks}");
        assert!(matches!(undo(&plan, &mut fake), Err(RunError::NothingBegun)), "{ticks}");
        // And begun again.
        fake.done.borrow_mut().clear();
        begin(&plan, &mut fake, NEVER).unwrap().unwrap();
    }
    let directory = host("undo-late");
    let mut fake = Fake::on(&directory);
    assert!(begin(&plan, &mut fake, 16).is_none());
    fake.drift = vec!["b is installed".to_owned()];
    assert!(matches!(undo(&plan, &mut fake), Err(RunError::NotUndone { .. })));
}

#[test]
fn what_nothing_undoes_is_told_and_what_somebody_changed_is_left() {
    let directory = host("kept");
    let mut fake = Fake::on(&directory);
    let plan = plan(vec![edit("edit", "/etc/a"), command("x", "x y"), command("fails", "fails")]);
    fake.failing.insert("fails");
    let failed = begin(&plan, &mut fake, NEVER).unwrap().unwrap_err();
    assert_eq!(failed.to_string(), "step fails failed: it does not work");
    assert_eq!(undo(&plan, &mut fake).unwrap(), ["x"]);
    assert_eq!(content(&directory)["etc/a"], "a\n");

    let directory = host("changed-since");
    let mut fake = Fake::on(&directory);
    fake.failing.insert("fails");
    begin(&plan, &mut fake, NEVER).unwrap().unwrap_err();
    directory.write("etc/a", b"somebody's\n");
    let error = undo(&plan, &mut fake).unwrap_err().to_string();
    assert!(error.contains("was changed since"), "{error}");
    assert_eq!(content(&directory)["etc/a"], "somebody's\n");
}

#[test]
fn a_plan_that_is_forbidden_or_of_another_host_is_refused() {
    let directory = host("refused");
    let mut fake = Fake::on(&directory);
    let mut bad = changing();
    bad.missing.push("signatures".to_owned());
    let error = begin(&bad, &mut fake, NEVER).unwrap().unwrap_err().to_string();
    assert!(error.ends_with("facts were missing when it was made: signatures"), "{error}");
    bad.transaction = None;
    let error = begin(&bad, &mut fake, NEVER).unwrap().unwrap_err().to_string();
    assert!(error.contains("no transaction"), "{error}");
    fake.drift = vec!["/etc/a was changed".to_owned()];
    let error = begin(&changing(), &mut fake, NEVER).unwrap().unwrap_err();
    assert!(matches!(error, RunError::Drifted(_)));
    let twice = plan(vec![command("x", "a"), command("x", "b")]);
    let error = begin(&twice, &mut fake, NEVER).unwrap().unwrap_err().to_string();
    assert!(error.contains("two steps x"), "{error}");
}

#[test]
fn a_run_goes_on_with_the_plan_and_the_executor_it_was_begun_with() {
    let directory = host("plans");
    let mut fake = Fake::on(&directory);
    assert!(matches!(resume(&changing(), &mut fake, NEVER), Some(Err(RunError::NothingBegun))));
    assert!(begin(&changing(), &mut fake, 4).is_none());
    assert!(matches!(begin(&changing(), &mut fake, NEVER), Some(Err(RunError::Begun))));
    let other = run(&changing(), &mut fake, NEVER, |run| {
        run.digest = "q";
        run.resume(&Options::default())
    });
    assert!(matches!(other, Some(Err(RunError::OtherPlan { .. }))));
}

#[test]
fn phases_are_done_one_after_the_other() {
    let directory = host("phases");
    let mut fake = Fake::on(&directory);
    let plan = changing();
    let of = |phase: Phase| Options { phases: BTreeSet::from([phase]), ..Options::default() };
    let early = run(&plan, &mut fake, NEVER, |run| run.begin(&of(Phase::Transaction)));
    assert!(matches!(early, Some(Err(RunError::Early { phase: Phase::Before, .. }))));
    let first = run(&plan, &mut fake, NEVER, |run| run.resume(&of(Phase::Before)));
    assert_eq!(first.unwrap().unwrap().waiting, 2);
    assert_eq!(*fake.done.borrow(), ["do one", "do two"]);
    let then = run(&plan, &mut fake, NEVER, |run| run.resume(&Options::default()));
    assert_eq!(then.unwrap().unwrap().waiting, 0);
}

#[test]
fn an_interrupted_step_of_which_nobody_knows_is_for_somebody_to_decide() {
    struct Unknowing(Fake);
    impl Executor for Unknowing {
        fn name(&self) -> &'static str {
            "fake"
        }
        fn files(&self) -> &Files {
            self.0.files()
        }
        fn drift(&mut self, _: &Plan) -> Result<Vec<String>, StepError> {
            Ok(Vec::new())
        }
        fn intent(&self, plan: &Plan, step: &Step) -> Intent {
            self.0.intent(plan, step)
        }
        fn undoing(&self, plan: &Plan, command: &[String]) -> Intent {
            self.0.undoing(plan, command)
        }
        fn perform(&mut self, task: &mut Task<'_>, act: &Act) -> Result<Outcome, StepError> {
            self.0.perform(task, act)
        }
        fn found(&mut self, _: &Plan, _: &Step) -> Result<Found, StepError> {
            Ok(Found::Unknown("nobody knows".to_owned()))
        }
    }
    let directory = host("unknown");
    let plan = plan(vec![command("x", "do x")]);
    assert!(begin(&plan, &mut Fake::on(&directory), 2).is_none());
    let mut unknowing = Unknowing(Fake::on(&directory));
    let mut goes_on = |options: &Options| {
        let (clock, mut tell) = (|| 1, |_: super::Telling<'_>| {});
        let executor = &mut unknowing;
        Run { plan: &plan, digest: "p", executor, clock: &clock, tell: &mut tell }.resume(options)
    };
    let error = goes_on(&Options::default()).unwrap_err().to_string();
    assert_eq!(error, "step x was interrupted: nobody knows");
    let assume_done = BTreeSet::from(["x".to_owned()]);
    goes_on(&Options { assume_done, ..Options::default() }).unwrap();
    assert_eq!(*unknowing.0.done.borrow(), ["exchange"]);
}

#[test]
fn an_exchange_that_failed_half_way_is_gone_on_with_and_not_taken_back() {
    let directory = host("half");
    let mut fake = Fake::on(&directory);
    fake.failing.insert("exchange");
    let plan = plan(vec![command("one", "do one")]);
    let failed = begin(&plan, &mut fake, NEVER).unwrap().unwrap_err();
    assert!(matches!(failed, RunError::Step { .. }), "{failed}");

    // Some packages are others now.
    fake.drift = vec!["b is installed".to_owned()];
    let kept = undo(&plan, &mut fake).unwrap_err();
    assert!(kept.to_string().contains("packages were exchanged"), "{kept}");
    fake.failing.clear();
    resume(&plan, &mut fake, NEVER).unwrap().unwrap();
    assert_eq!(*fake.done.borrow(), ["do one", "exchange"]);
}

#[test]
fn an_exchange_that_changed_nothing_is_taken_back() {
    let directory = host("nothing");
    let mut fake = Fake::on(&directory);
    fake.failing.insert("exchange");
    let plan = plan(vec![command("one", "do one")]);
    assert!(begin(&plan, &mut fake, NEVER).unwrap().is_err());
    assert_eq!(undo(&plan, &mut fake).unwrap(), Vec::<String>::new());
    assert_eq!(*fake.done.borrow(), ["do one", "undo one"]);
}

#[test]
fn two_runs_do_not_meet() {
    let directory = host("lock");
    let fake = Fake::on(&directory);
    let held = fake.files.lock("/var/lib/elevate/run/lock").unwrap();
    assert!(held.is_some());
    let begin = |run: &mut Run<'_>| run.begin(&Options::default());
    let met = once(&changing(), &mut Fake::on(&directory), NEVER, begin);
    assert!(matches!(met, Some(Err(RunError::Busy))));
}

#[test]
fn a_damaged_journal_is_refused_and_a_torn_one_is_not() {
    let directory = host("torn");
    let mut fake = Fake::on(&directory);
    let plan = changing();
    assert!(begin(&plan, &mut fake, 9).is_none());
    let path = directory.path().join(&JOURNAL[1..]);
    let journal = std::fs::read(&path).unwrap();
    let mut damaged = journal.clone();
    damaged[40] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let error = resume(&plan, &mut fake, NEVER).unwrap().unwrap_err().to_string();
    assert!(error.contains("damaged at line 1"), "{error}");
    std::fs::write(&path, [&journal[..], b"{\"record\":"].concat()).unwrap();
    resume(&plan, &mut fake, NEVER).unwrap().unwrap();
    assert_eq!(*fake.done.borrow(), ["do one", "do two", "exchange"]);
}

#[test]
fn a_run_waits_for_what_goes_on_elsewhere() {
    let directory = host("elsewhere");
    let modules = Action::Modules { reset: Vec::new(), enable: Vec::new() };
    let plan = plan(vec![step("long", modules), command("then", "do it")]);
    let mut fake = Fake::on(&directory);
    let waits = Some(("long".to_owned(), "be patient".to_owned()));
    let first = begin(&plan, &mut fake, NEVER).unwrap().unwrap();
    assert_eq!((first.done, first.waiting, first.waits), (0, 4, waits.clone()));
    let again = resume(&plan, &mut fake, NEVER).unwrap().unwrap();
    assert_eq!(again.waits, waits);
    assert_eq!(*fake.done.borrow(), ["start"]);
    fake.is_at_end = true;
    let last = resume(&plan, &mut fake, NEVER).unwrap().unwrap();
    assert_eq!((last.done, last.waits), (3, None));
    assert_eq!(*fake.done.borrow(), ["start", "look", "do it", "exchange"]);
    let journal = std::fs::read_to_string(directory.path().join(&JOURNAL[1..])).unwrap();
    assert!(journal.contains(r#""event":"note","text":"it went well""#), "{journal}");
}
