//! An image of Azure that boots with either firmware.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::boot::Firmware;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "checkhybridimage",
    summary: "an Azure image shares grubenv between BIOS and EFI",
    about: "Images of Azure boot with BIOS and with EFI: /boot/grub2/grubenv is a link to the \
            block of EFI. GRUB of release 8 cannot follow it when it boots with BIOS, and would \
            not find the kernel's arguments. The link is replaced by a copy of the block; \
            afterwards the machine is meant to boot with BIOS only.",
    covers: &["grubenvtofile"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["boot", "packages"],
    kinds: &[HYBRID],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const HYBRID: Kind = Kind::new(
    "cloud.azure-hybrid-image",
    "checkhybridimage",
    Severity::High,
    "The image boots with BIOS and shares grubenv with EFI",
)
.groups(&["public cloud"]);

const GRUBENV: &str = "/boot/grub2/grubenv";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.all_named("WALinuxAgent").is_empty() {
        return Ok(());
    }
    let boot = host.facts().boot();
    if boot.firmware()? != Firmware::Bios {
        return Ok(());
    }
    let link = boot.grubenv_link()?;
    let Some(block) = link.filter(|end| end.starts_with("/boot/efi/EFI/")) else {
        return Ok(());
    };
    let mut finding = HYBRID
        .finding(format!("{GRUBENV} is a link to {block}, and the machine boots with BIOS."))
        .about("file", [GRUBENV])
        .hint("The upgrade makes a file of the link; nothing has to be done.");
    if block != "/boot/efi/EFI/redhat/grubenv" {
        finding = finding.leapp("knows the directory redhat of EFI only and leaves the link");
    }
    outcome.report(finding);
    let why = "GRUB of release 8 does not follow the link when it boots with BIOS.";
    let change = Change::Copy { from: block, to: GRUBENV.to_owned() };
    outcome.step(Step::new(When::After, why, change));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const AZURE: &str = "//- packages\nWALinuxAgent unsigned\n";
    const BIOS: &str = "//- /proc/cmdline\nro\n//- absent /sys/firmware/efi\n";
    const EFI: &str = "//- dir /sys/firmware/efi: efivars/\n";
    const LINK: &str = "//- link /boot/grub2/grubenv -> ../efi/EFI/redhat/grubenv\n";

    #[test]
    fn a_hybrid_image_gets_a_block_of_its_own() {
        insta::assert_snapshot!(told(ACTOR, &format!("{AZURE}{BIOS}{LINK}")), @"
        high cloud.azure-hybrid-image [public cloud]
          The image boots with BIOS and shares grubenv with EFI: /boot/grub2/grubenv is a link to /boot/efi/EFI/redhat/grubenv, and the machine boots with BIOS.
          about: file /boot/grub2/grubenv
          hint: The upgrade makes a file of the link; nothing has to be done.
        after: GRUB of release 8 does not follow the link when it boots with BIOS.
          copy /boot/efi/EFI/redhat/grubenv to /boot/grub2/grubenv
        ");
    }

    /// leapp's defect: images of CentOS have another directory.
    #[test]
    fn so_do_images_of_other_distributions() {
        let link = LINK.replace("redhat", "centos");
        insta::assert_snapshot!(told(ACTOR, &format!("{AZURE}{BIOS}{link}")), @"
        high cloud.azure-hybrid-image [public cloud]
          The image boots with BIOS and shares grubenv with EFI: /boot/grub2/grubenv is a link to /boot/efi/EFI/centos/grubenv, and the machine boots with BIOS.
          about: file /boot/grub2/grubenv
          hint: The upgrade makes a file of the link; nothing has to be done.
          leapp: knows the directory redhat of EFI only and leaves the link
        after: GRUB of release 8 does not follow the link when it boots with BIOS.
          copy /boot/efi/EFI/centos/grubenv to /boot/grub2/grubenv
        ");
    }

    #[test]
    fn other_hosts_are_none_of_its_business() {
        let file = "//- /boot/grub2/grubenv\nx\n";
        for host in [
            format!("{BIOS}{LINK}"),
            format!("{AZURE}{EFI}{LINK}"),
            format!("{AZURE}{BIOS}{file}"),
            format!("{AZURE}{BIOS}//- absent /boot/grub2/grubenv\n"),
            String::new(),
        ] {
            assert_eq!(told(ACTOR, &host), "", "{host}");
        }
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, AZURE), @"
        low actors.undecided [sanity]
          A check lacks evidence: checkhybridimage (an Azure image shares grubenv between BIOS and EFI) was not decided: /sys/firmware/efi: was not captured.
          about: evidence /sys/firmware/efi
        ");
    }
}
