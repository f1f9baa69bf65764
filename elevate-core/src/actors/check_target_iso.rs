//! The target's packages come from an image.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::{Fact, Unknown};
use crate::finding::{Finding, Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_target_iso",
    summary: "an installation image is to be upgraded from",
    about: "With LEAPP_TARGET_ISO the packages come from an installation image of the target. The \
            file has to be there, on a file system that /etc/fstab mounts, so that it is found \
            after the reboot. What is in the image, BaseOS and AppStream of the target's release, \
            is seen when it is mounted.",
    covers: &["scan_target_os_image", "create_iso_repofile", "mount_target_iso"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[NOT_FOUND, NOT_PERSISTENT],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NOT_FOUND: Kind =
    Kind::new("iso.not-found", "check_target_iso", Severity::Medium, "The image is not there")
        .inhibiting()
        .groups(&["repository"]);

const NOT_PERSISTENT: Kind = Kind::new(
    "iso.not-persistent",
    "check_target_iso",
    Severity::Medium,
    "The image will not be there after a reboot",
)
.inhibiting()
.groups(&["repository"]);

const SETTING: &str = "LEAPP_TARGET_ISO";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let Some(path) = host.setting(SETTING).filter(|path| !path.is_empty()) else { return Ok(()) };
    let storage = host.facts().storage();
    if outcome.known(storage.exists(path)) == Some(false) {
        let finding =
            NOT_FOUND.finding(format!("{SETTING} says {path}, and there is no such file."));
        outcome.report(about(finding, path).hint("Give the path of an image of the target."));
        return Ok(());
    }
    outcome.lacks(Unknown::not_captured(format!("the content of {path}")));
    if let Some(place) = outcome.known(lost_mount(host, path)).flatten() {
        let summary = format!("{path} is on {place}, which /etc/fstab does not mount.");
        let hint = "Put the image on a file system that /etc/fstab mounts.";
        let finding = about(NOT_PERSISTENT.finding(summary), path);
        outcome.report(finding.about("file", ["/etc/fstab"]).hint(hint));
    }
    let what =
        format!("{path} is mounted at /iso, and BaseOS and AppStream in it are repositories");
    let why = "The target's packages come from the image.";
    outcome.step(Step::new(When::Prepare, why, Change::other(&*what)));
    // Who does not start the host in between has it mounted already.
    outcome.step(Step::new(When::Before, why, Change::other(what)).for_leapp());
    Ok(())
}

fn about(finding: Finding, path: &str) -> Finding {
    finding.about("file", [path])
}

/// The mount that holds a path, where fstab does not know of it.
fn lost_mount(host: &Host<'_>, path: &str) -> Fact<Option<String>> {
    let storage = host.facts().storage();
    let Some(mount) = storage.mount_of(path)? else { return Ok(None) };
    let fstab = storage.fstab()?.map(|fstab| fstab.value).unwrap_or_default();
    let is_known = fstab.iter().any(|entry| entry.target == mount.target);
    Ok((!is_known).then_some(mount.target))
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::Case;

    fn with(host: &str) -> String {
        Case::new(ACTOR, host).setting("LEAPP_TARGET_ISO", "/data/8.iso").told()
    }

    const MOUNTS: &str = "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n/dev/sdb1 /data xfs rw 0 0\n";
    const FSTAB: &str = "//- /etc/fstab\n/dev/sda1 / xfs rw 0 0\n";
    const IMAGE: &str = "//- entry /data/8.iso 1000\n";

    #[test]
    fn an_image_that_is_not_there_forbids_the_upgrade() {
        insta::assert_snapshot!(with("//- dir /data: other\n"), @"
        medium inhibitor iso.not-found [repository]
          The image is not there: LEAPP_TARGET_ISO says /data/8.iso, and there is no such file.
          about: file /data/8.iso
          hint: Give the path of an image of the target.
        ");
    }

    #[test]
    fn so_does_one_that_is_lost_after_the_reboot() {
        insta::assert_snapshot!(with(&format!("{MOUNTS}{FSTAB}{IMAGE}")), @"
        medium inhibitor iso.not-persistent [repository]
          The image will not be there after a reboot: /data/8.iso is on /data, which /etc/fstab does not mount.
          about: file /data/8.iso
          about: file /etc/fstab
          hint: Put the image on a file system that /etc/fstab mounts.
        medium actors.undecided [sanity]
          A check lacks evidence: check_target_iso (an installation image is to be upgraded from) was not decided: the content of /data/8.iso: was not captured.
          about: evidence the content of /data/8.iso
        prepare: The target's packages come from the image.
          /data/8.iso is mounted at /iso, and BaseOS and AppStream in it are repositories
        before: The target's packages come from the image.
          only leapp needs it
          /data/8.iso is mounted at /iso, and BaseOS and AppStream in it are repositories
        ");
    }

    #[test]
    fn one_on_a_lasting_file_system_is_used() {
        let host = format!("{MOUNTS}{FSTAB}/dev/sdb1 /data xfs rw 0 0\n{IMAGE}");
        insta::assert_snapshot!(with(&host), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_target_iso (an installation image is to be upgraded from) was not decided: the content of /data/8.iso: was not captured.
          about: evidence the content of /data/8.iso
        prepare: The target's packages come from the image.
          /data/8.iso is mounted at /iso, and BaseOS and AppStream in it are repositories
        before: The target's packages come from the image.
          only leapp needs it
          /data/8.iso is mounted at /iso, and BaseOS and AppStream in it are repositories
        ");
    }

    #[test]
    fn without_an_image_there_is_nothing_to_look_at() {
        assert_eq!(Case::new(ACTOR, "").told(), "");
        assert_eq!(Case::new(ACTOR, "").setting("LEAPP_TARGET_ISO", "").told(), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(with(""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_target_iso (an installation image is to be upgraded from) was not decided: /data/8.iso: was not captured; the content of /data/8.iso: was not captured; /proc/self/mountinfo: was not captured.
          about: evidence /data/8.iso
          about: evidence /proc/self/mountinfo
          about: evidence the content of /data/8.iso
        prepare: The target's packages come from the image.
          /data/8.iso is mounted at /iso, and BaseOS and AppStream in it are repositories
        before: The target's packages come from the image.
          only leapp needs it
          /data/8.iso is mounted at /iso, and BaseOS and AppStream in it are repositories
        ");
    }
}
