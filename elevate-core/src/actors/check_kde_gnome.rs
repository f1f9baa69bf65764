//! Desktops: KDE is gone in release 8.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_kde_gnome",
    summary: "KDE, which is gone",
    about: "Release 8 has GNOME and no KDE. A host with KDE alone would be left without a desktop: \
            install GNOME before. Beside GNOME, KDE is removed by the upgrade, and so are its \
            applications.",
    covers: &["check_kde_apps", "get_installed_desktops"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["packages"],
    kinds: &[ALONE, BESIDE, APPLICATIONS],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const NAME: &str = "check_kde_gnome";

const ALONE: Kind =
    Kind::new("desktop.kde-only", NAME, Severity::High, "KDE is the only desktop, and goes")
        .inhibiting()
        .groups(&["desktop environment"]);

const BESIDE: Kind =
    Kind::new("desktop.kde-removed", NAME, Severity::Medium, "KDE goes with the upgrade")
        .groups(&["desktop environment"]);

const APPLICATIONS: Kind = Kind::new(
    "desktop.kde-applications",
    NAME,
    Severity::Medium,
    "Applications of KDE go with the upgrade",
)
.groups(&["desktop environment"]);

/// Applications of KDE that people use beside other desktops.
const KNOWN: [&str; 9] = [
    "kde-baseapps",
    "okular",
    "ark",
    "kdepim",
    "konsole",
    "gwenview",
    "kdenetwork",
    "kate",
    "kwrite",
];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    let has = |name: &str| !host.all_named(name).is_empty();
    let installed: Vec<&str> = KNOWN.into_iter().filter(|name| has(name)).collect();
    match (has("kde-workspace"), has("gnome-session")) {
        (false, false) => return Ok(()),
        (true, false) => {
            let finding = ALONE
                .finding("Release 8 has no KDE, and no other desktop is installed here.")
                .hint("Install GNOME before the upgrade, or remove the desktop.")
                .command(&["yum", "-y", "groupinstall", "Server with GUI"])
                .leapp("names the group with quotes inside the argument, which yum does not know");
            outcome.report(finding);
            return Ok(());
        }
        (true, true) => outcome
            .report(BESIDE.finding("Release 8 has no KDE. GNOME, which is installed too, stays.")),
        (false, true) => {}
    }
    if !installed.is_empty() {
        outcome.report(APPLICATIONS.finding(format!("They are: {}.", installed.join(", "))));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    fn of(packages: &[&str]) -> String {
        told(ACTOR, &format!("//- packages\n{}\n", packages.join("\n")))
    }

    #[test]
    fn kde_alone_forbids_the_upgrade_whatever_else_is_of_kde() {
        insta::assert_snapshot!(of(&["kde-workspace", "okular"]), @"
        high inhibitor desktop.kde-only [desktop environment]
          KDE is the only desktop, and goes: Release 8 has no KDE, and no other desktop is installed here.
          hint: Install GNOME before the upgrade, or remove the desktop.
          run: yum -y groupinstall Server with GUI
          leapp: names the group with quotes inside the argument, which yum does not know
        ");
        assert_eq!(of(&["kde-workspace"]), of(&["kde-workspace", "okular"]));
    }

    #[test]
    fn kde_beside_gnome_goes_with_its_applications() {
        insta::assert_snapshot!(of(&["kde-workspace", "gnome-session", "kate", "ark"]), @"
        medium desktop.kde-removed [desktop environment]
          KDE goes with the upgrade: Release 8 has no KDE. GNOME, which is installed too, stays.
        medium desktop.kde-applications [desktop environment]
          Applications of KDE go with the upgrade: They are: ark, kate.
        ");
        assert_eq!(of(&["kde-workspace", "gnome-session"]).lines().count(), 2);
    }

    #[test]
    fn applications_go_from_under_gnome_too() {
        insta::assert_snapshot!(of(&["gnome-session", "okular third-party"]), @"
        medium desktop.kde-applications [desktop environment]
          Applications of KDE go with the upgrade: They are: okular.
        ");
    }

    #[test]
    fn without_a_desktop_applications_do_not_matter() {
        assert_eq!(of(&["okular"]), "");
        assert_eq!(of(&["gnome-session"]), "");
        assert_eq!(of(&["bash"]), "");
    }
}
