//! The settings of GRUB, or its menu, are missing.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::boot::Firmware;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "system_facts",
    summary: "/etc/default/grub or GRUB's menu is missing",
    about: "The upgrade and the kernels of release 8 take the arguments of the kernel from \
            /etc/default/grub. Without the file no boot entry can be written. Create it, with the \
            arguments the host boots with now in GRUB_CMDLINE_LINUX.",
    applies: Applies { archs: &["x86_64", "aarch64", "ppc64le"], ..Applies::SEVEN_TO_EIGHT },
    needs: &["boot"],
    kinds: &[MISSING, NO_MENU],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const MISSING: Kind =
    Kind::new("boot.default-grub-missing", "system_facts", Severity::High, "GRUB has no settings")
        .inhibiting()
        .groups(&["boot"]);

const NO_MENU: Kind =
    Kind::new("boot.grub-cfg-missing", "system_facts", Severity::High, "GRUB has no menu")
        .inhibiting()
        .groups(&["boot"]);

const MENU: &str = "/boot/grub2/grub.cfg";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let boot = host.facts().boot();
    if outcome.known(boot.default_grub()).is_some_and(|grub| grub.is_none()) {
        outcome.report(
            MISSING
                .finding("There is no /etc/default/grub.")
                .about("file", ["/etc/default/grub"])
                .hint("Create the file, with the kernel's arguments in GRUB_CMDLINE_LINUX.")
                .link("https://access.redhat.com/solutions/3185891")
                .leapp("crashes in another actor after it has said so"),
        );
    }
    let Some(menus) = outcome.known(boot.grub_cfgs()) else { return Ok(()) };
    let has_menu = menus.items.iter().any(|menu| menu.source == MENU);
    if has_menu || menus.missing.iter().any(|unknown| unknown.evidence == MENU) {
        return Ok(());
    }
    if boot.firmware()? == Firmware::Bios {
        outcome.report(
            NO_MENU
                .finding(format!("The host boots with BIOS, and there is no {MENU}."))
                .about("file", [MENU])
                .hint("Have GRUB write its menu, if it is GRUB 2 that boots the host.")
                .command(&["grub2-mkconfig", "-o", MENU])
                .leapp("crashes where the file is missing"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const MENU: &str = "//- /boot/grub2/grub.cfg\nset x=1\n//- absent /boot/efi/EFI\n";
    const SETTINGS: &str = "//- /etc/default/grub\nGRUB_TIMEOUT=5\n";
    const NO_MENU: &str = "//- absent /boot/grub2/grub.cfg\n//- absent /boot/efi/EFI\n";
    const BIOS: &str = "//- /proc/cmdline\nro\n//- absent /sys/firmware/efi\n";

    #[test]
    fn without_settings_the_upgrade_is_forbidden() {
        insta::assert_snapshot!(told(ACTOR, &format!("//- absent /etc/default/grub\n{MENU}")), @"
        high inhibitor boot.default-grub-missing [boot]
          GRUB has no settings: There is no /etc/default/grub.
          about: file /etc/default/grub
          hint: Create the file, with the kernel's arguments in GRUB_CMDLINE_LINUX.
          leapp: crashes in another actor after it has said so
        ");
    }

    /// leapp crashes here.
    #[test]
    fn so_it_is_without_a_menu() {
        insta::assert_snapshot!(told(ACTOR, &format!("{SETTINGS}{BIOS}{NO_MENU}")), @"
        high inhibitor boot.grub-cfg-missing [boot]
          GRUB has no menu: The host boots with BIOS, and there is no /boot/grub2/grub.cfg.
          about: file /boot/grub2/grub.cfg
          hint: Have GRUB write its menu, if it is GRUB 2 that boots the host.
          run: grub2-mkconfig -o /boot/grub2/grub.cfg
          leapp: crashes where the file is missing
        ");
    }

    #[test]
    fn with_efi_the_menu_is_elsewhere() {
        let efi = "//- dir /sys/firmware/efi: efivars/\n";
        assert_eq!(told(ACTOR, &format!("{SETTINGS}{efi}{NO_MENU}")), "");
    }

    /// leapp stops with an error at a line without `=`.
    #[test]
    fn whatever_is_in_it_the_file_is_there() {
        let text = "//- /etc/default/grub\n  # comment\nGRUB_X=\"a=b\"\nodd\n";
        assert_eq!(told(ACTOR, &format!("{text}{MENU}")), "");
    }

    #[test]
    fn on_s390x_there_is_no_grub() {
        assert_eq!(told(ACTOR, "//- host centos:7.9 s390x\n//- absent /etc/default/grub\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: system_facts (/etc/default/grub or GRUB's menu is missing) was not decided: /etc/default/grub: was not captured; /boot/efi/EFI: was not captured.
          about: evidence /boot/efi/EFI
          about: evidence /etc/default/grub
        ");
    }
}
