//! pam_tally2 is in use.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::facts::pam::ModuleUse;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "removed_pam_modules",
    summary: "PAM uses pam_tally2, which is gone",
    about: "Release 8 has no pam_tally2. A service whose file in /etc/pam.d asks for it lets \
            nobody in any more, root included. Use pam_faillock, which locks accounts after \
            failed logins as well, and take pam_tally2 out of these files.",
    covers: &["pam_modules_scanner"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["pam"],
    kinds: &[TALLY],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const TALLY: Kind = Kind::new(
    "authentication.pam-tally2",
    "removed_pam_modules",
    Severity::High,
    "pam_tally2 is gone in release 8",
)
.inhibiting();

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let found = host.facts().pam().uses("pam_tally2");
    let (linked, own): (Vec<ModuleUse>, Vec<ModuleUse>) =
        found.items.into_iter().partition(|one| one.linked);
    // What a link leads to is told of by its own name, where that is in the directory too.
    let only_linked = own.is_empty();
    let uses = if only_linked { linked } else { own };
    if uses.is_empty() {
        outcome.lacks_all(&found.missing);
        return Ok(());
    }
    let mut services: Vec<&str> = uses.iter().map(|one| one.service.as_str()).collect();
    services.dedup();
    let mut finding = TALLY
        .finding(format!("These services use it and would let nobody in: {}.", services.join(", ")))
        .about("pam", ["pam_tally2", "pam_faillock"])
        .hint("Use pam_faillock in place of pam_tally2 in the files of these services.")
        .link("https://access.redhat.com/solutions/7004774");
    finding = host.seen(finding, uses.iter().map(ModuleUse::place));
    if only_linked {
        finding = finding.leapp("passes by files that are links");
    }
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn host(sshd: &str) -> String {
        format!(
            "//- dir /etc/pam.d: sshd login@\n//- /etc/pam.d/sshd\n{sshd}\n//- link /etc/pam.d/login -> sshd\n//- /etc/pam.d/login\n{sshd}\n"
        )
    }

    #[test]
    fn a_service_with_it_forbids_the_upgrade() {
        insta::assert_snapshot!(told(ACTOR, &host("auth required pam_tally2.so deny=3\nauth required pam_unix.so")), @"
        high inhibitor authentication.pam-tally2 []
          pam_tally2 is gone in release 8: These services use it and would let nobody in: sshd.
          seen: /etc/pam.d/sshd:1: auth required pam_tally2.so deny=3
          about: pam pam_faillock
          about: pam pam_tally2
          hint: Use pam_faillock in place of pam_tally2 in the files of these services.
        ");
    }

    #[test]
    fn it_is_found_however_the_rule_is_written() {
        for rule in [
            "-auth required pam_tally2.so",
            "auth [success=1 default=ignore] pam_tally2.so",
            "auth required /lib64/security/pam_tally2.so",
        ] {
            assert!(told(ACTOR, &host(rule)).starts_with("high inhibitor"), "{rule}");
        }
    }

    /// leapp's defects: it takes the last module-like word of a line for the module, in
    /// comments too, and knows no lines that go on.
    #[test]
    fn the_module_of_a_rule_is_its_module() {
        for rule in [
            "auth required pam_unix.so # pam_tally2.so",
            "auth required pam_exec.so pam_tally2.so",
            "# auth required pam_tally2.so",
            "auth include pam_tally2",
        ] {
            assert_eq!(told(ACTOR, &host(rule)), "", "{rule}");
        }
        for rule in
            ["auth required pam_tally2.so # pam_unix.so", "auth required \\\n pam_tally2.so"]
        {
            assert!(told(ACTOR, &host(rule)).starts_with("high inhibitor"), "{rule}");
        }
    }

    /// leapp's defect: it passes by files that are links.
    #[test]
    fn a_file_elsewhere_counts_through_its_link() {
        let host = "//- dir /etc/pam.d: login@\n//- link /etc/pam.d/login -> /srv/login\n//- /etc/pam.d/login\nauth required pam_tally2.so\n";
        assert!(told(ACTOR, host).contains("leapp: passes by files that are links"));
    }

    /// leapp's defect: it crashes without the directory.
    #[test]
    fn a_host_without_pam_has_no_such_service() {
        assert_eq!(told(ACTOR, "//- absent /etc/pam.d\n"), "");
    }

    #[test]
    fn missing_evidence_is_named_unless_a_service_is_found() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        medium actors.undecided [sanity]
          A check lacks evidence: removed_pam_modules (PAM uses pam_tally2, which is gone) was not decided: /etc/pam.d: was not captured.
          about: evidence /etc/pam.d
        ");
        let found = told(ACTOR, "//- /etc/pam.d/sshd\nauth required pam_tally2.so\n");
        assert!(!found.contains("undecided"), "{found}");
    }
}
