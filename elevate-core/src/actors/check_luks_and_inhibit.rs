//! Encrypted volumes are unlocked.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::storage::{BlockDevice, is_named_by_ceph};
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_luks_and_inhibit",
    summary: "encrypted volumes are in use",
    about: "The system that replaces the packages cannot unlock encrypted volumes: it would not \
            find the file systems on them. There is no way around but to move the data to volumes \
            without encryption, or to install release 8 anew. Volumes Ceph encrypts itself do not \
            matter; nothing of the system lies on them.",
    covers: &["cephvolumescan"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[LUKS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const LUKS: Kind = Kind::new(
    "storage.luks",
    "check_luks_and_inhibit",
    Severity::High,
    "Encrypted volumes cannot be unlocked during the upgrade",
)
.inhibiting()
.groups(&["boot", "encryption"])
.key("293787482fb5e0c0d3b482df0b2a3a6dd45dd301");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let storage = host.facts().storage();
    let crypt = storage.crypt_devices()?;
    let all = storage.block_devices()?;
    let listed = storage.ceph_volumes();
    let unlisted = crypt.iter().filter(|device| !listed.iter().any(|one| one == name(device)));
    let (of_ceph, mut others): (Vec<_>, Vec<_>) =
        unlisted.partition(|device| is_named_by_ceph(device, &all));
    if !of_ceph.is_empty() {
        match storage.has_ceph() {
            Ok(true) => {}
            Ok(false) => others.extend(of_ceph),
            Err(unknown) => outcome.lacks(unknown),
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    let mut names: Vec<&str> = others.into_iter().map(name).collect();
    names.sort_unstable();
    let summary = format!("Unlocked encrypted volumes: {}.", names.join(", "));
    let hint = "Move their data to volumes without encryption, or install release 8 anew.";
    outcome.report(LUKS.finding(summary).about("device", names).hint(hint));
    Ok(())
}

fn name(device: &BlockDevice) -> &str {
    device.mapper_name.as_deref().unwrap_or(&device.name)
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    /// A mapped device on a logical volume, on a disk.
    fn mapped(name: &str, kind: &str) -> String {
        format!(
            "//- dir /sys/class/block: sda dm-0 dm-1\n\
             //- link /sys/class/block/sda -> ../../devices/pci/block/sda\n\
             //- link /sys/class/block/dm-0 -> ../../devices/virtual/block/dm-0\n\
             //- link /sys/class/block/dm-1 -> ../../devices/virtual/block/dm-1\n\
             //- /sys/class/block/dm-0/dm/uuid\nLVM-{}dQbcTnQ5tTyp5yYYgR2AXx8rpmVaCb3e\n\
             //- /sys/class/block/dm-0/dm/name\nvg-data\n\
             //- /sys/class/block/dm-1/dm/uuid\n{kind}-1\n\
             //- /sys/class/block/dm-1/dm/name\n{name}\n\
             //- dir /sys/class/block/dm-0/slaves: sda\n\
             //- dir /sys/class/block/dm-1/slaves: dm-0\n",
            "v".repeat(32)
        )
    }

    const OF_CEPH: &str = "dQbcTn-Q5tT-yp5y-YYgR-2AXx-8rpm-VaCb3e";
    const CEPH: &str = "//- /etc/ceph/ceph.conf\n[global]\n";

    #[test]
    fn an_unlocked_volume_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &mapped("secret", "CRYPT-LUKS1")), @"
        high inhibitor storage.luks [boot, encryption]
          Encrypted volumes cannot be unlocked during the upgrade: Unlocked encrypted volumes: secret.
          about: device secret
          hint: Move their data to volumes without encryption, or install release 8 anew.
        ");
    }

    #[test]
    fn a_logical_volume_is_none_of_its_business() {
        assert_eq!(told(ACTOR, &mapped("vg-root", "LVM")), "");
    }

    #[test]
    fn volumes_ceph_encrypts_are_let_be() {
        let host = mapped(OF_CEPH, "CRYPT-LUKS1");
        assert_eq!(told(ACTOR, &format!("{host}{CEPH}")), "");
        assert_ne!(told(ACTOR, &format!("{host}//- absent /etc/ceph/ceph.conf\n")), "");
        let other = mapped(&OF_CEPH.replace('Q', "x"), "CRYPT-LUKS1");
        assert_ne!(told(ACTOR, &format!("{other}{CEPH}")), "");
    }

    #[test]
    fn so_are_those_it_lists_itself() {
        let list = "//- command ceph-volume lvm list --format json\n\
                    {\"0\": [{\"lv_uuid\": \"secret\", \"tags\": {\"ceph.encrypted\": \"1\"}}]}\n";
        assert_eq!(told(ACTOR, &format!("{}{list}", mapped("secret", "CRYPT-LUKS1"))), "");
        assert_ne!(told(ACTOR, &format!("{}{list}", mapped("other", "CRYPT-LUKS1"))), "");
    }

    #[test]
    fn whether_there_is_ceph_is_asked_only_where_it_matters() {
        insta::assert_snapshot!(told(ACTOR, &mapped(OF_CEPH, "CRYPT-LUKS1")), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_luks_and_inhibit (encrypted volumes are in use) was not decided: /etc/ceph/ceph.conf: was not captured.
          about: evidence /etc/ceph/ceph.conf
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_luks_and_inhibit (encrypted volumes are in use) was not decided: /sys/class/block: was not captured.
          about: evidence /sys/class/block
        ");
    }
}
