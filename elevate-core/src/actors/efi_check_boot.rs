//! EFI boots the host, and nothing is there to tell it what.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::boot::Firmware;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "efi_check_boot",
    summary: "efibootmgr is missing on a host that boots with EFI",
    about: "On a host that boots with EFI the upgrade writes the boot entry of the target with \
            efibootmgr. Without it the host may not boot afterwards. Install the package.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["boot"],
    kinds: &[MISSING],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const MISSING: Kind = Kind::new(
    "boot.efibootmgr-missing",
    "efi_check_boot",
    Severity::High,
    "efibootmgr is not installed",
)
.inhibiting()
.groups(&["boot"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let boot = host.facts().boot();
    if boot.firmware()? != Firmware::Efi || boot.has_efibootmgr()? {
        return Ok(());
    }
    outcome.report(
        MISSING
            .finding("The host boots with EFI, and /sbin/efibootmgr is not there.")
            .about("package", ["efibootmgr"])
            .hint("Install efibootmgr.")
            .command(&["yum", "-y", "install", "efibootmgr"]),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const EFI: &str = "//- dir /sys/firmware/efi: efivars/\n";
    const BIOS: &str = "//- /proc/cmdline\nro\n//- absent /sys/firmware/efi\n";

    #[test]
    fn without_efibootmgr_an_efi_host_is_not_upgraded() {
        let host = format!("{EFI}//- absent /usr/sbin/efibootmgr\n//- absent /sbin/efibootmgr\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        high inhibitor boot.efibootmgr-missing [boot]
          efibootmgr is not installed: The host boots with EFI, and /sbin/efibootmgr is not there.
          about: package efibootmgr
          hint: Install efibootmgr.
          run: yum -y install efibootmgr
        ");
    }

    #[test]
    fn with_it_all_is_well() {
        assert_eq!(told(ACTOR, &format!("{EFI}//- entry /usr/sbin/efibootmgr 1\n")), "");
    }

    #[test]
    fn a_bios_host_does_not_need_it() {
        assert_eq!(told(ACTOR, BIOS), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, EFI), @"
        medium actors.undecided [sanity]
          A check lacks evidence: efi_check_boot (efibootmgr is missing on a host that boots with EFI) was not decided: /usr/sbin/efibootmgr: was not captured.
          about: evidence /usr/sbin/efibootmgr
        ");
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: efi_check_boot (efibootmgr is missing on a host that boots with EFI) was not decided: /sys/firmware/efi: was not captured.
          about: evidence /sys/firmware/efi
        ");
    }
}
