//! SCTP is in use.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "sctp_checks",
    summary: "SCTP is in use",
    about: "In release 8 the modules of SCTP are in kernel-modules-extra, and files there forbid \
            to load them. Where the module is loaded, a program or library for SCTP is installed, \
            or the lock manager of a cluster is told to use it, that package is installed and the \
            ban lifted. leapp looks for the word in the last month of the journal too, which is \
            not captured: a host where only the journal tells of SCTP needs the package in its \
            list of packages to install.",
    covers: &["sctp_read_status", "sctp_config_update"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["daemons", "kernel"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let module = host.facts().kernel().module("sctp").map(|module| module.is_some());
    if module != Ok(true) && host.facts().daemons().sctp()?.is_none() {
        return module.map(|_| ());
    }
    outcome.install("kernel-modules-extra");
    for module in ["sctp", "sctp_diag"] {
        let file = format!("/etc/modprobe.d/{module}-blacklist.conf");
        let what = format!("Lines of {file} that ban {module} are commented out.");
        let step = Step::new(When::After, "SCTP is in use.", Change::other(what));
        outcome.step(step.on(format!("kernel-modules-extra brings {file}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const NONE: &str = "//- absent /usr/lib64\n//- absent /usr/lib\n//- absent /usr/bin\n";

    fn host(modules: &str, rest: &str) -> String {
        format!("//- /proc/modules\n{modules} 1 0 - Live 0x0\n{rest}")
    }

    /// leapp's defect: it fails where one of the two files is not there.
    #[test]
    fn a_loaded_module_needs_its_package_and_no_ban() {
        insta::assert_snapshot!(told(ACTOR, &host("sctp", "")), @"
        ask: install kernel-modules-extra
        after: SCTP is in use.
          if: kernel-modules-extra brings /etc/modprobe.d/sctp-blacklist.conf
          Lines of /etc/modprobe.d/sctp-blacklist.conf that ban sctp are commented out.
        after: SCTP is in use.
          if: kernel-modules-extra brings /etc/modprobe.d/sctp_diag-blacklist.conf
          Lines of /etc/modprobe.d/sctp_diag-blacklist.conf that ban sctp_diag are commented out.
        ");
    }

    #[test]
    fn files_tell_of_it_too() {
        for text in [
            "//- dir /usr/lib64: libsctp.so.1\n",
            "//- dir /usr/bin: sctp_test\n",
            "//- /etc/dlm/dlm.conf\nprotocol = detect\n",
            "//- /etc/dlm/dlm.conf\nprotocol=1\n",
            "//- /etc/sysconfig/dlm\nDLM_CONTROLD_OPTS=\"-r detect\"\n",
            "//- /etc/sysconfig/dlm\nDLM_CONTROLD_OPTS=\"--protocol=sctp\"\n",
        ] {
            let told = told(ACTOR, &host("xfs", text));
            assert!(told.contains("kernel-modules-extra"), "{text}: {told}");
        }
    }

    #[test]
    fn a_host_without_it_needs_nothing() {
        let tcp = "//- /etc/dlm/dlm.conf\nprotocol=tcp\n//- /etc/sysconfig/dlm\nDLM_CONTROLD_OPTS=\"--protocol tcp\"\n";
        for rest in ["//- absent /etc\n", tcp] {
            assert_eq!(told(ACTOR, &host("sctp_diag", &format!("{NONE}{rest}"))), "");
        }
    }

    #[test]
    fn evidence_is_missing_where_nothing_else_tells() {
        insta::assert_snapshot!(told(ACTOR, &format!("{NONE}//- absent /etc\n")), @"
        low actors.undecided [sanity]
          A check lacks evidence: sctp_checks (SCTP is in use) was not decided: /proc/modules: was not captured.
          about: evidence /proc/modules
        ");
        assert!(told(ACTOR, &host("xfs", "")).contains("was not captured"));
    }
}
