//! The settings of GRUB are missing.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "system_facts",
    summary: "/etc/default/grub is missing",
    about: "The upgrade and the kernels of release 8 take the arguments of the kernel from \
            /etc/default/grub. Without the file no boot entry can be written. Create it, with the \
            arguments the host boots with now in GRUB_CMDLINE_LINUX.",
    applies: Applies { archs: &["x86_64", "aarch64", "ppc64le"], ..Applies::SEVEN_TO_EIGHT },
    needs: &["boot"],
    kinds: &[MISSING],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const MISSING: Kind =
    Kind::new("boot.default-grub-missing", "system_facts", Severity::High, "GRUB has no settings")
        .inhibiting()
        .groups(&["boot"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.facts().boot().default_grub()?.is_some() {
        return Ok(());
    }
    outcome.report(
        MISSING
            .finding("There is no /etc/default/grub.")
            .about("file", ["/etc/default/grub"])
            .hint("Create the file, with the kernel's arguments in GRUB_CMDLINE_LINUX.")
            .link("https://access.redhat.com/solutions/3185891")
            .leapp("crashes in another actor after it has said so"),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn without_the_file_the_upgrade_is_forbidden() {
        insta::assert_snapshot!(told(ACTOR, "//- absent /etc/default/grub\n"), @"
        high inhibitor boot.default-grub-missing [boot]
          GRUB has no settings: There is no /etc/default/grub.
          about: file /etc/default/grub
          hint: Create the file, with the kernel's arguments in GRUB_CMDLINE_LINUX.
          leapp: crashes in another actor after it has said so
        ");
    }

    /// leapp stops with an error at a line without `=`.
    #[test]
    fn whatever_is_in_it_the_file_is_there() {
        assert_eq!(told(ACTOR, "//- /etc/default/grub\n  # comment\nGRUB_X=\"a=b\"\nodd\n"), "");
    }

    #[test]
    fn on_s390x_there_is_no_grub() {
        assert_eq!(told(ACTOR, "//- host centos:7.9 s390x\n//- absent /etc/default/grub\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: system_facts (/etc/default/grub is missing) was not decided: /etc/default/grub: was not captured.
          about: evidence /etc/default/grub
        ");
    }
}
