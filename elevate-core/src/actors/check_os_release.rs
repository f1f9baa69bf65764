//! The host's own release is one upgrades do not start from.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};
use crate::model::{Distro, Release};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_os_release",
    summary: "upgrades do not start from the host's release",
    about: "Upgrades start from the last minor release, 7.9: with an older one, packages that the \
            upgrade expects are missing. Update the host first. For releases of other \
            distributions, and for RHEL with a kernel of its alternative architectures, there is \
            no upgrade. LEAPP_DEVEL_SKIP_CHECK_OS_RELEASE turns this check off.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["kernels"],
    kinds: &[UNSUPPORTED, SKIPPED],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const UNSUPPORTED: Kind = Kind::new(
    "release.unsupported-source",
    "check_os_release",
    Severity::High,
    "Upgrades do not start from this release",
)
.inhibiting()
.groups(&["sanity"])
.key("1c7a98849a747ec9890f04bf4321de7280970715");

const SKIPPED: Kind = Kind::new(
    "release.check-skipped",
    "check_os_release",
    Severity::High,
    "Whether upgrades start from this release is not checked",
)
.groups(&["sanity"])
.key("1d61a1228e7c703a6eeec05d13cab55aa3bfcd46");

const SKIP: &str = "LEAPP_DEVEL_SKIP_CHECK_OS_RELEASE";
const LAST: Release = Release::new(7, 9);

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting(SKIP).is_some_and(|value| !value.is_empty()) {
        let finding = SKIPPED.finding(format!("{SKIP} is set."));
        outcome.report(finding.about("file", ["/etc/os-release"]));
        return Ok(());
    }
    let system = host.facts().system();
    let is_known = matches!(
        system.distro,
        Distro::CentOs | Distro::EuroLinux | Distro::Oracle | Distro::Rhel | Distro::Scientific
    );
    let why = if !is_known {
        Some(format!("There is no upgrade from {system}."))
    } else if system.release != LAST {
        Some(format!("The host runs {system}; upgrades start from {LAST}."))
    } else if system.distro == Distro::Rhel && is_alternative(host, outcome) {
        Some("RHEL with a kernel of its alternative architectures is not upgraded.".to_owned())
    } else {
        None
    };
    let Some(why) = why else { return Ok(()) };
    let mut finding = UNSUPPORTED.finding(why).about("file", ["/etc/os-release"]);
    if is_known && system.release < LAST {
        finding = finding
            .hint(format!("Update the host to {LAST}, and start it anew."))
            .command(&["yum", "update"]);
    }
    outcome.report(finding);
    Ok(())
}

/// Whether the host runs the kernel of RHEL's release for other architectures.
fn is_alternative(host: &Host<'_>, outcome: &mut Outcome) -> bool {
    let running = outcome.known(host.facts().kernels().running());
    running.is_some_and(|release| release.starts_with("4."))
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::{Case, told};

    fn of(system: &str) -> String {
        told(ACTOR, &format!("//- host {system} x86_64\n//- kernel 3.10.0-1160.el7.x86_64\n"))
    }

    #[test]
    fn an_older_minor_release_forbids_the_upgrade() {
        insta::assert_snapshot!(of("centos:7.8"), @"
        high inhibitor release.unsupported-source [sanity]
          Upgrades do not start from this release: The host runs centos:7.8; upgrades start from 7.9.
          about: file /etc/os-release
          hint: Update the host to 7.9, and start it anew.
          run: yum update
        ");
    }

    #[test]
    fn so_do_distributions_without_an_upgrade() {
        insta::assert_snapshot!(of("cloudlinux:7.9"), @"
        high inhibitor release.unsupported-source [sanity]
          Upgrades do not start from this release: There is no upgrade from cloudlinux:7.9.
          about: file /etc/os-release
        ");
        assert!(of("centos:7.999").starts_with("high inhibitor release.unsupported-source"));
    }

    #[test]
    fn the_last_release_is_fine() {
        for distro in ["centos", "eurolinux", "ol", "rhel", "scientific"] {
            assert_eq!(of(&format!("{distro}:7.9")), "", "{distro}");
        }
    }

    #[test]
    fn rhel_for_alternative_architectures_is_not() {
        let host = "//- host rhel:7.9 ppc64le\n//- kernel 4.14.0-115.el7a.ppc64le\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        high inhibitor release.unsupported-source [sanity]
          Upgrades do not start from this release: RHEL with a kernel of its alternative architectures is not upgraded.
          about: file /etc/os-release
        ");
    }

    #[test]
    fn the_check_can_be_turned_off() {
        let with = |value| {
            let name = "LEAPP_DEVEL_SKIP_CHECK_OS_RELEASE";
            Case::new(ACTOR, "//- host centos:7.8 x86_64\n").setting(name, value).told()
        };
        insta::assert_snapshot!(with("1"), @"
        high release.check-skipped [sanity]
          Whether upgrades start from this release is not checked: LEAPP_DEVEL_SKIP_CHECK_OS_RELEASE is set.
          about: file /etc/os-release
        ");
        assert!(with("").starts_with("high inhibitor"));
    }

    #[test]
    fn the_kernel_is_asked_for_where_it_matters() {
        assert_eq!(told(ACTOR, "//- host centos:7.9 x86_64\n"), "");
        insta::assert_snapshot!(told(ACTOR, "//- host rhel:7.9 x86_64\n"), @"
        medium actors.undecided [sanity]
          A check lacks evidence: check_os_release (upgrades do not start from the host's release) was not decided: /proc/sys/kernel/osrelease: was not captured.
          about: evidence /proc/sys/kernel/osrelease
        ");
    }
}
