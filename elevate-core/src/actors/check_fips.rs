//! The host runs in FIPS mode.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_fips",
    summary: "the kernel was started in FIPS mode",
    about: "A host in FIPS mode cannot be upgraded from release 7 to 8: what its cryptography \
            needs in the initial RAM disk is not carried over. Switch FIPS mode off, upgrade and \
            switch it on again, or install release 8 anew in FIPS mode, which is what certified \
            systems need.",
    covers: &["scan_fips"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["kernel"],
    kinds: &[FIPS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const FIPS: Kind = Kind::new(
    "crypto.fips",
    "check_fips",
    Severity::High,
    "A host in FIPS mode cannot be upgraded",
)
.inhibiting()
.groups(&["security"])
.key("00b12b60fbe7c8db1c63b6c4c4d4b2be9ec9868e");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let command_line = host.facts().kernel().command_line()?;
    let Some(value) = command_line.last("fips").filter(|value| is_on(value)) else {
        return Ok(());
    };
    let finding = FIPS
        .finding(format!("The kernel was started with fips={value}."))
        .seen_in("/proc/cmdline")
        .hint("Take the argument away and start the host again, or install release 8 anew.")
        .link("https://red.ht/planning-upgrade-to-rhel8");
    outcome.report(if value == "1" { finding } else { finding.leapp("looks for fips=1 alone") });
    Ok(())
}

/// The kernel takes a number and every one but zero for yes.
fn is_on(value: &str) -> bool {
    let digits = value.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.bytes().any(|digit| digit != b'0')
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(arguments: &str) -> String {
        told(ACTOR, &format!("//- /proc/cmdline\nro {arguments} quiet\n"))
    }

    #[test]
    fn fips_mode_forbids_the_upgrade() {
        insta::assert_snapshot!(with("fips=1"), @"
        high inhibitor crypto.fips [security]
          A host in FIPS mode cannot be upgraded: The kernel was started with fips=1.
          seen: /proc/cmdline
          hint: Take the argument away and start the host again, or install release 8 anew.
        ");
    }

    #[test]
    fn without_it_nothing_is_said() {
        for arguments in ["", "fips=0", "fips=", "fips=yes", "fips", "xfips=1", "fips=1 fips=0"] {
            assert_eq!(with(arguments), "", "{arguments}");
        }
    }

    /// leapp's defect: the kernel takes every number but zero for yes.
    #[test]
    fn other_numbers_are_a_yes_too() {
        insta::assert_snapshot!(with("fips=11"), @"
        high inhibitor crypto.fips [security]
          A host in FIPS mode cannot be upgraded: The kernel was started with fips=11.
          seen: /proc/cmdline
          hint: Take the argument away and start the host again, or install release 8 anew.
          leapp: looks for fips=1 alone
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_fips (the kernel was started in FIPS mode) was not decided: /proc/cmdline: was not captured.
          about: evidence /proc/cmdline
        ");
    }
}
