//! Trees of real hosts, captured: what was found, what is absent, what could not
//! be read. The lists are read when they change.

use std::process::Command;

use elevate_tests::binary::elevate;
use elevate_tests::data::TempDir;
use elevate_tests::recorded;

/// What the command shows of a snapshot of a tree, taken through a door.
#[expect(clippy::disallowed_methods, clippy::print_stderr, reason = "tar unpacks the tree")]
fn shown(tree: &str, door: &str) -> Option<String> {
    let directory = recorded::data_dir("host-trees")?;
    if !recorded::has(&directory, tree) {
        return None;
    }
    let archive = directory.join(tree).to_str()?.to_owned();
    let scratch = TempDir::new(&format!("tree-{tree}")).ok()?;
    let (root, out) = (scratch.path().join("root"), scratch.path().join("snapshot.json"));
    let (root, out) = (root.to_str()?, out.to_str()?);
    let host = if door == "--root" {
        std::fs::create_dir(root).ok()?;
        let unpacked = Command::new("tar").args(["xJf", &archive, "-C", root]).status();
        if !unpacked.is_ok_and(|status| status.success()) {
            eprintln!("skipped: tar cannot unpack {tree}");
            return None;
        }
        root
    } else {
        &archive
    };
    let taken = elevate(&["capture", door, host, "-o", out]);
    assert_eq!(taken.code, 0, "{}", taken.all());
    Some(elevate(&["snapshot", "show", out]).stdout)
}

#[test]
fn a_root_made_by_yum_is_captured() {
    let Some(shown) = shown("centos7.3-installroot-rootfs.tar.xz", "--root") else { return };
    insta::assert_snapshot!(shown);
}

#[test]
fn the_root_of_a_base_image_is_captured() {
    let Some(shown) = shown("centos7.7-docker-base-rootfs.tar.xz", "--root") else { return };
    insta::assert_snapshot!(shown);
}

#[test]
fn an_insights_archive_is_captured() {
    let Some(shown) = shown("rhel7.3-aws-insights-archive.tar.xz", "--sos") else { return };
    insta::assert_snapshot!(shown);
}
