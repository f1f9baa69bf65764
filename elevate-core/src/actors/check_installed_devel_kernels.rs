//! Several versions of `kernel-devel` or `kernel-debug`.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Finding, Kind, Severity};
use crate::model::InstalledPackage;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_installed_devel_kernels",
    summary: "several versions of kernel-devel or kernel-debug",
    about: "yum keeps several versions of these packages side by side, and dnf of release 8 finds \
            no transaction that replaces them all. Remove all but the newest version of each.",
    covers: &["check_installed_debug_kernels"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[DEVEL, DEBUG],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NAME: &str = "check_installed_devel_kernels";

const DEVEL: Kind = Kind::new(
    "kernel.several-devel",
    NAME,
    Severity::High,
    "Several versions of kernel-devel are installed",
)
.inhibiting()
.groups(&["kernel"])
.key("8ceea81afbbb1a329b7d82ca7212b21509e5b256");

const DEBUG: Kind = Kind::new(
    "kernel.several-debug",
    NAME,
    Severity::High,
    "Several versions of kernel-debug are installed",
)
.inhibiting()
.groups(&["kernel"])
.key("2094e1aa6932622cfbb68e9a123de0b05a38eb45");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let devel = several(host, "kernel-devel", &DEVEL);
    devel
        .map(|finding| finding.link("https://access.redhat.com/solutions/4723671"))
        .into_iter()
        .chain(several(host, "kernel-debug", &DEBUG))
        .for_each(|finding| outcome.report(finding));
    Ok(())
}

/// All versions but the newest have to go. leapp orders them by the first number of the
/// release alone, and may propose to remove the newest.
fn several(host: &Host<'_>, name: &str, kind: &Kind) -> Option<Finding> {
    let mut packages = host.named(name).to_vec();
    packages.sort_by(|a, b| a.evr.cmp(&b.evr));
    let (newest, older) = packages.split_last()?;
    if older.is_empty() {
        return None;
    }
    let exact = |package: &&InstalledPackage| {
        let InstalledPackage { name, evr, .. } = package;
        format!("{name}-{}-{}", evr.version, evr.release)
    };
    let mut words = vec!["yum".to_owned(), "-y".to_owned(), "remove".to_owned()];
    words.extend(older.iter().map(exact));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let finding = kind
        .finding(format!("{} are installed; {} is the newest.", packages.len(), newest.nevra()))
        .about("package", [name])
        .hint("Keep the newest version only.")
        .command(&words)
        .leapp("compares the first number of the releases only, and may spare another one");
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn of(packages: &str) -> String {
        told(ACTOR, &format!("//- packages\n{packages}"))
    }

    /// leapp takes the last of them in rpm's order for the newest: their releases begin
    /// with the same number.
    #[test]
    fn all_but_the_newest_version_have_to_go() {
        insta::assert_snapshot!(of(
            "kernel-devel-3.10.0-957.43.1.el7.x86_64\n\
             kernel-devel-3.10.0-957.27.4.el7.x86_64\n\
             kernel-devel-3.10.0-957.35.1.el7.x86_64\n"
        ), @"
        high inhibitor kernel.several-devel [kernel]
          Several versions of kernel-devel are installed: 3 are installed; kernel-devel-3.10.0-957.43.1.el7.x86_64 is the newest.
          about: package kernel-devel
          hint: Keep the newest version only.
          run: yum -y remove kernel-devel-3.10.0-957.27.4.el7 kernel-devel-3.10.0-957.35.1.el7
          leapp: compares the first number of the releases only, and may spare another one
        ");
    }

    #[test]
    fn versions_go_before_releases() {
        insta::assert_snapshot!(of(
            "kernel-debug-4.14.0-49.el7a.x86_64\nkernel-debug-3.10.0-1160.el7.x86_64\n"
        ), @"
        high inhibitor kernel.several-debug [kernel]
          Several versions of kernel-debug are installed: 2 are installed; kernel-debug-4.14.0-49.el7a.x86_64 is the newest.
          about: package kernel-debug
          hint: Keep the newest version only.
          run: yum -y remove kernel-debug-3.10.0-1160.el7
          leapp: compares the first number of the releases only, and may spare another one
        ");
    }

    #[test]
    fn one_version_of_each_is_fine_and_so_are_packages_of_others() {
        assert_eq!(
            of("kernel-devel-3.10.0-957.el7.x86_64\nkernel-debug-3.10.0-957.el7.x86_64\n\
             kernel-debug-devel-3.10.0-957.el7.x86_64\n"),
            ""
        );
        assert_eq!(
            of("kernel-devel-3.10.0-1.el7.x86_64 third-party\n\
             kernel-devel-3.10.0-2.el7.x86_64 third-party\n"),
            ""
        );
    }
}
