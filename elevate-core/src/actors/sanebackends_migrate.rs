//! Scanners that SANE learned to know, in the files of `/etc/sane.d`.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "sanebackends_migrate",
    summary: "Changed files of SANE get the scanners of release 8",
    about: "SANE of release 8 knows more scanners, by lines in the files of `/etc/sane.d`. A file \
            that was changed on this host stays as it is and would lack them; they are added at \
            its end after the upgrade.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["daemons", "verification", "packages"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if !host.has("sane-backends") {
        return Ok(());
    }
    for file in outcome.found(host.facts().daemons().sane()) {
        // A new file of the package has the new scanners.
        let why = "Add scanners that SANE of release 8 knows";
        outcome.rewrite_shipped(host, "sane-backends", why, &file, None);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const PACKAGE: &str = "//- packages\nsane-backends\n";
    const FILES: &str = "//- dir /etc/sane.d: dll.conf cardscan.conf\n//- /etc/sane.d/dll.conf\nnet\n\
                         //- /etc/sane.d/cardscan.conf\nusb 0x0451 0x9999\n";

    #[test]
    fn changed_files_get_the_scanners_they_lack() {
        let changed = "//- command rpm -V sane-backends\nS.5......  c /etc/sane.d/dll.conf\n\
                       S.5......  c /etc/sane.d/cardscan.conf\n";
        insta::assert_snapshot!(told(ACTOR, &format!("{PACKAGE}{FILES}{changed}")), @"
        after: Add scanners that SANE of release 8 knows
          /etc/sane.d/dll.conf:2: (nothing) -> # Added for release 8:
          /etc/sane.d/dll.conf:2: (nothing) -> epsonds
        after: Add scanners that SANE of release 8 knows
          /etc/sane.d/cardscan.conf:2: (nothing) -> # Added for release 8:
          /etc/sane.d/cardscan.conf:2: (nothing) -> # Sanford CardScan 800c
          /etc/sane.d/cardscan.conf:2: (nothing) -> usb 0x0451 0x6250
        ");
    }

    #[test]
    fn files_nobody_changed_come_with_them() {
        let unchanged = "//- command rpm -V sane-backends\n\n";
        assert_eq!(told(ACTOR, &format!("{PACKAGE}{FILES}{unchanged}")), "");
    }

    #[test]
    fn whether_a_file_was_changed_may_be_unknown() {
        insta::assert_snapshot!(told(ACTOR, &format!("{PACKAGE}{FILES}")), @"
        after: Add scanners that SANE of release 8 knows
          if: the file was changed on this host; else the new package replaces it
          /etc/sane.d/dll.conf:2: (nothing) -> # Added for release 8:
          /etc/sane.d/dll.conf:2: (nothing) -> epsonds
        after: Add scanners that SANE of release 8 knows
          if: the file was changed on this host; else the new package replaces it
          /etc/sane.d/cardscan.conf:2: (nothing) -> # Added for release 8:
          /etc/sane.d/cardscan.conf:2: (nothing) -> # Sanford CardScan 800c
          /etc/sane.d/cardscan.conf:2: (nothing) -> usb 0x0451 0x6250
        ");
    }

    #[test]
    fn scanners_that_are_there_are_not_added_again() {
        let files = "//- dir /etc/sane.d: dll.conf\n//- /etc/sane.d/dll.conf\n  epsonds\n";
        assert_eq!(told(ACTOR, &format!("{PACKAGE}{files}")), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, PACKAGE), @"
        low actors.undecided [sanity]
          A check lacks evidence: sanebackends_migrate (Changed files of SANE get the scanners of release 8) was not decided: /etc/sane.d/dll.conf: was not captured; /etc/sane.d/cardscan.conf: was not captured; /etc/sane.d/canon.conf: was not captured; /etc/sane.d/canon_dr.conf: was not captured; /etc/sane.d/epjitsu.conf: was not captured; /etc/sane.d/fujitsu.conf: was not captured; /etc/sane.d/xerox_mfp.conf: was not captured.
          about: evidence /etc/sane.d/canon.conf
          about: evidence /etc/sane.d/canon_dr.conf
          about: evidence /etc/sane.d/cardscan.conf
          about: evidence /etc/sane.d/dll.conf
          about: evidence /etc/sane.d/epjitsu.conf
          about: evidence /etc/sane.d/fujitsu.conf
          about: evidence /etc/sane.d/xerox_mfp.conf
        ");
    }

    #[test]
    fn a_host_without_sane_is_none_of_its_business() {
        assert_eq!(told(ACTOR, FILES), "");
    }
}
