//! Files that runs change.

use super::*;

#[test]
fn a_file_that_is_not_what_it_was_stops_the_run() {
    let directory = host("other");
    directory.write("etc/a", b"a\nmore\n");
    let error = begin(&plan(vec![edit("edit", "/etc/a")]), &mut Fake::on(&directory), NEVER);
    let error = error.unwrap().unwrap_err().to_string();
    assert_eq!(error, "step edit failed: /etc/a: is not what it was when the plan was made");
    assert_eq!(content(&directory)["etc/a"], "a\nmore\n");
}

/// A step that writes two files, with something after it that fails.
fn several() -> Plan {
    let repositories = Action::Repositories {
        path: "/etc/over".to_owned(),
        repositories: Vec::new(),
        content: "new\n".to_owned(),
    };
    plan(vec![step("two", repositories), command("fails", "fails")])
}

#[test]
fn a_step_that_changed_some_of_its_files_is_begun_anew_or_taken_back() {
    let plan = several();
    for is_undone in [false, true] {
        let directory = host("several");
        let before = content(&directory);
        let mut fake = Fake::on(&directory);
        // Begun, both files changed, and no record that it is done.
        assert!(begin(&plan, &mut fake, 2).is_none());
        assert_eq!(content(&directory)["etc/over.more"], "more\n");
        std::fs::remove_file(directory.path().join("etc/over.more")).unwrap();
        if is_undone {
            assert_eq!(undo(&plan, &mut fake).unwrap(), [""; 0]);
            assert_eq!(content(&directory), before);
        } else {
            resume(&plan, &mut fake, NEVER).unwrap().unwrap();
            let content = content(&directory);
            assert_eq!((&*content["etc/over"], &*content["etc/over.more"]), ("new\n", "more\n"));
            assert!(matches!(undo(&plan, &mut fake), Err(RunError::NotUndone { .. })));
        }
    }
}

#[test]
fn files_are_put_back_where_a_later_one_of_the_step_cannot_be_changed() {
    let directory = host("later");
    let plan = several();
    let mut fake = Fake::on(&directory);
    // What is to be a file is a directory once the first one is there.
    directory.write("etc/over.more/full", b"x\n");
    let error = begin(&plan, &mut fake, NEVER).unwrap().unwrap_err().to_string();
    assert!(error.contains("/etc/over.more"), "{error}");
    assert_eq!(content(&directory)["etc/over"], "old\n");
}

#[test]
fn a_link_that_was_removed_comes_back_as_a_link() {
    let directory = host("link-back");
    directory.link("nowhere", "etc/dangling");
    directory.link("a", "etc/whole");
    let delete = |path: &str| step(&path[5..], Action::Delete { path: path.to_owned() });
    let steps = ["/etc/dangling", "/etc/whole", "/etc/gone"].map(delete);
    let plan = plan([&steps[..], &[command("fails", "fails")]].concat());
    for ticks in 2..=7 {
        let mut fake = Fake::on(&directory);
        fake.failing.insert("fails");
        let begun = begin(&plan, &mut fake, ticks);
        assert!(begun.is_none(), "{ticks}: {begun:?}");
        assert_eq!(undo(&plan, &mut fake).unwrap(), [""; 0], "{ticks}");
        let leads = |name: &str| std::fs::read_link(directory.path().join(name)).unwrap();
        assert_eq!(leads("etc/dangling").to_str(), Some("nowhere"), "{ticks}");
        assert_eq!(leads("etc/whole").to_str(), Some("a"), "{ticks}");
        assert_eq!(content(&directory)["etc/gone"], "gone\n", "{ticks}");
    }
}

#[test]
fn a_plan_cannot_reach_out_of_the_root_or_for_the_files_of_the_run() {
    let outside = TempDir::new("outside");
    outside.write("victim", b"whole\n");
    let directory = host("inside");
    directory.link(&outside.path().display().to_string(), "etc/away");
    directory.link("/../../../../../../victim", "etc/up");
    let write = |path: &str| {
        let action = Action::Write { path: path.to_owned(), content: "x\n".to_owned() };
        plan(vec![step("w", action)])
    };
    let up = format!("/etc/{}{}/victim", "../".repeat(20), outside.path().display());
    let away = "/etc/away/victim";
    for path in [up.as_str(), away, "/etc/up", "relative", "/etc/", "/etc/..", "/etc/a\0b"] {
        let mut fake = Fake::on(&directory);
        // Refused, or done inside; what is outside stays as it is.
        let _ = begin(&write(path), &mut fake, NEVER).unwrap();
        let _ = std::fs::remove_dir_all(directory.path().join("var/lib/elevate"));
        assert_eq!(std::fs::read(outside.path().join("victim")).unwrap(), b"whole\n", "{path}");
    }
    for path in [JOURNAL, "/var/lib/../lib/elevate/run/lock", "//var/lib/./elevate/run/x"] {
        let (fake, plan) = (Fake::on(&directory), write(path));
        let (_, _, intent) = &preview(&plan, &fake)[0];
        assert!(matches!(intent, Intent::Leave(_)), "{path}: {intent:?}");
    }
}

#[test]
fn owner_and_permissions_of_a_file_stay_and_links_stay_links() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = host("kept-as-it-is");
    let path = directory.path().join("etc/a");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    directory.link("../etc/a", "etc/link");
    begin(&plan(vec![edit("edit", "/etc/link")]), &mut Fake::on(&directory), NEVER)
        .unwrap()
        .unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"b\n");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
    assert!(directory.path().join("etc/link").is_symlink());
}
