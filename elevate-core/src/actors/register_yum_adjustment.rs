//! Directories of yum that become links to those of dnf.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::facts::package_manager::Layout;

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "register_yum_adjustment",
    summary: "directories of yum that become links",
    about: "In release 8, /etc/yum/pluginconf.d, protected.d and vars are links to the \
            directories of dnf, and rpm cannot put a link in the place of a directory. What is in \
            them goes to the directories of dnf before the transaction; your variables and the \
            settings of plugins stay in force.",
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["package_manager"],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

/// Names in `/etc/yum`, with those in `/etc/dnf`.
const PAIRS: [(&str, &str); 3] =
    [("pluginconf.d", "plugins"), ("protected.d", "protected.d"), ("vars", "vars")];

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    for (old, new) in PAIRS {
        let layout = outcome.known(host.facts().package_manager().layout(old));
        let link = format!("../dnf/{new}");
        let moved = match layout {
            Some(Layout::Directory(names)) if names.is_empty() => String::new(),
            Some(Layout::Directory(names)) => {
                format!("{} of /etc/yum/{old} to /etc/dnf/{new} and ", names.join(", "))
            }
            Some(Layout::Link(target)) if target != link => {
                format!("what is in {target} to /etc/dnf/{new} and ")
            }
            // Where nothing is, the package brings the link.
            _ => continue,
        };
        let what = match moved.as_str() {
            "" => format!("make a link to {link} of the empty /etc/yum/{old}"),
            moved => format!("move {moved}make a link to {link} of /etc/yum/{old}"),
        };
        let why = "rpm cannot put a link of release 8 in the place of a directory";
        outcome.step(Step::new(When::Before, why, Change::other(what)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    #[test]
    fn directories_are_moved_with_everything_in_them() {
        let host = "//- dir /etc/yum/pluginconf.d: fastestmirror.conf .hidden\n\
                    //- dir /etc/yum/protected.d:\n//- dir /etc/yum/vars: infra contentdir\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        before: rpm cannot put a link of release 8 in the place of a directory
          move .hidden, fastestmirror.conf of /etc/yum/pluginconf.d to /etc/dnf/plugins and make a link to ../dnf/plugins of /etc/yum/pluginconf.d
        before: rpm cannot put a link of release 8 in the place of a directory
          make a link to ../dnf/protected.d of the empty /etc/yum/protected.d
        before: rpm cannot put a link of release 8 in the place of a directory
          move contentdir, infra of /etc/yum/vars to /etc/dnf/vars and make a link to ../dnf/vars of /etc/yum/vars
        ");
    }

    #[test]
    fn links_to_the_directories_of_dnf_are_left_alone() {
        let host = "//- link /etc/yum/pluginconf.d -> ../dnf/plugins\n\
                    //- link /etc/yum/protected.d -> ../dnf/protected.d\n//- absent /etc/yum/vars\n";
        assert_eq!(told(ACTOR, host), "");
    }

    #[test]
    fn a_link_to_elsewhere_is_replaced() {
        let host = "//- link /etc/yum/pluginconf.d -> /srv/yum\n\
                    //- absent /etc/yum/protected.d\n//- absent /etc/yum/vars\n";
        insta::assert_snapshot!(told(ACTOR, host), @"
        before: rpm cannot put a link of release 8 in the place of a directory
          move what is in /srv/yum to /etc/dnf/plugins and make a link to ../dnf/plugins of /etc/yum/pluginconf.d
        ");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        assert!(
            told(ACTOR, "//- absent /etc/yum/vars\n").contains("evidence /etc/yum/protected.d")
        );
    }
}
