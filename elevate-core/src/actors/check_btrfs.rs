//! The btrfs module is loaded.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_btrfs",
    summary: "btrfs is in use",
    about: "Release 8 has no btrfs: a file system of this kind cannot be mounted after the \
            upgrade. Copy its data to another file system and unmount it; if the module was \
            loaded for nothing, unload it.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["kernel", "storage"],
    kinds: &[LOADED],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const LOADED: Kind =
    Kind::new("storage.btrfs", "check_btrfs", Severity::High, "btrfs is gone in release 8")
        .inhibiting()
        .groups(&["filesystem"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let mounted = outcome.known(host.facts().storage().fstab()).flatten();
    let mounted = mounted.map(|fstab| fstab.value).unwrap_or_default();
    let entries: Vec<_> = mounted.iter().filter(|entry| entry.fstype == "btrfs").collect();
    let is_loaded = outcome.known(host.facts().kernel().module("btrfs")).flatten().is_some();
    if !is_loaded && entries.is_empty() {
        return Ok(());
    }
    let what = if is_loaded { "The module btrfs is loaded" } else { "/etc/fstab mounts btrfs" };
    let mut finding = LOADED
        .finding(format!("{what}; the kernel of release 8 does not have it."))
        .about("kernel-driver", ["btrfs"])
        .hint("Move the data of btrfs file systems elsewhere, unmount them and unload the module.")
        .command(&["modprobe", "-r", "btrfs"])
        .link("https://access.redhat.com/solutions/41278");
    for entry in entries {
        finding = finding.seen("/etc/fstab", entry.line, &entry.text);
    }
    outcome.report(if is_loaded { finding } else { finding.leapp("looks at loaded modules only") });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const MODULES: &str = "Module Size Used by\n";

    #[test]
    fn a_loaded_module_forbids_the_upgrade() {
        let host =
            format!("//- absent /etc/fstab\n//- command lsmod\n{MODULES}btrfs 1 0\nkvm 1 0\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor storage.btrfs [filesystem]
          btrfs is gone in release 8: The module btrfs is loaded; the kernel of release 8 does not have it.
          about: kernel-driver btrfs
          hint: Move the data of btrfs file systems elsewhere, unmount them and unload the module.
          run: modprobe -r btrfs
        ");
    }

    #[test]
    fn a_mount_that_is_not_there_yet_forbids_it_too() {
        let host = format!(
            "//- /etc/fstab\n/dev/sdb /data btrfs defaults 0 0\n//- command lsmod\n{MODULES}kvm 1 0\n"
        );
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor storage.btrfs [filesystem]
          btrfs is gone in release 8: /etc/fstab mounts btrfs; the kernel of release 8 does not have it.
          seen: /etc/fstab:1: /dev/sdb /data btrfs defaults 0 0
          about: kernel-driver btrfs
          hint: Move the data of btrfs file systems elsewhere, unmount them and unload the module.
          run: modprobe -r btrfs
          leapp: looks at loaded modules only
        ");
    }

    #[test]
    fn a_host_without_btrfs_is_none_of_its_business() {
        let host = format!(
            "//- /etc/fstab\n/dev/sdb / xfs defaults 0 0\n//- command lsmod\n{MODULES}kvm 1 0\n"
        );
        assert_eq!(told(ACTOR, &host), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_btrfs (btrfs is in use) was not decided: /etc/fstab: was not captured; /proc/modules: was not captured.
          about: evidence /etc/fstab
          about: evidence /proc/modules
        ");
    }
}
