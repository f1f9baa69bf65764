//! Settings that nobody supports.

use crate::actor::{Applies, Host, NativeActor, Outcome, Run};
use crate::facts::Fact;
use crate::finding::{Kind, Severity};

/// The actor.
pub const ACTOR: NativeActor = NativeActor {
    name: "unsupported_upgrade_check",
    summary: "settings for developers are used",
    about: "Settings whose names begin with LEAPP_DEVEL_, and experimental actors, are for those \
            who work on the upgrade itself. An upgrade with them is supported by nobody and needs \
            LEAPP_UNSUPPORTED=1 to go on. Take them away unless you know what they do.",
    applies: Applies::SEVEN_TO_EIGHT,
    kinds: &[ACCEPTED, DEVEL, EXPERIMENTAL],
    run: Run::OnHost(run),
    ..NativeActor::NEW
};

const ACCEPTED: Kind = Kind::new(
    "env.unsupported-accepted",
    "unsupported_upgrade_check",
    Severity::High,
    "Settings nobody supports are accepted",
)
.groups(&["upgrade process", "sanity"])
.key("9e5088e3c1f371e020ec777c3d86578f4be143cf");

const DEVEL: Kind = Kind::new(
    "env.devel-variables",
    "unsupported_upgrade_check",
    Severity::High,
    "Settings for developers are used",
)
.inhibiting()
.groups(&["upgrade process", "sanity"])
.key("b5165ca909099bb076ec83d24b74de4929fe5109");

const EXPERIMENTAL: Kind = Kind::new(
    "env.experimental-actors",
    "unsupported_upgrade_check",
    Severity::High,
    "Experimental actors are used",
)
.inhibiting()
.groups(&["upgrade process", "sanity"])
.key("398772c1feaa1eafa48dabf2e83116fb9133f58d");

fn run(host: &Host<'_>, outcome: &mut Outcome) -> Fact<()> {
    if host.setting("LEAPP_UNSUPPORTED") == Some("1") {
        outcome.report(ACCEPTED.finding("LEAPP_UNSUPPORTED=1: nobody supports this upgrade."));
        return Ok(());
    }
    let hint = "Take the settings away, or accept them with LEAPP_UNSUPPORTED=1.";
    let names = host.settings().map(|(name, _)| name).filter(|n| n.starts_with("LEAPP_DEVEL_"));
    let names: Vec<&str> = names.collect();
    if !names.is_empty() {
        let summary = format!("For developers only: {}.", names.join(", "));
        outcome.report(DEVEL.finding(summary).hint(hint));
    }
    if host.setting("LEAPP_EXPERIMENTAL") == Some("1") {
        outcome.report(EXPERIMENTAL.finding("LEAPP_EXPERIMENTAL=1 is set.").hint(hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ACTOR;
    use crate::actor::testing::Case;

    fn with(settings: &[(&str, &str)]) -> String {
        let case = Case::new(ACTOR, "");
        settings.iter().fold(case, |case, (name, value)| case.setting(name, value)).told()
    }

    #[test]
    fn settings_for_developers_forbid_the_upgrade_whatever_their_value() {
        insta::assert_snapshot!(
            with(&[("LEAPP_DEVEL_X", ""), ("LEAPP_DEVEL_A", "0"), ("LEAPP_NO_RHSM", "1")]),
            @"
        high inhibitor env.devel-variables [upgrade process, sanity]
          Settings for developers are used: For developers only: LEAPP_DEVEL_A, LEAPP_DEVEL_X.
          hint: Take the settings away, or accept them with LEAPP_UNSUPPORTED=1.
        "
        );
    }

    #[test]
    fn so_do_experimental_actors() {
        insta::assert_snapshot!(with(&[("LEAPP_EXPERIMENTAL", "1")]), @"
        high inhibitor env.experimental-actors [upgrade process, sanity]
          Experimental actors are used: LEAPP_EXPERIMENTAL=1 is set.
          hint: Take the settings away, or accept them with LEAPP_UNSUPPORTED=1.
        ");
        assert_eq!(with(&[("LEAPP_EXPERIMENTAL", "0")]), "");
    }

    #[test]
    fn who_accepts_that_is_told_once() {
        insta::assert_snapshot!(with(&[("LEAPP_DEVEL_X", "1"), ("LEAPP_UNSUPPORTED", "1")]), @"
        high env.unsupported-accepted [upgrade process, sanity]
          Settings nobody supports are accepted: LEAPP_UNSUPPORTED=1: nobody supports this upgrade.
        ");
    }

    #[test]
    fn ordinary_settings_are_fine() {
        assert_eq!(with(&[("LEAPP_UNSUPPORTED", "0"), ("LEAPP_NOGPGCHECK", "1")]), "");
    }
}
