//! The real libsolv, in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use super::answer::Answer;
use super::metadata;
use super::package::Package;
use super::story::Story;
use super::world::{INSTALLED, World};
use crate::binary::root;

/// A python that has libsolv, waiting for questions.
pub struct Peer {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts one.
    #[expect(clippy::disallowed_methods, reason = "tests ask the real tool")]
    pub fn start(python: &str) -> Self {
        let mut child = Command::new(python)
            .arg(root().join("tests/scripts/libsolv_solve.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let questions = child.stdin.take().expect("a pipe");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, questions, answers }
    }

    /// What it says of a story.
    pub fn solve(&mut self, story: &Story, world: &World) -> Answer {
        writeln!(self.questions, "{}", question(story, world)).expect("python reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("python answers");
        let answer: Answer = serde_json::from_str(&line).unwrap_or_else(|error| {
            panic!("{error} in the answer {line:?} to:\n{}", story.write())
        });
        answer.renamed(|package| world.short(package))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It has nothing to lose.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn question(story: &Story, world: &World) -> Value {
    let repository = |id: &str, priority: i32, packages: &[Package]| json!({ "id": id, "priority": priority, "primary": metadata::primary(packages) });
    let mut repositories = vec![repository(INSTALLED, 99, &world.installed)];
    let available = world.repositories.iter();
    repositories.extend(available.map(|r| repository(&r.id, r.priority, &r.packages)));
    let excluded = world.all().filter(|(_, package)| package.excluded);
    let excluded: Vec<String> =
        excluded.map(|(id, package)| format!("{}@{id}", package.nevra)).collect();
    let colours = story.dnf.as_ref().is_none_or(|dnf| dnf.colours);
    let mut question =
        json!({ "repositories": repositories, "excluded": excluded, "colours": colours });
    if let Some(dnf) = &story.dnf {
        question["dnf"] = all_fields(dnf, world);
    }
    if let Some(libsolv) = &story.libsolv {
        let mut switches = super::request::usual_switches();
        for (name, on) in &libsolv.switches {
            switches[name] = (*on).into();
        }
        question["colours"] = switches["colours"].clone();
        question["libsolv"] = json!({ "commands": libsolv.commands, "switches": switches });
    }
    question
}

fn all_fields(dnf: &super::story::Dnf, world: &World) -> Value {
    json!({
        "remove": dnf.remove,
        "install": dnf.install,
        "upgrade": dnf.upgrade,
        "reinstall": dnf.reinstall,
        "sync": dnf.sync,
        "best": dnf.best,
        "allow_erasing": dnf.allow_erasing,
        "weak_dependencies": dnf.weak_dependencies,
        "weak_exclusions": dnf.weak_exclusions,
        "vendor_change": dnf.vendor_change,
        "installonly": dnf.installonly,
        "installonly_limit": dnf.installonly_limit,
        "running": dnf.running_kernel.as_deref().and_then(|release| world.kernel(release)),
        "protected": dnf.protected,
        "erase_unused": false,
    })
}
