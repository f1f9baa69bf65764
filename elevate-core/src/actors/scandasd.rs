//! Disks of s390x.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Directive, Step, When};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "scandasd",
    summary: "files tell a host of s390x its disks",
    about: "A host of s390x learns from /etc/dasd.conf and /etc/zfcp.conf which disks it has. The \
            system that carries the upgrade out has to know them too, and needs the tools of \
            s390utils-core.",
    covers: &["scanzfcp"],
    applies: Applies::SEVEN_TO_EIGHT.on(&["s390x"]),
    needs: &["storage"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let why = "The disks of s390x need tools of their own.";
    let what = "s390utils-core is put where the target's packages are prepared";
    outcome.step(Step::new(When::Prepare, why, Change::other(what)).for_leapp());
    for path in host.facts().storage().s390_disk_files()? {
        outcome.ask(Directive::CopyToTarget { path: path.to_owned() });
        outcome.ask(Directive::CopyToInitramfs { path: path.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const MAINFRAME: &str = "//- host centos:7.9 s390x\n";

    #[test]
    fn the_files_are_needed_where_they_are() {
        let host = format!("{MAINFRAME}//- /etc/dasd.conf\n0.0.0100\n//- absent /etc/zfcp.conf\n");
        insta::assert_snapshot!(told(ACTOR, &host), @"
        prepare: The disks of s390x need tools of their own.
          only leapp needs it
          s390utils-core is put where the target's packages are prepared
        ask: copy-to-target /etc/dasd.conf
        ask: copy-to-initramfs /etc/dasd.conf
        ");
    }

    #[test]
    fn other_architectures_have_no_such_disks() {
        assert_eq!(told(ACTOR, "//- /etc/dasd.conf\n0.0.0100\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, MAINFRAME), @"
        low actors.undecided [sanity]
          A check lacks evidence: scandasd (files tell a host of s390x its disks) was not decided: /etc/dasd.conf: was not captured.
          about: evidence /etc/dasd.conf
        prepare: The disks of s390x need tools of their own.
          only leapp needs it
          s390utils-core is put where the target's packages are prepared
        ");
    }
}
