//! The running kernel is not the newest one, or is not alone on s390x.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};
use crate::model::InstalledPackage;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_installed_kernels",
    summary: "the host does not run its newest kernel",
    about: "The upgrade starts from the newest installed kernel of the kind that runs. A host that \
            runs an older one has not shown that it boots with the newest; on s390x there may be \
            one kernel only. Start the host with its newest kernel, or remove those that are not \
            run. A kernel that is not the distribution's stays installed, and nothing is known of \
            how release 8 and its modules get on with it.",
    covers: &["scan_source_kernel"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["kernels", "packages"],
    kinds: &[SEVERAL, NOT_NEWEST, FOREIGN],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const SEVERAL: Kind = Kind::new(
    "kernel.multiple-s390x",
    "check_installed_kernels",
    Severity::High,
    "Several kernels are installed",
)
.inhibiting()
.groups(&["kernel", "boot"])
.key("24eca9f4d355173d38ccf99f099a16fc84f243d7");

const NOT_NEWEST: Kind = Kind::new(
    "kernel.not-newest-booted",
    "check_installed_kernels",
    Severity::High,
    "The host does not run its newest kernel",
)
.inhibiting()
.groups(&["kernel", "boot"])
.key("ebb478cfa5443f83a8c9a78ba510eb40e6e9d117");

const FOREIGN: Kind = Kind::new(
    "kernel.foreign-booted",
    "check_installed_kernels",
    Severity::High,
    "The running kernel is not the distribution's",
)
.groups(&["kernel", "boot"]);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let kernels = host.facts().kernels();
    let release = kernels.running()?;
    let Some(running) = kernels.running_package()? else {
        let summary = format!("{release} runs, which no installed package holds.");
        let hint = "Start the host with an installed kernel of the distribution.";
        let leapp = "stops with an error where no package holds the running kernel";
        outcome.report(FOREIGN.finding(summary).hint(hint).leapp(leapp));
        return Ok(());
    };
    let name = running.name.as_str();
    if !host.has(name) {
        let summary = format!("{release} runs, of the third-party package {}.", running.nevra());
        let hint = "Start the host with a kernel of the distribution.";
        let leapp = "stops with an error where the running kernel is not the distribution's";
        outcome.report(FOREIGN.finding(summary).about("package", [name]).hint(hint).leapp(leapp));
    }
    let is_same =
        |package: &&&InstalledPackage| package.name == running.name && package.arch == running.arch;
    let installed = kernels.installed();
    let same: Vec<_> = installed.iter().filter(is_same).map(|package| package.nevra()).collect();
    if same.len() > 1 && host.arch().as_str() == "s390x" {
        let summary = format!("On s390x one kernel may be installed, not {}.", same.join(", "));
        let hint = "Remove the kernels that do not run.";
        outcome.report(SEVERAL.finding(summary).about("package", ["kernel"]).hint(hint));
    }
    let newest = kernels.newest_of_running()?.filter(|newest| is_other(newest, running));
    if let Some(newest) = newest {
        let summary = format!("{release} runs, and {} is installed.", newest.nevra());
        outcome.report(
            NOT_NEWEST
                .finding(summary)
                .about("package", ["kernel"])
                .hint("Start the host with its newest kernel.")
                .link("https://access.redhat.com/solutions/7014134"),
        );
    }
    Ok(())
}

/// Epochs do not count: `uname -r` does not show them.
fn is_other(newest: &InstalledPackage, running: &InstalledPackage) -> bool {
    (&newest.evr.version, &newest.evr.release) != (&running.evr.version, &running.evr.release)
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn with(running: &str, packages: &[&str]) -> String {
        let arch = running.rsplit('.').next().unwrap();
        let packages = packages.join("\n");
        told(
            ACTOR,
            &format!(
                "//- host centos:7.9 {arch}\n//- kernel {running}\n//- packages\n{packages}\n"
            ),
        )
    }

    const OLD: &str = "kernel-3.10.0-789.35.2.el7.x86_64";
    const NEW: &str = "kernel-3.10.0-1234.21.1.el7.x86_64";

    #[test]
    fn an_older_kernel_that_runs_forbids_the_upgrade() {
        insta::assert_snapshot!(with("3.10.0-789.35.2.el7.x86_64", &[OLD, NEW]), @"
        high inhibitor kernel.not-newest-booted [kernel, boot]
          The host does not run its newest kernel: 3.10.0-789.35.2.el7.x86_64 runs, and kernel-3.10.0-1234.21.1.el7.x86_64 is installed.
          about: package kernel
          hint: Start the host with its newest kernel.
        ");
    }

    #[test]
    fn the_newest_may_run_beside_older_ones() {
        assert_eq!(with("3.10.0-1234.21.1.el7.x86_64", &[OLD, NEW]), "");
        assert_eq!(with("3.10.0-789.35.2.el7.x86_64", &[OLD]), "");
    }

    #[test]
    fn kernels_of_another_kind_do_not_matter() {
        let realtime = "kernel-rt-3.10.0-789.rt57.x.el7.x86_64";
        assert_eq!(with("3.10.0-789.rt57.x.el7.x86_64", &[NEW, realtime]), "");
        let newer = "kernel-rt-3.10.0-789.rt101.x.el7.x86_64";
        let told = with("3.10.0-789.rt57.x.el7.x86_64", &[realtime, newer]);
        assert!(told.starts_with("high inhibitor kernel.not-newest-booted"), "{told}");
    }

    #[test]
    fn on_s390x_there_may_be_one() {
        let packages = ["kernel-3.10.0-1.el7.s390x", "kernel-3.10.0-2.el7.s390x"];
        insta::assert_snapshot!(with("3.10.0-1.el7.s390x", &packages), @"
        high inhibitor kernel.multiple-s390x [kernel, boot]
          Several kernels are installed: On s390x one kernel may be installed, not kernel-3.10.0-2.el7.s390x, kernel-3.10.0-1.el7.s390x.
          about: package kernel
          hint: Remove the kernels that do not run.
        high inhibitor kernel.not-newest-booted [kernel, boot]
          The host does not run its newest kernel: 3.10.0-1.el7.s390x runs, and kernel-3.10.0-2.el7.s390x is installed.
          about: package kernel
          hint: Start the host with its newest kernel.
        ");
    }

    /// leapp stops with an error here.
    #[test]
    fn a_kernel_of_another_maker_is_told_of() {
        let package = "kernel-lt-5.4.1-1.el7.elrepo.x86_64 third-party";
        insta::assert_snapshot!(with("5.4.1-1.el7.elrepo.x86_64", &[package]), @"
        high kernel.foreign-booted [kernel, boot]
          The running kernel is not the distribution's: 5.4.1-1.el7.elrepo.x86_64 runs, of the third-party package kernel-lt-5.4.1-1.el7.elrepo.x86_64.
          about: package kernel-lt
          hint: Start the host with a kernel of the distribution.
          leapp: stops with an error where the running kernel is not the distribution's
        ");
        insta::assert_snapshot!(with("6.1.0.x86_64", &[NEW]), @"
        high kernel.foreign-booted [kernel, boot]
          The running kernel is not the distribution's: 6.1.0.x86_64 runs, which no installed package holds.
          hint: Start the host with an installed kernel of the distribution.
          leapp: stops with an error where no package holds the running kernel
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, "//- packages\nkernel\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_installed_kernels (the host does not run its newest kernel) was not decided: /proc/sys/kernel/osrelease: was not captured.
          about: evidence /proc/sys/kernel/osrelease
        ");
    }
}
