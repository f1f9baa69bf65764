//! The playbook of a plan: that Ansible takes it, and that nothing in a plan is a template.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "export/hostile.rs"]
mod hostile;
#[path = "export/tools.rs"]
mod tools;

use elevate_core::export::{Export, What};
use elevate_core::finding::Finding;
use elevate_core::plan::{Action, Plan};
use elevate_tests::data::TempDir;
use elevate_tests::plans::everything;
use hostile::{HOSTILE, edit, name, plan};
use tools::ansible;

/// Writes the playbook of a plan; its path.
fn playbook(plan: &Plan, forced: bool, directory: &TempDir) -> String {
    let export = Export::of(plan, What::Ansible, forced).expect("a playbook");
    let file = directory.write("upgrade.yml", export.files[0].content.as_bytes());
    file.expect("a file").into_os_string().into_string().expect("UTF-8")
}

fn text(directory: &TempDir, path: &str) -> String {
    let bytes = elevate_tests::data::read(&directory.path().join(path));
    String::from_utf8(bytes.unwrap_or_else(|error| panic!("{path:?}: {error}"))).expect("UTF-8")
}

#[test]
fn ansible_takes_a_plan_with_everything_and_would_do_it() {
    let directory = TempDir::new("ansible-check").expect("a directory");
    let mut plan = everything();
    plan.hostname = None;
    let actions = vec![
        Action::Service { unit: "a.service".to_owned(), enabled: true },
        Action::BootEntry { kernel: "4.18.0-1.el8.x86_64".to_owned() },
        Action::KernelArgument { argument: "a={{ b }}".to_owned(), present: true },
        Action::Transaction { arriving: 1, leaving: 1 },
        Action::Other { what: "think {{ hard }}".to_owned() },
        Action::Reboot,
    ];
    plan.stages = hostile::plan(actions).stages;
    plan.stages[0].steps[1].condition = Some("{{ it }} rains".to_owned());
    let file = playbook(&plan, true, &directory);
    let Some(checked) = ansible(&directory, &["--syntax-check", &file]) else { return };
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    // Services are asked for of systemd, which is not everywhere; the controller is not
    // started anew.
    let ran = ansible(&directory, &["--check", "--skip-tags", "before.hostile-0,reboot", &file]);
    let ran = ran.expect("it was there");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);

    let refused = playbook(&plan, false, &directory);
    let ran = ansible(&directory, &["--check", "--tags", "before", &refused]);
    let ran = ran.expect("it was there");
    assert_ne!(ran.code, 0);
    assert!(ran.stdout.contains("must not go ahead"), "{}", ran.stdout);
}

#[test]
fn texts_paths_and_words_stay_what_they_are() {
    let directory = TempDir::new("ansible-texts").expect("a directory");
    let place = directory.path().to_str().expect("UTF-8").to_owned();
    let mut actions = Vec::new();
    for (number, text) in HOSTILE.iter().enumerate() {
        let (path, copy) =
            (format!("{place}/new/{}", name(number)), format!("{place}/copy-{number}"));
        actions.push(Action::Write { path: path.clone(), content: (*text).to_owned() });
        actions.push(Action::Copy { from: path.clone(), to: copy });
        actions.push(Action::Delete { path });
        let after = format!("one\n{}\ntwo\n", text.replace('\r', " "));
        actions.push(edit(&format!("{place}/edit-{number}"), "one\ntwo\n", &after, true));
        directory.write(&format!("edit-{number}"), b"one\ntwo\n").expect("a file");
    }
    let mut command: Vec<String> =
        ["sh", "-c", "printf '%s\\n' \"$@\" >\"$0\""].map(str::to_owned).to_vec();
    command.push(format!("{place}/words"));
    command.extend(HOSTILE.map(str::to_owned));
    actions.push(Action::Command { command });
    let file = playbook(&plan(actions), false, &directory);
    let Some(ran) = ansible(&directory, &[&file]) else { return };
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    for (number, expected) in HOSTILE.iter().enumerate() {
        assert_eq!(text(&directory, &format!("copy-{number}")), *expected);
        assert!(!directory.path().join("new").join(name(number)).exists());
        let edited = format!("one\n{}\ntwo\n", expected.replace('\r', " "));
        assert_eq!(text(&directory, &format!("edit-{number}")), edited);
    }
    assert_eq!(text(&directory, "words"), HOSTILE.map(|text| format!("{text}\n")).concat());
}

#[test]
fn what_findings_propose_is_done_only_where_it_is_asked_for() {
    let directory = TempDir::new("ansible-remediation").expect("a directory");
    let touched = directory.path().join("touched");
    let touch = ["touch", touched.to_str().expect("UTF-8")].map(str::to_owned);
    let mut plan = plan(Vec::new());
    // An id that Ansible would take for a tag of its own.
    for id in ["always", "a.b {{ c }}"] {
        let mut finding: Finding = everything().findings.remove(0);
        finding.id = id.into();
        finding.remediation = vec![elevate_core::finding::Remediation::Command(touch.to_vec())];
        plan.findings.push(finding);
    }
    let file = playbook(&plan, true, &directory);
    let Some(ran) = ansible(&directory, &[&file]) else { return };
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(!touched.exists());
    let ran = ansible(&directory, &["--tags", "a.b____c___", &file]).expect("it was there");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(touched.exists());
}

#[test]
fn what_only_leapp_needs_is_a_comment_in_a_playbook() {
    let directory = TempDir::new("ansible-leapp").expect("a directory");
    let mut plan = plan(HOSTILE.map(|text| Action::Other { what: text.to_owned() }).to_vec());
    for step in &mut plan.stages[0].steps {
        step.condition = Some("{{ it }} rains".to_owned());
        step.for_leapp = true;
    }
    let export = Export::of(&plan, What::Ansible, false).expect("a playbook");
    let told = export.remarks.iter().filter(|remark| remark.contains("before.hostile"));
    assert_eq!(told.collect::<Vec<_>>(), [""; 0]);
    let content = &export.files[0].content;
    assert_eq!(content.matches("    # Only leapp needs it").count(), HOSTILE.len());
    let is_told = |line: &str| line.contains("hostile") && !line.trim_start().starts_with('#');
    assert_eq!(content.lines().find(|line| is_told(line)), None);
    let file = playbook(&plan, false, &directory);
    let Some(ran) = ansible(&directory, &["--tags", "before", &file]) else { return };
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}
