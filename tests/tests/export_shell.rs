//! The shell script of a plan: what it refuses, and that nothing in a plan breaks out of it.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "export/hostile.rs"]
mod hostile;
#[path = "export/tools.rs"]
mod tools;

use elevate_core::export::{Export, What};
use elevate_core::plan::{Action, Plan};
use elevate_tests::data::TempDir;
use elevate_tests::plans::everything;
use hostile::{HOSTILE, edit, name, plan};
use tools::{Shell, shells};

fn script(plan: &Plan, forced: bool) -> String {
    let export = Export::of(plan, What::Shell, forced).expect("a script");
    export.files.into_iter().next().expect("a file").content
}

/// Runs a script on a directory in every shell that is there.
fn in_every_shell(name: &str, script: &str, mut with: impl FnMut(Shell, &TempDir, &str)) {
    for shell in shells() {
        let directory = TempDir::new(name).expect("a directory");
        let file = directory.write("upgrade.sh", script.as_bytes()).expect("a file");
        with(shell, &directory, file.to_str().expect("UTF-8"));
    }
}

fn content(root: &TempDir, path: &str) -> String {
    let path = root.path().join(format!("root{path}"));
    let bytes = elevate_tests::data::read(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn texts_and_paths_stay_what_they_are() {
    let path = |number: usize| format!("/etc/{}", name(number));
    let mut actions = Vec::new();
    for (number, text) in HOSTILE.iter().enumerate() {
        actions.push(Action::Write { path: path(number), content: (*text).to_owned() });
        let copy = format!("/copies{}", path(number));
        actions.push(Action::Copy { from: path(number), to: copy });
        actions.push(Action::Delete { path: path(number) });
    }
    in_every_shell("shell-texts", &script(&plan(actions), false), |shell, directory, file| {
        let ran = shell.run(directory, &[], &[file, "before"]);
        assert_eq!(ran.code, 0, "{shell:?}: {}", ran.stderr);
        for (number, text) in HOSTILE.iter().enumerate() {
            assert_eq!(content(directory, &format!("/copies{}", path(number))), *text, "{shell:?}");
            assert!(!directory.path().join(format!("root{}", path(number))).exists());
        }
    });
}

#[test]
fn edits_come_to_what_was_planned_whatever_is_in_them() {
    let mut pairs: Vec<(String, String)> = [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb\n", "a\nx\nb\n"),
        ("a\nx\nb\n", "a\nb\n"),
        ("", "a\n"),
        ("a\n", ""),
        ("a\nb", "a\nc"),
        ("a", "a\nb\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n"),
        ("007\n", "7\n"),
        ("\n\n\n", "\n\nx\n\n"),
    ]
    .map(|(before, after)| (before.to_owned(), after.to_owned()))
    .to_vec();
    for text in HOSTILE {
        let lines: Vec<&str> = text.split(['\n', '\r']).collect();
        pairs.push((format!("{}\nlast\n", lines.join("\n")), format!("x\n{}\n", lines.join("\n"))));
        pairs.push(("one\ntwo\n".to_owned(), format!("one\n{}\ntwo\n", lines.join("\n"))));
    }
    for known in [true, false] {
        let actions = (0..).zip(&pairs);
        let actions =
            actions.map(|(n, (a, b)): (usize, _)| edit(&format!("/etc/{n}"), a, b, known));
        let actions: Vec<Action> = actions.collect();
        let expected: Vec<String> = actions
            .iter()
            .zip(&pairs)
            .map(|(action, (before, _))| match action {
                Action::Edit { edits, .. } => {
                    elevate_core::plan::edit::apply(before, edits).expect("they apply")
                }
                _ => panic!("an edit"),
            })
            .collect();
        in_every_shell("shell-edits", &script(&plan(actions), false), |shell, directory, file| {
            for (number, (before, _)) in pairs.iter().enumerate() {
                directory.write(&format!("root/etc/{number}"), before.as_bytes()).expect("a file");
            }
            let ran = shell.run(directory, &[], &[file, "before"]);
            assert_eq!(ran.code, 0, "{shell:?}: {}{}", ran.stdout, ran.stderr);
            for (number, expected) in expected.iter().enumerate() {
                let path = format!("/etc/{number}");
                assert_eq!(&content(directory, &path), expected, "{shell:?}: {:?}", pairs[number]);
            }
            // Once more: nothing is done twice.
            let ran = shell.run(directory, &[], &[file, "before"]);
            assert_eq!(ran.code, 0, "{shell:?}: {}", ran.stderr);
            assert!(!ran.stdout.contains("changed"), "{shell:?}: {}", ran.stdout);
        });
    }
}

#[test]
fn a_file_that_is_another_is_left_alone() {
    for known in [true, false] {
        let actions = vec![edit("/etc/a", "one\ntwo\n", "one\n2\n", known)];
        in_every_shell("shell-other", &script(&plan(actions), false), |shell, directory, file| {
            let missing = shell.run(directory, &[], &[file, "before"]);
            assert_eq!(missing.code, 1);
            assert!(missing.stderr.contains("/etc/a is not there"), "{}", missing.stderr);
            directory.write("root/etc/a", b"one\nthree\n").expect("a file");
            let other = shell.run(directory, &[], &[file, "before"]);
            assert_eq!(other.code, 1, "{shell:?}");
            let why = if known { "is not what it was" } else { "line 2 is another" };
            assert!(other.stderr.contains(why), "{shell:?}: {}", other.stderr);
            assert!(other.stderr.contains("at step before.hostile-0"), "{}", other.stderr);
            assert_eq!(content(directory, "/etc/a"), "one\nthree\n");
        });
    }
}

#[test]
fn words_of_commands_stay_words() {
    let command = |text: &str| Action::Command {
        command: vec!["A=b".to_owned(), text.to_owned(), String::new(), "end".to_owned()],
    };
    let actions = HOSTILE.iter().map(|text| command(text)).collect();
    in_every_shell("shell-words", &script(&plan(actions), false), |shell, directory, file| {
        let ran = shell.run(directory, &[], &[file, "before"]);
        assert_eq!(ran.code, 0, "{shell:?}: {}", ran.stderr);
        for text in HOSTILE {
            let told = format!("would run: A=b {text}  end\n");
            assert!(ran.stdout.contains(&told), "{shell:?}: {told:?} in {}", ran.stdout);
        }
    });
}

#[test]
fn what_a_script_cannot_do_is_left_to_somebody_and_asked_for() {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let plan = plan(vec![
        Action::Command { command: words(&["-x"]) },
        Action::Command { command: words(&["x", "\0"]) },
        Action::Write { path: "/etc/../../x".to_owned(), content: String::new() },
        Action::Delete { path: "etc/x".to_owned() },
        Action::Other { what: "think".to_owned() },
    ]);
    let export = Export::of(&plan, What::Shell, false).expect("a script");
    assert_eq!(
        export.remarks,
        [
            "5 steps are told in words and left to you: before.hostile-0, before.hostile-1, \
             before.hostile-2, before.hostile-3, before.hostile-4",
            "the plan does not name its host, so the script runs on any",
        ]
    );
    in_every_shell("shell-hand", &export.files[0].content, |shell, directory, file| {
        let ran = shell.run(directory, &[], &[file, "before"]);
        assert_eq!(ran.code, 0, "{shell:?}: {}", ran.stderr);
        assert_eq!(ran.stdout.matches("would ask for it by hand").count(), 5, "{}", ran.stdout);
    });
}

#[test]
fn a_script_is_for_its_host_for_root_and_for_a_plan_that_may_go_ahead() {
    let mut ours = plan(vec![Action::Reboot]);
    ours.hostname = Some("no-such-host.example".to_owned());
    let mut inhibited = everything();
    inhibited.hostname = None;
    inhibited.stages.clone_from(&ours.stages);
    let refused = script(&inhibited, false);
    in_every_shell("shell-refused", &refused, |shell, directory, file| {
        let ran = shell.run(directory, &[], &[file, "before"]);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("must not go ahead: inhibitors: user.c"), "{}", ran.stderr);
        assert_eq!(shell.run(directory, &[], &[file, "list"]).code, 0);
        assert_eq!(shell.run(directory, &[], &[file]).code, 64);
    });
    in_every_shell("shell-forced", &script(&inhibited, true), |shell, directory, file| {
        assert_eq!(shell.run(directory, &[], &[file, "before"]).code, 0);
    });
    in_every_shell("shell-host", &script(&ours, false), |shell, directory, file| {
        let ran = shell.run(directory, &[], &[file, "before"]);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("no-such-host.example, and this is"), "{}", ran.stderr);
        assert_eq!(shell.run(directory, &[("FORCE", "1")], &[file, "before"]).code, 0);
        if let Some(ran) = shell.run_as_nobody(&[file, "before"]) {
            assert_eq!(ran.code, 1);
            assert!(ran.stderr.contains("only root can do that"), "{}", ran.stderr);
        }
    });
}

#[test]
fn a_script_goes_on_where_it_stopped_and_asks_for_what_it_cannot_do() {
    let command = |words: &[&str]| Action::Command {
        command: words.iter().map(|&word| word.to_owned()).collect(),
    };
    let mut plan = plan(vec![
        command(&["echo", "first"]),
        command(&["test", "-e", "/var/lib/go"]),
        Action::Other { what: "think".to_owned() },
        command(&["echo", "rain"]),
        // No program has that name; a shell has a command.
        command(&["exit", "0"]),
    ]);
    plan.stages[0].steps[3].condition = Some("it rains".to_owned());
    let story = "
        run() { $shell \"$file\" \"$@\" && echo well || echo ended; }
        file=$1
        run before; touch /var/lib/go
        run before; run done before.hostile-2
        run before; run do before.hostile-3
        run before; run done before.hostile-4
        run before";
    in_every_shell("shell-story", &script(&plan, false), |shell, _, file| {
        let Some(ran) = shell.run_apart(story, &[file]) else { return };
        let told = ran.stdout.replace("before.hostile-", "");
        let told: Vec<&str> = told.lines().collect();
        assert_eq!(
            told.join("; "),
            "0; first; 1; ended; 0: done before; 1; 2; ended; well; \
             0: done before; 1: done before; 2: done before; ended; 3; rain; well; \
             0: done before; 1: done before; 2: done before; 3: done before; 4; ended; well; \
             0: done before; 1: done before; 2: done before; 3: done before; 4: done before; well",
            "{shell:?}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains("do this by hand: think."), "{}", ran.stderr);
        assert!(ran.stderr.contains("is only for this: it rains."), "{}", ran.stderr);
    });
}

#[test]
fn what_only_leapp_needs_is_a_comment_in_a_script() {
    let leapps = || HOSTILE.map(|text| Action::Other { what: text.to_owned() });
    let write = Action::Write { path: "/etc/a".to_owned(), content: "a".to_owned() };
    let mut plan = plan(leapps().into_iter().chain([write]).collect());
    for step in &mut plan.stages[0].steps[..HOSTILE.len()] {
        step.condition = Some("it rains".to_owned());
        step.for_leapp = true;
    }
    let export = Export::of(&plan, What::Shell, false).expect("a script");
    let told = export.remarks.iter().filter(|remark| remark.contains("before.hostile"));
    assert_eq!(told.collect::<Vec<_>>(), [""; 0]);
    let script = script(&plan, false);
    assert_eq!(script.matches("# Only leapp needs it").count(), HOSTILE.len());
    in_every_shell("shell-leapp", &script, |shell, directory, file| {
        let last = format!("before.hostile-{}", HOSTILE.len());
        let ran = shell.run(directory, &[], &[file, "before"]);
        assert_eq!(
            (ran.code, ran.stdout),
            (0, format!("{last}\nwrote /etc/a\n")),
            "{shell:?}: {}",
            ran.stderr
        );
        assert_eq!(content(directory, "/etc/a"), "a");
        let ran = shell.run(directory, &[], &[file, "list"]);
        assert_eq!(ran.stdout, format!("{last}: write /etc/a\n"), "{shell:?}");
    });
}

#[test]
fn a_phase_of_what_only_leapp_needs_is_one_in_which_nothing_is_done() {
    let mut plan = plan(vec![Action::Other { what: "think".to_owned() }]);
    plan.stages[0].steps[0].for_leapp = true;
    in_every_shell("shell-leapp-alone", &script(&plan, false), |shell, directory, file| {
        let ran = shell.run(directory, &[], &[file, "before"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{shell:?}: {}", ran.stderr);
    });
}
