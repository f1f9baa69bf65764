//! NFS is in use.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::parse::fstab::is_nfs;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_nfs",
    summary: "NFS is in /etc/fstab or mounted",
    about: "The system that replaces the packages has no network and cannot mount NFS. If \
            anything of the host lies there, packages are installed into empty directories. \
            Unmount NFS and comment its entries out in /etc/fstab until the upgrade is done. The \
            setting LEAPP_DEVEL_INITRAM_NETWORK brings a network up, untested.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[NFS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NFS: Kind =
    Kind::new("storage.nfs-in-use", "check_nfs", Severity::High, "NFS cannot be used meanwhile")
        .inhibiting()
        .groups(&["filesystem", "network"])
        .key("9881b25faceeeaa7a6478bcdac29afd7f6baaaed");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting("LEAPP_DEVEL_INITRAM_NETWORK").is_some_and(|value| !value.is_empty()) {
        return Ok(());
    }
    let fstab = host.facts().storage().fstab().map(|fstab| fstab.map(|f| f.value));
    let mounts = host.facts().storage().mounts().map(|mounts| mounts.value);
    let entries = fstab.as_ref().ok().and_then(Option::as_deref).unwrap_or_default();
    let entries: Vec<_> = entries.iter().filter(|entry| is_nfs(&entry.fstype)).collect();
    let mounted = mounts.as_deref().unwrap_or_default().iter();
    let mounted: Vec<&str> =
        mounted.filter(|mount| is_nfs(&mount.fstype)).map(|mount| mount.target.as_str()).collect();
    if entries.is_empty() && mounted.is_empty() {
        outcome.known(fstab);
        outcome.known(mounts);
        return Ok(());
    }
    let mut told = Vec::new();
    if !entries.is_empty() {
        let targets: Vec<&str> = entries.iter().map(|entry| entry.target.as_str()).collect();
        told.push(format!("/etc/fstab mounts NFS at {}.", targets.join(", ")));
    }
    if !mounted.is_empty() {
        told.push(format!("NFS is mounted at {}.", mounted.join(", ")));
    }
    let mut finding = NFS
        .finding(told.join(" "))
        .hint("Unmount NFS and comment its entries out in /etc/fstab until the upgrade is done.")
        .link("https://access.redhat.com/solutions/6964006");
    for entry in entries {
        finding = finding.seen("/etc/fstab", entry.line, &entry.text).about("file", ["/etc/fstab"]);
    }
    for target in mounted {
        finding = finding.command(&["umount", target]);
    }
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    const ENTRY: &str = "//- /etc/fstab\n/dev/sda1 / xfs rw 0 0\nfiles:/a /srv nfs rw 0 0\n";
    const CLEAN: &str = "//- /etc/fstab\n/dev/sda1 / xfs rw 0 0\n";
    const MOUNTED: &str = "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\nfiles:/b /mnt nfs4 rw 0 0\n";
    const LOCAL: &str =
        "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\nnfsd /proc/fs/nfsd nfsd rw 0 0\n";

    #[test]
    fn an_entry_of_fstab_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &format!("{ENTRY}{LOCAL}")), @"
        high inhibitor storage.nfs-in-use [filesystem, network]
          NFS cannot be used meanwhile: /etc/fstab mounts NFS at /srv.
          seen: /etc/fstab:2: files:/a /srv nfs rw 0 0
          about: file /etc/fstab
          hint: Unmount NFS and comment its entries out in /etc/fstab until the upgrade is done.
        ");
    }

    #[test]
    fn so_does_a_mount_without_an_entry() {
        insta::assert_snapshot!(told(ACTOR, &format!("{CLEAN}{MOUNTED}")), @"
        high inhibitor storage.nfs-in-use [filesystem, network]
          NFS cannot be used meanwhile: NFS is mounted at /mnt.
          hint: Unmount NFS and comment its entries out in /etc/fstab until the upgrade is done.
          run: umount /mnt
        ");
    }

    #[test]
    fn both_are_one_finding() {
        insta::assert_snapshot!(told(ACTOR, &format!("{ENTRY}{MOUNTED}")), @"
        high inhibitor storage.nfs-in-use [filesystem, network]
          NFS cannot be used meanwhile: /etc/fstab mounts NFS at /srv. NFS is mounted at /mnt.
          seen: /etc/fstab:2: files:/a /srv nfs rw 0 0
          about: file /etc/fstab
          hint: Unmount NFS and comment its entries out in /etc/fstab until the upgrade is done.
          run: umount /mnt
        ");
    }

    #[test]
    fn a_server_of_nfs_is_fine() {
        assert_eq!(told(ACTOR, &format!("{CLEAN}{LOCAL}")), "");
    }

    #[test]
    fn with_a_network_in_the_initramfs_it_does_not_matter() {
        let host = format!("{ENTRY}{LOCAL}");
        let with = |value| Case::new(ACTOR, &host).setting("LEAPP_DEVEL_INITRAM_NETWORK", value);
        assert_eq!(with("scripts").told(), "");
        assert_ne!(with("").told(), "");
    }

    /// leapp crashes without facts on storage.
    #[test]
    fn what_is_known_counts_where_something_is_not() {
        assert_eq!(told(ACTOR, ENTRY), told(ACTOR, &format!("{ENTRY}{LOCAL}")));
        insta::assert_snapshot!(told(ACTOR, CLEAN), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_nfs (NFS is in /etc/fstab or mounted) was not decided: /proc/self/mountinfo: was not captured.
          about: evidence /proc/self/mountinfo
        ");
    }
}
