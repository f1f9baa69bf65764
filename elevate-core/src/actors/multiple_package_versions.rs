//! Packages of two architectures whose files are in each other's way.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "multiple_package_versions",
    summary: "packages of two architectures that exclude each other",
    about: "The packages of release 8 of these names have files in common in their two \
            architectures, and rpm refuses to install both. Remove the one for i686.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[TWINS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const TWINS: Kind = Kind::new(
    "packages.twins",
    "multiple_package_versions",
    Severity::High,
    "Packages of two architectures exclude each other in release 8",
)
.inhibiting()
.key("0b84dc27d5cc8729d7d26b0601f8c7a4a2277637");

/// Names, each with its bug.
const NAMES: [(&str, Option<&str>); 3] = [
    ("brlapi", None),
    ("gnome-online-accounts-devel", Some("https://bugzilla.redhat.com/show_bug.cgi?id=1765627")),
    ("geocode-glib-devel", Some("https://bugzilla.redhat.com/show_bug.cgi?id=1765629")),
];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let has = |name: &str, arch: &str| {
        let is_of = |arch_of: &crate::model::Arch| arch_of.as_str() == arch;
        host.all_named(name).iter().any(|package| package.arch.as_ref().is_some_and(is_of))
    };
    let twins: Vec<_> =
        NAMES.iter().filter(|(name, _)| has(name, "i686") && has(name, "x86_64")).collect();
    if twins.is_empty() {
        return Ok(());
    }
    let gone: Vec<String> = twins.iter().map(|(name, _)| format!("{name}.i686")).collect();
    let mut words = vec!["yum", "remove", "-y"];
    words.extend(gone.iter().map(String::as_str));
    let finding = TWINS
        .finding(format!("Installed for i686 and for x86_64: {}.", gone.join(", ")))
        .about("package", &gone)
        .about("bugzilla", twins.iter().filter_map(|(_, bug)| *bug))
        .command(&words);
    outcome.report(finding);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn of(packages: &str) -> String {
        told(ACTOR, &format!("//- packages\n{packages}"))
    }

    /// Whoever signed them.
    #[test]
    fn two_architectures_of_one_name_forbid_the_upgrade() {
        insta::assert_snapshot!(of(
            "brlapi-0.6-1.el7.i686\nbrlapi-0.6-1.el7.x86_64 third-party\n\
             geocode-glib-devel-3.2-1.el7.i686\ngeocode-glib-devel-3.2-1.el7.x86_64\n"
        ), @"
        high inhibitor packages.twins []
          Packages of two architectures exclude each other in release 8: Installed for i686 and for x86_64: brlapi.i686, geocode-glib-devel.i686.
          about: bugzilla https://bugzilla.redhat.com/show_bug.cgi?id=1765629
          about: package brlapi.i686
          about: package geocode-glib-devel.i686
          run: yum remove -y brlapi.i686 geocode-glib-devel.i686
        ");
    }

    #[test]
    fn one_architecture_is_fine() {
        assert_eq!(of("brlapi-0.6-1.el7.i686\n"), "");
        assert_eq!(of("brlapi-0.6-1.el7.x86_64\nbash-4-1.el7.i686\nbash-4-1.el7.x86_64\n"), "");
    }
}
