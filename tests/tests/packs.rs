//! The packs that ship, and the commands for packs.

#![expect(clippy::expect_used, reason = "a test's helpers")]

use std::collections::BTreeSet;
use std::path::Path;

use elevate_core::pack::{SHIPPED, Shipped};
use elevate_tests::binary::{elevate, root};
use elevate_tests::data::TempDir;
use elevate_tests::recorded::{entries, read};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_str().expect("UTF-8").to_owned()
}

#[test]
fn every_directory_of_packs_ships_holds_and_its_tests_hold() {
    let directories = entries(&root().join("packs"));
    let names: BTreeSet<String> = directories.iter().map(|path| name(path)).collect();
    assert_eq!(names, SHIPPED.iter().map(|shipped| shipped.name.to_owned()).collect());
    for directory in &directories {
        let lint = elevate(&["pack", "lint", text(directory)]);
        assert_eq!(lint.code, 0, "{}", lint.all());
        let test = elevate(&["pack", "test", text(directory)]);
        assert_eq!(test.code, 0, "{}", test.all());
        assert!(test.stdout.ends_with(" tests, 0 failed\n") && test.stdout.starts_with("ok "));
        let card = elevate(&["actors", "lint", "--pack", text(directory)]);
        assert_eq!(card.code, 0, "{}", card.all());
    }
}

/// What is built in is what lies in the repository, no file forgotten.
#[test]
fn a_pack_that_ships_has_all_files_of_its_directory() {
    for shipped in SHIPPED {
        let files = entries(&root().join("packs").join(shipped.name));
        let text = |path: &Path| String::from_utf8(read(path)).expect("UTF-8");
        let files = files.iter().map(|path| (name(path), text(path))).collect();
        assert_eq!(shipped.files(), files, "{}", shipped.name);
    }
    assert!(Shipped::named("none").is_none());
}

#[test]
fn a_new_pack_holds_and_nothing_is_written_over() {
    let place = TempDir::new("new-pack").expect("a directory");
    let new = |name: &str| elevate(&["pack", "new", name, "--dir", text(place.path())]);
    let first = new("my-app");
    assert_eq!(first.code, 0, "{}", first.all());
    let directory = place.path().join("my-app");
    let files = format!("{0}/pack.toml\n{0}/rules.toml\n", directory.display());
    assert_eq!(first.stdout, files);
    let test = elevate(&["pack", "test", text(&directory)]);
    assert_eq!((test.code, test.stdout.lines().last()), (0, Some("2 tests, 0 failed")));
    assert_eq!(elevate(&["actors", "lint", "--pack", text(&directory)]).code, 0);

    let again = new("my-app");
    let nowhere = elevate(&["pack", "new", "x", "--dir", text(&place.path().join("none"))]);
    let told = format!("{}{}{}", again.all(), new("My App").all(), nowhere.all());
    insta::assert_snapshot!(told.replace(text(place.path()), "DIR"), @r#"
    exit code: 1
    --- stderr
    error: DIR/my-app is there already
    hint: take another name, or another place with --dir
    --- stdout
    exit code: 64
    --- stderr
    error: "My App": a pack's name begins with a lower-case letter, and has such letters, digits and hyphens
    --- stdout
    exit code: 1
    --- stderr
    error: DIR/none/x: No such file or directory (os error 2)
    --- stdout
    "#);
}

#[test]
fn tests_of_actors_are_run_by_name() {
    let one = elevate(&["actors", "test", "bacula_check"]);
    assert_eq!(one.code, 0, "{}", one.all());
    assert!(one.stdout.starts_with("el7-package-notes\nok "), "{}", one.stdout);
    let all = elevate(&["actors", "test"]);
    assert_eq!(all.code, 0, "{}", all.all());
    for shipped in SHIPPED {
        assert!(all.stdout.lines().any(|line| line == shipped.name), "{}", shipped.name);
    }
    let (native, none) =
        (elevate(&["actors", "test", "check_btrfs"]), elevate(&["actors", "test", "nothing"]));
    insta::assert_snapshot!(format!("{}{}", native.all(), none.all()), @"
    exit code: 1
    --- stderr
    error: check_btrfs is written in Rust and has its tests beside it
    hint: in its source: cargo test -p elevate-core actors::check_btrfs
    --- stdout
    exit code: 1
    --- stderr
    error: there is no pack and no actor nothing
    hint: elevate actors list shows the actors; name other packs with --pack
    --- stdout
    ");
}

#[test]
fn a_pack_whose_tests_or_cards_fail_ends_with_2() {
    let place = TempDir::new("bad-pack").expect("a directory");
    assert_eq!(elevate(&["pack", "new", "app", "--dir", text(place.path())]).code, 0);
    let directory = place.path().join("app");
    let rules = String::from_utf8(read(&directory.join("rules.toml"))).expect("UTF-8");
    let bad = rules.replacen("expect = []", "expect = [\"low app.x\"]", 1);
    let about = "Release 8 has app 2. Upgrade to it before the system is upgraded.";
    assert!(bad.contains(about));
    let bad = bad.replace(about, "Short.");
    place.write("app/rules.toml", bad.as_bytes()).expect("a file");
    let lint = elevate(&["actors", "lint", "--pack", text(&directory)]);
    let test = elevate(&["actors", "test", "app", "--pack", text(&directory)]);
    assert_eq!((lint.code, test.code), (2, 2));
    assert!(lint.stdout.starts_with("app_version@1: `about` says in sentences"), "{}", lint.stdout);
    assert!(
        test.stdout.contains("FAILED  a new version is fine\n        finds []"),
        "{}",
        test.stdout
    );
}

/// A pack that ships is named; a capture takes what it needs.
#[test]
fn a_pack_is_named_for_plans_and_captures() {
    let explained = elevate(&["capture", "--explain", "--pack", "cpanel"]);
    assert_eq!(explained.code, 0, "{}", explained.all());
    assert!(explained.stdout.contains("  entry    /etc/mysqldisable\n"));
    let without = elevate(&["capture", "--explain"]);
    assert!(!without.stdout.contains("/etc/mysqldisable"));

    let plan = |more: &[&str]| {
        let host = ["--snapshot", "fixtures/hosts/web/snapshot.json", "--data", "fixtures/data"];
        elevate(&[&["plan", "--target", "almalinux:8.10"], &host[..], more].concat())
    };
    let packed = plan(&["--pack", "plesk", "--format", "json"]);
    assert_eq!(packed.code, 2, "{}", packed.stderr);
    assert!(packed.stdout.contains("\"plesk@1\""), "the plan records the pack");
    let unknown = plan(&["--pack", "nowhere"]);
    assert_eq!(unknown.code, 1);
    assert!(
        unknown
            .stderr
            .contains("name the directory of a pack, or one of cpanel, el7-package-notes, plesk"),
        "{}",
        unknown.stderr
    );
}
