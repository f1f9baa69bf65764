//! There is too little room to prepare the target's packages.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::Directive;
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "target_userspace_creator",
    summary: "/var/lib/leapp has too little room",
    about: "Before the reboot a small system of the target is made in /var/lib/leapp, and the \
            packages are tried out on layers over the host's file systems, one for each. That \
            takes 3200 MiB, 128 MiB for each file system in /etc/fstab beside. Make room, or mount \
            a larger file system there.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[LOW],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const LOW: Kind = Kind::new(
    "target.space-low",
    "target_userspace_creator",
    Severity::High,
    "There is too little room to prepare the target's packages",
)
.inhibiting()
.groups(&["filesystem"]);

const MIB: u64 = 1024 * 1024;

/// What no layer is made for.
const WITHOUT_LAYER: [&str; 8] =
    ["tmpfs", "devtmpfs", "devpts", "sysfs", "proc", "cramfs", "sysv", "vfat"];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting("LEAPP_OVL_LEGACY") == Some("1") {
        return Ok(());
    }
    let storage = host.facts().storage();
    let fstab = storage.fstab().map(|fstab| fstab.map(|f| f.value).unwrap_or_default());
    let entries = fstab.as_deref().unwrap_or_default();
    let layers = entries.iter().filter(|entry| {
        entry.target.starts_with('/') && !WITHOUT_LAYER.contains(&entry.fstype.as_str())
    });
    let layers = layers.count() as u64;
    let needed = (3200 + 128 * layers) * MIB;
    outcome.ask(Directive::Room {
        path: "/var/lib/leapp".to_owned(),
        bytes: needed,
        what: "a small system of the target, and layers to try packages out on".to_owned(),
    });
    let room = storage.room_at("/var/lib/leapp")?;
    if room.available >= needed {
        // Without fstab, layers for ordinary hosts are allowed for.
        if fstab.is_err() && room.available < needed + 16 * 128 * MIB {
            outcome.known(fstab);
        }
        return Ok(());
    }
    let summary = format!(
        "{} MiB are left at {}, which holds /var/lib/leapp; {} are needed.",
        room.available / MIB,
        room.target,
        needed / MIB
    );
    outcome.report(
        LOW.finding(summary)
            .about("directory", ["/var/lib/leapp"])
            .hint("Make room there, or mount a larger file system at /var/lib/leapp.")
            .leapp("stops with an error when it prepares the target's packages"),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    const FSTAB: &str = "//- /etc/fstab\n/dev/sda1 / xfs rw 0 0\n/dev/sda2 /boot xfs rw 0 0\n\
                         /dev/sda3 none swap sw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/sda4 /boot/efi vfat rw 0 0\n";

    fn with(mib: u64) -> String {
        format!("{FSTAB}//- space / available={} total=99999999999\n", mib * 1024 * 1024)
    }

    fn asked(mib: u64) -> String {
        let bytes = mib * 1024 * 1024;
        format!(
            "ask: room {bytes} /var/lib/leapp a small system of the target, and layers to try \
             packages out on\n"
        )
    }

    #[test]
    fn too_little_room_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &with(3455)), @"
        high inhibitor target.space-low [filesystem]
          There is too little room to prepare the target's packages: 3455 MiB are left at /, which holds /var/lib/leapp; 3456 are needed.
          about: directory /var/lib/leapp
          hint: Make room there, or mount a larger file system at /var/lib/leapp.
          leapp: stops with an error when it prepares the target's packages
        ask: room 3623878656 /var/lib/leapp a small system of the target, and layers to try packages out on
        ");
    }

    #[test]
    fn enough_room_is_room_for_each_file_system() {
        assert_eq!(told(ACTOR, &with(3456)), asked(3456));
    }

    #[test]
    fn the_older_way_needs_other_room() {
        assert_eq!(Case::new(ACTOR, &with(1)).setting("LEAPP_OVL_LEGACY", "1").told(), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        let host = "//- space / available=4194304000 total=99999999999\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        medium actors.undecided [sanity]
          A check lacks evidence: target_userspace_creator (/var/lib/leapp has too little room) was not decided: /etc/fstab: was not captured.
          about: evidence /etc/fstab
        ask: room 3355443200 /var/lib/leapp a small system of the target, and layers to try packages out on
        ");
        let host = "//- space / available=41943040000 total=99999999999\n";
        assert_eq!(told(ACTOR, host), asked(3200));
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: target_userspace_creator (/var/lib/leapp has too little room) was not decided: command:df -alP: was not captured.
          about: evidence command:df -alP
        ask: room 3355443200 /var/lib/leapp a small system of the target, and layers to try packages out on
        ");
    }
}
