//! There is too little room in `/boot`.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::Directive;
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_boot_avail_space",
    summary: "/boot has less than 100 MiB left",
    about: "The upgrade puts a kernel and an initial RAM disk of its own into /boot, and the \
            target's kernel after them: 100 MiB at least. Remove old kernels and what else is not \
            needed there.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["storage"],
    kinds: &[LOW],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const LOW: Kind = Kind::new(
    "boot.space-low",
    "check_boot_avail_space",
    Severity::High,
    "There is too little room in /boot",
)
.inhibiting()
.groups(&["filesystem"])
.key("3f12a83ef52957d6c17aa7c9c5df87cd69415b09");

const MIB: u64 = 1024 * 1024;
const NEEDED: u64 = 100 * MIB;

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    outcome.ask(Directive::Room {
        path: "/boot".to_owned(),
        bytes: NEEDED,
        what: "kernels and initial RAM disks".to_owned(),
    });
    let room = host.facts().storage().room_at("/boot")?;
    if room.available >= NEEDED {
        return Ok(());
    }
    let missing = (NEEDED - room.available).div_ceil(MIB);
    let summary = format!(
        "{} MiB are left in /boot, 100 MiB are needed: {missing} MiB have to be freed.",
        room.available / MIB
    );
    outcome.report(
        LOW.finding(summary)
            .about("directory", ["/boot"])
            .hint("Remove kernels that are not booted any more.")
            .command(&["package-cleanup", "--oldkernels", "--count=1"])
            .link("https://access.redhat.com/solutions/298263"),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(available: u64) -> String {
        told(ACTOR, &format!("//- space /boot available={available} total=1063256064\n"))
    }

    #[test]
    fn less_than_100_mib_forbid_the_upgrade() {
        insta::assert_snapshot!(with(52_428_801), @"
        high inhibitor boot.space-low [filesystem]
          There is too little room in /boot: 50 MiB are left in /boot, 100 MiB are needed: 50 MiB have to be freed.
          about: directory /boot
          hint: Remove kernels that are not booted any more.
          run: package-cleanup --oldkernels --count=1
        ask: room 104857600 /boot kernels and initial RAM disks
        ");
        assert!(with(104_857_599).starts_with("high inhibitor"));
    }

    #[test]
    fn exactly_100_mib_are_enough() {
        assert_eq!(with(104_857_600), "ask: room 104857600 /boot kernels and initial RAM disks\n");
    }

    #[test]
    fn without_a_file_system_of_its_own_the_root_counts() {
        let host = "//- /proc/mounts\n/dev/sda1 / xfs rw 0 0\n//- space / available=1 total=2\n";
        assert!(told(ACTOR, host).starts_with("high inhibitor boot.space-low"));
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_boot_avail_space (/boot has less than 100 MiB left) was not decided: command:df -alP: was not captured.
          about: evidence command:df -alP
        ask: room 104857600 /boot kernels and initial RAM disks
        ");
    }
}
