//! A plan as a playbook of Ansible: a task for every command that findings name, off unless
//! they are asked for, and tasks for every step, by phase.
//!
//! Every text of the plan is inert: it is marked as no template, and no variable of an
//! environment or home directory is put into it.

use super::shell::FUNCTIONS;
use super::steps::{Doing, Task, remarks, tasks};
use super::text::{comment, plain, shown};
use super::yaml::{Node, item, value};
use super::{Export, ExportError, id, refusal};
use crate::plan::{Phase, Plan};

/// The variable with the functions that tasks call.
const CALL: &str = "{{ elevate_functions }}";

pub(super) fn export(plan: &Plan, forced: bool) -> Result<Export, ExportError> {
    let tasks = tasks(plan)?;
    let mut remarks = remarks(&tasks);
    let hosts = plan.hostname.as_deref().filter(|name| is_name(name));
    if hosts.is_none() {
        remarks.push("the plan does not name its host, so the playbook is for all".to_owned());
    }
    let mut text = head(plan);
    text.push_str("---\n");
    let name = format!("The upgrade to {}", plan.path.target);
    text.push_str("- name:");
    value(&mut text, &Node::text(name), 4);
    text.push_str("  hosts:");
    value(&mut text, &Node::text(hosts.unwrap_or("all")), 4);
    text.push_str("  gather_facts: true\n  vars:");
    value(&mut text, &variables(plan)?, 4);
    text.push_str("  tasks:\n");
    let mut all = vec![(String::new(), same_host(plan))];
    all.extend(remediation(plan));
    all.extend(refused(plan, forced).map(|task| (String::new(), task)));
    tasks.iter().for_each(|task| all.extend(of_step(task)));
    for (why, task) in all {
        text.push('\n');
        text.extend(comment(&why).lines().map(|line| format!("    {line}\n")));
        if !task.is_empty() {
            item(&mut text, &Node::Map(task), 4);
        }
    }
    Ok(Export::one("upgrade.yml", text, remarks))
}

/// Fields of a task.
type Fields = Vec<(&'static str, Node)>;

fn head(plan: &Plan) -> String {
    let host = plan.hostname.as_deref().unwrap_or("a host without a name");
    let (path, made) = (&plan.path, &plan.provenance);
    comment(&format!(
        "The upgrade of {} from {} to {}, as {} {} planned it. For ansible-core 2.16 or newer.\n\
         \n\
         --tags remediation   runs what findings propose, which nothing else does; --tags ID for one\n\
         --tags PHASE         does the steps of a phase: prepare, before, transaction ...\n\
         --tags STEP          does one step, also one that is only for a case\n\
         -e elevate_done=STEP,STEP    these steps are done, or are not to be\n\
         -e elevate_any_host=true     runs on a host of another name\n",
        shown(host),
        path.source,
        path.target,
        shown(&made.tool),
        shown(&made.tool_version)
    ))
}

/// A name that is no pattern of hosts.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is_plain)
}

fn variables(plan: &Plan) -> Result<Node, ExportError> {
    let kept = format!("/var/lib/elevate/ansible-{}/before", id(plan)?);
    let functions = format!("ROOT=\nKEPT=${{KEPT:-{kept}}}\nset -eu\n\n{FUNCTIONS}\n\"$@\"\n");
    let host = plan.hostname.clone().unwrap_or_default();
    Ok(Node::Map(vec![
        ("elevate_host", Node::text(host)),
        ("elevate_functions", Node::Lines(functions)),
    ]))
}

fn tags<'a>(tags: impl IntoIterator<Item = &'a str>) -> (&'static str, Node) {
    ("tags", Node::texts(tags))
}

/// That the host has the plan's name.
fn same_host(plan: &Plan) -> Fields {
    let same = "elevate_any_host | default(false) | bool or \
                ansible_facts['nodename'].split('.')[0] == elevate_host.split('.')[0]";
    let that = if plan.hostname.is_some() { same } else { "true" };
    vec![
        ("name", Node::text("The plan is for this host")),
        (
            "ansible.builtin.assert",
            Node::Map(vec![
                ("that", Node::List(vec![Node::template(that)])),
                ("fail_msg", Node::template("the plan is for {{ elevate_host }}")),
            ]),
        ),
        tags(["always"]),
    ]
}

/// A task that ends the phases of a plan that must not go ahead.
fn refused(plan: &Plan, forced: bool) -> Option<Fields> {
    let why = refusal(plan).filter(|_| !forced)?;
    let why = format!("the plan says that the upgrade must not go ahead: {}", shown(&why));
    Some(vec![
        ("name", Node::text("The plan may be carried out")),
        ("ansible.builtin.fail", Node::Map(vec![("msg", Node::text(why))])),
        tags(Phase::ALL.map(Phase::as_str)),
    ])
}

/// A task for each command of a finding.
fn remediation(plan: &Plan) -> Vec<(String, Fields)> {
    let mut all = Vec::new();
    for finding in &plan.findings {
        let id = tag(&finding.id);
        let title = shown(&finding.title);
        let task = |command: &[String]| {
            let mut task = vec![("name", Node::text(format!("{id}: {title}")))];
            task.extend(run(command));
            task.push(tags(["never", "remediation", &id]));
            (shown(&finding.summary), task)
        };
        all.extend(finding.commands().map(task));
    }
    all
}

/// A text as a tag that means nothing to Ansible.
fn tag(text: &str) -> String {
    let text = plain(text);
    match text.as_str() {
        "" | "all" | "always" | "never" | "tagged" | "untagged" => format!("_{text}"),
        _ => text,
    }
}

/// The tasks of a step, each with a comment before it; the comment alone where nothing is done.
fn of_step(task: &Task<'_>) -> Vec<(String, Fields)> {
    let label = &tag(&task.label);
    let name = shown(&format!("{label}: {}", task.step.action));
    if let Some(nothing) = task.nothing() {
        return vec![(format!("{name}\n{}\n{nothing}", task.step.why), Vec::new())];
    }
    let phase = task.phase.as_str();
    let mut all: Vec<(String, Fields)> = Vec::new();
    if let Some(condition) = &task.step.condition {
        let how = format!("then --tags {label}, else -e elevate_done={label}");
        let ask = format!("Only if: {}; {how}", shown(condition));
        all.push((task.step.why.clone(), by_hand(&name, label, &ask, &[phase])));
    }
    let is_asked = task.step.condition.is_some();
    for doing in &task.doings {
        let tagged: &[&str] =
            if is_asked { &["never", label.as_str()] } else { &[phase, label.as_str()] };
        for mut fields in of_doing(&name, label, doing, tagged) {
            if fields.first().is_none_or(|(field, _)| *field != "name") {
                fields.insert(0, ("name", Node::text(name.clone())));
                fields.push(when(label));
                fields.push(tags(tagged.iter().copied()));
            }
            all.push((task.step.why.clone(), fields));
        }
    }
    all
}

/// Not where somebody says that the step is done.
fn when(label: &str) -> (&'static str, Node) {
    let is_open = format!("'{label}' not in (elevate_done | default('')).split(',')");
    ("when", Node::List(vec![Node::template(is_open)]))
}

/// A task that ends unless somebody says that the step is done.
fn by_hand(name: &str, label: &str, what: &str, tagged: &[&str]) -> Fields {
    let (field, when) = when(label);
    let Node::List(mut conditions) = when else { return Vec::new() };
    conditions.push(Node::template("not ansible_check_mode"));
    vec![
        ("name", Node::text(name)),
        ("ansible.builtin.fail", Node::Map(vec![("msg", Node::text(what))])),
        (field, Node::List(conditions)),
        tags(tagged.iter().copied()),
    ]
}

/// What is done, without name and tags but for what is left to somebody.
fn of_doing(name: &str, label: &str, doing: &Doing, tagged: &[&str]) -> Vec<Fields> {
    let looks = ("changed_when", Node::Bool(false));
    vec![match doing {
        Doing::Run(command) => run(command),
        Doing::Service { unit, enabled } => vec![(
            "ansible.builtin.systemd",
            Node::Map(vec![("name", Node::text(unit)), ("enabled", Node::Bool(*enabled))]),
        )],
        Doing::Edit { path, before, result, patch } => {
            let mut task = call(&["edit_file", path, before, result], patch);
            task.push(("register", Node::text("elevate_edit")));
            let changed = "'is as it is to be' not in (elevate_edit.stdout | default(''))";
            task.push(("changed_when", Node::template(changed)));
            task
        }
        Doing::Write { path, content } => return write(path, content),
        Doing::Copy { from, to } => call(&["copy_file", from, to], ""),
        Doing::Delete { path } => call(&["delete_file", path], ""),
        Doing::Host { arch, distribution, major } => {
            let mut task = call(&["same_host", arch, distribution, major], "");
            task.push(looks);
            task
        }
        Doing::Room { mount, kib } => {
            let mut task = call(&["room", mount, &kib.to_string()], "");
            task.push(looks);
            task
        }
        Doing::Packages(list) => {
            let mut task = call(&["packages_are"], list);
            task.push(looks);
            task
        }
        Doing::Reboot => {
            let tagged = tagged.iter().copied().chain(["reboot"]);
            vec![
                ("name", Node::text(name)),
                ("ansible.builtin.reboot", Node::Map(Vec::new())),
                when(label),
                tags(tagged),
            ]
        }
        Doing::ByHand(what) => {
            let what = format!("By hand: {}; then -e elevate_done={label}", shown(what));
            by_hand(name, label, &what, tagged)
        }
    }]
}

/// A command as it is.
fn run(command: &[String]) -> Fields {
    let mut module = vec![("argv", Node::texts(command))];
    if command.iter().any(|word| word.contains('$') || word.starts_with('~')) {
        module.push(("expand_argument_vars", Node::Bool(false)));
    }
    vec![("ansible.builtin.command", Node::Map(module))]
}

/// One of our functions.
fn call(words: &[&str], stdin: &str) -> Fields {
    let shell = ["/bin/sh", "-c"].map(Node::text);
    let words = ["elevate"].iter().chain(words).map(|&word| Node::text(word));
    let argv = shell.into_iter().chain([Node::template(CALL)]).chain(words).collect();
    let mut module = vec![("argv", Node::List(argv)), ("expand_argument_vars", Node::Bool(false))];
    if !stdin.is_empty() {
        module.push(("stdin", Node::text(stdin)));
        module.push(("stdin_add_newline", Node::Bool(false)));
    }
    vec![("ansible.builtin.command", Node::Map(module))]
}

/// A file, and the directory for it. Modules put variables into paths, so that one with a
/// dollar is written by our own function.
fn write(path: &str, content: &str) -> Vec<Fields> {
    if path.contains('$') {
        let (text, whole) = super::shell::marked(content);
        return vec![call(&["write_file", path, whole], &text)];
    }
    let directory = path.rsplit_once('/').map(|(directory, _)| directory).unwrap_or_default();
    let mut tasks = Vec::new();
    if !directory.is_empty() {
        let module = vec![("path", Node::text(directory)), ("state", Node::text("directory"))];
        tasks.push(vec![("ansible.builtin.file", Node::Map(module))]);
    }
    let module = vec![
        ("dest", Node::text(path)),
        ("content", Node::text(content)),
        ("backup", Node::Bool(true)),
    ];
    tasks.push(vec![("ansible.builtin.copy", Node::Map(module))]);
    tasks
}
