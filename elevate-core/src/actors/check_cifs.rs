//! Shares of Windows or Samba are in fstab.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_cifs",
    summary: "/etc/fstab mounts shares over CIFS",
    about: "The system that replaces the packages has no network and cannot mount shares of other \
            machines. Comment the entries out in /etc/fstab until the upgrade is done. The setting \
            LEAPP_DEVEL_INITRAM_NETWORK brings a network up, untested.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[CIFS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const CIFS: Kind = Kind::new(
    "storage.cifs-in-fstab",
    "check_cifs",
    Severity::High,
    "Shares cannot be mounted meanwhile",
)
.inhibiting()
.groups(&["filesystem", "network"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting("LEAPP_DEVEL_INITRAM_NETWORK").is_some_and(|value| !value.is_empty()) {
        return Ok(());
    }
    let fstab = host.facts().storage().fstab()?.map(|fstab| fstab.value).unwrap_or_default();
    let is_share = |fstype: &str| matches!(fstype, "cifs" | "smb3");
    let shares: Vec<_> = fstab.iter().filter(|entry| is_share(&entry.fstype)).collect();
    if shares.is_empty() {
        return Ok(());
    }
    let targets: Vec<&str> = shares.iter().map(|entry| entry.target.as_str()).collect();
    let mut finding = CIFS
        .finding(format!("/etc/fstab mounts shares at {}.", targets.join(", ")))
        .about("file", ["/etc/fstab"])
        .hint("Comment these entries out in /etc/fstab until the upgrade is done.")
        .link("https://access.redhat.com/solutions/6964304");
    for entry in &shares {
        finding = finding.seen("/etc/fstab", entry.line, &entry.text);
    }
    if shares.iter().all(|entry| entry.fstype != "cifs") {
        finding = finding.leapp("knows the type cifs only, and says nothing of smb3");
    }
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    const SHARES: &str = "//- /etc/fstab\n//a/b /a cifs ro 0 0\n//a/c /c cifs ro 0 0\n";

    #[test]
    fn shares_in_fstab_forbid_the_upgrade_once() {
        insta::assert_snapshot!(told(ACTOR, SHARES), @"
        high inhibitor storage.cifs-in-fstab [filesystem, network]
          Shares cannot be mounted meanwhile: /etc/fstab mounts shares at /a, /c.
          seen: /etc/fstab:1: //a/b /a cifs ro 0 0
          seen: /etc/fstab:2: //a/c /c cifs ro 0 0
          about: file /etc/fstab
          hint: Comment these entries out in /etc/fstab until the upgrade is done.
        ");
    }

    /// leapp's defect: the newer name of the type passes there.
    #[test]
    fn so_do_those_of_the_newer_type() {
        insta::assert_snapshot!(told(ACTOR, "//- /etc/fstab\n//a/b /a smb3 ro 0 0\n"), @"
        high inhibitor storage.cifs-in-fstab [filesystem, network]
          Shares cannot be mounted meanwhile: /etc/fstab mounts shares at /a.
          seen: /etc/fstab:1: //a/b /a smb3 ro 0 0
          about: file /etc/fstab
          hint: Comment these entries out in /etc/fstab until the upgrade is done.
          leapp: knows the type cifs only, and says nothing of smb3
        ");
    }

    #[test]
    fn a_host_without_shares_is_none_of_its_business() {
        assert_eq!(told(ACTOR, "//- /etc/fstab\n/dev/sda1 / xfs rw 0 0\n"), "");
        assert_eq!(told(ACTOR, "//- absent /etc/fstab\n"), "");
    }

    #[test]
    fn with_a_network_in_the_initramfs_it_does_not_matter() {
        let with = |value| Case::new(ACTOR, SHARES).setting("LEAPP_DEVEL_INITRAM_NETWORK", value);
        assert_eq!(with("network-manager").told(), "");
        assert_ne!(with("").told(), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_cifs (/etc/fstab mounts shares over CIFS) was not decided: /etc/fstab: was not captured.
          about: evidence /etc/fstab
        ");
    }
}
