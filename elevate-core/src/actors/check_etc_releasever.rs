//! The variable `releasever` is set by hand.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::directive::{Change, Step, When};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "check_etc_releasever",
    summary: "the release that repositories serve is pinned",
    about: "A file /etc/yum/vars/releasever pins the release that $releasever stands for in \
            repository files, and clouds rely on it. After the upgrade it would still say 7: it is \
            set to the target's release in /etc/dnf/vars/releasever.",
    covers: &["set_etc_releasever"],
    applies: Applies::SEVEN_TO_EIGHT,
    needs: &["package_manager", "provider"],
    kinds: &[WILL_CHANGE],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const WILL_CHANGE: Kind = Kind::new(
    "release.releasever-will-change",
    "check_etc_releasever",
    Severity::Info,
    "The pinned release is set to that of the target",
)
.groups(&["upgrade process"])
.key("18b9da19893275ba58cedfe627a1ece6a28a8b7c");

const VARIABLE: &str = "/etc/dnf/vars/releasever";

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    // Several clouds are told of by another actor, and pinned is pinned.
    let is_cloud = host.facts().provider().rhui().map_or(true, |rhui| !rhui.is_empty());
    let pinned = host.facts().package_manager().release_variable();
    let why = match (&pinned, is_cloud) {
        (Ok(Some(release)), _) => format!("/etc/yum/vars/releasever says {release:?}."),
        (_, true) => "The cloud's repositories need the variable releasever.".to_owned(),
        (Ok(None), false) => return Ok(()),
        (Err(_), false) => return pinned.map(drop),
    };
    let target = host.target();
    let summary = format!("{why} {VARIABLE} will say {target}.");
    outcome.report(WILL_CHANGE.finding(summary).about("file", [VARIABLE]));
    let change = Change::Write { path: VARIABLE.to_owned(), content: format!("{target}\n") };
    outcome.step(Step::new(When::After, "The pinned release has to be the target's.", change));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::told;

    const PINNED: &str = "//- /etc/yum/vars/releasever\n7.9\n";
    const CLOUD: &str = "//- packages\nrhui-azure-rhel7\n";

    #[test]
    fn a_pinned_release_is_set_to_the_targets() {
        insta::assert_snapshot!(told(ACTOR, PINNED), @r#"
        info release.releasever-will-change [upgrade process]
          The pinned release is set to that of the target: /etc/yum/vars/releasever says "7.9". /etc/dnf/vars/releasever will say 8.10.
          about: file /etc/dnf/vars/releasever
        after: The pinned release has to be the target's.
          write /etc/dnf/vars/releasever: "8.10\n"
        "#);
        assert!(told(ACTOR, "//- /etc/yum/vars/releasever\n").starts_with("info"));
    }

    #[test]
    fn clouds_pin_it_always_and_it_is_told_once() {
        insta::assert_snapshot!(
            told(ACTOR, &format!("{CLOUD}//- absent /etc/yum/vars/releasever\n")),
            @r#"
        info release.releasever-will-change [upgrade process]
          The pinned release is set to that of the target: The cloud's repositories need the variable releasever. /etc/dnf/vars/releasever will say 8.10.
          about: file /etc/dnf/vars/releasever
        after: The pinned release has to be the target's.
          write /etc/dnf/vars/releasever: "8.10\n"
        "#
        );
        assert_eq!(told(ACTOR, &format!("{CLOUD}{PINNED}")), told(ACTOR, PINNED));
    }

    #[test]
    fn without_the_file_nothing_is_pinned() {
        assert_eq!(told(ACTOR, "//- absent /etc/yum/vars/releasever\n"), "");
    }

    #[test]
    fn without_evidence_it_says_what_it_lacks() {
        insta::assert_snapshot!(told(ACTOR, ""), @"
        low actors.undecided [sanity]
          A check lacks evidence: check_etc_releasever (the release that repositories serve is pinned) was not decided: /etc/yum/vars/releasever: was not captured.
          about: evidence /etc/yum/vars/releasever
        ");
    }
}
