//! What is mounted at `/var/lib/leapp` is gone after a reboot.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_persistent_mounts",
    summary: "/var/lib/leapp is mounted and not in /etc/fstab",
    about: "The upgrade keeps its state, and the target's system, in /var/lib/leapp, and needs \
            them after the reboot. What is mounted there by hand is not mounted then. Add an entry \
            to /etc/fstab, or unmount it.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[NOT_PERSISTENT],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NOT_PERSISTENT: Kind = Kind::new(
    "storage.leapp-mount-not-persistent",
    "check_persistent_mounts",
    Severity::High,
    "/var/lib/leapp will not be mounted after a reboot",
)
.inhibiting()
.groups(&["filesystem"])
.key("78157f5bedd34defd49953b2e195d50364ea19c4");

const PLACE: &str = "/var/lib/leapp";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let mounted = host.facts().storage().mounted()?;
    let Some(mount) = mounted.get(PLACE) else { return Ok(()) };
    let fstab = host.facts().storage().fstab()?.map(|fstab| fstab.value).unwrap_or_default();
    if fstab.iter().any(|entry| entry.target == PLACE) {
        return Ok(());
    }
    let summary =
        format!("{} is mounted at {PLACE}, and /etc/fstab does not say so.", mount.source);
    outcome.report(
        NOT_PERSISTENT
            .finding(summary)
            .about("file", ["/etc/fstab"])
            .hint("Add the mount to /etc/fstab, or unmount it and use the file system below."),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const MOUNTED: &str = "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n\
                           /dev/sdb1 /var/lib/leapp xfs rw 0 0\n";

    #[test]
    fn a_mount_by_hand_forbids_the_upgrade() {
        let host = format!("{MOUNTED}//- /etc/fstab\n/dev/sda1 / xfs defaults 0 0\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor storage.leapp-mount-not-persistent [filesystem]
          /var/lib/leapp will not be mounted after a reboot: /dev/sdb1 is mounted at /var/lib/leapp, and /etc/fstab does not say so.
          about: file /etc/fstab
          hint: Add the mount to /etc/fstab, or unmount it and use the file system below.
        ");
        assert_eq!(told(ACTOR, &format!("{MOUNTED}//- absent /etc/fstab\n")), told(ACTOR, &host));
    }

    #[test]
    fn a_mount_that_fstab_names_is_fine() {
        let host = format!("{MOUNTED}//- /etc/fstab\n/dev/sdb1 /var/lib/leapp/ xfs rw 0 0\n");
        assert_eq!(told(ACTOR, &host), "");
    }

    #[test]
    fn fstab_is_not_asked_for_where_nothing_is_mounted_there() {
        assert_eq!(told(ACTOR, "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, MOUNTED), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_persistent_mounts (/var/lib/leapp is mounted and not in /etc/fstab) was not decided: /etc/fstab: was not captured.
          about: evidence /etc/fstab
        ");
    }
}
